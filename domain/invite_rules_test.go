package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestInviteMemberWithTerms(t *testing.T) {
	t.Parallel()
	week := noon.AddDate(0, 0, 7)
	levels := events.Levels{"money": "view"}
	sent := events.MemberInvited{Invite: "i", Role: "helper", Address: "h", Expires: week, Member: "new", Levels: levels, Until: soon, Bind: events.BindUser}
	guest := []events.ProjectRole{{Project: "p", Role: "guest", Levels: events.Levels{"text": "view"}}}
	unlimited := func(s *events.Scheme) { s.Seats.InvitesHold = false }
	ever := func(s *events.Scheme) { s.InviteDays = 0 }
	byName := events.MemberInvited{Invite: "j", Role: "member", Address: "j", Member: "new"}
	expired := byName
	expired.Expires = past
	without, core := given(workspace, joined("ada", "owner")), []events.TeamRole{{Team: "core"}}
	invite := domain.InviteMember{Invite: "i", Address: "h", Role: "helper", Member: "new", Levels: levels, Until: soon}
	checkRules(t, []rule{
		{name: "by name, with levels and an end", given: staff, when: invite, by: "cleo", then: then(sent)},
		{name: "without an end of its own", given: staffed(ever), when: domain.InviteMember{Invite: "i", Address: "h"}, by: "cleo", then: then(events.MemberInvited{Invite: "i", Role: "member", Address: "h", Bind: events.BindAddress})},
		{name: "not more than one has", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Role: "helper", Levels: events.Levels{"money": "full"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "levels beside a role that carries some", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Levels: levels}, by: "cleo", err: domain.ErrNoOwnLevels},
		{name: "an end to come", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "with levels on a project", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Projects: guest}, by: "cleo", then: then(events.MemberInvited{Invite: "i", Role: "member", Address: "h", Expires: week, Projects: guest, Bind: events.BindAddress})},
		{name: "not more than one has there", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "p", Role: "guest", Levels: events.Levels{"text": "full"}}}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "levels that the role carries", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "p", Role: "guide", Levels: events.Levels{"text": "view"}}}}, by: "cleo", err: domain.ErrNoOwnLevels},
		{name: "roles that there are", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Projects: []events.ProjectRole{{Project: "p", Role: "king"}}}, by: "cleo", err: domain.ErrUnknownRole},
		{name: "no teams in owner-member", given: without, when: domain.InviteMember{Invite: "i", Address: "h", Teams: core}, by: "ada", err: domain.ErrTeamsOff},
		{name: "nor with a role", given: without, when: domain.InviteMember{Invite: "i", Address: "h", Teams: []events.TeamRole{{Team: "core", Role: "member"}}}, by: "ada", err: domain.ErrTeamsOff},
		{name: "nor later", given: so(without, byName), when: domain.ChangeInvite{Invite: "j", Teams: &core}, by: "ada", err: domain.ErrTeamsOff},
		{name: "not a member", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Member: "max"}, by: "cleo", err: domain.ErrAlreadyMember},
		{name: "not an id that cannot be", given: staff, when: domain.InviteMember{Invite: "i", Address: "h", Member: "\x00"}, by: "cleo", err: domain.ErrBadID},
		{name: "with an id", given: staff, when: domain.InviteMember{Address: "h"}, by: "cleo", err: domain.ErrBadID},
		{name: "one invite a person", given: so(staff, byName), when: invite, by: "cleo", err: domain.ErrAlreadyInvited},
		{name: "an expired one makes way", given: so(staff, expired), when: invite, by: "cleo", then: then(events.InviteRevoked{Invite: "j"}, sent)},
		{name: "once, though it is in the way twice", given: so(staff, events.MemberInvited{Invite: "j", Role: "member", Address: "h", Member: "new", Expires: past}), when: invite, by: "cleo", then: then(events.InviteRevoked{Invite: "j"}, sent)},
		{name: "two of them, too", given: so(staff, expired, events.MemberInvited{Invite: "k", Role: "member", Address: "h", Expires: past}), when: invite, by: "cleo", then: then(events.InviteRevoked{Invite: "k"}, events.InviteRevoked{Invite: "j"}, sent)},
		{name: "not without a seat", given: so(staff, seat(6)), when: invite, by: "cleo", err: domain.ErrNoSeat},
		{name: "on the last one", given: so(staff, seat(7)), when: invite, by: "cleo", then: then(sent)},
		{name: "which one that makes way had", given: so(staff, seat(7), expired), when: invite, by: "cleo", then: then(events.InviteRevoked{Invite: "j"}, sent)},
		{name: "where invites hold none, they need none", given: so(staffed(unlimited), seat(1)), when: invite, by: "cleo", then: then(sent)},
	})
}

