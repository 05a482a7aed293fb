package domain

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// AvailableActions is what an actor may do with one thing. A screen that shows only
// these shows no button that is always refused. The exception is [ChangingScheme]: whether a
// scheme fits depends on the scheme, which only a person can choose.
type AvailableActions struct {
	// Actions are those with at least one command that would be accepted and change
	// something.
	Actions []events.Action
	// Roles are the roles that the actor may give, lowest rank first.
	Roles []events.RoleKey
}

// trial is an action with commands to try. The action is available if one of them would
// be accepted and change something.
type trial struct {
	action   events.Action
	commands func() []Command
}

// single returns a function that returns the one command to try.
func single(c Command) func() []Command { return func() []Command { return []Command{c} } }

// tryActions decides the commands of each trial on the state as it is, so that what it
// returns cannot disagree with the rules. It does not try what the scheme does not allow.
func (o Organization) tryActions(m events.Moment, about About, trials ...trial) (available AvailableActions) {
	for _, t := range trials {
		if o.Authorize(m.Actor, t.action, about) == nil && slices.ContainsFunc(t.commands(), func(c Command) bool { return o.changes(m, c) }) {
			available.Actions = append(available.Actions, t.action)
		}
	}
	return available
}

// changes reports whether a command would be accepted and change something.
func (o Organization) changes(m events.Moment, c Command) bool {
	happened, err := o.decideAs(c, m)
	return err == nil && len(happened) > 0
}

// tryRoles adds an action with the roles that it could give. It adds nothing if there
// are none.
func (o Organization) tryRoles(available *AvailableActions, m events.Moment, about About, action events.Action, r roleSet, command func(events.RoleKey) Command) {
	if o.Authorize(m.Actor, action, about) != nil {
		return
	}
	for _, role := range r.keys() {
		if o.changes(m, command(role)) {
			available.Roles = append(available.Roles, role)
		}
	}
	if len(available.Roles) > 0 {
		available.Actions = append(available.Actions, action)
	}
}

// endTrials tries a late end and an early one, since people may only make their own end
// earlier. Who may change the end may also change a start that has not passed, so that is not tried.
func endTrials(m events.Moment, t term, command func(time.Time) Command) func() []Command {
	late, early := trialEnds(m, t)
	return func() []Command { return []Command{command(late), command(early)} }
}

// trialEnds returns the ends that are tried of what has a term: after now, and after a start to come.
func trialEnds(m events.Moment, t term) (late, early time.Time) {
	after := later(m.Instant(), t.pendingStart(m.Instant()))
	return after.Add(36*time.Hour + time.Nanosecond), after.Add(time.Nanosecond)
}

// trialName is a name that nothing has.
const trialName = "\ue000trial"

// ActionsOnMember returns what an actor may do about a member of the organization, without
// a name of who takes over projects: with one, people can be removed who cannot be otherwise.
func (o Organization) ActionsOnMember(m events.Moment, user events.UserID) AvailableActions {
	about := About{Member: user}
	available := o.tryActions(m, about,
		trial{TransferringOwnership, func() (all []Command) {
			for _, role := range append(o.scheme.organization.keys(), "") {
				all = append(all, TransferOwnership{user, role})
			}
			return all
		}},
		trial{ChangingProfile, single(ChangeProfile{user, []events.ProfileField{events.NameField}, PersonalData{Name: trialName}})},
		trial{ChangingMemberLevels, o.scheme.organization.levelTrials(func(l events.Levels) Command { return ChangeMemberLevels{Member: user, To: l} })},
		trial{ChangingMemberEnd, func() []Command { // to have no end passes on nothing
			change := func(t time.Time) Command { return ChangeMemberEnd{Member: user, Until: t} }
			return append(endTrials(m, o.termOf(Boundary{Member: user}), change)(), change(time.Time{}))
		}},
		trial{DeactivatingMember, single(DeactivateMember{user})},
		trial{ReactivatingMember, single(ReactivateMember{user})},
		trial{RemovingMember, single(RemoveMember{Member: user})},
		trial{AttestingAccess, single(AttestAccess{Member: user})},
	)
	o.tryRoles(&available, m, about, ChangingMemberRole, o.scheme.organization, func(role events.RoleKey) Command { return ChangeMemberRole{user, role} })
	return available
}

// ActionsOnProjectMember returns what an actor may do about somebody on a project.
func (o Organization) ActionsOnProjectMember(m events.Moment, id events.ProjectID, user events.UserID) AvailableActions {
	about := About{Member: user, Project: id}
	available := o.tryActions(m, about,
		trial{ChangingProjectMemberLevels, o.scheme.project.levelTrials(func(l events.Levels) Command { return ChangeProjectMemberLevels{Project: id, Member: user, To: l} })},
		trial{ChangingProjectMemberEnd, endTrials(m, o.termOf(Boundary{Member: user, Project: id}), func(t time.Time) Command { return ChangeProjectMemberEnd{id, user, t} })},
		trial{RemovingProjectMember, single(RemoveProjectMember{id, user})},
		trial{SettingOverride, func() (all []Command) {
			for _, permission := range o.scheme.project.permissions {
				for _, level := range permission.Kind.Levels() {
					all = append(all, SetOverride{id, user, permission.Key, level})
				}
			}
			return all
		}},
		trial{ClearingOverride, func() (all []Command) {
			if member := o.members.At(user); member != nil {
				for _, set := range member.overridesOn(id) {
					all = append(all, ClearOverride{id, user, set.Permission})
				}
			}
			return all
		}},
		trial{AttestingAccess, single(AttestAccess{user, id})},
	)
	o.tryRoles(&available, m, about, ChangingProjectMemberRole, o.scheme.project, func(role events.RoleKey) Command { return ChangeProjectMemberRole{id, user, role} })
	return available
}

// ActionsOnAssignment returns what an actor may do about a team on a project.
func (o Organization) ActionsOnAssignment(m events.Moment, id events.ProjectID, team events.TeamID) AvailableActions {
	about := About{Project: id, Team: team}
	available := o.tryActions(m, about,
		trial{ChangingAssignmentEnd, endTrials(m, o.termOf(Boundary{Team: team, Project: id}), func(t time.Time) Command { return ChangeAssignmentEnd{team, id, t} })},
		trial{UnassigningTeam, single(UnassignTeam{team, id})},
	)
	o.tryRoles(&available, m, about, ChangingAssignment, o.scheme.project, func(role events.RoleKey) Command { return ChangeAssignment{team, id, role} })
	return available
}

// ActionsOnTeamMember returns what an actor may do about somebody in a team.
func (o Organization) ActionsOnTeamMember(m events.Moment, id events.TeamID, user events.UserID) AvailableActions {
	about := About{Member: user, Team: id}
	available := o.tryActions(m, about, trial{RemovingTeamMember, single(RemoveTeamMember{id, user})})
	o.tryRoles(&available, m, about, ChangingTeamMemberRole, o.scheme.team, func(role events.RoleKey) Command { return ChangeTeamMemberRole{id, user, role} })
	return available
}

// levelTrials tries no own levels, then each level of each permission alone.
func (r roleSet) levelTrials(command func(events.Levels) Command) func() []Command {
	return func() []Command {
		all := []Command{command(nil)}
		for _, permission := range r.permissions {
			for _, level := range permission.Kind.Levels() {
				all = append(all, command(events.Levels{permission.Key: level}))
			}
		}
		return all
	}
}
