package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestErasePerson(t *testing.T) {
	t.Parallel()
	sent := func(id events.InviteID, address events.AddressHash, member events.UserID) events.Event {
		return events.MemberInvited{Invite: id, Role: "member", Email: "sealed", Address: address, Member: member}
	}
	team := given(workspace, joined("ada", "owner"), joined("bob", "member"))
	erased := events.PersonErased{Person: "bob"}
	of := func(invites ...events.InviteID) events.PersonErased {
		return events.PersonErased{Person: "bob", Invites: invites}
	}
	bob := domain.ErasePerson{Person: "bob"}
	checkRules(t, []rule{
		{name: "ends the membership first", given: team, when: bob, then: then(events.MemberRemoved{Member: "bob"}, erased)},
		{name: "of somebody who has left", given: so(team, events.MemberRemoved{Member: "bob"}), when: bob, then: then(erased)},
		{name: "of somebody who is known by the id alone", given: given(hub), when: bob, then: then(erased)},
		{name: "again, once they have asked for access since", given: so(team, events.MemberRemoved{Member: "bob"}, erased, requested("bob", "", "member")), when: bob, then: then(erased)},
		{name: "not again without that", given: so(team, events.MemberRemoved{Member: "bob"}, requested("bob", "", "member"), erased), when: bob},
		{name: "again", given: so(team, events.MemberRemoved{Member: "bob"}, erased), when: bob},
		{
			name: "again, for an invite since that is forgotten", given: so(team, events.MemberRemoved{Member: "bob"}, erased),
			when: domain.ErasePerson{Person: "bob", Invites: []events.InviteID{"forgotten"}, Again: true}, then: then(of("forgotten")),
		},
		{
			name: "of somebody who has come back", given: so(team, events.MemberRemoved{Member: "bob"}, erased, joined("bob", "member")),
			when: bob, then: then(events.MemberRemoved{Member: "bob"}, erased),
		},
		{name: "not the last owner", given: team, when: domain.ErasePerson{Person: "ada"}, err: domain.ErrLastHolder},
		{
			name: "not somebody whose projects nobody takes over", given: given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), creator("p", "bob", "owner")),
			when: bob, err: domain.ErrLastHolder,
		},
		{
			name: "also in an organization that is archived", given: so(team, events.OrganizationArchived{}), when: bob,
			then: then(events.MemberRemoved{Member: "bob"}, erased),
		},
		{name: "in an organization that is gone", given: so(team, events.OrganizationDeleted{}), when: bob},
		{name: "not by somebody", given: team, when: bob, by: "ada", err: domain.ErrNotAllowed},
		{name: "not by themselves", given: team, when: bob, by: "bob", err: domain.ErrNotAllowed},
		{name: "revokes the invite that names them", given: given(hub, sent("i", "x", "bob")), when: bob, then: then(events.InviteRevoked{Invite: "i"}, of("i"))},
		{
			name: "revokes those to their addresses, and records those that are forgotten", given: given(hub, sent("i", "x", ""), sent("other", "y", "")),
			when: domain.ErasePerson{Person: "bob", Invites: []events.InviteID{"forgotten", "i"}}, then: then(events.InviteRevoked{Invite: "i"}, of("forgotten", "i")),
		},
		{
			name: "takes the address from those that are closed", given: given(hub, sent("a", "x", ""), events.InviteAccepted{Invite: "a", Member: "bob"}, sent("d", "y", ""), events.InviteDeclined{Invite: "d"}),
			when: domain.ErasePerson{Person: "bob", Invites: []events.InviteID{"d", "a"}}, then: then(of("a", "d")),
		},
		{
			name: "one that was sent since", given: so(team, events.MemberRemoved{Member: "bob"}, erased, sent("i", "x", "")),
			when: domain.ErasePerson{Person: "bob", Invites: []events.InviteID{"i"}}, then: then(events.InviteRevoked{Invite: "i"}, of("i")),
		},
	})
}

// TestErasedStateHasNoText erases somebody whom the state knows by every text, and looks for what is sealed in it.
func TestErasedStateHasNoText(t *testing.T) {
	t.Parallel()
	happened := given(
		hub, joined("ada", "owner"),
		events.MemberInvited{Invite: "i", Role: "member", Email: "bob's", Address: "x"},
		events.InviteAccepted{Invite: "i", Member: "bob"},
		events.MemberJoined{Member: "bob", Role: "member", Name: "bob's", ClearLogin: "bob's", Invite: "i"},
	)
	before := stateAfter(happened...)
	invite, _ := before.ClosedInvite("i")
	require.Equal(t, events.Sealed("bob's"), invite.Email)
	decided, err := domain.ErasePerson{Person: "bob"}.Decide(before.At(noon), at(""))
	require.NoError(t, err)
	after := stateAfter(so(happened, decided...)...)
	invite, known := after.ClosedInvite("i")
	assert.True(t, known)
	assert.Equal(t, domain.InviteAccepted, invite.Status)
	assert.Empty(t, invite.Email)
	_, member := after.Member("bob")
	assert.False(t, member)
	origin, erased := after.Erased("bob")
	assert.True(t, erased)
	assert.Equal(t, events.Version(len(happened)+2), origin.Version)
	again := after.Evolve(events.Recorded{Event: joined("bob", "member")})
	_, erased = again.Erased("bob")
	assert.False(t, erased, "who has come back")
}
