package projections

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// State is everything about one organization that decides on access.
type State struct {
	Members  map[events.UserID]events.RoleKey
	Projects map[events.ProjectID]string // names
	Teams    map[events.TeamID]TeamState
	// Access is the effective roles; who has none on any project is left out.
	Access map[events.UserID]map[events.ProjectID]events.RoleKey
}

// TeamState is a team as a part of [State].
type TeamState struct {
	Name        string
	Description string
	Privacy     events.Privacy
	// Parent is the team above; empty at the top level.
	Parent events.TeamID
	// Members are those of the team itself, Projects its own assignments.
	Members  map[events.UserID]events.RoleKey
	Projects map[events.ProjectID]events.RoleKey
}

// State reads a whole organization from one snapshot of the database, with the access
// that holds at an instant. It is empty where there is no such organization.
func (db *Database) State(ctx context.Context, org events.OrganizationID, instant time.Time) (State, error) {
	state := State{
		Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]string{},
		Teams: map[events.TeamID]TeamState{}, Access: map[events.UserID]map[events.ProjectID]events.RoleKey{},
	}
	// One statement sees one moment, even while a rebuild swaps the tables.
	s := newStatement(org, instant)
	s.write(`SELECT 1, user_id, role, '', '', '' FROM member WHERE org_id = $1
		UNION ALL SELECT 2, project_id, name, '', '', '' FROM project WHERE org_id = $1
		UNION ALL SELECT 3, team_id, name, description, privacy, parent FROM team WHERE org_id = $1
		UNION ALL SELECT 4, team_id, user_id, role, '', '' FROM team_member WHERE org_id = $1
		UNION ALL SELECT 5, team_id, project_id, role, '', '' FROM project_team WHERE org_id = $1
		UNION ALL SELECT 6, user_id, project_id, role, '', '' FROM effective_access_at($2) WHERE org_id = $1
		ORDER BY 1`)
	facts, err := query(ctx, db.tables, s, pgx.RowToStructByPos[fact])
	if err != nil {
		return State{}, err
	}
	for _, f := range facts {
		state.take(f)
	}
	return state, nil
}

// fact is one row of what State reads: ids first, as the kind has them.
type fact struct {
	Kind          int
	A, B, C, D, E string
}

func (s State) take(f fact) {
	switch f.Kind {
	case 1:
		s.Members[events.UserID(f.A)] = events.RoleKey(f.B)
	case 2:
		s.Projects[events.ProjectID(f.A)] = f.B
	case 3:
		s.Teams[events.TeamID(f.A)] = TeamState{
			Name: f.B, Description: f.C, Privacy: events.Privacy(f.D), Parent: events.TeamID(f.E),
			Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]events.RoleKey{},
		}
	case 4:
		s.Teams[events.TeamID(f.A)].Members[events.UserID(f.B)] = events.RoleKey(f.C)
	case 5:
		s.Teams[events.TeamID(f.A)].Projects[events.ProjectID(f.B)] = events.RoleKey(f.C)
	case 6:
		user := events.UserID(f.A)
		if s.Access[user] == nil {
			s.Access[user] = map[events.ProjectID]events.RoleKey{}
		}
		s.Access[user][events.ProjectID(f.B)] = events.RoleKey(f.C)
	}
}
