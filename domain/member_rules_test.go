package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// seat limits staff, six of whom hold one, to so many.
func seat(n int) events.Event { return events.SeatsChanged{To: n} }

func TestAddMemberWithTerms(t *testing.T) {
	t.Parallel()
	hired := events.MemberJoined{Member: "new", Role: "helper", Levels: events.Levels{"money": "view"}, Until: soon}
	add := domain.AddMember{Member: "new", Role: "helper", Levels: events.Levels{"money": "view"}, Until: soon}
	invited := events.MemberInvited{Invite: "i", Role: "member", Address: "h", Member: "new", Expires: soon}
	over, reopened := events.MemberEndChanged{Member: "max", To: past}, events.MemberEndChanged{Member: "max", From: past}
	fallback := func(s *events.Scheme) { organizationRole(s, "member").Default = false }
	checkRules(t, []rule{
		{name: "levels and an end", given: staff, when: add, by: "cleo", then: then(hired)},
		{name: "adding a member with the same role, levels and end changes nothing", given: so(staff, hired), when: add, by: "cleo"},
		{name: "with other levels it is a change", given: so(staff, hired), when: domain.AddMember{Member: "new", Role: "helper", Until: soon}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "with another end it is a change", given: so(staff, hired), when: domain.AddMember{Member: "new", Role: "helper", Levels: events.Levels{"money": "view"}}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "not more than one has", given: staff, when: domain.AddMember{Member: "new", Role: "helper", Levels: events.Levels{"money": "full"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "levels beside a role that carries some", given: staff, when: domain.AddMember{Member: "new", Role: "member", Levels: events.Levels{"money": "view"}}, by: "cleo", err: domain.ErrNoOwnLevels},
		{name: "of permissions that there are", given: staff, when: domain.AddMember{Member: "new", Role: "helper", Levels: events.Levels{"text": "view"}}, by: "cleo", err: domain.ErrUnknownPermission},
		{name: "an end to come", given: staff, when: domain.AddMember{Member: "new", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "nobody protected", given: staff, when: domain.AddMember{Member: "new", Role: "owner"}, by: "olga", err: domain.ErrProtected},
		{name: "but by the system", given: staff, when: domain.AddMember{Member: "new", Role: "owner"}, then: then(joined("new", "owner"))},
		{name: "who bypasses all makes another", given: staff, when: domain.AddMember{Member: "new", Role: "chief"}, by: "chip", then: then(joined("new", "chief"))},
		{name: "who has all levels but does not bypass them makes none", given: staff, when: domain.AddMember{Member: "new", Role: "chief"}, by: "olga", err: domain.ErrMayNotAssign},
		{name: "a role where there is no default", given: staffed(fallback), when: domain.AddMember{Member: "new"}, by: "cleo", err: domain.ErrUnknownRole},
		{name: "on the last seat", given: so(staff, seat(7)), when: domain.AddMember{Member: "new"}, by: "cleo", then: then(joined("new", "member"))},
		{name: "not without a seat", given: so(staff, seat(6)), when: domain.AddMember{Member: "new"}, by: "cleo", err: domain.ErrNoSeat},
		{name: "not even by the system", given: so(staff, seat(6)), when: domain.AddMember{Member: "new"}, err: domain.ErrNoSeat},
		{name: "the suspended hold none", given: so(staff, seat(6), events.MemberDeactivated{Member: "max"}), when: domain.AddMember{Member: "new"}, by: "cleo", then: then(joined("new", "member"))},
		{name: "nor do those whose time is over", given: so(staff, seat(6), events.MemberEndChanged{Member: "max", To: past}), when: domain.AddMember{Member: "new"}, by: "cleo", then: then(joined("new", "member"))},
		{name: "whose time is over takes it up again", given: so(staff, over), when: domain.AddMember{Member: "max"}, by: "cleo", then: then(reopened)},
		{name: "for some time", given: so(staff, over), when: domain.AddMember{Member: "max", Until: soon}, by: "cleo", then: then(events.MemberEndChanged{Member: "max", From: past, To: soon})},
		{
			name: "with another role", given: so(staff, over), by: "cleo", when: domain.AddMember{Member: "max", Role: "helper"},
			then: then(events.RoleChanged{Member: "max", From: "member", To: "helper"}, reopened),
		},
		{
			name: "an update of the profile brings nobody back", given: so(staff, over), by: "cleo",
			when: domain.AddMember{Member: "max", PersonalData: domain.PersonalData{Name: "k.max"}, UpdateProfile: true},
			then: then(events.ProfileChanged{Member: "max", Fields: names(events.NameField), Name: "k.max"}),
		},
		{name: "not with another name unless that is to change", given: so(staff, over), when: domain.AddMember{Member: "max", PersonalData: domain.PersonalData{Name: "k.max"}}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "not without a seat for them", given: so(staff, over, joined("new", "member"), seat(6)), when: domain.AddMember{Member: "max"}, by: "cleo", err: domain.ErrNoSeat},
		{name: "not with a role that one may not give", given: so(staff, events.MemberEndChanged{Member: "chip", To: past}), when: domain.AddMember{Member: "chip"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "who is deactivated is not added again", given: so(staff, events.MemberDeactivated{Member: "max"}), when: domain.AddMember{Member: "max"}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "nor if their time is over as well", given: so(staff, over, events.MemberDeactivated{Member: "max"}), when: domain.AddMember{Member: "max"}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "an invite holds one", given: so(staff, seat(7), events.MemberInvited{Invite: "j", Role: "member", Address: "j"}), when: domain.AddMember{Member: "new"}, by: "cleo", err: domain.ErrNoSeat},
		{name: "one that has expired does not", given: so(staff, seat(7), events.MemberInvited{Invite: "j", Role: "member", Address: "j", Expires: past}), when: domain.AddMember{Member: "new"}, by: "cleo", then: then(joined("new", "member"))},
		{name: "whose own invite frees theirs", given: so(staff, seat(7), invited), when: domain.AddMember{Member: "new"}, by: "cleo", then: then(events.InviteSettled{Invite: "i", Member: "new"}, joined("new", "member"))},
		{
			name: "one invite by name and address is settled once", given: so(staff, invited), when: domain.AddMember{Member: "new", PersonalData: domain.PersonalData{Address: "h"}}, by: "cleo",
			then: then(events.InviteSettled{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Address: "h"}),
		},
		{
			name: "two of them both", given: so(staff, invited, events.MemberInvited{Invite: "j", Role: "member", Address: "j"}), when: domain.AddMember{Member: "new", PersonalData: domain.PersonalData{Address: "j"}}, by: "cleo",
			then: then(events.InviteSettled{Invite: "i", Member: "new"}, events.InviteSettled{Invite: "j", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Address: "j"}),
		},
	})
}

// TestReachIsHandedOutByThoseWhoHaveIt has roles that reach every project.
func TestReachIsHandedOutByThoseWhoHaveIt(t *testing.T) {
	t.Parallel()
	reaching := func(role events.RoleKey) func(*events.Scheme) {
		return func(s *events.Scheme) {
			organizationRole(s, "clerk").AllProjects, organizationRole(s, "helper").AllProjects = "maker", role
		}
	}
	lower := func(s *events.Scheme) {
		organizationRole(s, "chief").AllProjects, organizationRole(s, "helper").AllProjects = "guide", "maker"
	}
	add := domain.AddMember{Member: "new", Role: "helper"}
	checkRules(t, []rule{
		{name: "as far", given: staffed(reaching("maker")), when: add, by: "cleo", then: then(joined("new", "helper"))},
		{name: "not farther", given: staffed(reaching("lead")), when: add, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not lower with another level", given: staffed(reaching("guide")), when: add, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "who bypasses levels still has a rank", given: staffed(lower), when: add, by: "chip", err: domain.ErrMayNotAssign},
		{name: "bypassing does for levels", given: staffed(reaching("guide")), when: add, by: "chip", then: then(joined("new", "helper"))},
		{name: "not without reaching at all", given: staffed(func(s *events.Scheme) { organizationRole(s, "helper").AllProjects = "guest" }), when: add, by: "cleo", err: domain.ErrMayNotAssign},
	})
}

func TestChangeLevels(t *testing.T) {
	t.Parallel()
	was, to := events.Levels{"people": "view"}, events.Levels{"people": "full", "money": "view"}
	strict := func(s *events.Scheme) { organizationRole(s, "helper").Levels = events.Levels{"money": "full"} }
	sealed := so(staff, events.MemberLevelsChanged{Member: "hal", To: events.Levels{"seal": "on"}})
	checkRules(t, []rule{
		{name: "a clerk changes a helper's", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: to}, by: "cleo", then: then(events.MemberLevelsChanged{Member: "hal", From: was, To: to})},
		{name: "to none of their own", given: staff, when: domain.ChangeMemberLevels{Member: "hal"}, by: "cleo", then: then(events.MemberLevelsChanged{Member: "hal", From: was})},
		{name: "where the role gives no more", given: staffed(strict), when: domain.ChangeMemberLevels{Member: "hal"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "one, and the others stay", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: events.Levels{"money": "view"}, Merge: true}, by: "cleo", then: then(events.MemberLevelsChanged{Member: "hal", From: was, To: events.Levels{"people": "view", "money": "view"}})},
		{name: "also where others are more than one has", given: sealed, when: domain.ChangeMemberLevels{Member: "hal", To: was, Merge: true}, by: "cleo", then: then(events.MemberLevelsChanged{Member: "hal", From: events.Levels{"seal": "on"}, To: events.Levels{"people": "view", "seal": "on"}})},
		{name: "the levels of the role stay, too", given: so(staff, events.MemberLevelsChanged{Member: "hal"}), when: domain.ChangeMemberLevels{Member: "hal", To: events.Levels{"money": "view"}, Merge: true}, by: "cleo", then: then(events.MemberLevelsChanged{Member: "hal", To: events.Levels{"people": "view", "money": "view"}})},
		{name: "merging the level already held changes nothing", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: was, Merge: true}, by: "cleo"},
		{name: "not one's own, not even to less", given: so(staff, events.MemberLevelsChanged{Member: "hal", To: events.Levels{"people": "full"}}), when: domain.ChangeMemberLevels{Member: "hal", To: was}, by: "hal", err: domain.ErrMayNotAssign},
		{name: "giving the own levels already held changes nothing", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: was}, by: "cleo"},
		{name: "not more than one has", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: events.Levels{"seal": "on"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not what the role carries none of", given: staff, when: domain.ChangeMemberLevels{Member: "max", To: to}, by: "cleo", err: domain.ErrNoOwnLevels},
		{name: "levels that there are", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: events.Levels{"people": "on"}}, by: "cleo", err: domain.ErrUnknownPermission},
		{name: "all of them", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: events.Levels{"people": "view", "money": "view", "seal": "off", "text": "view"}}, by: "cleo", err: domain.ErrUnknownPermission},
		{name: "not of those above", given: so(staff, events.MemberLevelsChanged{Member: "hal", To: events.Levels{"people": "full"}}), when: domain.ChangeMemberLevels{Member: "cleo"}, by: "hal", err: domain.ErrMayNotAssign},
		{name: "not of who is protected", given: staff, when: domain.ChangeMemberLevels{Member: "olga"}, by: "chip", err: domain.ErrProtected},
		{name: "no such member", given: staff, when: domain.ChangeMemberLevels{Member: "eve", To: to}, by: "cleo", err: domain.ErrNoMember},
		{name: "a member does not", given: staff, when: domain.ChangeMemberLevels{Member: "hal", To: to}, by: "max", err: domain.ErrNotAllowed},
	})
}

// TestOwnLevelsEndWithTheRole holds that they stay beside another role that carries
// some, and else go.
func TestOwnLevelsEndWithTheRole(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, events.RoleChanged{Member: "hal", From: "helper", To: "member"}, events.RoleChanged{Member: "hal", From: "member", To: "helper"})...)
	hal, _ := org.Member("hal")
	assert.Nil(t, hal.Levels(), "levels are back")
	both := func(s *events.Scheme) { organizationRole(s, "member").OwnLevels = events.OnTop }
	org = stateAfter(so(staffed(both), events.RoleChanged{Member: "hal", From: "helper", To: "member"})...)
	hal, _ = org.Member("hal")
	assert.EqualValues(t, "view", hal.Levels()["people"], "levels are gone")
	assert.EqualValues(t, "view", org.InOrganization("hal").Level("people"), "levels are gone")
}