func TestAcceptInviteWithTerms(t *testing.T) {
	t.Parallel()
	levels := events.Levels{"money": "view"}
	sent := events.MemberInvited{
		Invite: "i", Role: "helper", Address: "h", Member: "new", Levels: levels, Until: soon, Token: events.Sum([]byte("s")),
		Projects: []events.ProjectRole{{Project: "p", Role: "guest", Levels: events.Levels{"text": "view"}}},
	}
	accept := domain.AcceptInvite{Invite: "i", Member: "new", Proof: domain.InviteProof{Token: events.Sum([]byte("s"))}}
	in := then(events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "helper", Address: "h", Levels: levels, Until: soon, Invite: "i"},
		events.ProjectMemberAdded{Project: "p", Member: "new", Role: "guest", Levels: events.Levels{"text": "view"}, Invite: "i"})
	checkRules(t, []rule{
		{name: "all that was agreed", given: so(staff, sent), when: accept, by: "new", then: in},
		{name: "by nobody else", given: so(staff, sent), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: accept.Proof}, by: "eve", err: domain.ErrOtherUser},
		{name: "not for anybody else", given: so(staff, sent), when: domain.AcceptInvite{Invite: "i", Member: "eve"}, err: domain.ErrNoInvite},
		{name: "a seat was held", given: so(staff, seat(7), sent), when: accept, by: "new", then: in},
		{name: "unless there are fewer now", given: so(staff, sent, seat(6)), when: accept, by: "new", err: domain.ErrNoSeat},
		{name: "with an id that can be", given: so(staff, events.MemberInvited{Invite: "i", Role: "member", Address: "h"}), when: domain.AcceptInvite{Invite: "i", Member: "."}, err: domain.ErrBadID},
	})
}

// TestInvitesRestOnTheirSendersLevels sends invites as cleo and then takes from her.
func TestInvitesRestOnTheirSendersLevels(t *testing.T) {
	t.Parallel()
	sent := domain.Roster{}.Evolve(
		events.Entry{Organization: "acme", Version: 1, At: noon, Events: so(staff, events.ProjectCreated{Project: "q"})},
		events.Entry{Organization: "acme", Version: 2, At: noon, Actor: "cleo", Events: events.Facts{
			events.MemberInvited{Invite: "m", Role: "helper", Address: "m", Levels: events.Levels{"money": "view"}},
			events.MemberInvited{Invite: "p", Role: "member", Address: "p", Projects: []events.ProjectRole{{Project: "p", Role: "guest", Levels: events.Levels{"text": "view"}}}},
			events.MemberInvited{Invite: "gone", Role: "member", Address: "g", Projects: []events.ProjectRole{{Project: "q", Role: "lead"}}},
		}},
	).Organization("acme").At(noon)
	for _, tc := range []struct {
		name   string
		since  []events.Event
		invite events.InviteID
		err    error
		says   string
	}{
		{name: "an archived project is theirs to give once it is restored", since: given(events.ProjectArchived{Project: "p"}), invite: "p", err: domain.ErrProjectArchived},
		{name: "a project that is gone", since: given(events.ProjectDeleted{Project: "q"}), invite: "gone", err: domain.ErrInviteVoid},
		{name: "levels", since: given(events.RoleChanged{Member: "cleo", From: "clerk", To: "member"}), invite: "m", err: domain.ErrInviteVoid},
		{
			name: "levels alone", invite: "m", err: domain.ErrInviteVoid,
			since: given(events.RoleChanged{Member: "cleo", From: "clerk", To: "helper"}, events.MemberLevelsChanged{Member: "cleo", To: events.Levels{"people": "full"}}),
		},
		{name: "a suspended sender", since: given(events.MemberDeactivated{Member: "cleo"}), invite: "m", err: domain.ErrInviteVoid},
		{name: "a sender whose time is over", since: given(events.MemberEndChanged{Member: "cleo", To: past}), invite: "m", err: domain.ErrInviteVoid},
		{name: "a suspended sender who is back", since: given(events.MemberDeactivated{Member: "cleo"}, events.MemberReactivated{Member: "cleo"}), invite: "m", err: domain.ErrInviteVoid, says: "was suspended"},
		{name: "a level on the project", since: given(events.OverrideSet{Project: "p", Member: "cleo", Permission: "text", Level: "none"}), invite: "p", err: domain.ErrInviteVoid},
		{name: "the right to add there", since: given(events.OverrideSet{Project: "p", Member: "cleo", Permission: "people", Level: "none"}), invite: "p", err: domain.ErrInviteVoid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := sent
			for i, e := range tc.since {
				org = org.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: events.Version(10 + i), At: noon}})
			}
			_, err := domain.AcceptInvite{Invite: tc.invite, Member: "new"}.Decide(org, at(""))
			assert.ErrorIs(t, err, tc.err)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

