package projections

import (
	"context"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type teamMemberKey struct {
	org  events.OrganizationID
	team events.TeamID
	user events.UserID
}

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
	dirty: func(t *dirtyKeys) set[teamMemberKey] { return t.teamMembers },
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

// TeamMember is somebody in a team.
type TeamMember struct {
	User  events.UserID  `json:"user"`
	Login string         `json:"login"`
	Name  string         `json:"name,omitempty"`
	Email string         `json:"email,omitempty"`
	Role  events.RoleKey `json:"role"`
	// Status is that of the membership of the organization.
	Status Status `json:"status"`
	// Given is the event that gave the role in the team.
	Given Origin `json:"given"`

	sortName string
}

// Cursor names the person, for a page to come after them.
func (m TeamMember) Cursor() string { return cursor(m.sortName, m.User) }

func scanTeamMember(org events.OrganizationID) pgx.RowToFunc[TeamMember] {
	return func(row pgx.CollectableRow) (TeamMember, error) {
		var m TeamMember
		var given events.Origin
		err := row.Scan(&m.User, &m.Login, &m.Name, &m.Email, &m.Role, &m.Status,
			&given.Version, &given.Index, &given.At, &given.Actor, &m.sortName)
		m.Given = originOf(org, given)
		return m, err
	}
}

// TeamMembers lists the members of a team itself by name.
func (db *Database) TeamMembers(ctx context.Context, org events.OrganizationID, team events.TeamID, p Page) (List[TeamMember], error) {
	var name, user string
	if err := p.after(&name, &user); err != nil {
		return List[TeamMember]{}, err
	}
	s := newStatement(org, p.limit()+1, name, user, team)
	s.write(`SELECT m.user_id, m.login, m.name, m.email, t.role, `, statusColumn, `, t.version, t.index, t.at, t.actor, t.sort_name
		FROM team_member t JOIN member m USING (org_id, user_id)
		WHERE t.org_id = $1 AND t.team_id = $5 AND (t.sort_name, t.user_id) > ($3, $4)
		ORDER BY t.sort_name, t.user_id LIMIT $2`)
	found, err := query(ctx, db, s, scanTeamMember(org))
	if err != nil {
		return List[TeamMember]{}, err
	}
	return list(found, p, func(m TeamMember) []any { return []any{m.sortName, m.User} }), nil
}
