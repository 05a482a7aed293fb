package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestInviteMember(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "ada", "owner"), created("q"))
	week := noon.Add(7 * 24 * time.Hour)
	pending := func(expires time.Time) events.Event {
		return events.MemberInvited{Invite: "i0", Role: "member", Address: "h", Expires: expires}
	}
	checkRules(t, []rule{
		{
			name: "an owner invites with the default role", given: people, when: domain.InviteMember{Invite: "i", Address: "h"}, by: "ada",
			then: then(events.MemberInvited{Invite: "i", Role: "member", Address: "h", Bind: events.BindAddress, Expires: week}),
		},
		{
			name: "with projects and their default role", given: people, by: "ada",
			when: domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "p"}}},
			then: then(events.MemberInvited{Invite: "i", Role: "member", Address: "h", Bind: events.BindAddress, Expires: week, Projects: []events.ProjectRole{{Project: "p", Role: "member"}}}),
		},
		{
			name: "not to projects of others", given: people, by: "ada",
			when: domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "q"}}}, err: domain.ErrNotAllowed,
		},
		{
			name: "not to projects that are not there", given: people, by: "ada",
			when: domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "x"}}}, err: domain.ErrNoProject,
		},
		{
			name: "a project once", given: people, by: "ada",
			when: domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "p"}, {Project: "p", Role: "owner"}}}, err: domain.ErrProjectTwice,
		},
		{name: "a member invites nobody", given: people, when: domain.InviteMember{Invite: "i", Address: "h"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "one pending invite an address", given: append(people, pending(week)), when: domain.InviteMember{Invite: "i", Address: "h"}, by: "ada", err: domain.ErrAlreadyInvited},
		{
			name: "an expired one makes way", given: append(people, pending(noon)), when: domain.InviteMember{Invite: "i", Address: "h"}, by: "ada",
			then: then(events.InviteRevoked{Invite: "i0"}, events.MemberInvited{Invite: "i", Role: "member", Address: "h", Bind: events.BindAddress, Expires: week}),
		},
		{
			name: "not a member's address", given: append(people, events.MemberJoined{Member: "cyd", Role: "member", Address: "h"}),
			when: domain.InviteMember{Invite: "i", Address: "h"}, by: "ada", err: domain.ErrAddressTaken,
		},
		{name: "an id is used once, also after its invite ended", given: append(people, pending(week), events.InviteRevoked{Invite: "i0"}), when: domain.InviteMember{Invite: "i0", Address: "h2"}, by: "ada", err: domain.ErrInviteExists},
		{name: "an id is used once", given: append(people, pending(week)), when: domain.InviteMember{Invite: "i0", Address: "h2"}, by: "ada", err: domain.ErrInviteExists},
		{name: "unknown role", given: people, when: domain.InviteMember{Invite: "i", Address: "h", Role: "king"}, by: "ada", err: domain.ErrUnknownRole},
	})
}

