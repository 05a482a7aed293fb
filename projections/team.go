package projections

import (
	"context"
	"iter"
	"strconv"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type teamRow struct {
	teamKey
	name, description string
	privacy           events.Privacy
	colour            events.Colour
	parent            events.TeamID
	events.Origin
}

var teams = &model[teamKey, teamRow]{
	table: table[teamRow]{
		name: "team",
		keys: []column[teamRow]{
			text("org_id", func(r *teamRow) events.OrganizationID { return r.org }),
			text("team_id", func(r *teamRow) events.TeamID { return r.team }),
		},
		columns: append([]column[teamRow]{
			text("name", func(r *teamRow) string { return r.name }),
			collated("sort_name", func(r *teamRow) sortKey { return sortKeyOf(r.name) }),
			text("search", func(r *teamRow) string { return searchable(r.name, string(r.team)) }),
			text("description", func(r *teamRow) string { return r.description }),
			text("privacy", func(r *teamRow) events.Privacy { return r.privacy }),
			text("colour", func(r *teamRow) events.Colour { return r.colour }),
			text("parent", func(r *teamRow) events.TeamID { return r.parent }),
		}, origin("", func(r *teamRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[teamKey] { return d.teams },
	find: func(state domain.Roster, key teamKey) (teamRow, bool) {
		t, ok := state.Organization(key.org).Team(key.team)
		return teamOf(key, t), ok
	},
	rows: func(o domain.Organization) iter.Seq[teamRow] {
		return func(yield func(teamRow) bool) {
			for id, t := range o.Teams() {
				if !yield(teamOf(teamKey{o.ID(), id}, t)) {
					return
				}
			}
		}
	},
}

func teamOf(key teamKey, t domain.Team) teamRow {
	return teamRow{key, t.Name, t.Description, t.Privacy, t.Colour, t.Parent, t.Created}
}

// TeamFilter narrows a list of teams. What is empty, or nil, does not.
type TeamFilter struct {
	// Search is words, each of which is a part of a name or id, as in [MemberFilter].
	Search string
	// Keep leaves out teams for which it returns false.
	Keep func(events.TeamID) bool
	Page
}

// ListTeams lists the ids of teams by name. The state says what a team is.
func (db *Database) ListTeams(ctx context.Context, org domain.Organization, q TeamFilter) (List[events.TeamID], error) {
	keep := func(row named[events.TeamID]) bool {
		_, there := org.Team(row.id)
		return there && (q.Keep == nil || q.Keep(row.id))
	}
	return ids(fill(q.Page, keep, func(after nameKey, limit int) ([]named[events.TeamID], error) {
		s := newStatement(org.ID(), after.sortName, after.id)
		s.write(`SELECT t.team_id, t.sort_name FROM team t WHERE t.org_id = $1 AND (t.sort_name, t.team_id) > ($2, $3)`)
		s.search("t.search", q.Search)
		s.write(` ORDER BY t.sort_name, t.team_id LIMIT `, strconv.Itoa(limit))
		return query(ctx, db.tables, s, scanNamed[events.TeamID])
	}))
}
