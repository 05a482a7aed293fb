package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestCreateOrganization(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{
			name: "the system opens one without members",
			when: domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("owner-member")},
			then: then(workspace),
		},
		{
			name: "the system opens one for an owner",
			when: domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("owner-member"), Owner: "ada"},
			then: then(workspace, joined("ada", "owner")),
		},
		{
			name: "who opens one owns it",
			when: domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("github")}, by: "ada",
			then: then(hub, joined("ada", "admin")),
		},
		{
			name: "nobody opens one for somebody else",
			when: domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("github"), Owner: "bob"}, by: "ada",
			err: domain.ErrNotAllowed,
		},
		{
			name:  "not twice",
			given: given(workspace),
			when:  domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("owner-member")},
			err:   domain.ErrOrganizationExists,
		},
		{
			name:  "what is gone keeps its id",
			given: given(workspace, joined("ada", "owner"), events.OrganizationDeleted{}),
			when:  domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("owner-member")}, by: "eve",
			err: domain.ErrOrganizationExists,
		},
		{
			name:  "anew after a deletion, by the system",
			given: given(workspace, joined("ada", "owner"), events.OrganizationDeleted{}),
			when:  domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme("owner-member")},
			then:  then(workspace),
		},
		{
			name: "not without a name",
			when: domain.CreateOrganization{Name: " ", Scheme: builtInScheme("owner-member")},
			err:  domain.ErrBadName,
		},
	})
}

func TestDeleteOrganization(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"))
	checkRules(t, []rule{
		{name: "an owner deletes it", given: people, when: domain.DeleteOrganization{}, by: "ada", then: then(events.OrganizationDeleted{})},
		{name: "a member does not", given: people, when: domain.DeleteOrganization{}, by: "bob", err: domain.ErrNotAllowed},
		{name: "to a stranger it is not there", given: people, when: domain.DeleteOrganization{}, by: "eve", err: domain.ErrNoOrganization},
		{name: "what is not there cannot be deleted", when: domain.DeleteOrganization{}, err: domain.ErrNoOrganization},
	})
}

