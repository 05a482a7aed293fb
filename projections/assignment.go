package projections

import (
	"iter"
	"time"

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
	role  events.RoleKey // empty: each member's default
	until time.Time
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
			timestamp("until", func(r *assignmentRow) time.Time { return r.until }),
		}, origin("", func(r *assignmentRow) events.Origin { return r.Origin })...),
	},
	dirty: func(t *dirtyKeys) set[assignmentKey] { return t.assignments },
	find: func(state domain.Roster, key assignmentKey) (assignmentRow, bool) {
		o := state.Organization(key.org)
		p, _ := o.Project(key.project)
		a, ok := p.Assignment(key.assigned)
		return assignmentRow{key, a.Role, a.Until, a.Origin}, ok && inherits(o, key.heir, key.assigned)
	},
	rows: func(o domain.Organization) iter.Seq[assignmentRow] {
		return func(yield func(assignmentRow) bool) {
			for id, p := range o.Projects() {
				for heir, a := range p.Inherited() {
					if !yield(assignmentRow{assignmentKey{o.ID(), id, heir, a.Team}, a.Role, a.Until, a.Origin}) {
						return
					}
				}
			}
		}
	},
}

// inherits tells whether a team is another one, or has what that one has.
func inherits(o domain.Organization, heir, from events.TeamID) bool {
	for id := range o.Ancestors(heir) {
		if id == from {
			return true
		}
	}
	return false
}
