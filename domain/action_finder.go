package domain

import "github.com/seed-2026d078/roster/events"

// ActionFinder returns the available actions on many things, such as the rows of a list.
// Its methods return what [Organization.ActionsOnMember] and its siblings return for each.
// It tries the commands only once for all things that have the same traits: everything
// that the rules of these commands ask about such a thing. Where traits do not suffice,
// as for somebody who may be the last holder of a role, it tries the commands again.
//
// It is for one state, actor and moment, and not safe for use by many goroutines. The
// lists that it returns are shared: do not change them.
type ActionFinder struct {
	org  Organization
	m    events.Moment
	last *lastHolders
	// visible is [Organization.SeesTeam] for the actor.
	visible func(events.TeamID) bool
	found   map[any]AvailableActions // by traits
}

// NewActionFinder returns a finder of what an actor may do in an organization, which must
// exist.
func NewActionFinder(org Organization, m events.Moment) *ActionFinder {
	return &ActionFinder{org, m, newLastHolders(org), org.VisibleTeams(m.Actor), map[any]AvailableActions{}}
}

// find returns what was found for the same traits, and otherwise finds it. If the traits
// do not suffice, it finds it each time.
func (f *ActionFinder) find(traits any, suffice bool, find func() AvailableActions) AvailableActions {
	if !suffice {
		return find()
	}
	available, known := f.found[traits]
	if !known {
		available = find()
		f.found[traits] = available
	}
	return available
}

// OnMember returns what [Organization.ActionsOnMember] does.
func (f *ActionFinder) OnMember(user events.UserID) AvailableActions {
	traits, suffice := f.memberTraits(user)
	return f.find(traits, suffice, func() AvailableActions { return f.org.ActionsOnMember(f.m, user) })
}

// OnProjectMember returns what [Organization.ActionsOnProjectMember] does.
func (f *ActionFinder) OnProjectMember(id events.ProjectID, user events.UserID) AvailableActions {
	traits, suffice := f.projectMemberTraits(id, user)
	return f.find(traits, suffice, func() AvailableActions { return f.org.ActionsOnProjectMember(f.m, id, user) })
}

// OnAssignment returns what [Organization.ActionsOnAssignment] does.
func (f *ActionFinder) OnAssignment(id events.ProjectID, team events.TeamID) AvailableActions {
	traits, suffice := f.assignmentTraits(id, team)
	return f.find(traits, suffice, func() AvailableActions { return f.org.ActionsOnAssignment(f.m, id, team) })
}

// OnTeamMember returns what [Organization.ActionsOnTeamMember] does.
func (f *ActionFinder) OnTeamMember(id events.TeamID, user events.UserID) AvailableActions {
	traits, suffice := f.teamMemberTraits(id, user)
	return f.find(traits, suffice, func() AvailableActions { return f.org.ActionsOnTeamMember(f.m, id, user) })
}

// OnProject returns what [Organization.ActionsOnProject] does.
func (f *ActionFinder) OnProject(id events.ProjectID) AvailableActions {
	traits, suffice := f.projectTraits(id)
	return f.find(traits, suffice, func() AvailableActions { return f.org.ActionsOnProject(f.m, id) })
}

// OnTeam returns what [Organization.ActionsOnTeam] does.
func (f *ActionFinder) OnTeam(id events.TeamID) AvailableActions {
	traits, suffice := f.teamTraits(id)
	return f.find(traits, suffice, func() AvailableActions { return f.org.ActionsOnTeam(f.m, id) })
}
