package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestColourTeam(t *testing.T) {
	t.Parallel()
	has := so(staff, team("core", ""), entered("core", "max", "hand"))
	checkRules(t, []rule{
		{name: "who is in it does", given: has, when: domain.ColourTeam{Team: "core", To: "#1a2b3C"}, by: "max", then: then(events.TeamColoured{Team: "core", To: "#1a2b3C"})},
		{name: "back to none", given: so(has, events.TeamColoured{Team: "core", To: "#1a2b3c"}), when: domain.ColourTeam{Team: "core"}, by: "max", then: then(events.TeamColoured{Team: "core", From: "#1a2b3c"})},
		{name: "removing a colour that a team does not have changes nothing", given: has, when: domain.ColourTeam{Team: "core"}, by: "max"},
		{name: "as colours are written", given: has, when: domain.ColourTeam{Team: "core", To: "red"}, by: "max", err: domain.ErrBadColour},
		{name: "others do not", given: has, when: domain.ColourTeam{Team: "core", To: "#1a2b3c"}, by: "mia", err: domain.ErrNotAllowed},
		{name: "some team", given: has, when: domain.ColourTeam{To: "#1a2b3c"}, err: domain.ErrNoTeam},
		{name: "a team that there is", given: has, when: domain.ColourTeam{Team: "x", To: "#1a2b3c"}, by: "cleo", err: domain.ErrNoTeam},
		{name: "from the beginning", given: has, when: domain.CreateTeam{Team: "ops", Name: "ops", Colour: "#1a2b3c"}, by: "max", then: then(events.TeamCreated{Team: "ops", Name: "ops", Colour: "#1a2b3c"})},
		{name: "as colours are written, then too", given: has, when: domain.CreateTeam{Team: "ops", Name: "ops", Colour: "#1a2b3"}, by: "max", err: domain.ErrBadColour},
	})
}

func TestAssignTeamWithTerms(t *testing.T) {
	t.Parallel()
	has := so(staff, team("core", ""), entered("core", "max", "hand"))
	added := events.TeamAssigned{Team: "core", Project: "p", Role: "guide", Until: soon}
	ended := added
	ended.Until = past
	assign := domain.AssignTeam{Team: "core", Project: "p", Role: "guide", Until: soon}
	checkRules(t, []rule{
		{name: "with an end", given: has, when: assign, by: "cleo", then: then(added)},
		{name: "assigning a team with the role and the end it already has changes nothing", given: so(has, added), when: assign, by: "cleo"},
		{name: "another end is a change", given: so(has, added), when: domain.AssignTeam{Team: "core", Project: "p", Role: "guide"}, by: "cleo", err: domain.ErrAlreadyAssigned},
		{name: "one that has ended makes way", given: so(has, ended), when: assign, by: "cleo", then: then(added)},
		{name: "an end to come", given: has, when: domain.AssignTeam{Team: "core", Project: "p", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "not above one's rank", given: has, when: domain.AssignTeam{Team: "core", Project: "p", Role: "maker"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nor more than one has", given: so(has, events.OverrideSet{Project: "p", Member: "cleo", Permission: "text", Level: "none"}), when: assign, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "some team", given: has, when: domain.AssignTeam{Project: "p"}, err: domain.ErrNoTeam},
		{name: "to some project", given: has, when: domain.AssignTeam{Team: "core"}, err: domain.ErrNoProject},
		{name: "not by a guest", given: has, when: assign, by: "max", err: domain.ErrNotAllowed},
		{name: "of a role that there is", given: has, when: domain.AssignTeam{Team: "core", Project: "p", Role: "king"}, by: "cleo", err: domain.ErrUnknownRole},
	})
}

func TestChangeAssignmentEnd(t *testing.T) {
	t.Parallel()
	has := so(staff, team("core", ""), entered("core", "max", "hand"), assigned("core", "p", "guide"))
	ended := so(has, events.AssignmentEndChanged{Team: "core", Project: "p", To: past})
	owned := func(s *events.Scheme) {
		organizationRole(s, "owner").AllProjects, organizationRole(s, "chief").AllProjects = "guide", "guide"
	}
	sole := so(staffed(owned), created("q"), team("core", ""), entered("core", "max", "hand"), assigned("core", "q", "lead"))
	checkRules(t, []rule{
		{name: "a guide does", given: has, when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: soon}, by: "cleo", then: then(events.AssignmentEndChanged{Team: "core", Project: "p", To: soon})},
		{name: "and brings back", given: ended, when: domain.ChangeAssignmentEnd{Team: "core", Project: "p"}, by: "cleo", then: then(events.AssignmentEndChanged{Team: "core", Project: "p", From: past})},
		{name: "clearing an end that an assignment does not have changes nothing", given: has, when: domain.ChangeAssignmentEnd{Team: "core", Project: "p"}, by: "cleo"},
		{name: "an end to come", given: has, when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "of a team that is assigned", given: so(staff, team("core", "")), when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: soon}, by: "cleo", err: domain.ErrNotAssigned},
		{name: "not above one's rank", given: so(has, events.AssignmentChanged{Team: "core", Project: "p", From: "guide", To: "lead"}), when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: soon}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nor of what gives more", given: so(has, events.OverrideSet{Project: "p", Member: "cleo", Permission: "text", Level: "none"}), when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: soon}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not of the only leads", given: sole, when: domain.ChangeAssignmentEnd{Team: "core", Project: "q", Until: soon}, by: "max", err: domain.ErrLastHolder},
		{name: "a guest does not", given: has, when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: soon}, by: "hal", err: domain.ErrNoProject},
	})
}

