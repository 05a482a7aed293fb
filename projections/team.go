package projections

import (
	"context"
	"errors"
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type teamKey struct {
	org  events.OrganizationID
	team events.TeamID
}

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
			text("sort_name", func(r *teamRow) string { return sortable(r.name) }),
			text("description", func(r *teamRow) string { return r.description }),
			text("privacy", func(r *teamRow) events.Privacy { return r.privacy }),
			text("colour", func(r *teamRow) events.Colour { return r.colour }),
			text("parent", func(r *teamRow) events.TeamID { return r.parent }),
		}, origin("", func(r *teamRow) events.Origin { return r.Origin })...),
	},
	dirty: func(t *dirtyKeys) set[teamKey] { return t.teams },
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

// Team is a team of an organization.
type Team struct {
	ID          events.TeamID  `json:"id"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	Privacy     events.Privacy `json:"privacy,omitempty"`
	// Colour is that of the icon; empty leaves it to the product.
	Colour events.Colour `json:"colour,omitempty"`
	// Members counts who is in the team itself.
	Members int `json:"members"`
	// Parent is the team above; empty at the top level.
	Parent  events.TeamID `json:"parent,omitempty"`
	Created Origin        `json:"created"`

	sortName string
}

// Cursor names the team, for a page to come after it.
func (t Team) Cursor() string { return cursor(t.sortName, t.ID) }

// TeamsQuery narrows a list of teams.
type TeamsQuery struct {
	// Search is a part of a name, in any case.
	Search string
	// VisibleTo leaves out what this person may not know of; empty is the system,
	// which sees all.
	VisibleTo events.UserID
	Page
}

// teamSize counts the members of the team t itself.
const teamSize = `(SELECT count(*) FROM team_member x WHERE x.org_id = t.org_id AND x.team_id = t.team_id)`

func scanTeam(org events.OrganizationID) pgx.RowToFunc[Team] {
	return func(row pgx.CollectableRow) (Team, error) {
		var t Team
		var created events.Origin
		err := row.Scan(&t.ID, &t.Name, &t.Description, &t.Privacy, &t.Colour, &t.Members, &t.Parent,
			&created.Version, &created.Index, &created.At, &created.Actor, &t.sortName)
		t.Created = originOf(org, created)
		return t, err
	}
}

// Teams lists the teams of an organization by name.
func (db *Database) Teams(ctx context.Context, org events.OrganizationID, q TeamsQuery) (List[Team], error) {
	var name, id string
	if err := q.after(&name, &id); err != nil {
		return List[Team]{}, err
	}
	s := newStatement(org, q.limit()+1, name, id)
	s.write(`SELECT t.team_id, t.name, t.description, t.privacy, t.colour, `, teamSize, `, t.parent, t.version, t.index, t.at, t.actor, t.sort_name
		FROM team t WHERE t.org_id = $1 AND (t.sort_name, t.team_id) > ($3, $4)`)
	s.search("t.sort_name", q.Search)
	if q.VisibleTo != events.System {
		viewer, err := db.viewer(ctx, org, q.VisibleTo)
		if errors.Is(err, ErrNotFound) {
			return List[Team]{Items: []Team{}}, nil // who is not in the organization sees nothing
		}
		if err != nil {
			return List[Team]{}, err
		}
		s.visibleTeams(viewer, q.VisibleTo)
	}
	s.write(` ORDER BY t.sort_name, t.team_id LIMIT $2`)
	found, err := query(ctx, db, s, scanTeam(org))
	if err != nil {
		return List[Team]{}, err
	}
	return list(found, q.Page, func(t Team) []any { return []any{t.sortName, t.ID} }), nil
}

// visibleTeams leaves the person's own teams, and of the others those that the
// person's role lets them see.
func (s *statement) visibleTeams(viewer domain.Organization, user events.UserID) {
	closed := viewer.Authorize(user, domain.SeeingTeams, domain.About{}) == nil
	secret := viewer.Authorize(user, domain.SeeingSecretTeams, domain.About{}) == nil
	if closed && secret {
		return
	}
	s.write(` AND (EXISTS (SELECT FROM team_member o WHERE o.org_id = $1 AND o.team_id = t.team_id AND o.user_id = `, s.arg(user), `)`)
	switch {
	case closed:
		s.write(` OR t.privacy <> 'secret'`)
	case secret:
		s.write(` OR t.privacy = 'secret'`)
	}
	s.write(`)`)
}