func TestSeatsOfABatch(t *testing.T) {
	t.Parallel()
	_, err := domain.Batch{
		domain.InviteMember{Invite: "a", Address: "a"},
		domain.InviteMember{Invite: "b", Address: "b"},
		domain.AddMember{Member: "max"},
		domain.AddMember{Member: "new"},
		domain.ReactivateMember{Member: "mia"},
		domain.RenameOrganization{To: "x"},
		domain.AcceptInvite{Invite: "a", Member: "a"},
	}.Decide(stateAfter(so(staff, seat(7), events.MemberDeactivated{Member: "mia"})...), at(""))
	var refused *domain.BatchError
	require.ErrorAs(t, err, &refused)
	const want = "Seats free: 2, asked for: 4; nobody was added. Get more seats, or free some first."
	require.Len(t, refused.Items, 2)
	assert.Equal(t, want, refused.Items[0].Err.Error())
	assert.Equal(t, want, refused.Items[1].Err.Error())
}

// TestSeatsOfAcceptedInvites has invites that hold none.
func TestSeatsOfAcceptedInvites(t *testing.T) {
	t.Parallel()
	unheld := staffed(func(s *events.Scheme) { s.Seats.InvitesHold = false })
	invited := func(id events.InviteID) events.Event {
		return events.MemberInvited{Invite: id, Role: "member", Address: events.AddressHash(id)}
	}
	_, err := domain.Batch{
		domain.AcceptInvite{Invite: "a", Member: "a"}, domain.AcceptInvite{Invite: "b", Member: "b"}, domain.InviteMember{Invite: "c", Address: "c"},
	}.Decide(stateAfter(so(unheld, seat(7), invited("a"), invited("b"))...), at(""))
	const want = "item 1: Seats free: 1, asked for: 2; nobody was added. Get more seats, or free some first. (1 item refused, nothing was done)"
	require.Error(t, err)
	assert.Equal(t, want, err.Error())
}

// TestSeatRefusalsCountWhatTheBatchFrees has items free seats, and add some, before others take them.
func TestSeatRefusalsCountWhatTheBatchFrees(t *testing.T) {
	t.Parallel()
	add := func(users ...events.UserID) (all domain.Batch) {
		for _, user := range users {
			all = append(all, domain.AddMember{Member: user})
		}
		return all
	}
	for _, tc := range []struct {
		name  string
		first domain.Command
		says  string
	}{
		{"nobody leaves", domain.RenameOrganization{To: "x"}, "Seats free: 1, asked for: 4;"},
		{"somebody leaves", domain.RemoveMember{Member: "max"}, "Seats free: 2, asked for: 4;"},
		{"there are more seats", domain.ChangeSeats{To: 9}, "Seats free: 3, asked for: 4;"},
		{"there are fewer, and new ones are blocked", domain.ChangeSeats{To: 2, BlockNew: true}, "Seats free: 0, asked for: 4;"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			batch := append(domain.Batch{tc.first}, add("a", "b", "c", "d")...)
			// What comes behind does not help those before it.
			_, err := append(batch, domain.RemoveMember{Member: "mia"}).Decide(stateAfter(so(staff, seat(7))...), at(""))
			require.ErrorIs(t, err, domain.ErrNoSeat)
			assert.Contains(t, err.Error(), tc.says)
		})
	}
}

// TestSeatRefusalsCountWhoComesBack has memberships that have ended begin again, in both ways.
func TestSeatRefusalsCountWhoComesBack(t *testing.T) {
	t.Parallel()
	org := stateAfter(
		workspace, joined("ada", "owner"), joined("bob", "member"), joined("cleo", "member"), events.SeatsChanged{To: 1},
		events.MemberEndChanged{Member: "bob", To: past}, events.MemberEndChanged{Member: "cleo", To: past},
	).At(noon)
	_, err := domain.Batch{domain.AddMember{Member: "bob"}, domain.ChangeMemberEnd{Member: "cleo"}}.Decide(org, at("ada"))
	require.ErrorIs(t, err, domain.ErrNoSeat)
	assert.Contains(t, err.Error(), "Seats free: 0, asked for: 2")
}

// TestRefusalsSayNoMoreOfMembersThanTheListDoes has cleo invite max, who is suspended, and also
// where she does not see the members.
func TestRefusalsSayNoMoreOfMembersThanTheListDoes(t *testing.T) {
	t.Parallel()
	invite := domain.InviteMember{Invite: "i", Address: "h", Member: "max"}
	for says, given := range map[string][]events.Event{
		`"max" is a member already, but is deactivated; reactivate them instead.`: staffed(func(s *events.Scheme) {
			s.Allow[domain.SeeingMembers] = events.Allowance{Organization: events.Levels{"people": "full"}}
		}),
		`"max" is a member already; change the role instead.`: staff,
	} {
		_, err := invite.Decide(stateAfter(so(given, events.MemberDeactivated{Member: "max"})...).At(noon), at("cleo"))
		require.ErrorIs(t, err, domain.ErrAlreadyMember)
		assert.Equal(t, says, err.Error())
	}
}