func TestAcceptInvite(t *testing.T) {
	t.Parallel()
	token := events.Sum([]byte("secret"))
	invite := events.MemberInvited{
		Invite: "i", Role: "owner", Email: "k.m", Address: "h", Token: token, Expires: noon.Add(time.Second),
		Projects: []events.ProjectRole{{Project: "p", Role: "member"}},
	}
	people := given(workspace, joined("ada", "owner"), created("p"), invite)
	in := then(
		events.InviteAccepted{Invite: "i", Member: "eve"},
		events.MemberJoined{Member: "eve", Role: "owner", Login: "k.l", Email: "k.m", Address: "h", Invite: "i"},
		grantedBy("i", "", granted("p", "eve", "member")),
	)
	checkRules(t, []rule{
		{name: "with the token", given: people, when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}, Login: "k.l"}, by: "eve", then: in},
		{name: "the system needs none", given: people, when: domain.AcceptInvite{Invite: "i", Member: "eve", Login: "k.l"}, then: in},
		{name: "not with another token", given: people, when: domain.AcceptInvite{Invite: "i", Member: "eve"}, by: "eve", err: domain.ErrNoInvite},
		{name: "not for somebody else", given: people, when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}}, by: "bob", err: domain.ErrNoInvite},
		{name: "not by a member again", given: people, when: domain.AcceptInvite{Invite: "i", Member: "ada", Proof: domain.InviteProof{Token: token}}, by: "ada", err: domain.ErrAlreadyMember},
		{name: "again by who accepted it changes nothing", given: append(people, in...), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}}, by: "eve"},
		{name: "again with the same login changes nothing", given: append(people, in...), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}, Login: "k.l"}, by: "eve"},
		{name: "not again with another login", given: append(people, in...), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}, Login: "k.m"}, by: "eve", err: domain.ErrAlreadyMember},
		{name: "not again with a name", given: append(people, in...), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}, Name: "k.n"}, by: "eve", err: domain.ErrAlreadyMember},
		{name: "again by the system for who accepted it changes nothing", given: append(people, in...), when: domain.AcceptInvite{Invite: "i", Member: "eve"}},
		{name: "not again by another member for who accepted it", given: append(people, in...), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}}, by: "ada", err: domain.ErrInviteClosed},
		{name: "not again after who accepted it was removed", given: so(append(people, in...), events.MemberRemoved{Member: "eve"}), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}}, by: "eve", err: domain.ErrInviteClosed},
		{name: "not twice", when: domain.AcceptInvite{Invite: "i", Member: "bob", Proof: domain.InviteProof{Token: token}}, by: "bob", err: domain.ErrNoInvite},
		{
			name:  "not after its end",
			given: given(workspace, events.MemberInvited{Invite: "i", Role: "member", Address: "h", Token: token, Expires: noon}),
			when:  domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}}, by: "eve", err: domain.ErrInviteExpired,
		},
		{name: "not after it was revoked", given: append(people, events.InviteRevoked{Invite: "i"}), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: domain.InviteProof{Token: token}}, by: "eve", err: domain.ErrInviteClosed},
	})
}

// TestInvitesDoNotOutliveTheirSendersRights sends an invite as ada and then takes
// from ada what it rests on.
func TestInvitesDoNotOutliveTheirSendersRights(t *testing.T) {
	t.Parallel()
	sent := domain.Roster{}.Evolve(
		events.Entry{Organization: "acme", Version: 1, At: noon, Events: events.Facts{
			workspace, joined("ada", "owner"), joined("bob", "owner"), created("p"), granted("p", "ada", "owner"), granted("p", "bob", "owner"),
		}},
		events.Entry{Organization: "acme", Version: 2, At: noon, Actor: "ada", Events: events.Facts{
			events.MemberInvited{Invite: "o", Role: "owner", Address: "o"},
			events.MemberInvited{Invite: "p", Role: "member", Address: "p", Projects: []events.ProjectRole{{Project: "p", Role: "owner"}}},
		}},
	).Organization("acme")
	for _, tc := range []struct {
		name   string
		since  events.Event
		invite events.InviteID
		err    error
	}{
		{name: "nothing", since: events.HistoryImported{Source: "s", Through: 1}, invite: "o"},
		{name: "nothing on the project", since: events.HistoryImported{Source: "s", Through: 1}, invite: "p"},
		{name: "membership", since: events.MemberRemoved{Member: "ada"}, invite: "o", err: domain.ErrInviteVoid},
		{name: "the role", since: events.RoleChanged{Member: "ada", From: "owner", To: "member"}, invite: "o", err: domain.ErrInviteVoid},
		{name: "the role on the project", since: events.ProjectRoleChanged{Project: "p", Member: "ada", From: "owner", To: "member"}, invite: "p", err: domain.ErrInviteVoid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := domain.AcceptInvite{Invite: tc.invite, Member: "eve"}.Decide(sent.Evolve(events.Recorded{Event: tc.since}), at(""))
			assert.ErrorIs(t, err, tc.err)
		})
	}
}

func TestRevokeInvite(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"), joined("bob", "member"), events.MemberInvited{Invite: "i", Role: "member", Address: "h"})
	checkRules(t, []rule{
		{name: "an owner revokes", given: people, when: domain.RevokeInvite{Invite: "i"}, by: "ada", then: then(events.InviteRevoked{Invite: "i"})},
		{name: "a member does not", given: people, when: domain.RevokeInvite{Invite: "i"}, by: "bob", err: domain.ErrNotAllowed},
		{name: "no such invite", given: people, when: domain.RevokeInvite{Invite: "x"}, by: "ada", err: domain.ErrNoInvite},
	})
}
