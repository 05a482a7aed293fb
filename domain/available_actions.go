package domain

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// AvailableActions is what an actor may do with one thing. A screen that shows only
// these shows no button that is always refused.
type AvailableActions struct {
	// Actions are the actions of which at least one command would be accepted and
	// change something. The one that gives a role comes last.
	Actions []events.Action
	// Roles are the roles that the actor may give, lowest rank first.
	Roles []events.RoleKey
}

// attempt is an action with commands that stand for it: it is offered where one of
// them would change something.
type attempt struct {
	action   events.Action
	commands func() []Command
}

func one(c Command) func() []Command { return func() []Command { return []Command{c} } }

// offers tries attempts on the state as it is, so that an offer cannot disagree
// with the rule. What the scheme does not allow needs no trying.
func (o Organization) offers(m events.Moment, about About, attempts ...attempt) (offer AvailableActions) {
	for _, a := range attempts {
		if o.Authorize(m.Actor, a.action, about) == nil && slices.ContainsFunc(a.commands(), func(c Command) bool { return o.would(m, c) }) {
			offer.Actions = append(offer.Actions, a.action)
		}
	}
	return offer
}

func (o Organization) would(m events.Moment, c Command) bool {
	happened, err := c.Decide(o, m)
	return err == nil && len(happened) > 0
}

// choose offers an action with the roles that it could give.
func (o Organization) choose(offer *AvailableActions, m events.Moment, about About, action events.Action, r ranking, command func(events.RoleKey) Command) {
	if o.Authorize(m.Actor, action, about) != nil {
		return
	}
	for _, role := range r.names() {
		if o.would(m, command(role)) {
			offer.Roles = append(offer.Roles, role)
		}
	}
	if len(offer.Roles) > 0 {
		offer.Actions = append(offer.Actions, action)
	}
}

// ends are a late end and an early one: people may only hasten their own.
func ends(m events.Moment, command func(time.Time) Command) func() []Command {
	return func() []Command {
		return []Command{command(m.At.Add(36*time.Hour + time.Nanosecond)), command(m.At.Add(time.Nanosecond))}
	}
}

// trialName is a name that nothing has.
const trialName = "\u2063"

// ActionsOnMember returns what an actor may do about a member of the organization.
func (o Organization) ActionsOnMember(m events.Moment, user events.UserID) AvailableActions {
	about := About{Member: user}
	offer := o.offers(m, about,
		attempt{TransferringOwnership, func() (all []Command) {
			for _, role := range append(o.scheme.organization.names(), "") {
				all = append(all, TransferOwnership{user, role})
			}
			return all
		}},
		attempt{ChangingLevels, o.scheme.organization.levelTrials(func(l events.Levels) Command { return ChangeLevels{user, l} })},
		attempt{ChangingMemberEnd, ends(m, func(t time.Time) Command { return ChangeMemberEnd{user, t} })},
		attempt{DeactivatingMember, one(DeactivateMember{user})},
		attempt{ReactivatingMember, one(ReactivateMember{user})},
		attempt{RemovingMember, one(RemoveMember{user})},
		attempt{AttestingAccess, one(AttestAccess{Member: user})},
	)
	o.choose(&offer, m, about, ChangingRole, o.scheme.organization, func(role events.RoleKey) Command { return ChangeRole{user, role} })
	return offer
}

// ActionsOnProjectMember returns what an actor may do about somebody on a project.
func (o Organization) ActionsOnProjectMember(m events.Moment, id events.ProjectID, user events.UserID) AvailableActions {
	about := About{Member: user, Project: id}
	offer := o.offers(m, about,
		attempt{ChangingProjectLevels, o.scheme.project.levelTrials(func(l events.Levels) Command { return ChangeProjectLevels{id, user, l} })},
		attempt{ChangingProjectMemberEnd, ends(m, func(t time.Time) Command { return ChangeProjectMemberEnd{id, user, t} })},
		attempt{RemovingProjectMember, one(RemoveProjectMember{id, user})},
		attempt{SettingOverride, func() (all []Command) {
			for _, permission := range o.scheme.project.catalogue {
				for _, level := range levelsOf(permission.Kind) {
					all = append(all, SetOverride{id, user, permission.Key, level})
				}
			}
			return all
		}},
		attempt{ClearingOverride, func() (all []Command) {
			if member := o.members.At(user); member != nil {
				for _, set := range member.overridesOn(id) {
					all = append(all, ClearOverride{id, user, set.Permission})
				}
			}
			return all
		}},
		attempt{AttestingAccess, one(AttestAccess{user, id})},
	)
	o.choose(&offer, m, about, ChangingProjectRole, o.scheme.project, func(role events.RoleKey) Command { return ChangeProjectRole{id, user, role} })
	return offer
}

// ActionsOnAssignment returns what an actor may do about a team on a project.
func (o Organization) ActionsOnAssignment(m events.Moment, id events.ProjectID, team events.TeamID) AvailableActions {
	about := About{Project: id, Team: team}
	offer := o.offers(m, about,
		attempt{ChangingAssignmentEnd, ends(m, func(t time.Time) Command { return ChangeAssignmentEnd{team, id, t} })},
		attempt{UnassigningTeam, one(UnassignTeam{team, id})},
	)
	o.choose(&offer, m, about, ChangingAssignment, o.scheme.project, func(role events.RoleKey) Command { return ChangeAssignment{team, id, role} })
	return offer
}

// ActionsOnTeamMember returns what an actor may do about somebody in a team.
func (o Organization) ActionsOnTeamMember(m events.Moment, id events.TeamID, user events.UserID) AvailableActions {
	about := About{Member: user, Team: id}
	offer := o.offers(m, about, attempt{RemovingTeamMember, one(RemoveTeamMember{id, user})})
	o.choose(&offer, m, about, ChangingTeamRole, o.scheme.team, func(role events.RoleKey) Command { return ChangeTeamRole{id, user, role} })
	return offer
}

// levelTrials are sets of own levels: none, and each level of each permission alone.
func (r ranking) levelTrials(command func(events.Levels) Command) func() []Command {
	return func() []Command {
		all := []Command{command(nil)}
		for _, permission := range r.catalogue {
			for _, level := range levelsOf(permission.Kind) {
				all = append(all, command(events.Levels{permission.Key: level}))
			}
		}
		return all
	}
}