func TestAddMember(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"))
	checkRules(t, []rule{
		{name: "an owner adds with the default role", given: people, when: domain.AddMember{Member: "eve"}, by: "ada", then: then(joined("eve", "member"))},
		{name: "an owner makes owners", given: people, when: domain.AddMember{Member: "eve", Role: "owner"}, by: "ada", then: then(joined("eve", "owner"))},
		{name: "a member adds nobody", given: people, when: domain.AddMember{Member: "eve"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "adding a member who is in with the same role changes nothing", given: people, when: domain.AddMember{Member: "bob"}, by: "ada"},
		{name: "adding is no change of role", given: people, when: domain.AddMember{Member: "bob", Role: "owner"}, by: "ada", err: domain.ErrAlreadyMember},
		{name: "unknown role", given: people, when: domain.AddMember{Member: "eve", Role: "king"}, by: "ada", err: domain.ErrUnknownRole},
		{name: "bad id", given: people, when: domain.AddMember{Member: "e\x00"}, by: "ada", err: domain.ErrBadID},
		{
			name:  "one address, one member",
			given: append(people, events.MemberJoined{Member: "cyd", Role: "member", Address: "h"}),
			when:  domain.AddMember{Member: "eve", PersonalData: domain.PersonalData{Address: "h"}}, by: "ada", err: domain.ErrAddressTaken,
		},
		{
			name:  "a removed member frees the address",
			given: append(people, events.MemberJoined{Member: "cyd", Role: "member", Address: "h"}, events.MemberRemoved{Member: "cyd"}),
			when:  domain.AddMember{Member: "eve", PersonalData: domain.PersonalData{Address: "h"}}, by: "ada",
			then: then(events.MemberJoined{Member: "eve", Role: "member", Address: "h"}),
		},
		{
			name:  "a pending invite is settled by it",
			given: append(people, events.MemberInvited{Invite: "i", Role: "member", Address: "h"}),
			when:  domain.AddMember{Member: "eve", PersonalData: domain.PersonalData{Address: "h"}}, by: "ada",
			then: then(events.InviteSettled{Invite: "i", Member: "eve"}, events.MemberJoined{Member: "eve", Role: "member", Address: "h"}),
		},
		{
			name:  "in github people join by invite",
			given: given(hub, joined("ada", "admin")), when: domain.AddMember{Member: "eve"}, by: "ada", err: domain.ErrNotAllowed,
		},
	})
}

func TestChangeRole(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"))
	checkRules(t, []rule{
		{
			name: "an owner makes an owner", given: people, when: domain.ChangeMemberRole{Member: "bob", To: "owner"}, by: "ada",
			then: then(events.RoleChanged{Member: "bob", From: "member", To: "owner"}),
		},
		{name: "the last owner stays", given: people, when: domain.ChangeMemberRole{Member: "ada", To: "member"}, by: "ada", err: domain.ErrLastHolder},
		{name: "even for the system", given: people, when: domain.ChangeMemberRole{Member: "ada", To: "member"}, err: domain.ErrLastHolder},
		{
			name: "owners demote owners", given: append(people, joined("cyd", "owner")), when: domain.ChangeMemberRole{Member: "cyd", To: "member"}, by: "ada",
			then: then(events.RoleChanged{Member: "cyd", From: "owner", To: "member"}),
		},
		{name: "a member promotes nobody", given: people, when: domain.ChangeMemberRole{Member: "bob", To: "owner"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "changing to the role already held changes nothing", given: people, when: domain.ChangeMemberRole{Member: "bob", To: "member"}, by: "ada"},
		{name: "no such member", given: people, when: domain.ChangeMemberRole{Member: "eve", To: "member"}, by: "ada", err: domain.ErrNoMember},
		{name: "no such role", given: people, when: domain.ChangeMemberRole{Member: "bob", To: "king"}, by: "ada", err: domain.ErrUnknownRole},
		{name: "no role", given: people, when: domain.ChangeMemberRole{Member: "bob"}, by: "ada", err: domain.ErrUnknownRole},
		{name: "a stranger sees nothing", given: people, when: domain.ChangeMemberRole{Member: "bob", To: "owner"}, by: "eve", err: domain.ErrNoOrganization},
	})
}

func TestRemoveMember(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"), joined("cyd", "member"))
	owned := so(people, created("p"), granted("p", "bob", "owner"))
	// Developers of an agency see who is on their projects, and no list of all members.
	agency := given(events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme("agency").Scheme}, joined("ada", "owner"), joined("bob", "developer"), joined("cyd", "developer"), created("p"), creator("p", "bob", "agency_owner"))
	checkRules(t, []rule{
		{
			name:  "who sees no list of members names somebody on the project",
			given: agency, when: domain.RemoveMember{Member: "bob", TransferTo: "ada"}, by: "bob",
			then: then(granted("p", "ada", "agency_owner"), events.ProjectHandedOver{Project: "p", From: "bob", To: "ada"}, events.MemberRemoved{Member: "bob"}),
		},
		{name: "and nobody else, which tells nothing of them", given: agency, when: domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, by: "bob", err: domain.ErrNoMember},
		{name: "an owner removes", given: people, when: domain.RemoveMember{Member: "bob"}, by: "ada", then: then(events.MemberRemoved{Member: "bob"})},
		{name: "people leave", given: people, when: domain.RemoveMember{Member: "bob"}, by: "bob", then: then(events.MemberRemoved{Member: "bob"})},
		{name: "a member removes nobody else", given: people, when: domain.RemoveMember{Member: "cyd"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "the last owner does not leave", given: people, when: domain.RemoveMember{Member: "ada"}, by: "ada", err: domain.ErrLastHolder},
		{name: "no such member", given: people, when: domain.RemoveMember{Member: "eve"}, by: "ada", err: domain.ErrNoMember},
		{
			name:  "the last owner of a project passes it on to who removes them",
			given: owned,
			when:  domain.RemoveMember{Member: "bob"}, by: "ada", then: then(granted("p", "ada", "owner"), events.MemberRemoved{Member: "bob"}),
		},
		{
			name:  "or to who is named, who is on the project and rises",
			given: so(owned, granted("p", "cyd", "member")),
			when:  domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, by: "ada",
			then: then(events.ProjectRoleChanged{Project: "p", Member: "cyd", From: "member", To: "owner"}, events.MemberRemoved{Member: "bob"}),
		},
		{
			name:  "and stays without an end",
			given: so(owned, events.ProjectMemberAdded{Project: "p", Member: "cyd", Role: "owner", Until: soon}),
			when:  domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, by: "ada",
			then: then(events.ProjectMemberEndChanged{Project: "p", Member: "cyd", From: soon}, events.MemberRemoved{Member: "bob"}),
		},
		{
			name:  "also if they are suspended",
			given: so(owned, events.MemberDeactivated{Member: "bob"}),
			when:  domain.RemoveMember{Member: "bob"}, by: "ada", then: then(granted("p", "ada", "owner"), events.MemberRemoved{Member: "bob"}),
		},
		{name: "by the system to who is named", given: owned, when: domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, then: then(granted("p", "cyd", "owner"), events.MemberRemoved{Member: "bob"})},
		{name: "the system takes over nothing", given: owned, when: domain.RemoveMember{Member: "bob"}, err: domain.ErrLastHolder},
		{name: "nor who leaves", given: owned, when: domain.RemoveMember{Member: "bob"}, by: "bob", err: domain.ErrLastHolder},
		{name: "who names somebody", given: owned, when: domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, by: "bob", then: then(granted("p", "cyd", "owner"), events.MemberRemoved{Member: "bob"})},
		{name: "not to a stranger", given: owned, when: domain.RemoveMember{Member: "bob", TransferTo: "eve"}, by: "ada", err: domain.ErrNoMember},
		{name: "nor to themselves", given: owned, when: domain.RemoveMember{Member: "bob", TransferTo: "bob"}, by: "ada", err: domain.ErrNoMember},
		{name: "nor to who is suspended", given: so(owned, events.MemberDeactivated{Member: "cyd"}), when: domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, by: "ada", err: domain.ErrNoMember},
		{name: "nor to who will go", given: so(owned, events.MemberEndChanged{Member: "cyd", To: soon}), when: domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, by: "ada", err: domain.ErrMembershipEnds},
		{name: "nor by who will go", given: so(owned, joined("eve", "owner"), events.MemberEndChanged{Member: "eve", To: soon}), when: domain.RemoveMember{Member: "bob"}, by: "eve", err: domain.ErrLastHolder},
		{name: "a name is checked where nothing passes on", given: people, when: domain.RemoveMember{Member: "bob", TransferTo: "eve"}, by: "ada", err: domain.ErrNoMember},
		{
			name:  "several in one bulk command",
			given: so(owned, created("q"), granted("q", "cyd", "owner")),
			when:  domain.Batch{domain.RemoveMember{Member: "bob", TransferTo: "cyd"}, domain.RemoveMember{Member: "cyd"}}, by: "ada",
			then: then(granted("p", "cyd", "owner"), events.MemberRemoved{Member: "bob"}, granted("p", "ada", "owner"), granted("q", "ada", "owner"), events.MemberRemoved{Member: "cyd"}),
		},
		{
			name:  "with another owner on the project they go",
			given: append(people, created("p"), granted("p", "bob", "owner"), granted("p", "cyd", "owner")),
			when:  domain.RemoveMember{Member: "bob"}, by: "ada", then: then(events.MemberRemoved{Member: "bob"}),
		},
	})
}

// TestRemovalEndsEverything holds that removal from the organization ends projects
// and teams too, and that coming back brings none of it back.
func TestRemovalEndsEverything(t *testing.T) {
	t.Parallel()
	org := stateAfter(hub, joined("ada", "admin"), joined("bob", "member"), created("p"), created("q"), team("core", ""),
		granted("p", "bob", "write"), entered("core", "bob", "member"), assigned("core", "q", "read"))
	for _, project := range []events.ProjectID{"p", "q"} {
		require.NotEmpty(t, org.Access("bob", project).Role, "bob has no access to %s to lose", project)
	}
	for _, happened := range [][]events.Event{
		{events.MemberRemoved{Member: "bob"}},
		{events.MemberRemoved{Member: "bob"}, joined("bob", "member")},
	} {
		after := org
		for _, e := range happened {
			after = after.Evolve(events.Recorded{Event: e})
		}
		for _, project := range []events.ProjectID{"p", "q"} {
			assert.Empty(t, after.Access("bob", project).Role, "after %v bob on %s", happened, project)
		}
		core, _ := after.Team("core")
		_, in := core.Member("bob")
		assert.False(t, in, "after %v bob is in the team", happened)
	}
	assert.EqualValues(t, "write", org.Access("bob", "p").Role, "the state before has changed")
}

// TestRemovalNamesAllThatIsInTheWay has the last owner of an organization and of many projects leave it.
func TestRemovalNamesAllThatIsInTheWay(t *testing.T) {
	t.Parallel()
	happened := given(workspace, joined("ada", "owner"), joined("bob", "member"))
	leave := func() string {
		_, err := domain.RemoveMember{Member: "ada"}.Decide(stateAfter(happened...).At(noon), at("ada"))
		require.ErrorIs(t, err, domain.ErrLastHolder)
		return err.Error()
	}
	for i := range 12 {
		id := events.ProjectID(rune('a' + i))
		happened = so(happened, created(id), granted(id, "ada", "owner"))
		if i == 1 {
			assert.Equal(t, `"ada" is the last "owner" of the organization; give the role to somebody else first. This would leave project "a" without a successor as "owner" and project "b" without a successor as "owner"; `+
				"name in transfer_to who takes over: another member, who is active and whose membership has no end.", leave())
		}
	}
	assert.Contains(t, leave(), `project "j" without a successor as "owner" and 2 more projects; name in transfer_to`)
}
