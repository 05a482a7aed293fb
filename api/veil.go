package api

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// told is access as the actor may hear of it now: nothing of invites where they see none.
func told(org domain.Organization, actor events.UserID, found domain.Access) domain.Access {
	if found.Reason == domain.Invited && actor != events.System && org.Authorize(actor, domain.SeeingInvites, domain.About{}) != nil {
		found.Reason = domain.NotMember
	}
	return found
}

// sources shows where access comes from, without the names of teams that are not visible.
func sources(org domain.Organization, found domain.Access, visible func(events.TeamID) bool) []projections.Source {
	shown := make([]projections.Source, 0, len(found.Sources))
	for _, from := range found.Sources {
		shown = append(shown, sourceOf(org, from, visible))
	}
	return shown
}

func sourceOf(org domain.Organization, from domain.Source, visible func(events.TeamID) bool) projections.Source {
	one := projections.Source{
		Kind: from.Kind, Role: from.Role, Levels: from.Levels, Bypass: from.Bypass, Until: end(from.Until), Origin: originOf(org.ID(), from.Origin),
	}
	if from.Kind != domain.ThroughTeam {
		return one
	}
	entered := originOf(org.ID(), from.Entered)
	one.Entered = &entered
	if visible(from.Team) {
		team, _ := org.Team(from.Team)
		one.Team, one.TeamName = from.Team, team.Name
	}
	if visible(from.Via) {
		via, _ := org.Team(from.Via)
		one.Via, one.ViaName = from.Via, via.Name
	}
	return one
}

// veiled says nothing of a team that the actor may not see but that there is one.
func veiled(org domain.Organization, actor events.UserID, told []projections.Source) []projections.Source {
	for i := range told {
		from := &told[i]
		if from.Team != "" && !knows(org, actor, from.Team) {
			from.Team, from.TeamName = "", ""
		}
		if from.Via != "" && !knows(org, actor, from.Via) {
			from.Via, from.ViaName = "", ""
		}
	}
	return told
}

// knows tells whether an actor may hear of a team, also of one that is gone.
func knows(org domain.Organization, actor events.UserID, id events.TeamID) bool {
	return actor == events.System || org.SeesTeam(actor, id)
}