func TestChangeMemberEnd(t *testing.T) {
	t.Parallel()
	ended := so(staff, events.MemberEndChanged{Member: "max", To: past})
	richer := so(ended, events.MemberEndChanged{Member: "max"}, events.RoleChanged{Member: "max", From: "member", To: "helper"},
		events.MemberLevelsChanged{Member: "max", To: events.Levels{"money": "full"}})
	checkRules(t, []rule{
		{name: "a clerk does", given: staff, when: domain.ChangeMemberEnd{Member: "max", Until: soon}, by: "cleo", then: then(events.MemberEndChanged{Member: "max", To: soon})},
		{name: "and brings back", given: ended, when: domain.ChangeMemberEnd{Member: "max"}, by: "cleo", then: then(events.MemberEndChanged{Member: "max", From: past})},
		{name: "clearing an end that a membership does not have changes nothing", given: staff, when: domain.ChangeMemberEnd{Member: "max"}, by: "cleo"},
		{name: "an end to come", given: staff, when: domain.ChangeMemberEnd{Member: "max", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "of who has more", given: richer, when: domain.ChangeMemberEnd{Member: "max", Until: soon}, by: "cleo", then: then(events.MemberEndChanged{Member: "max", To: soon})},
		{name: "not later of who has more", given: so(richer, events.MemberEndChanged{Member: "max", To: soon}), when: domain.ChangeMemberEnd{Member: "max"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not of the last chief", given: staff, when: domain.ChangeMemberEnd{Member: "chip", Until: soon}, by: "chip", err: domain.ErrLastHolder},
		{name: "one who ends is none", given: so(staff, joined("cher", "chief"), events.MemberEndChanged{Member: "cher", To: soon}), when: domain.ChangeMemberEnd{Member: "chip", Until: soon}, by: "chip", err: domain.ErrLastHolder},
		{name: "with another it is", given: so(staff, joined("cher", "chief")), when: domain.ChangeMemberEnd{Member: "chip", Until: soon}, by: "chip", then: then(events.MemberEndChanged{Member: "chip", To: soon})},
		{name: "nobody takes their own end away", given: so(staff, events.MemberEndChanged{Member: "chip", To: soon}), when: domain.ChangeMemberEnd{Member: "chip"}, by: "chip", err: domain.ErrMayNotAssign},
		{name: "another does", given: so(staff, joined("cher", "chief"), events.MemberEndChanged{Member: "chip", To: soon}), when: domain.ChangeMemberEnd{Member: "chip"}, by: "cher", then: then(events.MemberEndChanged{Member: "chip", From: soon})},
		{name: "nobody puts off the end of their own grant", given: given(opened(), joined("ada", "member"), created("p"), events.ProjectMemberAdded{Project: "p", Member: "ada", Role: "lead", Until: soon}), when: domain.ChangeProjectMemberEnd{Project: "p", Member: "ada"}, by: "ada", err: domain.ErrMayNotAssign},
		{
			name: "the only owner of a project passes it on", given: given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "bob", "owner")),
			when: domain.ChangeMemberEnd{Member: "bob", Until: soon}, by: "ada", then: then(granted("p", "ada", "owner"), events.MemberEndChanged{Member: "bob", To: soon}),
		},
		{name: "not of who is protected", given: staff, when: domain.ChangeMemberEnd{Member: "olga", Until: soon}, by: "chip", err: domain.ErrProtected},
		{name: "coming back takes a seat", given: so(ended, seat(5)), when: domain.ChangeMemberEnd{Member: "max", Until: soon}, by: "cleo", err: domain.ErrNoSeat},
		{name: "a free one", given: so(ended, seat(6)), when: domain.ChangeMemberEnd{Member: "max", Until: soon}, by: "cleo", then: then(events.MemberEndChanged{Member: "max", From: past, To: soon})},
		{name: "staying takes none", given: so(staff, seat(1)), when: domain.ChangeMemberEnd{Member: "max", Until: soon}, by: "cleo", then: then(events.MemberEndChanged{Member: "max", To: soon})},
		{name: "nor does who is suspended", given: so(ended, seat(1), events.MemberDeactivated{Member: "max"}), when: domain.ChangeMemberEnd{Member: "max"}, by: "cleo", then: then(events.MemberEndChanged{Member: "max", From: past})},
		{name: "no such member", given: staff, when: domain.ChangeMemberEnd{Member: "eve"}, by: "cleo", err: domain.ErrNoMember},
		{name: "a member does not", given: staff, when: domain.ChangeMemberEnd{Member: "mia"}, by: "max", err: domain.ErrNotAllowed},
		{name: "whose time is over sees nothing", given: ended, when: domain.ChangeMemberEnd{Member: "mia"}, by: "max", err: domain.ErrNoOrganization},
	})
}

func TestDeactivateMember(t *testing.T) {
	t.Parallel()
	reserved := func(s *events.Scheme) { organizationRole(s, "clerk").HandedOutBy = []events.RoleKey{"owner"} }
	suspended := so(staff, events.MemberDeactivated{Member: "max"})
	owners := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "bob", "owner"))
	checkRules(t, []rule{
		{name: "a clerk does", given: staff, when: domain.DeactivateMember{Member: "max"}, by: "cleo", then: then(events.MemberDeactivated{Member: "max"})},
		{name: "the creator of a project, too", given: so(staff, joined("lou", "member"), granted("p", "lou", "lead")), when: domain.DeactivateMember{Member: "mia"}, by: "cleo", then: then(events.MemberDeactivated{Member: "mia"})},
		{name: "deactivating a member who is deactivated changes nothing", given: suspended, when: domain.DeactivateMember{Member: "max"}, by: "cleo"},
		{name: "not who is above", given: staff, when: domain.DeactivateMember{Member: "chip"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not who is protected", given: staff, when: domain.DeactivateMember{Member: "olga"}, by: "chip", err: domain.ErrProtected},
		{name: "not the last chief", given: staff, when: domain.DeactivateMember{Member: "chip"}, by: "chip", err: domain.ErrLastHolder},
		{name: "even where the last one's time will end", given: so(staff, events.MemberEndChanged{Member: "chip", To: soon}), when: domain.DeactivateMember{Member: "chip"}, by: "chip", then: then(events.MemberDeactivated{Member: "chip"})},
		{name: "not oneself where others give the role", given: staffed(reserved), when: domain.DeactivateMember{Member: "cleo"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "though everybody may leave", given: staffed(reserved), when: domain.RemoveMember{Member: "cleo"}, by: "cleo", then: then(events.MemberRemoved{Member: "cleo"})},
		{name: "the only owner of a project, too", given: owners, when: domain.DeactivateMember{Member: "bob"}, by: "ada", then: then(events.MemberDeactivated{Member: "bob"})},
		{name: "the last chief by who is above", given: staff, when: domain.DeactivateMember{Member: "chip"}, by: "olga", then: then(events.MemberDeactivated{Member: "chip"})},
		{name: "no such member", given: staff, when: domain.DeactivateMember{Member: "eve"}, by: "cleo", err: domain.ErrNoMember},
		{name: "a member does not", given: staff, when: domain.DeactivateMember{Member: "mia"}, by: "max", err: domain.ErrNotAllowed},
		{name: "who is suspended does nothing", given: so(staff, events.MemberDeactivated{Member: "cleo"}), when: domain.DeactivateMember{Member: "max"}, by: "cleo", err: domain.ErrNoOrganization},
		{name: "reactivated", given: suspended, when: domain.ReactivateMember{Member: "max"}, by: "cleo", then: then(events.MemberReactivated{Member: "max"})},
		{name: "who is active already", given: staff, when: domain.ReactivateMember{Member: "max"}, by: "cleo"},
		{name: "not without a seat", given: so(suspended, seat(5)), when: domain.ReactivateMember{Member: "max"}, by: "cleo", err: domain.ErrNoSeat},
		{name: "not who has more", given: so(staff, events.MemberLevelsChanged{Member: "hal", To: events.Levels{"seal": "on"}}, events.MemberDeactivated{Member: "hal"}), when: domain.ReactivateMember{Member: "hal"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not who is not there", given: staff, when: domain.ReactivateMember{Member: "eve"}, by: "cleo", err: domain.ErrNoMember},
		{name: "not by a member", given: suspended, when: domain.ReactivateMember{Member: "max"}, by: "mia", err: domain.ErrNotAllowed},
	})
}

func TestAttestAccess(t *testing.T) {
	t.Parallel()
	all := events.AccessAttested{Member: "max"}
	checkRules(t, []rule{
		{name: "all of it", given: staff, when: domain.AttestAccess{Member: "max"}, by: "cleo", then: then(all)},
		{name: "on a project", given: staff, when: domain.AttestAccess{Member: "max", Project: "p"}, by: "mia", then: then(events.AccessAttested{Member: "max", Project: "p"})},
		{name: "each time anew", given: so(staff, all), when: domain.AttestAccess{Member: "max"}, by: "cleo", then: then(all)},
		{name: "of what there is", given: staff, when: domain.AttestAccess{Member: "hal", Project: "p"}, by: "cleo", err: domain.ErrNotOnProject},
		{name: "of others", given: staff, when: domain.AttestAccess{Member: "cleo"}, by: "cleo", err: domain.ErrOwnAccess},
		{name: "of members", given: staff, when: domain.AttestAccess{Member: "eve"}, by: "cleo", err: domain.ErrNoMember},
		{name: "a member does not", given: staff, when: domain.AttestAccess{Member: "hal"}, by: "max", err: domain.ErrNotAllowed},
		{name: "on projects that one sees", given: so(staff, created("q")), when: domain.AttestAccess{Member: "max", Project: "q"}, by: "cleo", err: domain.ErrNoProject},
	})
}

func TestProtectedMembers(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "keep their role", given: staff, when: domain.ChangeMemberRole{Member: "olga", To: "member"}, by: "chip", err: domain.ErrProtected},
		{name: "also against themselves", given: staff, when: domain.ChangeMemberRole{Member: "olga", To: "member"}, by: "olga", err: domain.ErrProtected},
		{name: "do not leave", given: staff, when: domain.RemoveMember{Member: "olga"}, by: "olga", err: domain.ErrProtected},
		{name: "stay", given: staff, when: domain.RemoveMember{Member: "olga"}, by: "chip", err: domain.ErrProtected},
		{name: "the system removes them, but not the last", given: staff, when: domain.RemoveMember{Member: "olga"}, err: domain.ErrLastHolder},
		{name: "one of several", given: so(staff, joined("otto", "owner")), when: domain.RemoveMember{Member: "olga"}, then: then(events.MemberRemoved{Member: "olga"})},
		{name: "are not made by a change of role", given: staff, when: domain.ChangeMemberRole{Member: "max", To: "owner"}, by: "olga", err: domain.ErrProtected},
		{name: "on projects as well", given: so(staff, granted("p", "olga", "guest")), when: domain.RemoveProjectMember{Project: "p", Member: "olga"}, by: "mia", err: domain.ErrProtected},
		{name: "nobody takes their invites back", given: so(staff, events.MemberInvited{Invite: "i", Role: "owner", Address: "h"}), when: domain.RevokeInvite{Invite: "i"}, by: "olga", err: domain.ErrProtected},
	})
}
