package projections

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// ProjectTeam is a team that is assigned to a project.
type ProjectTeam struct {
	Team events.TeamID `json:"team"`
	Name string        `json:"name"`
	// Role is empty where each member has the default of theirs in the organization.
	Role events.RoleKey `json:"role,omitempty"`
	// Privacy says who may see the team.
	Privacy events.Privacy `json:"privacy,omitempty"`
	// Colour is that of the icon; empty leaves it to the product.
	Colour events.Colour `json:"colour,omitempty"`
	// Members counts who is in the team itself.
	Members int `json:"members"`
	// Until is when the assignment ends, or has ended; nil never does.
	Until    *time.Time `json:"until,omitempty"`
	Assigned Origin     `json:"assigned"`

	sortName string
}

// Cursor names the team, for a page to come after it.
func (t ProjectTeam) Cursor() string { return cursor(t.sortName, t.Team) }

// ProjectTeamsQuery narrows a list of teams on a project.
type ProjectTeamsQuery struct {
	// Search is a part of the team's name, or of the name, login, address or
	// effective role of somebody whom the assignment reaches, in any case.
	Search string
	// Inactive asks for those instead whose assignment has ended.
	Inactive bool
	Page
}

func scanProjectTeam(org events.OrganizationID) pgx.RowToFunc[ProjectTeam] {
	return func(row pgx.CollectableRow) (ProjectTeam, error) {
		var t ProjectTeam
		var assigned events.Origin
		err := row.Scan(&t.Team, &t.Name, &t.Role, &t.Privacy, &t.Colour, &t.Members, &t.Until,
			&assigned.Version, &assigned.Index, &assigned.At, &assigned.Actor, &t.sortName)
		t.Assigned = originOf(org, assigned)
		if t.Until != nil {
			t.Until = end(*t.Until)
		}
		return t, err
	}
}

// ProjectTeams lists the teams assigned to a project by name, without those that
// inherit from them.
func (db *Database) ProjectTeams(ctx context.Context, org events.OrganizationID, project events.ProjectID, q ProjectTeamsQuery) (List[ProjectTeam], error) {
	var name, id string
	if err := q.after(&name, &id); err != nil {
		return List[ProjectTeam]{}, err
	}
	r, err := db.rules(ctx, org)
	if errors.Is(err, ErrNotFound) {
		return List[ProjectTeam]{Items: []ProjectTeam{}}, nil
	}
	if err != nil {
		return List[ProjectTeam]{}, err
	}
	ended := `(a.until <= now()) IS NOT TRUE`
	if q.Inactive {
		ended = `a.until <= now()`
	}
	s := newStatement(org, project, q.limit()+1, name, id)
	found := s.teamsFound(q.Search, r.rolesLike(q.Search))
	s.write(`SELECT t.team_id, t.name, a.role, t.privacy, t.colour, `, teamSize, `, a.until, a.version, a.index, a.at, a.actor, t.sort_name
		FROM project_team a JOIN team t USING (org_id, team_id)
		WHERE a.org_id = $1 AND a.project_id = $2 AND a.team_id = a.assigned_team AND `, ended, `
			AND (t.sort_name, t.team_id) > ($4, $5) AND `, found, `
		ORDER BY t.sort_name, t.team_id LIMIT $3`)
	teams, err := query(ctx, db, s, scanProjectTeam(org))
	if err != nil {
		return List[ProjectTeam]{}, err
	}
	return list(teams, q.Page, func(t ProjectTeam) []any { return []any{t.sortName, t.Team} }), nil
}

// teamsFound begins a statement with the people whom a search finds, by what they
// are called or by one of the roles, and returns the condition on the assignment a of
// a team t.
func (s *statement) teamsFound(search string, roles []events.RoleKey) string {
	called := s.contains("m.search", search)
	if called == everything {
		return everything
	}
	s.write(`WITH found AS MATERIALIZED (SELECT m.user_id FROM member m WHERE m.org_id = $1 AND `, called, ` AND `, active)
	if len(roles) > 0 {
		s.write(` UNION SELECT e.user_id FROM effective_access e WHERE e.org_id = $1 AND e.project_id = $2 AND e.role = ANY(`, s.arg(roles), `)`)
	}
	s.write(`) `)
	return `(` + s.contains("t.sort_name", search) + ` OR t.team_id IN (
		SELECT h.assigned_team FROM project_team h JOIN team_member x USING (org_id, team_id) JOIN found USING (user_id)
		WHERE h.org_id = $1 AND h.project_id = $2))`
}
