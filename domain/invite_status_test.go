package domain_test

import (
	"cmp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestJoiningAndRemovalSettleInvites has people who are invited in more ways than one, and then removed.
func TestJoiningAndRemovalSettleInvites(t *testing.T) {
	t.Parallel()
	sent := func(id events.InviteID, address events.AddressHash, user events.UserID) events.Event {
		return events.MemberInvited{Invite: id, Role: "member", Address: address, Member: user, Token: events.Sum([]byte(id))}
	}
	accept := func(id events.InviteID, user events.UserID) domain.Command {
		return domain.AcceptInvite{Invite: id, Member: user, Proof: domain.InviteProof{Token: events.Sum([]byte(id))}}
	}
	in := func(id events.InviteID, address events.AddressHash) events.Event {
		return events.MemberJoined{Member: "new", Role: "member", Address: address, Invite: id}
	}
	accepted := func(id events.InviteID) events.Event { return events.InviteAccepted{Invite: id, Member: "new"} }
	settled := events.InviteSettled{Invite: "u", Member: "new"}
	removed := events.MemberRemoved{Member: "new"}
	checkRules(t, []rule{
		{name: "an invite by id, too, when the one by address is accepted", given: so(staff, sent("a", "x", ""), sent("u", "y", "new")), when: accept("a", "new"), by: "new", then: then(settled, accepted("a"), in("a", "x"))},
		{name: "one for somebody else at the address is revoked", given: so(staff, sent("u", "x", "new"), sent("o", "z", "old")), when: domain.AddMember{Member: "new", PersonalData: domain.PersonalData{Address: "z"}}, then: then(settled, events.InviteRevoked{Invite: "o"}, events.MemberJoined{Member: "new", Role: "member", Address: "z"})},
		{name: "an older invite to an address does not bring back who was removed", given: so(staff, sent("a", "x", ""), joined("new", "member"), removed), when: accept("a", "new"), by: "new", err: domain.ErrInviteVoid},
		{name: "not through the system", given: so(staff, sent("a", "x", ""), joined("new", "member"), removed), when: accept("a", "new"), err: domain.ErrInviteVoid},
		{name: "somebody else can accept it", given: so(staff, sent("a", "x", ""), joined("new", "member"), removed), when: domain.AcceptInvite{Invite: "a", Member: "eve"}, then: then(events.InviteAccepted{Invite: "a", Member: "eve"}, events.MemberJoined{Member: "eve", Role: "member", Address: "x", Invite: "a"})},
		{name: "a newer invite does", given: so(staff, sent("a", "x", ""), joined("new", "member"), removed, sent("b", "y", "")), when: accept("b", "new"), by: "new", then: then(accepted("b"), in("b", "y"))},
		{name: "the system can add them again", given: so(staff, sent("a", "x", ""), joined("new", "member"), removed), when: domain.AddMember{Member: "new"}, then: then(joined("new", "member"))},
	})
}

// TestOrderWithinABatch removes somebody and invites them again in one command.
func TestOrderWithinABatch(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, joined("new", "member"), events.MemberInvited{Invite: "a", Role: "member", Address: "x"})...)
	again := domain.Batch{
		domain.RemoveMember{Member: "new"}, domain.InviteMember{Invite: "b", Address: "y"}, domain.AcceptInvite{Invite: "b", Member: "new"},
	}
	_, err := again.Decide(org, at(""))
	require.NoError(t, err)
	_, err = domain.Batch{again[1], again[0], again[2]}.Decide(org, at(""))
	assert.ErrorIs(t, err, domain.ErrInviteVoid)
}

