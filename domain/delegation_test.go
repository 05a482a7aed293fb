package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// delegating lets clerks, who manage people in the organization, and whoever manages those
// on a project, give guests any level of text and publish. Whoever sees money knows every
// project.
func delegating(s *events.Scheme) {
	manages := events.Levels{"people": "full"}
	for _, action := range []events.Action{
		domain.AddingProjectMember, domain.ChangingProjectMemberRole, domain.ChangingProjectMemberLevels, domain.ChangingProjectMemberEnd, domain.RemovingProjectMember,
	} {
		s.Allow[action] = events.Allowance{Organization: manages, Project: manages}
	}
	s.Allow[domain.SeeingAllProjects] = events.Allowance{Organization: events.Levels{"money": "full"}}
	s.Teams = events.Teams{}
	s.Delegations = []events.Delegation{
		{Who: events.Allowance{Organization: manages}, Roles: []events.RoleKey{"guest"}, Permissions: []events.PermissionKey{"text", "publish"}},
		{Who: events.Allowance{Project: manages}, Roles: []events.RoleKey{"guest"}, Permissions: []events.PermissionKey{"publish"}},
	}
}

func TestDelegations(t *testing.T) {
	t.Parallel()
	most := events.Levels{"text": "full", "publish": "on"}
	given := so(staffed(delegating), created("q"), granted("q", "max", "lead"), granted("q", "mia", "guide"))
	add := func(user events.UserID, role events.RoleKey, own events.Levels) domain.Command {
		return domain.AddProjectMember{Project: "q", Member: user, Role: role, Levels: own}
	}
	added := func(user events.UserID, own events.Levels) []events.Event {
		return then(events.ProjectMemberAdded{Project: "q", Member: user, Role: "guest", Levels: own})
	}
	hal := so(given, granted("q", "hal", "guest"))
	checkRules(t, []rule{
		{name: "who manages members gives levels on a project that they are not on", given: given, when: add("hal", "guest", most), by: "cleo", then: added("hal", most)},
		{name: "other roles not", given: given, when: add("hal", "maker", nil), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "other permissions not", given: given, when: add("hal", "guest", events.Levels{"people": "view"}), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nothing to oneself", given: given, when: add("cleo", "guest", nil), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "who manages the people of a project gives what is theirs to give", given: hal, when: domain.ChangeProjectMemberLevels{Project: "q", Member: "hal", To: events.Levels{"text": "view", "publish": "on"}}, by: "mia", then: then(events.ProjectLevelsChanged{Project: "q", Member: "hal", To: events.Levels{"text": "view", "publish": "on"}})},
		{name: "and of the rest what they have", given: hal, when: domain.ChangeProjectMemberLevels{Project: "q", Member: "hal", To: most}, by: "mia", err: domain.ErrMayNotAssign},
		{name: "not on others", given: hal, when: domain.RemoveProjectMember{Project: "p", Member: "max"}, by: "hal", err: domain.ErrNoProject},
		{name: "taking what ranks above", given: given, when: domain.RemoveProjectMember{Project: "q", Member: "max"}, by: "cleo", then: then(events.ProjectMemberRemoved{Project: "q", Member: "max"})},
		{name: "on the project, too", given: given, when: domain.RemoveProjectMember{Project: "q", Member: "max"}, by: "mia", then: then(events.ProjectMemberRemoved{Project: "q", Member: "max"})},
		{name: "not from who is protected", given: given, when: domain.RemoveProjectMember{Project: "p", Member: "mia"}, by: "cleo", err: domain.ErrProtected},
		{name: "an invite gives as much", given: given, when: domain.InviteMember{Invite: "i", Address: "a", Role: "member", Projects: []events.ProjectRole{{Project: "q", Role: "guest", Levels: most}}}, by: "cleo", then: then(events.MemberInvited{Invite: "i", Address: "a", Role: "member", Bind: events.BindAddress, Expires: noon.AddDate(0, 0, 7), Projects: []events.ProjectRole{{Project: "q", Role: "guest", Levels: most}}})},
	})
}

// TestSeeingAllProjects is about projects that somebody is not on.
func TestSeeingAllProjects(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staffed(delegating), created("q"), events.MemberLevelsChanged{Member: "hal", To: events.Levels{"money": "full"}})...)
	for user, sees := range map[events.UserID]bool{"cleo": true, "hal": true, "max": false, "olga": true, "": true, "eve": false} {
		assert.Equal(t, sees, org.SeesProject(user, "q"), "%q", user)
	}
	assert.True(t, org.SeesAllProjects("hal"), "by the scheme")
	assert.True(t, org.SeesAllProjects("cleo"), "by a delegation")
	assert.False(t, org.HasAccess("hal", "q"))
	assert.False(t, org.SeesAllProjects("max"))
}

// TestLevelsAreKept changes a role to one without own levels, and back.
func TestLevelsAreKept(t *testing.T) {
	t.Parallel()
	was, text := events.Levels{"people": "view"}, events.Levels{"text": "view"}
	away := events.RoleChanged{Member: "hal", From: "helper", To: "member", KeptLevels: was}
	sealed := events.RoleChanged{Member: "hal", From: "helper", To: "member", KeptLevels: events.Levels{"seal": "on"}}
	back := events.RoleChanged{Member: "hal", From: "member", To: "helper"}
	has := so(staff, events.ProjectLevelsChanged{Project: "p", Member: "max", To: text})
	awayOnProject := events.ProjectRoleChanged{Project: "p", Member: "max", From: "guest", To: "guide", KeptLevels: text}
	backOnProject := events.ProjectRoleChanged{Project: "p", Member: "max", From: "guide", To: "guest"}
	checkRules(t, []rule{
		{name: "kept", given: staff, when: domain.ChangeMemberRole{Member: "hal", To: "member"}, by: "cleo", then: then(away)},
		{name: "back", given: so(staff, away), when: domain.ChangeMemberRole{Member: "hal", To: "helper"}, by: "cleo", then: then(back)},
		{name: "not more than one may give", given: so(staff, sealed), when: domain.ChangeMemberRole{Member: "hal", To: "helper"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "kept over a third role", given: so(staff, away), when: domain.ChangeMemberRole{Member: "hal", To: "clerk"}, by: "olga", then: then(events.RoleChanged{Member: "hal", From: "member", To: "clerk", KeptLevels: was})},
		{name: "kept on a project", given: has, when: domain.ChangeProjectMemberRole{Project: "p", Member: "max", To: "guide"}, by: "cleo", then: then(awayOnProject)},
		{name: "back on a project", given: so(has, awayOnProject), when: domain.ChangeProjectMemberRole{Project: "p", Member: "max", To: "guest"}, by: "cleo", then: then(backOnProject)},
	})
	for name, row := range map[string]struct {
		happened []events.Event
		own      events.Levels
	}{
		"none beside a role without own levels": {then(away), nil},
		"those that were kept":                  {then(away, back), was},
		"none from before levels were kept":     {then(events.RoleChanged{Member: "hal", From: "helper", To: "member"}, back), nil},
		"those that the event kept":             {then(sealed, back), events.Levels{"seal": "on"}},
	} {
		member, _ := stateAfter(so(staff, row.happened...)...).Member("hal")
		assert.Equal(t, row.own, member.Levels(), name)
	}
	member, _ := stateAfter(so(has, awayOnProject, backOnProject)...).Member("max")
	grant, _ := member.Grant("p")
	assert.Equal(t, text, grant.Levels(), "on a project")
}
