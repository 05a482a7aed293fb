package api

import (
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// projectMemberRow is somebody on a project as a list shows them.
type projectMemberRow struct {
	projections.ProjectMember
	Access string `json:"access" doc:"How they came to it, in words: Direct, Creator, via TEAM, through organization role."`
	Offered
}

// projectMemberRowOf adds to somebody on a project what the actor may do about them,
// and says nothing of teams that the actor does not see.
func projectMemberRowOf(org domain.Organization, m events.Moment, id events.ProjectID, found projections.ProjectMember) projectMemberRow {
	found.Sources = veiled(org, m.Actor, found.Sources)
	if found.Status == projections.Ended {
		found.Badges = append(found.Badges, endedBadge)
	}
	return projectMemberRow{found, way(found.Sources), offered(org.ActionsOnProjectMember(m, id, found.User))}
}

// way names the source that is shown first.
func way(sources []projections.Source) string {
	if len(sources) == 0 {
		return ""
	}
	switch first := sources[0]; first.Kind {
	case domain.Direct:
		return "Direct"
	case domain.Creator:
		return "Creator"
	case domain.ThroughRole:
		return "through organization role"
	case domain.ThroughTeam:
	}
	i := slices.IndexFunc(sources, func(s projections.Source) bool { return s.TeamName != "" })
	if i < 0 {
		return "via a team"
	}
	return "via " + sources[i].TeamName
}

// projectTeamRow is a team on a project as a list shows it.
type projectTeamRow struct {
	projections.ProjectTeam
	Offered
}

func projectTeamRowOf(org domain.Organization, m events.Moment, id events.ProjectID, found projections.ProjectTeam) projectTeamRow {
	return projectTeamRow{found, offered(org.ActionsOnAssignment(m, id, found.Team))}
}
