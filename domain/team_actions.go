package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

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
	for _, role := range o.scheme.team.keys() {
		if o.mayAssignInTeam(id, m.Actor, AddingTeamMember, role) == nil {
			available.Roles = append(available.Roles, role)
		}
	}
	if o.scheme.Teams.Nested && o.Authorize(m.Actor, MovingTeam, About{Team: id}) == nil {
		available.Actions = append(available.Actions, MovingTeam)
	}
	if len(available.Roles) > 0 && o.mayAddSome(m.Actor, id) {
		available.Actions = append(available.Actions, AddingTeamMember)
	}
	return available
}

// mayAddSome reports whether an actor may put holders of some role of the organization, or
// themselves, into a team: what it gives them on projects must be the actor's to give.
func (o Organization) mayAddSome(actor events.UserID, id events.TeamID) bool {
	mayGive := func(held events.RoleKey) bool { return o.mayGiveThrough(o.Ancestors(id), actor, held) == nil }
	if o.Authorize(actor, AddingTeamMember, About{Team: id}) == nil {
		return slices.ContainsFunc(o.scheme.organization.roles, func(r role) bool { return mayGive(r.Key) })
	}
	return o.Authorize(actor, AddingTeamMember, About{Team: id, Member: actor}) == nil &&
		o.teamRole(actor, id) == "" && mayGive(o.members.At(actor).Role)
}
