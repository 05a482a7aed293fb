package projections

import (
	"iter"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// teamAncestorRow says that the members of a team have what another team is assigned to.
type teamAncestorRow struct{ teamAncestorKey }

// teamAncestors are the teams above each team from which it inherits, and the team itself, so
// that one join finds all assignments that reach its members.
var teamAncestors = &model[teamAncestorKey, teamAncestorRow]{
	table: table[teamAncestorRow]{
		name: "team_ancestor",
		keys: []column[teamAncestorRow]{
			text("org_id", func(r *teamAncestorRow) events.OrganizationID { return r.org }),
			text("team_id", func(r *teamAncestorRow) events.TeamID { return r.team }),
			text("ancestor", func(r *teamAncestorRow) events.TeamID { return r.ancestor }),
		},
	},
	dirty: func(d *dirtyKeys) set[teamAncestorKey] { return d.teamAncestors },
	find: func(state domain.Roster, key teamAncestorKey) (teamAncestorRow, bool) {
		return teamAncestorRow{key}, state.Organization(key.org).InheritsFrom(key.team, key.ancestor)
	},
	rows: func(o domain.Organization) iter.Seq[teamAncestorRow] {
		return func(yield func(teamAncestorRow) bool) {
			for team := range o.Teams() {
				for ancestor := range o.Ancestors(team) {
					if !yield(teamAncestorRow{teamAncestorKey{o.ID(), team, ancestor}}) {
						return
					}
				}
			}
		}
	},
}
