package projections

import (
	"encoding/json"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Source is one reason for somebody's access to a project.
type Source struct {
	Kind domain.SourceKind `json:"kind"`
	// Role is the project role that this source confers.
	Role events.RoleKey `json:"role"`
	// Team is the team assigned; empty unless the kind is team.
	Team     events.TeamID `json:"team,omitempty"`
	TeamName string        `json:"team_name,omitempty"`
	// Via is the team that the person is in: Team, or one below it.
	Via     events.TeamID `json:"via,omitempty"`
	ViaName string        `json:"via_name,omitempty"`
	// Origin is the grant, the assignment, or what gave the role of the organization.
	Origin
	// Entered is what put the person into Via; nil unless the kind is team.
	Entered *Origin `json:"entered,omitempty"`
}

// sourceRow is a row of the view access_source, as JSON.
type sourceRow struct {
	Kind           domain.SourceKind `json:"kind"`
	Role           events.RoleKey    `json:"role"`
	Team           events.TeamID     `json:"team_id"`
	TeamName       string            `json:"team_name"`
	Via            events.TeamID     `json:"via"`
	ViaName        string            `json:"via_name"`
	Version        events.Version    `json:"version"`
	Index          int               `json:"index"`
	At             time.Time         `json:"at"`
	Actor          events.UserID     `json:"actor"`
	EnteredVersion events.Version    `json:"entered_version"`
	EnteredIndex   int               `json:"entered_index"`
	EnteredAt      time.Time         `json:"entered_at"`
	EnteredActor   events.UserID     `json:"entered_actor"`
}

// sourcesOf is the SQL that collects the sources of a person on a project of the
// organization $1 as JSON; null where there are none.
func sourcesOf(user, project string) string {
	return `(SELECT json_agg(s) FROM (
		SELECT a.kind, a.role, a.version, a.index, a.at, a.actor, a.team_id, a.via,
			(SELECT t.name FROM team t WHERE t.org_id = $1 AND t.team_id = a.team_id AND a.team_id <> '') AS team_name,
			(SELECT t.name FROM team t WHERE t.org_id = $1 AND t.team_id = a.via AND a.via <> a.team_id) AS via_name,
			a.entered_version, a.entered_index, a.entered_at, a.entered_actor
		FROM access_source a
		WHERE a.org_id = $1 AND a.project_id = ` + project + ` AND a.user_id = ` + user + `) s)`
}

// resolve makes a role of what [sourcesOf] collected, and shows its sources.
func resolve(org events.OrganizationID, scheme *domain.Scheme, collected []byte) (domain.Access, []Source, error) {
	var found []sourceRow
	if len(collected) > 0 {
		if err := json.Unmarshal(collected, &found); err != nil {
			return domain.Access{}, nil, err
		}
	}
	sources := make([]domain.Source, len(found))
	called := map[events.TeamID]string{}
	for i, s := range found {
		sources[i] = domain.Source{
			Kind: s.Kind, Role: s.Role, Team: s.Team, Via: s.Via,
			Origin: events.Origin{Version: s.Version, Index: s.Index, At: s.At.UTC(), Actor: s.Actor},
		}
		if s.Kind == domain.ThroughTeam {
			sources[i].Entered = events.Origin{Version: s.EnteredVersion, Index: s.EnteredIndex, At: s.EnteredAt.UTC(), Actor: s.EnteredActor}
		}
		called[s.Team] = s.TeamName
		if s.Via != s.Team {
			called[s.Via] = s.ViaName
		}
	}
	access := scheme.Resolve(sources)
	shown := make([]Source, len(access.Sources))
	for i, s := range access.Sources {
		shown[i] = Source{
			Kind: s.Kind, Role: s.Role, Team: s.Team, TeamName: called[s.Team], Via: s.Via, ViaName: called[s.Via],
			Origin: originOf(org, s.Origin),
		}
		if s.Kind == domain.ThroughTeam {
			entered := originOf(org, s.Entered)
			shown[i].Entered = &entered
		}
	}
	return access, shown, nil
}
