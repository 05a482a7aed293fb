package domain

import (
	"iter"
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
	if o.mayMove(m, id, o.VisibleTeams(m.Actor)) {
		available.Actions = append(available.Actions, MovingTeam)
	}
	if len(available.Roles) > 0 && o.mayAddSome(m.Actor, id) {
		available.Actions = append(available.Actions, AddingTeamMember)
	}
	return available
}

// maxParentsTried is how many parents are tried to find out whether an actor may move a team
// somewhere. Nearly always the first is accepted; each costs a look at what the team inherits.
const maxParentsTried = 100

// mayMove reports whether an actor, who sees some teams, may move a team below another parent.
func (o Organization) mayMove(m events.Moment, id events.TeamID, visible func(events.TeamID) bool) bool {
	team := o.teams.At(id)
	if team == nil || o.Authorize(m.Actor, MovingTeam, About{Team: id}) != nil {
		return false
	}
	tried := 0
	for parent := range o.parentsToTry(team, m.Actor) {
		if (parent == "" || visible(parent)) && o.changes(m, MoveTeam{id, parent}) {
			return true
		}
		if tried++; tried == maxParentsTried {
			return false
		}
	}
	return false
}

// parentsToTry yields parents that a team could get. First come those that give it the least:
// the top level, the teams above its parent, and those beside it. Then come the teams
// of the actor, and any.
func (o Organization) parentsToTry(team *Team, actor events.UserID) iter.Seq[events.TeamID] {
	likely := []events.TeamID{""}
	if below := o.teams.At(team.Parent); below != nil {
		for parent := below.Parent; parent != ""; parent = o.teams.At(parent).Parent {
			likely = append(likely, parent)
		}
		likely = slices.AppendSeq(likely, below.children.values())
	}
	if member := o.members.At(actor); member != nil {
		likely = append(likely, member.teams...)
	}
	return func(yield func(events.TeamID) bool) {
		for _, parent := range likely {
			if !yield(parent) {
				return
			}
		}
		o.teams.Keys()(yield)
	}
}

// mayAddSome reports whether an actor may put holders of some role of the organization, or
// themselves, into a team: what it gives them on projects must be the actor's to give.
func (o Organization) mayAddSome(actor events.UserID, id events.TeamID) bool {
	mayGive := func(held events.RoleKey) bool { return o.mayGiveThrough(o.Ancestors(id), actor, held) == nil }
	if o.Authorize(actor, AddingTeamMember, About{Team: id}) == nil {
		return slices.ContainsFunc(o.scheme.organization.roles, func(r role) bool { return mayGive(r.Key) })
	}
	o = o.withoutElevationsOf(actor) // by which nobody adds themselves
	return o.Authorize(actor, AddingTeamMember, About{Team: id, Member: actor}) == nil &&
		o.teamRole(actor, id) == "" && mayGive(o.members.At(actor).Role)
}
