package projections

import (
	"context"
	"errors"
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
	// Role is the effective role, the highest over the sources.
	Role    events.RoleKey `json:"role"`
	Sources []Source       `json:"sources"`
	// JoinedAt is when they became a member of the organization.
	JoinedAt time.Time `json:"joined_at"`

	sortName string
}

// ProjectMembersQuery narrows the list of people on a project.
type ProjectMembersQuery struct {
	// Search is a part of a name, login or address, in any case.
	Search string
	// Role is the effective role on the project; empty is any.
	Role events.RoleKey
	// Source asks for people who have access in this way, whatever other ways
	// they have besides; empty is any.
	Source domain.SourceKind
	Page
}

// ProjectMemberList is one page of the people on a project.
type ProjectMemberList struct {
	List[ProjectMember]
	// Counts are those of the whole project, whatever is searched for; nil on all
	// pages but the first.
	Counts *ProjectCounts `json:"counts,omitempty"`
}

// ProjectCounts counts who is on a project.
type ProjectCounts struct {
	// People have access, whatever the source; Direct are those with a grant.
	People int `json:"people"`
	Direct int `json:"direct"`
	// Teams are assigned, those that inherit from them not counted.
	Teams int `json:"teams"`
}

// ProjectMembers lists the people on a project by name, with their effective roles.
func (db *Database) ProjectMembers(ctx context.Context, org events.OrganizationID, project events.ProjectID, q ProjectMembersQuery) (ProjectMemberList, error) {
	var name, user string
	if err := q.after(&name, &user); err != nil {
		return ProjectMemberList{}, err
	}
	scheme, err := db.scheme(ctx, org)
	if errors.Is(err, ErrNotFound) {
		return ProjectMemberList{List: List[ProjectMember]{Items: []ProjectMember{}}}, nil
	}
	if err != nil {
		return ProjectMemberList{}, err
	}
	s := newStatement(org, project, q.limit()+1, name, user)
	s.peoplePage(q)
	found, err := query(ctx, db, s, func(row pgx.CollectableRow) (ProjectMember, error) {
		var m ProjectMember
		var collected []byte
		if err := row.Scan(&m.User, &m.Login, &m.Name, &m.Email, &m.JoinedAt, &m.sortName, &collected); err != nil {
			return m, err
		}
		m.JoinedAt = m.JoinedAt.UTC()
		access, sources, err := resolve(org, scheme, collected)
		m.Role, m.Sources = access.Role, sources
		return m, err
	})
	if err != nil {
		return ProjectMemberList{}, err
	}
	page := ProjectMemberList{List: list(found, q.Page, func(m ProjectMember) []any { return []any{m.sortName, m.User} })}
	if q.After == "" {
		page.Counts, err = db.countProject(ctx, org, project)
	}
	return page, err
}

// peoplePage finds the first people of each source, which hold the first of all,
// and only then what is known about them. $1 to $5 are the organization, the
// project, how many, and the keys of the last one seen.
func (s *statement) peoplePage(q ProjectMembersQuery) {
	person, held := s.whom(q)
	first := person + ` AND (x.sort_name, x.user_id) > ($4, $5) ORDER BY x.sort_name, x.user_id LIMIT $3`
	branches := []struct {
		kind domain.SourceKind
		sql  string
	}{
		{domain.Direct, `(SELECT x.sort_name, x.user_id FROM project_member x
			WHERE x.org_id = $1 AND x.project_id = $2` + held("x.role") + first + `)`},
		{domain.ThroughRole, `(SELECT x.sort_name, x.user_id FROM member x
			WHERE x.org_id = $1 AND x.reach <> '' AND EXISTS (SELECT FROM project WHERE org_id = $1 AND project_id = $2)` + held("x.reach") + first + `)`},
		{domain.ThroughTeam, `(SELECT DISTINCT t.sort_name, t.user_id
			FROM (SELECT DISTINCT a.team_id FROM project_team a WHERE a.org_id = $1 AND a.project_id = $2` + held("a.role") + `) a
			CROSS JOIN LATERAL (SELECT x.sort_name, x.user_id FROM team_member x WHERE x.org_id = $1 AND x.team_id = a.team_id` + first + `) t
			ORDER BY t.sort_name, t.user_id LIMIT $3)`},
	}
	var candidates []string
	for _, b := range branches {
		if q.Source == "" || q.Source == b.kind {
			candidates = append(candidates, b.sql)
		}
	}
	s.write(`WITH page AS (SELECT * FROM (`, strings.Join(candidates, " UNION "), `) c ORDER BY c.sort_name, c.user_id LIMIT $3)
		SELECT m.user_id, m.login, m.name, m.email, m.joined_at, p.sort_name, `, sourcesOf("p.user_id", "$2"), `
		FROM page p JOIN member m ON m.org_id = $1 AND m.user_id = p.user_id ORDER BY p.sort_name, p.user_id`)
}

// whom returns the conditions on a candidate x, and on the role of a source: the
// effective role is that of some source, though not of the kind that is asked for.
func (s *statement) whom(q ProjectMembersQuery) (person string, held func(column string) string) {
	if found := s.contains("n.search", q.Search); found != everything {
		person = ` AND EXISTS (SELECT FROM member n WHERE n.org_id = $1 AND n.user_id = x.user_id AND ` + found + `)`
	}
	if q.Role == "" {
		return person, func(string) string { return "" }
	}
	s.custom = true
	role := s.arg(q.Role)
	person += ` AND (SELECT e.role FROM effective_access e WHERE e.org_id = $1 AND e.project_id = $2 AND e.user_id = x.user_id) = ` + role
	return person, func(column string) string {
		if q.Source != "" {
			return ""
		}
		return ` AND ` + column + ` = ` + role
	}
}

func (db *Database) countProject(ctx context.Context, org events.OrganizationID, project events.ProjectID) (*ProjectCounts, error) {
	s := newStatement(org, project)
	s.write(`SELECT
		(SELECT count(*) FROM (
			SELECT user_id FROM project_member WHERE org_id = $1 AND project_id = $2
			UNION SELECT user_id FROM member WHERE org_id = $1 AND reach <> '' AND EXISTS (SELECT FROM project WHERE org_id = $1 AND project_id = $2)
			UNION SELECT m.user_id FROM (SELECT DISTINCT team_id FROM project_team WHERE org_id = $1 AND project_id = $2) a
				JOIN team_member m ON m.org_id = $1 AND m.team_id = a.team_id) people),
		(SELECT count(*) FROM project_member WHERE org_id = $1 AND project_id = $2),
		(SELECT count(*) FROM project_team WHERE org_id = $1 AND project_id = $2 AND team_id = assigned_team)`)
	counts, err := one(ctx, db, s, pgx.RowToStructByPos[ProjectCounts])
	return &counts, err
}
