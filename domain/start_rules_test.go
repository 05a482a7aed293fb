package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestWhatStartsLater has memberships, grants and assignments that start after noon.
func TestWhatStartsLater(t *testing.T) {
	t.Parallel()
	late := soon.Add(time.Hour)
	core := so(staff, team("core", ""), entered("core", "max", "hand"))
	joins := events.MemberJoined{Member: "new", Role: "member", From: soon, Until: late}
	grant := events.ProjectMemberAdded{Project: "p", Member: "hal", Role: "guest", From: soon, Until: late}
	assign := events.TeamAssigned{Team: "core", Project: "p", Role: "guide", From: soon, Until: late}
	add := domain.AddMember{Member: "new", From: soon, Until: late}
	give := domain.AddProjectMember{Project: "p", Member: "hal", From: soon, Until: late}
	put := domain.AssignTeam{Team: "core", Project: "p", Role: "guide", From: soon, Until: late}
	berlin := time.FixedZone("", 2*60*60)
	checkRules(t, []rule{
		{name: "a membership", given: staff, when: add, by: "cleo", then: then(joins)},
		{name: "a grant", given: staff, when: give, by: "cleo", then: then(grant)},
		{name: "an assignment", given: core, when: put, by: "cleo", then: then(assign)},
		{name: "a membership again changes nothing", given: so(staff, joins), when: add, by: "cleo"},
		{name: "a grant again changes nothing", given: so(staff, grant), when: give, by: "cleo"},
		{name: "an assignment again changes nothing", given: so(core, assign), when: put, by: "cleo"},
		{name: "the same instant in another time zone changes nothing", given: so(staff, grant), when: domain.AddProjectMember{Project: "p", Member: "hal", From: soon.In(berlin), Until: late}, by: "cleo"},
		{name: "a start that has passed is none", given: staff, when: domain.AddProjectMember{Project: "p", Member: "hal", From: past}, by: "cleo", then: then(granted("p", "hal", "guest"))},
		{name: "nor is now one", given: staff, when: domain.AddProjectMember{Project: "p", Member: "hal", From: noon}, by: "cleo", then: then(granted("p", "hal", "guest"))},
		{name: "one that has passed is as good as another", given: so(staff, events.ProjectMemberAdded{Project: "p", Member: "hal", Role: "guest", From: past}), when: domain.AddProjectMember{Project: "p", Member: "hal", From: past.Add(-1)}, by: "cleo"},
		{name: "a start lies before the end", given: staff, when: domain.AddMember{Member: "new", From: late, Until: soon}, by: "cleo", err: domain.ErrBadStart},
		{name: "not at the same time", given: staff, when: domain.AddProjectMember{Project: "p", Member: "hal", From: soon, Until: soon}, by: "cleo", err: domain.ErrBadStart},
		{name: "nor of an assignment", given: core, when: domain.AssignTeam{Team: "core", Project: "p", Role: "guide", From: late, Until: soon}, by: "cleo", err: domain.ErrBadStart},
		{name: "adding a member with another start is refused", given: so(staff, joins), when: domain.AddMember{Member: "new", Until: late}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "so is another grant", given: so(staff, grant), when: domain.AddProjectMember{Project: "p", Member: "hal", Until: late}, by: "cleo", err: domain.ErrAlreadyOnProject},
		{name: "and another assignment", given: so(core, assign), when: domain.AssignTeam{Team: "core", Project: "p", Role: "guide", Until: late}, by: "cleo", err: domain.ErrAlreadyAssigned},
		{name: "who has not started gets roles on projects", given: so(staff, joins), when: domain.AddProjectMember{Project: "p", Member: "new"}, by: "cleo", then: then(granted("p", "new", "guest"))},
		{name: "and does nothing", given: so(staff, joins), when: domain.RemoveMember{Member: "new"}, by: "new", err: domain.ErrNoOrganization},
		{name: "a grant that has not started gives nothing to give", given: so(staff, grant), when: domain.AddProjectMember{Project: "p", Member: "max", Role: "guest"}, by: "hal", err: domain.ErrNoProject},
		{name: "a seat is taken from the beginning", given: so(staff, seat(6)), when: add, by: "cleo", err: domain.ErrNoSeat},
		{name: "removing who has not started", given: so(staff, joins), when: domain.RemoveMember{Member: "new"}, by: "cleo", then: then(events.MemberRemoved{Member: "new"})},
		{
			name: "a membership that has ended begins again later", given: so(staff, events.MemberEndChanged{Member: "max", To: past}), when: domain.AddMember{Member: "max", From: soon, Until: late}, by: "cleo",
			then: then(events.MemberStartChanged{Member: "max", To: soon}, events.MemberEndChanged{Member: "max", From: past, To: late}),
		},
		{
			name: "who takes over has it at once", given: given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "bob", "owner"), events.ProjectMemberAdded{Project: "p", Member: "ada", Role: "owner", From: soon}),
			when: domain.RemoveMember{Member: "bob"}, by: "ada", then: then(events.ProjectMemberStartChanged{Project: "p", Member: "ada", From: soon}, events.MemberRemoved{Member: "bob"}),
		},
	})
}

