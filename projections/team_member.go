package projections

import (
	"context"
	"iter"
	"strconv"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type teamMemberRow struct {
	teamMemberKey
	domain.TeamMember
}

var teamMembers = &model[teamMemberKey, teamMemberRow]{
	table: table[teamMemberRow]{
		name: "team_member",
		keys: []column[teamMemberRow]{
			text("org_id", func(r *teamMemberRow) events.OrganizationID { return r.org }),
			text("team_id", func(r *teamMemberRow) events.TeamID { return r.team }),
			text("user_id", func(r *teamMemberRow) events.UserID { return r.user }),
		},
		columns: append([]column[teamMemberRow]{
			text("role", func(r *teamMemberRow) events.RoleKey { return r.Role }),
		}, origin("", func(r *teamMemberRow) events.Origin { return r.Origin })...),
		member: func(r *teamMemberRow) memberKey { return memberKey{r.org, r.user} },
	},
	dirty: func(d *dirtyKeys) set[teamMemberKey] { return d.teamMembers },
	find: func(state domain.Roster, key teamMemberKey) (teamMemberRow, bool) {
		t, _ := state.Organization(key.org).Team(key.team)
		m, ok := t.Member(key.user)
		return teamMemberRow{key, m}, ok
	},
	rows: func(o domain.Organization) iter.Seq[teamMemberRow] {
		return func(yield func(teamMemberRow) bool) {
			for id, t := range o.Teams() {
				for user, m := range t.Members() {
					if !yield(teamMemberRow{teamMemberKey{o.ID(), id, user}, m}) {
						return
					}
				}
			}
		}
	},
}

// ListTeamMembers lists the members of a team itself by name.
func (db *Database) ListTeamMembers(ctx context.Context, org domain.Organization, team events.TeamID, p Page) (List[Person], error) {
	of, _ := org.Team(team)
	keep := func(p Person) bool {
		_, in := of.Member(p.User)
		return in
	}
	return fill(p, keep, func(after nameKey, limit int) ([]Person, error) {
		s := newStatement(org.ID(), team, after.sortName, after.id)
		s.write(`SELECT `+personColumns+` FROM team_member t JOIN member m USING (org_id, user_id)
			WHERE t.org_id = $1 AND t.team_id = $2 AND (t.sort_name, t.user_id) > ($3, $4)
			ORDER BY t.sort_name, t.user_id LIMIT `, strconv.Itoa(limit))
		return query(ctx, db.tables, s, scanPerson)
	})
}
