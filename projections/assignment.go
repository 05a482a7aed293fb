package projections

import (
	"context"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type assignmentKey struct {
	org     events.OrganizationID
	project events.ProjectID
	// heir is the team whose members have the role: the one assigned, or one
	// below it.
	heir, assigned events.TeamID
}

type assignmentRow struct {
	assignmentKey
	role events.RoleKey
	events.Origin
}

// assignments are flattened: a row for each team that inherits one.
var assignments = &model[assignmentKey, assignmentRow]{
	table: table[assignmentRow]{
		name: "project_team",
		keys: []column[assignmentRow]{
			text("org_id", func(r *assignmentRow) events.OrganizationID { return r.org }),
			text("project_id", func(r *assignmentRow) events.ProjectID { return r.project }),
			text("team_id", func(r *assignmentRow) events.TeamID { return r.heir }),
			text("assigned_team", func(r *assignmentRow) events.TeamID { return r.assigned }),
		},
		columns: append([]column[assignmentRow]{
			text("role", func(r *assignmentRow) events.RoleKey { return r.role }),
		}, origin("", func(r *assignmentRow) events.Origin { return r.Origin })...),
	},
	touched: func(t *touched) set[assignmentKey] { return t.assignments },
	find: func(state domain.Roster, key assignmentKey) (assignmentRow, bool) {
		o := state.Organization(key.org)
		p, _ := o.Project(key.project)
		a, ok := p.Assignment(key.assigned)
		return assignmentRow{key, a.Role, a.Origin}, ok && inherits(o, key.heir, key.assigned)
	},
	rows: func(o domain.Organization) iter.Seq[assignmentRow] {
		return func(yield func(assignmentRow) bool) {
			for id, p := range o.Projects() {
				for heir, a := range p.Inherited() {
					if !yield(assignmentRow{assignmentKey{o.ID(), id, heir, a.Team}, a.Role, a.Origin}) {
						return
					}
				}
			}
		}
	},
}

// inherits tells whether a team is another one, or has what that one has.
func inherits(o domain.Organization, heir, from events.TeamID) bool {
	for id := range o.Lineage(heir) {
		if id == from {
			return true
		}
	}
	return false
}

// ProjectTeam is a team that is assigned to a project.
type ProjectTeam struct {
	Team events.TeamID  `json:"team"`
	Name string         `json:"name"`
	Role events.RoleKey `json:"role"`
	// Privacy says who may see the team.
	Privacy  events.Privacy `json:"privacy,omitempty"`
	Assigned Origin         `json:"assigned"`
}

// ProjectTeams lists the teams assigned to a project by name, without those that
// inherit from them.
func (db *Database) ProjectTeams(ctx context.Context, org events.OrganizationID, project events.ProjectID) ([]ProjectTeam, error) {
	s := newStatement(org, project)
	s.write(`SELECT t.team_id, t.name, a.role, t.privacy, a.version, a.index, a.at, a.actor
		FROM project_team a JOIN team t USING (org_id, team_id)
		WHERE a.org_id = $1 AND a.project_id = $2 AND a.team_id = a.assigned_team
		ORDER BY t.sort_name, t.team_id`)
	return query(ctx, db, s, func(row pgx.CollectableRow) (ProjectTeam, error) {
		var t ProjectTeam
		var assigned events.Origin
		err := row.Scan(&t.Team, &t.Name, &t.Role, &t.Privacy, &assigned.Version, &assigned.Index, &assigned.At, &assigned.Actor)
		t.Assigned = originOf(org, assigned)
		return t, err
	})
}