func TestChangeMemberStart(t *testing.T) {
	t.Parallel()
	late := soon.Add(time.Hour)
	starts := so(staff, events.MemberJoined{Member: "new", Role: "member", From: soon, Until: late})
	richer := so(starts, events.RoleChanged{Member: "new", From: "member", To: "helper"}, events.MemberLevelsChanged{Member: "new", To: events.Levels{"money": "full"}})
	chief := so(staff, events.MemberJoined{Member: "cher", Role: "chief", From: soon})
	checkRules(t, []rule{
		{name: "a clerk does", given: starts, when: domain.ChangeMemberStart{Member: "new", From: soon.Add(time.Minute)}, by: "cleo", then: then(events.MemberStartChanged{Member: "new", From: soon, To: soon.Add(time.Minute)})},
		{name: "to at once", given: starts, when: domain.ChangeMemberStart{Member: "new"}, by: "cleo", then: then(events.MemberStartChanged{Member: "new", From: soon})},
		{name: "which a time that has passed is, too", given: starts, when: domain.ChangeMemberStart{Member: "new", From: past}, by: "cleo", then: then(events.MemberStartChanged{Member: "new", From: soon})},
		{name: "the same start changes nothing", given: starts, when: domain.ChangeMemberStart{Member: "new", From: soon}, by: "cleo"},
		{name: "at once of who has started changes nothing", given: staff, when: domain.ChangeMemberStart{Member: "max"}, by: "cleo"},
		{name: "before the end", given: starts, when: domain.ChangeMemberStart{Member: "new", From: late}, by: "cleo", err: domain.ErrBadStart},
		{name: "and no end before it", given: starts, when: domain.ChangeMemberEnd{Member: "new", Until: soon}, by: "cleo", err: domain.ErrBadStart},
		{name: "not of who has started", given: staff, when: domain.ChangeMemberStart{Member: "max", From: soon}, by: "cleo", err: domain.ErrHasStarted},
		{name: "not of who has ended", given: so(staff, events.MemberEndChanged{Member: "max", To: past}), when: domain.ChangeMemberStart{Member: "max", From: soon}, by: "cleo", err: domain.ErrHasStarted},
		{name: "later of who has more", given: richer, when: domain.ChangeMemberStart{Member: "new", From: soon.Add(1)}, by: "cleo", then: then(events.MemberStartChanged{Member: "new", From: soon, To: soon.Add(1)})},
		{name: "not earlier", given: richer, when: domain.ChangeMemberStart{Member: "new"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "who starts later is no chief now", given: chief, when: domain.ChangeMemberEnd{Member: "chip", Until: late}, by: "chip", err: domain.ErrLastHolder},
		{name: "nor does a scheme count them", given: chief, when: domain.RemoveMember{Member: "chip"}, by: "chip", err: domain.ErrLastHolder},
		{name: "once their start has passed they are", given: so(staff, events.MemberJoined{Member: "cher", Role: "chief", From: noon}), when: domain.RemoveMember{Member: "chip"}, by: "chip", then: then(events.MemberRemoved{Member: "chip"})},
		{name: "and who has not started may go", given: chief, when: domain.RemoveMember{Member: "cher"}, by: "olga", then: then(events.MemberRemoved{Member: "cher"})},
		{name: "no such member", given: starts, when: domain.ChangeMemberStart{Member: "eve"}, by: "cleo", err: domain.ErrNoMember},
		{name: "a member does not", given: starts, when: domain.ChangeMemberStart{Member: "new"}, by: "max", err: domain.ErrNotAllowed},
	})
}

func TestChangeProjectMemberStart(t *testing.T) {
	t.Parallel()
	late := soon.Add(time.Hour)
	starts := so(staff, events.ProjectMemberAdded{Project: "p", Member: "hal", Role: "guest", From: soon, Until: late})
	more := so(starts, events.ProjectLevelsChanged{Project: "p", Member: "hal", To: events.Levels{"publish": "on"}})
	own := given(opened(), joined("ada", "member"), created("p"), created("q"), events.ProjectMemberAdded{Project: "p", Member: "ada", Role: "lead", From: soon}, team("t", ""), entered("t", "ada", "hand"), assigned("t", "p", "lead"))
	owners := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "bob", "owner"), events.ProjectMemberAdded{Project: "p", Member: "ada", Role: "owner", From: soon})
	checkRules(t, []rule{
		{name: "a guide does", given: starts, when: domain.ChangeProjectMemberStart{Project: "p", Member: "hal", From: soon.Add(1)}, by: "cleo", then: then(events.ProjectMemberStartChanged{Project: "p", Member: "hal", From: soon, To: soon.Add(1)})},
		{name: "to at once", given: starts, when: domain.ChangeProjectMemberStart{Project: "p", Member: "hal"}, by: "cleo", then: then(events.ProjectMemberStartChanged{Project: "p", Member: "hal", From: soon})},
		{name: "before the end", given: starts, when: domain.ChangeProjectMemberStart{Project: "p", Member: "hal", From: late}, by: "cleo", err: domain.ErrBadStart},
		{name: "and no end before it", given: starts, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "hal", Until: soon}, by: "cleo", err: domain.ErrBadStart},
		{name: "not of who has started", given: staff, when: domain.ChangeProjectMemberStart{Project: "p", Member: "max", From: soon}, by: "cleo", err: domain.ErrHasStarted},
		{name: "of who has more, later", given: more, when: domain.ChangeProjectMemberStart{Project: "p", Member: "hal", From: soon.Add(1)}, by: "cleo", then: then(events.ProjectMemberStartChanged{Project: "p", Member: "hal", From: soon, To: soon.Add(1)})},
		{name: "not earlier", given: more, when: domain.ChangeProjectMemberStart{Project: "p", Member: "hal"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nobody brings forward their own", given: own, when: domain.ChangeProjectMemberStart{Project: "p", Member: "ada"}, by: "ada", err: domain.ErrMayNotAssign},
		{name: "an owner who starts later is none", given: owners, when: domain.RemoveProjectMember{Project: "p", Member: "bob"}, by: "bob", err: domain.ErrLastHolder},
		{name: "and may go", given: owners, when: domain.RemoveProjectMember{Project: "p", Member: "ada"}, by: "ada", then: then(events.ProjectMemberRemoved{Project: "p", Member: "ada"})},
		{name: "who is not on it", given: staff, when: domain.ChangeProjectMemberStart{Project: "p", Member: "hal"}, by: "cleo", err: domain.ErrNotOnProject},
		{name: "a guest does not", given: starts, when: domain.ChangeProjectMemberStart{Project: "p", Member: "hal"}, by: "max", err: domain.ErrNotAllowed},
	})
}

