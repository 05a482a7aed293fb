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
	// Levels are the person's own beside the role.
	Levels events.Levels `json:"levels,omitempty"`
	// Bypass grants everything, whatever levels and overrides say.
	Bypass bool `json:"bypass,omitzero"`
	// Until is when the source ends; nil never does.
	Until *time.Time `json:"until,omitempty"`
	// Origin is the grant, the assignment, or what gave the role of the organization.
	Origin
	// Entered is what put the person into Via; nil unless the kind is team.
	Entered *Origin `json:"entered,omitempty"`
}

// sourceRow is a row of the view access_reason, as JSON.
type sourceRow struct {
	Kind           domain.SourceKind `json:"kind"`
	Role           events.RoleKey    `json:"role"`
	Levels         events.Levels     `json:"levels"`
	Bypass         bool              `json:"bypass"`
	Until          time.Time         `json:"until"`
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

// sourcesOf is the SQL that collects the reasons of a person for access to a project
// of the organization $1 as JSON: those that hold now, or those that do not; null
// where there are none.
func sourcesOf(user, project string, hold bool) string {
	holds := "(a.deactivated OR a.ends_at <= now()) IS NOT TRUE"
	if !hold {
		holds = "(a.deactivated OR a.ends_at <= now())"
	}
	return `(SELECT json_agg(s) FROM (
		SELECT a.kind, a.role, a.levels, a.bypass, a.until, a.version, a.index, a.at, a.actor, a.team_id, a.via,
			(SELECT t.name FROM team t WHERE t.org_id = $1 AND t.team_id = a.team_id AND a.team_id <> '') AS team_name,
			(SELECT t.name FROM team t WHERE t.org_id = $1 AND t.team_id = a.via AND a.via <> a.team_id) AS via_name,
			a.entered_version, a.entered_index, a.entered_at, a.entered_actor
		FROM access_reason a
		WHERE a.org_id = $1 AND a.project_id = ` + project + ` AND a.user_id = ` + user + ` AND ` + holds + `) s)`
}

// readSources reads what sourcesOf collected, with the names of teams.
func readSources(collected []byte) ([]domain.Source, map[events.TeamID]string, error) {
	var found []sourceRow
	if len(collected) > 0 {
		if err := json.Unmarshal(collected, &found); err != nil {
			return nil, nil, err
		}
	}
	sources := make([]domain.Source, len(found))
	called := map[events.TeamID]string{}
	for i, s := range found {
		sources[i] = domain.Source{
			Kind: s.Kind, Role: s.Role, Levels: some(s.Levels), Bypass: s.Bypass, Until: s.Until.UTC(), Team: s.Team, Via: s.Via,
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
	return sources, called, nil
}

func shownSources(org events.OrganizationID, sources []domain.Source, called map[events.TeamID]string) []Source {
	shown := make([]Source, len(sources))
	for i, s := range sources {
		shown[i] = Source{
			Kind: s.Kind, Role: s.Role, Levels: s.Levels, Bypass: s.Bypass, Until: end(s.Until),
			Team: s.Team, TeamName: called[s.Team], Via: s.Via, ViaName: called[s.Via], Origin: originOf(org, s.Origin),
		}
		if s.Kind == domain.ThroughTeam {
			entered := originOf(org, s.Entered)
			shown[i].Entered = &entered
		}
	}
	return shown
}

// end is a time in an answer; nil where there is none.
func end(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// some are own levels; nil where there are none.
func some(own events.Levels) events.Levels {
	if len(own) == 0 {
		return nil
	}
	return own
}
