package projections

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// ProjectMember is somebody with access to a project, whatever the source.
type ProjectMember struct {
	User  events.UserID `json:"user"`
	Login string        `json:"login"`
	Name  string        `json:"name,omitempty"`
	Email string        `json:"email,omitempty"`
	// OrganizationRole is the role in the organization.
	OrganizationRole events.RoleKey `json:"organization_role"`
	// Status says whether the access holds, and if not, why.
	Status Status `json:"status"`
	// Role is the effective role, the highest over the sources.
	Role events.RoleKey `json:"role"`
	// Levels are the effective ones, of every permission; nil where nothing holds.
	Levels events.Levels `json:"levels,omitempty"`
	// Sources are those that hold or, where none does, those that have ended or are
	// suspended.
	Sources   []Source   `json:"sources"`
	Overrides []Override `json:"overrides,omitempty"`
	Badges    []Badge    `json:"badges,omitempty"`
	// Since is when the oldest of the sources began.
	Since time.Time `json:"since"`
	// Until is when the last of the sources, or the membership of the organization,
	// ends; nil never does.
	Until *time.Time `json:"until,omitempty"`
	// JoinedAt is when they became a member of the organization.
	JoinedAt time.Time `json:"joined_at"`

	sortName string
}

// Cursor names the person, for a page to come after them.
func (m ProjectMember) Cursor() string { return cursor(m.sortName, m.User) }

// Badge marks somebody in a list.
type Badge string

// The badges: nobody removes or changes who is protected.
const (
	ProtectedBadge   Badge = "protected"
	CreatorBadge     Badge = "creator"
	DeactivatedBadge Badge = "deactivated"
)

// ProjectMembersQuery narrows the list of people on a project.
type ProjectMembersQuery struct {
	// Search is a part of a name, login or address, or of the key or the label of the
	// effective role, in any case.
	Search string
	// Role is the effective role on the project; empty is any.
	Role events.RoleKey
	// Source asks for people who have access in this way, whatever other ways
	// they have besides; empty is any.
	Source domain.SourceKind
	// Inactive asks for those instead who would be on the project, had their access
	// not ended or were they not suspended.
	Inactive bool
	Page
}

// ProjectMemberList is one page of the people on a project.
type ProjectMemberList struct {
	List[ProjectMember]
	// Counts are those of the whole project, whatever is searched for; nil on all
	// pages but the first.
	Counts *ProjectCounts `json:"counts,omitempty"`
}

// ProjectMembers lists the people on a project by name, with their effective roles.
func (db *Database) ProjectMembers(ctx context.Context, org events.OrganizationID, project events.ProjectID, q ProjectMembersQuery) (ProjectMemberList, error) {
	var name, user string
	if err := q.after(&name, &user); err != nil {
		return ProjectMemberList{}, err
	}
	r, err := db.rules(ctx, org)
	if errors.Is(err, ErrNotFound) {
		return ProjectMemberList{List: List[ProjectMember]{Items: []ProjectMember{}}}, nil
	}
	if err != nil {
		return ProjectMemberList{}, err
	}
	s := newStatement(org, project, q.limit()+1, name, user)
	s.peoplePage(q, r)
	found, err := query(ctx, db, s, r.scanProjectMember(org, project, !q.Inactive))
	if err != nil {
		return ProjectMemberList{}, err
	}
	page := ProjectMemberList{List: list(found, q.Page, func(m ProjectMember) []any { return []any{m.sortName, m.User} })}
	if q.After == "" {
		page.Counts, err = db.countProject(ctx, org, project)
	}
	return page, err
}

func (r rules) scanProjectMember(org events.OrganizationID, project events.ProjectID, hold bool) pgx.RowToFunc[ProjectMember] {
	return func(row pgx.CollectableRow) (ProjectMember, error) {
		var m ProjectMember
		var of collected
		var until *time.Time
		err := row.Scan(&m.User, &m.Login, &m.Name, &m.Email, &m.OrganizationRole, &m.Status, &until, &m.JoinedAt, &m.sortName,
			&of.sources, &of.overrides, &of.archived)
		if err != nil {
			return m, err
		}
		on, err := r.resolve(org, project, of)
		if err != nil {
			return m, err
		}
		m.JoinedAt = m.JoinedAt.UTC()
		m.Role, m.Sources, m.Overrides, m.Since = on.Role, on.sources, on.overrides, on.Since()
		m.Until = last(on.sources, until)
		m.Badges = r.badges(m)
		switch {
		case hold:
			m.Levels = on.Levels()
		case m.Status == Active:
			m.Status = Ended // it is the sources that have
		}
		return m, nil
	}
}

// last is when the last of the sources has ended, at the latest with the membership.
func last(sources []Source, membership *time.Time) *time.Time {
	var until *time.Time
	for _, s := range sources {
		if s.Until == nil {
			until = nil
			break
		}
		if until == nil || s.Until.After(*until) {
			until = s.Until
		}
	}
	if membership != nil && (until == nil || membership.Before(*until)) {
		return end(*membership)
	}
	return until
}

func (r rules) badges(m ProjectMember) []Badge {
	var badges []Badge
	creator := slices.ContainsFunc(m.Sources, func(s Source) bool { return s.Kind == domain.Creator })
	if r.Protects(m.OrganizationRole) || creator && r.CreatorProtected {
		badges = append(badges, ProtectedBadge)
	}
	if creator {
		badges = append(badges, CreatorBadge)
	}
	if m.Status == Deactivated {
		badges = append(badges, DeactivatedBadge)
	}
	return badges
}

// rolesLike lists the roles on projects whose key or label contains a text.
func (r rules) rolesLike(part string) []events.RoleKey {
	part = strings.ToLower(strings.TrimSpace(part))
	if part == "" {
		return nil
	}
	var keys []events.RoleKey
	for _, role := range r.Scheme.Scheme.ProjectRoles {
		if strings.Contains(strings.ToLower(string(role.Key)), part) || strings.Contains(strings.ToLower(role.Label), part) {
			keys = append(keys, role.Key)
		}
	}
	return keys
}

// rolesAbove lists the roles on projects that count instead of a role where somebody
// has both.
func (r rules) rolesAbove(key events.RoleKey) []events.RoleKey {
	of := func(role events.Role) bool { return role.Key == key }
	at := slices.IndexFunc(r.Scheme.Scheme.ProjectRoles, of)
	if at < 0 {
		return nil
	}
	var keys []events.RoleKey
	for _, role := range r.Scheme.Scheme.ProjectRoles {
		if role.Rank > r.Scheme.Scheme.ProjectRoles[at].Rank {
			keys = append(keys, role.Key)
		}
	}
	return keys
}