func TestChangeAssignmentStart(t *testing.T) {
	t.Parallel()
	late := soon.Add(time.Hour)
	has := so(staff, team("core", ""), entered("core", "hal", "hand"))
	starts := so(has, events.TeamAssigned{Team: "core", Project: "p", Role: "guide", From: soon, Until: late})
	checkRules(t, []rule{
		{name: "a guide does", given: starts, when: domain.ChangeAssignmentStart{Team: "core", Project: "p", From: soon.Add(1)}, by: "cleo", then: then(events.AssignmentStartChanged{Team: "core", Project: "p", From: soon, To: soon.Add(1)})},
		{name: "to at once", given: starts, when: domain.ChangeAssignmentStart{Team: "core", Project: "p"}, by: "cleo", then: then(events.AssignmentStartChanged{Team: "core", Project: "p", From: soon})},
		{name: "before the end", given: starts, when: domain.ChangeAssignmentStart{Team: "core", Project: "p", From: late}, by: "cleo", err: domain.ErrBadStart},
		{name: "and no end before it", given: starts, when: domain.ChangeAssignmentEnd{Team: "core", Project: "p", Until: soon}, by: "cleo", err: domain.ErrBadStart},
		{name: "not of what has started", given: so(has, assigned("core", "p", "guide")), when: domain.ChangeAssignmentStart{Team: "core", Project: "p", From: soon}, by: "cleo", err: domain.ErrHasStarted},
		{name: "not above one's rank", given: so(starts, events.AssignmentChanged{Team: "core", Project: "p", From: "guide", To: "lead"}), when: domain.ChangeAssignmentStart{Team: "core", Project: "p"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nobody joins a team for what it gives later", given: so(staff, team("core", ""), events.TeamAssigned{Team: "core", Project: "p", Role: "lead", From: soon}), when: domain.AddTeamMember{Team: "core", Member: "hal"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "of a team that is assigned", given: has, when: domain.ChangeAssignmentStart{Team: "core", Project: "p"}, by: "cleo", err: domain.ErrNotAssigned},
		{name: "a guest does not", given: starts, when: domain.ChangeAssignmentStart{Team: "core", Project: "p"}, by: "hal", err: domain.ErrNoProject},
	})
}

// TestBoundariesAreExact asks right before, at and after a start and an end, under a clock that jumps back and
// forth.
func TestBoundariesAreExact(t *testing.T) {
	t.Parallel()
	start, end := noon.Add(time.Hour), noon.Add(2*time.Hour)
	org := stateAfter(given(hub, joined("ada", "member"), events.MemberJoined{Member: "bob", Role: "member", From: start, Until: end}, created("p"),
		events.ProjectMemberAdded{Project: "p", Member: "ada", Role: "read", From: start, Until: end}, joined("cyd", "member"), team("t", ""), entered("t", "cyd", "member"),
		events.TeamAssigned{Team: "t", Project: "p", Role: "read", From: start, Until: end})...)
	for _, tc := range []struct {
		name string
		at   time.Time
		is   bool
		bob  domain.Reason
	}{
		{"between", start.Add(time.Minute), true, ""},
		{"long before", noon, false, domain.MembershipNotStarted},
		{"right before the start", start.Add(-1), false, domain.MembershipNotStarted},
		{"at the start", start, true, ""},
		{"right before the end", end.Add(-1), true, ""},
		{"at the end", end, false, domain.MembershipEnded},
		{"after the end", end.Add(1), false, domain.MembershipEnded},
		{"back between, in another time zone", start.In(time.FixedZone("", -5*60*60)), true, ""},
		{"without an instant", time.Time{}, false, domain.MembershipNotStarted},
	} {
		now := org.At(tc.at)
		assert.Equal(t, tc.is, now.HasAccess("ada", "p"), "a grant, %s", tc.name)
		assert.Equal(t, tc.is, now.HasAccess("cyd", "p"), "an assignment, %s", tc.name)
		assert.Equal(t, tc.bob, now.InOrganization("bob").Reason, "a membership, %s", tc.name)
	}
	for _, e := range []events.Event{events.MembershipStarted{Member: "bob", From: start}, events.ProjectMembershipStarted{Project: "p", Member: "ada", From: start}, events.AssignmentStarted{Team: "t", Project: "p", From: start}} {
		org = org.Evolve(events.Recorded{Event: e})
	}
	now := org.At(noon)
	assert.True(t, now.HasAccess("ada", "p") && now.HasAccess("cyd", "p") && now.Sees("bob"), "what is recorded has started, whatever a clock says")
}
