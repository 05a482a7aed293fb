package projections

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// Member is somebody in an organization.
type Member struct {
	User events.UserID `json:"user"`
	// Login is the spelling that people see: the id where none was given.
	Login string `json:"login"`
	// Name and Email are empty where they are unknown, or forgotten.
	Name  string         `json:"name,omitempty"`
	Email string         `json:"email,omitempty"`
	Role  events.RoleKey `json:"role"`
	// Status says whether the membership holds; only an active one gives access.
	Status Status `json:"status,omitempty"`
	// Until is when the membership ends, or has ended; nil never does.
	Until *time.Time `json:"until,omitempty"`
	// Levels are the effective ones in the organization, of every permission; nil
	// for who is not active.
	Levels events.Levels `json:"levels,omitempty"`
	// OwnLevels are the person's own in the organization.
	OwnLevels events.Levels `json:"own_levels,omitempty"`
	// Projects counts those that the person has access to, whatever the source.
	Projects int    `json:"projects"`
	Joined   Origin `json:"joined"`
	// Given is the event that gave the present role.
	Given Origin `json:"given"`

	sortName string
}

// Cursor names the member, for a page to come after it.
func (m Member) Cursor() string { return cursor(m.sortName, m.User) }

// MembersQuery narrows a list of members.
type MembersQuery struct {
	// Search is a part of a name, login or address, in any case.
	Search string
	// Role in the organization; empty is any.
	Role events.RoleKey
	// Status is that of the membership; empty is any.
	Status Status
	Page
}

const memberColumns = `m.user_id, m.login, m.name, m.email, m.role, ` + statusColumn + `, m.until, m.levels,
	(SELECT o.archived FROM organization o WHERE o.org_id = m.org_id),
	m.joined_version, m.joined_index, m.joined_at, m.joined_actor,
	m.role_version, m.role_index, m.role_at, m.role_actor, m.sort_name, ` + reachedColumn

// reachedColumn counts the projects that m reaches. Who reaches all of them is not
// counted project by project.
const reachedColumn = `CASE
	WHEN ` + inactive + ` THEN 0
	WHEN m.reach <> '' THEN (SELECT count(*) FROM project p WHERE p.org_id = $1)
	ELSE (SELECT count(*) FROM (
		SELECT g.project_id FROM project_member g
		WHERE g.org_id = $1 AND g.user_id = m.user_id AND (g.until <= now()) IS NOT TRUE
		UNION SELECT a.project_id FROM team_member t JOIN project_team a USING (org_id, team_id)
		WHERE t.org_id = $1 AND t.user_id = m.user_id AND (a.until <= now()) IS NOT TRUE AND (a.role <> '' OR m.project_role <> '')) reached)
	END`

func (r rules) scanMember(org events.OrganizationID) pgx.RowToFunc[Member] {
	return func(row pgx.CollectableRow) (Member, error) {
		var m Member
		var archived bool
		var joined, given events.Origin
		err := row.Scan(&m.User, &m.Login, &m.Name, &m.Email, &m.Role, &m.Status, &m.Until, &m.OwnLevels, &archived,
			&joined.Version, &joined.Index, &joined.At, &joined.Actor,
			&given.Version, &given.Index, &given.At, &given.Actor, &m.sortName, &m.Projects)
		if err != nil {
			return m, err
		}
		m.Joined, m.Given, m.OwnLevels = originOf(org, joined), originOf(org, given), some(m.OwnLevels)
		if m.Until != nil {
			m.Until = end(*m.Until)
		}
		if m.Status != Active {
			return m, nil
		}
		access := r.with(m.User, m.Role, m.OwnLevels).InOrganization(m.User)
		if archived {
			access = access.AsReadOnly()
		}
		m.Levels = access.Levels()
		return m, nil
	}
}

// Members lists the members of an organization by name.
func (db *Database) Members(ctx context.Context, org events.OrganizationID, q MembersQuery) (List[Member], error) {
	var name, user string
	if err := q.after(&name, &user); err != nil {
		return List[Member]{}, err
	}
	r, err := db.rules(ctx, org)
	if errors.Is(err, ErrNotFound) {
		return List[Member]{Items: []Member{}}, nil
	}
	if err != nil {
		return List[Member]{}, err
	}
	s := newStatement(org, q.limit()+1, name, user)
	s.write(`SELECT `, memberColumns, ` FROM member m WHERE m.org_id = $1 AND (m.sort_name, m.user_id) > ($3, $4)`)
	s.search("m.search", q.Search)
	if q.Role != "" {
		s.write(` AND m.role = `, s.arg(q.Role))
	}
	if q.Status != "" {
		s.write(` AND `, q.Status.condition())
	}
	s.write(` ORDER BY m.sort_name, m.user_id LIMIT $2`)
	found, err := query(ctx, db, s, r.scanMember(org))
	if err != nil {
		return List[Member]{}, err
	}
	return list(found, q.Page, func(m Member) []any { return []any{m.sortName, m.User} }), nil
}

// Member returns one member, or [ErrNotFound].
func (db *Database) Member(ctx context.Context, org events.OrganizationID, user events.UserID) (Member, error) {
	r, err := db.rules(ctx, org)
	if err != nil {
		return Member{}, err
	}
	s := newStatement(org, user)
	s.write(`SELECT ` + memberColumns + ` FROM member m WHERE m.org_id = $1 AND m.user_id = $2`)
	return one(ctx, db, s, r.scanMember(org))
}