// TestDefaultRolesOfTeams has assignments that state no role.
func TestDefaultRolesOfTeams(t *testing.T) {
	t.Parallel()
	defaults := func(s *events.Scheme) {
		s.Teams.Confer = events.MembersDefault
		organizationRole(s, "owner").DefaultProjectRole, organizationRole(s, "clerk").DefaultProjectRole, organizationRole(s, "helper").DefaultProjectRole = "lead", "guide", "maker"
	}
	lower := func(s *events.Scheme) { organizationRole(s, "helper").DefaultProjectRole = "guest" }
	has := so(staffed(defaults), team("core", ""), entered("core", "hal", "hand"), entered("core", "max", "hand"), joined("lou", "member"), granted("p", "lou", "maker"),
		events.OverrideSet{Project: "p", Member: "lou", Permission: "people", Level: "full"})
	on := so(has, assigned("core", "p", ""))
	checkRules(t, []rule{
		{name: "none is stated", given: has, when: domain.AssignTeam{Team: "core", Project: "p"}, by: "mia", then: then(assigned("core", "p", ""))},
		{name: "none can be", given: has, when: domain.AssignTeam{Team: "core", Project: "p", Role: "guest"}, by: "mia", err: domain.ErrDefaultRoles},
		{name: "none is changed", given: on, when: domain.ChangeAssignment{Team: "core", Project: "p", To: "guest"}, by: "mia", err: domain.ErrDefaultRoles},
		{name: "whoever assigns has all that anybody could get", given: has, when: domain.AssignTeam{Team: "core", Project: "p"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "with protection, too, since ownership may pass on to a member", given: so(staffed(defaults, lower), team("core", "")), when: domain.AssignTeam{Team: "core", Project: "p"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "the end of it, too", given: on, when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: soon}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "somebody enters with theirs", given: on, when: domain.AddTeamMember{Team: "core", Member: "mia"}, by: "cleo", then: then(entered("core", "mia", "hand"))},
		{name: "not with more than one has", given: so(on, joined("eve", "helper")), when: domain.AddTeamMember{Team: "core", Member: "eve"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "taking off asks for the highest role that it gives", given: on, when: domain.UnassignTeam{Team: "core", Project: "p"}, by: "cleo", err: domain.ErrMayNotAssign},
	})
	org := stateAfter(on...)
	for user, want := range map[events.UserID]events.RoleKey{"hal": "maker", "max": "guest", "cleo": "guide"} {
		assert.Equal(t, want, org.Access(user, "p").Role, user)
	}
	after := org.Evolve(events.Recorded{Event: events.RoleChanged{Member: "max", From: "member", To: "clerk"}})
	assert.EqualValues(t, "guide", after.Access("max", "p").Role, "the role of max after the team got another")
}
