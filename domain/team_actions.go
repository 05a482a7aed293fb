package domain

import "github.com/seed-2026d078/roster/events"

// ActionsOnTeam returns what an actor may do with a team. The roles are those that the
// actor may give in it.
func (o Organization) ActionsOnTeam(m events.Moment, id events.TeamID) AvailableActions {
	description := trialName
	available := o.tryActions(m, About{Team: id},
		trial{RenamingTeam, single(RenameTeam{id, trialName})},
		trial{DescribingTeam, single(DescribeTeam{Team: id, Description: &description})},
		trial{ColouringTeam, func() []Command { return []Command{ColourTeam{id, "#000001"}, ColourTeam{id, "#000002"}} }},
		trial{RemovingTeam, single(RemoveTeam{id})},
	)
	for _, action := range []events.Action{MovingTeam, AddingTeamMember} {
		if o.authorizedForSome(m.Actor, action, About{Team: id}) && (action != MovingTeam || o.scheme.Teams.Nested) {
			available.Actions = append(available.Actions, action)
		}
	}
	for _, role := range o.scheme.team.keys() {
		if o.mayAssignInTeam(id, m.Actor, AddingTeamMember, role) == nil {
			available.Roles = append(available.Roles, role)
		}
	}
	return available
}