// TestInviteStatus asks for the status of one invite after what has changed since.
func TestInviteStatus(t *testing.T) {
	t.Parallel()
	offer := events.MemberInvited{
		Invite: "i", Role: "helper", Address: "h", Member: "new", Expires: soon, Projects: []events.ProjectRole{{Project: "q", Role: "guest"}},
	}
	before := []events.Recorded{}
	for i, e := range so(staff, created("q"), granted("q", "cleo", "lead"), events.SeatsChanged{To: 9}) {
		before = append(before, events.Recorded{Event: e, Origin: events.Origin{Version: 1, Index: i}})
	}
	before = append(before, events.Recorded{Event: offer, Origin: events.Origin{Version: 2, Actor: "cleo", At: noon}})
	for _, tc := range []struct {
		name   string
		since  []events.Event
		late   bool // after the invite has expired
		status domain.InviteStatus
		err    error
		stands bool // it holds a seat, its roles are in use, and the person is invited already
	}{
		{name: "as sent", status: domain.InvitePending, stands: true},
		{name: "its time has passed", late: true, status: domain.InviteExpired, err: domain.ErrInviteExpired},
		{name: "the sender was removed", since: then(events.MemberRemoved{Member: "cleo"}), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the sender is deactivated", since: then(events.MemberDeactivated{Member: "cleo"}), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the sender's membership has ended", since: then(events.MemberEndChanged{Member: "cleo", To: past}), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the sender was reactivated", since: then(events.MemberDeactivated{Member: "cleo"}, events.MemberReactivated{Member: "cleo"}), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the sender's membership began again", since: then(events.MemberEndChanged{Member: "cleo", To: past}, events.MemberEndChanged{Member: "cleo", From: past}), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the sender joined again", since: then(events.MemberRemoved{Member: "cleo"}, joined("cleo", "chief"), granted("q", "cleo", "lead")), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the sender's end was moved before it came", since: then(events.MemberEndChanged{Member: "cleo", To: soon}, events.MemberEndChanged{Member: "cleo", From: soon}), status: domain.InvitePending, stands: true},
		{name: "the sender is on the project no more", since: then(events.ProjectMemberRemoved{Project: "q", Member: "cleo"}), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the project is deleted", since: then(events.ProjectDeleted{Project: "q"}), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "another project has its id", since: then(events.ProjectDeleted{Project: "q"}, created("q")), status: domain.InviteVoid, err: domain.ErrInviteVoid},
		{name: "the project is archived", since: then(events.ProjectArchived{Project: "q"}), status: domain.InviteBlocked, err: domain.ErrProjectArchived, stands: true},
		{name: "the project is restored", since: then(events.ProjectArchived{Project: "q"}, events.ProjectRestored{Project: "q"}), status: domain.InvitePending, stands: true},
		{name: "the organization is archived", since: then(events.OrganizationArchived{}), status: domain.InviteBlocked, err: domain.ErrOrganizationArchived, stands: true},
		{name: "members hold all seats", since: then(events.SeatsChanged{To: 6}), status: domain.InviteBlocked, err: domain.ErrNoSeat, stands: true},
		{name: "other invites hold more seats than there are", since: then(events.MemberInvited{Invite: "j", Role: "member", Address: "j"}, events.SeatsChanged{To: 7}), status: domain.InvitePending, stands: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := domain.Organization{}
			for _, r := range before {
				org = org.Evolve(r)
			}
			for _, e := range tc.since {
				org = org.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: 3, At: noon}})
			}
			m := at("")
			if tc.late {
				m.At, m.Now = soon, soon
			}
			org = org.At(m.At)
			invite, _ := org.Invite("i")
			status, err := org.InviteStatus(invite)
			assert.Equal(t, tc.status, status)
			assert.ErrorIs(t, err, tc.err)
			_, err = domain.AcceptInvite{Invite: "i", Member: "new"}.Decide(org, m)
			assert.ErrorIs(t, err, tc.err, "accepting it")

			pending := org.Access("new", "p").Reason == domain.Invited
			assert.Equal(t, tc.status == domain.InvitePending, pending, "the explanation calls it pending")
			_, taken := org.Seats()
			members, others := 0, 0
			for user := range org.Members() {
				if org.Access(user, "p").Reason != domain.Deactivated && org.Access(user, "p").Reason != domain.MembershipEnded {
					members++
				}
			}
			for id := range org.Invites() {
				if id != "i" {
					others++
				}
			}
			assert.Equal(t, tc.stands, taken == members+others+1, "it holds a seat: %d of %d members and %d other invites", taken, members, others)
		})
	}
}

// TestPendingInvitesCanBeAccepted accepts every invite of random histories as somebody new:
// that succeeds if the invite is called pending, and otherwise fails for the reason that the
// status gives.
func TestPendingInvitesCanBeAccepted(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		for id, invite := range s.after.Invites() {
			status, reason := s.after.InviteStatus(invite)
			assert.Equal(t, status == domain.InvitePending, reason == nil, "a reason goes with every other status")
			user := cmp.Or(invite.Member, "somebody new")
			if was, joined := s.after.Member(user); joined {
				assert.Fail(t, "an invite is left for a member", "%s for %s, who is %v", id, user, was)
			}
			_, err := domain.AcceptInvite{Invite: id, Member: user}.Decide(s.after, events.Moment{At: s.At, Now: s.At})
			assert.Equal(t, reason, err, "accepting %s, which is %s", id, status)
		}
	})
}
