package projections

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// Candidate is a member of an organization who could be added to a project.
type Candidate struct {
	Person
	// Role is the role in the organization.
	Role events.RoleKey `json:"role"`

	sortName string
}

// Cursor names the candidate, for a page to come after them.
func (c Candidate) Cursor() string { return cursor(c.sortName, c.User) }

// CandidatesQuery narrows a list of people who could be added to a project.
type CandidatesQuery struct {
	// Search is a part of a name, login or address, in any case.
	Search string
	Page
}

// Candidates lists the active members of the organization who are not on a project,
// by name. Where there is no such project, everybody is one.
func (db *Database) Candidates(ctx context.Context, org events.OrganizationID, project events.ProjectID, q CandidatesQuery) (List[Candidate], error) {
	var name, user string
	if err := q.after(&name, &user); err != nil {
		return List[Candidate]{}, err
	}
	s := newStatement(org, project, q.limit()+1, name, user)
	s.custom = true // where the page begins decides on the plan
	s.write(`SELECT m.user_id, m.login, m.name, m.email, m.role, m.sort_name FROM (
		SELECT * FROM member m WHERE m.org_id = $1 AND (m.sort_name, m.user_id) > ($4, $5) AND `, active)
	s.search("m.search", q.Search)
	s.write(` ORDER BY m.sort_name, m.user_id OFFSET 0) m WHERE `, notOnProject, ` ORDER BY m.sort_name, m.user_id LIMIT $3`)
	found, err := query(ctx, db, s, scanCandidate)
	if err != nil {
		return List[Candidate]{}, err
	}
	return list(found, q.Page, func(c Candidate) []any { return []any{c.sortName, c.User} }), nil
}

func scanCandidate(row pgx.CollectableRow) (c Candidate, err error) {
	return c, row.Scan(&c.User, &c.Login, &c.Name, &c.Email, &c.Role, &c.sortName)
}

// notOnProject is the condition that no way leads m, who is active, to the project
// $2. OFFSET 0 keeps Postgres from joining whole tables, which it prefers as long as
// it has no statistics: each person is looked up by key, until a page is full.
const notOnProject = `(m.reach = '' OR NOT EXISTS (SELECT FROM project WHERE org_id = $1 AND project_id = $2))
	AND NOT EXISTS (SELECT FROM project_member g
		WHERE g.org_id = $1 AND g.project_id = $2 AND g.user_id = m.user_id AND (g.until <= now()) IS NOT TRUE OFFSET 0)
	AND NOT EXISTS (SELECT FROM team_member t JOIN project_team a USING (org_id, team_id)
		WHERE t.org_id = $1 AND t.user_id = m.user_id AND a.project_id = $2 AND (a.until <= now()) IS NOT TRUE
		AND (a.role <> '' OR m.project_role <> '') OFFSET 0)`
