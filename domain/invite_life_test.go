package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// secret is the proof of who has a secret, verified that of who has addresses.
func secret(text string) domain.InviteProof {
	return domain.InviteProof{Token: events.Sum([]byte(text))}
}

func verified(addresses ...events.AddressHash) domain.InviteProof {
	return domain.InviteProof{Addresses: addresses}
}

func TestInviteIsFor(t *testing.T) {
	t.Parallel()
	sent := func(bind events.InviteBind, member events.UserID) events.Event {
		return events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: events.Sum([]byte("s")), Bind: bind, Member: member}
	}
	in := then(events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Address: "x", Invite: "i"})
	both := domain.InviteProof{Token: events.Sum([]byte("s")), Addresses: []events.AddressHash{"other", "x"}}
	accept := func(proof domain.InviteProof) domain.Command {
		return domain.AcceptInvite{Invite: "i", Member: "new", Proof: proof}
	}
	checkRules(t, []rule{
		{name: "address: one of those that the person has", given: so(staff, sent(events.BindAddress, "")), when: accept(both), by: "new", then: in},
		{name: "address: without the secret", given: so(staff, sent(events.BindAddress, "")), when: accept(verified("x")), by: "new", then: in},
		{name: "address: not by the secret alone", given: so(staff, sent(events.BindAddress, "")), when: accept(secret("s")), by: "new", err: domain.ErrOtherAddress},
		{name: "address: not with another one", given: so(staff, sent(events.BindAddress, "")), when: accept(domain.InviteProof{Token: both.Token, Addresses: []events.AddressHash{"y"}}), by: "new", err: domain.ErrOtherAddress},
		{name: "address: another one alone opens nothing", given: so(staff, sent(events.BindAddress, "")), when: accept(verified("y")), by: "new", err: domain.ErrNoInvite},
		{name: "address: the system vouches", given: so(staff, sent(events.BindAddress, "")), when: accept(domain.InviteProof{}), then: in},
		{name: "address: not if the system says that there are none", given: so(staff, sent(events.BindAddress, "")), when: accept(domain.InviteProof{Addresses: []events.AddressHash{}}), err: domain.ErrNoInvite},
		{name: "address: what the system shows counts", given: so(staff, sent(events.BindAddress, "")), when: accept(secret("s")), err: domain.ErrOtherAddress},
		{name: "address: a wrong secret spoils a right one", given: so(staff, sent(events.BindAddress, "")), when: accept(domain.InviteProof{Token: events.Sum([]byte("old")), Addresses: both.Addresses}), by: "new", err: domain.ErrNoInvite},
		{name: "address: for a person, too: nobody else", given: so(staff, sent(events.BindAddress, "new")), when: domain.AcceptInvite{Invite: "i", Member: "eve", Proof: both}, by: "eve", err: domain.ErrOtherUser},
		{name: "address: for a person, too: not with another one", given: so(staff, sent(events.BindAddress, "new")), when: accept(secret("s")), by: "new", err: domain.ErrOtherAddress},
		{name: "user: whom it names needs no more", given: so(staff, sent(events.BindUser, "new")), when: accept(domain.InviteProof{}), by: "new", then: in},
		{name: "user: nobody else, who hears nothing without the secret", given: so(staff, sent(events.BindUser, "eve")), when: accept(verified("x")), by: "new", err: domain.ErrNoInvite},
		{name: "user: nobody else", given: so(staff, sent(events.BindUser, "eve")), when: accept(both), by: "new", err: domain.ErrOtherUser},
		{name: "anyone: the secret", given: so(staff, sent(events.BindAnyone, "")), when: accept(secret("s")), by: "new", then: in},
		{name: "anyone: the address", given: so(staff, sent(events.BindAnyone, "")), when: accept(verified("x")), by: "new", then: in},
		{name: "anyone: not without either", given: so(staff, sent(events.BindAnyone, "")), when: accept(domain.InviteProof{}), by: "new", err: domain.ErrNoInvite},
		{name: "anyone: for oneself", given: so(staff, sent(events.BindAnyone, "")), when: accept(both), by: "eve", err: domain.ErrNoInvite},
		{name: "of before: the secret", given: so(staff, sent("", "")), when: accept(secret("s")), by: "new", then: in},
		{name: "of before: whom it names", given: so(staff, sent("", "new")), when: accept(domain.InviteProof{}), by: "new", then: in},
	})
}

func TestInviteBinding(t *testing.T) {
	t.Parallel()
	week := noon.AddDate(0, 0, 7)
	open := func(s *events.Scheme) { s.InviteBind = events.BindAnyone }
	sent := func(bind events.InviteBind) []events.Event {
		return then(events.MemberInvited{Invite: "i", Role: "member", Address: "x", Expires: week, Bind: bind})
	}
	checkRules(t, []rule{
		{name: "the address by default", given: staff, when: domain.InviteMember{Invite: "i", Address: "x"}, by: "cleo", then: sent(events.BindAddress)},
		{name: "what the scheme says", given: staffed(open), when: domain.InviteMember{Invite: "i", Address: "x"}, by: "cleo", then: sent(events.BindAnyone)},
		{name: "what the sender says", given: staffed(open), when: domain.InviteMember{Invite: "i", Address: "x", Bind: events.BindAddress}, by: "cleo", then: sent(events.BindAddress)},
		{name: "a user who is named", given: staff, when: domain.InviteMember{Invite: "i", Address: "x", Bind: events.BindUser}, by: "cleo", err: domain.ErrBadBind},
		{name: "nothing else", given: staff, when: domain.InviteMember{Invite: "i", Address: "x", Bind: "team"}, by: "cleo", err: domain.ErrBadBind},
	})
}

func TestInviteExpiry(t *testing.T) {
	t.Parallel()
	invite := func(days int) domain.Command {
		return domain.InviteMember{Invite: "i", Address: "x", Expires: noon.AddDate(0, 0, days)}
	}
	sent := events.MemberInvited{Invite: "i", Role: "member", Address: "x", Bind: events.BindAddress, Expires: noon.AddDate(0, 0, 90)}
	checkRules(t, []rule{
		{name: "within 90 days", given: staff, when: invite(90), by: "cleo", then: then(sent)},
		{name: "not later", given: staff, when: invite(91), by: "cleo", err: domain.ErrBadEnd},
		{name: "not at once", given: staff, when: invite(0), by: "cleo", err: domain.ErrBadEnd},
	})
}

func TestDeclineInvite(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: events.Sum([]byte("s")), Bind: events.BindAddress}
	named, expired := sent, sent
	named.Member, expired.Expires = "new", past
	byNobody, byNew := then(events.InviteDeclined{Invite: "i"}), events.InviteDeclined{Invite: "i", Member: "new"}
	checkRules(t, []rule{
		{name: "who has the secret, whoever that is", given: so(staff, sent), when: domain.DeclineInvite{Invite: "i", Proof: secret("s")}, then: byNobody},
		{name: "somebody signed in", given: so(staff, sent), when: domain.DeclineInvite{Invite: "i", Member: "new", Proof: secret("s")}, by: "new", then: then(events.InviteDeclined{Invite: "i", Member: "new"})},
		{name: "by the address", given: so(staff, sent), when: domain.DeclineInvite{Invite: "i", Member: "new", Proof: verified("x")}, by: "new", then: then(events.InviteDeclined{Invite: "i", Member: "new"})},
		{name: "whom it names", given: so(staff, named), when: domain.DeclineInvite{Invite: "i", Member: "new"}, by: "new", then: then(events.InviteDeclined{Invite: "i", Member: "new"})},
		{name: "not somebody else", given: so(staff, named), when: domain.DeclineInvite{Invite: "i", Member: "eve", Proof: secret("s")}, by: "eve", err: domain.ErrOtherUser},
		{name: "not for somebody else", given: so(staff, sent), when: domain.DeclineInvite{Invite: "i", Member: "new", Proof: secret("s")}, by: "eve", err: domain.ErrNoInvite},
		{name: "not with another secret", given: so(staff, sent), when: domain.DeclineInvite{Invite: "i", Proof: secret("t")}, err: domain.ErrNoInvite},
		{name: "not without any", given: so(staff, sent), when: domain.DeclineInvite{Invite: "i"}, err: domain.ErrNoInvite},
		{name: "one that has expired", given: so(staff, expired), when: domain.DeclineInvite{Invite: "i", Proof: secret("s")}, then: byNobody},
		{name: "again", given: so(staff, sent, byNobody[0]), when: domain.DeclineInvite{Invite: "i", Proof: secret("s")}},
		{name: "again, by who did", given: so(staff, sent, byNew), when: domain.DeclineInvite{Invite: "i", Member: "new", Proof: verified("x")}, by: "new"},
		{name: "again, by the system for who did", given: so(staff, sent, byNew), when: domain.DeclineInvite{Invite: "i", Member: "new", Proof: verified("x")}},
		{name: "again, not by the system for somebody else", given: so(staff, sent, byNew), when: domain.DeclineInvite{Invite: "i", Member: "eve", Proof: verified("x")}, err: domain.ErrNoInvite},
		{name: "not one that was accepted", given: so(staff, sent, events.InviteAccepted{Invite: "i", Member: "new"}), when: domain.DeclineInvite{Invite: "i", Proof: secret("s")}, err: domain.ErrInviteClosed},
		{name: "then it is not accepted", given: so(staff, sent, byNobody[0]), when: domain.AcceptInvite{Invite: "i", Member: "new", Proof: secret("s")}, by: "new", err: domain.ErrInviteClosed},
		{name: "nor is one that expired before another one took its place", given: so(staff, expired, events.InviteExpired{Invite: "i", Until: past}, events.InviteRevoked{Invite: "i"}), when: domain.AcceptInvite{Invite: "i", Member: "new", Proof: secret("s")}, by: "new", err: domain.ErrInviteExpired},
		{name: "and the address can be invited again", given: so(staff, sent, byNobody[0]), when: domain.InviteMember{Invite: "j", Address: "x", Bind: events.BindAnyone}, by: "olga", then: then(events.MemberInvited{Invite: "j", Role: "member", Address: "x", Bind: events.BindAnyone, Expires: noon.AddDate(0, 0, 7)})},
	})
}

func TestResendInvite(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "helper", Address: "x", Token: events.Sum([]byte("s")), Bind: events.BindAnyone, Expires: past}
	gone, high := sent, sent
	gone.Projects = []events.ProjectRole{{Project: "q", Role: "guest"}}
	high.Role = "chief"
	resend := domain.ResendInvite{Invite: "i", Token: events.Sum([]byte("t")), Nonce: "n"}
	again := events.InviteResent{Invite: "i", Token: events.Sum([]byte("t")), Nonce: "n", Expires: noon.AddDate(0, 0, 7)}
	in := then(events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "helper", Address: "x", Invite: "i"})
	checkRules(t, []rule{
		{name: "one that has expired", given: so(staff, sent), when: resend, by: "cleo", then: then(again)},
		{name: "who may not invite", given: so(staff, sent), when: resend, by: "max", err: domain.ErrNotAllowed},
		{name: "who may not give what it offers", given: so(staff, high), when: resend, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not what is gone", given: so(staff, created("q"), gone, events.ProjectDeleted{Project: "q"}), when: resend, by: "olga", err: domain.ErrInviteVoid},
		{name: "one that was declined is gone", given: so(staff, sent, events.InviteDeclined{Invite: "i"}), when: resend, by: "cleo", err: domain.ErrNoInvite},
		{name: "it takes its seat again", given: so(staff, sent, seat(6)), when: resend, by: "cleo", err: domain.ErrNoSeat},
		{name: "the new secret opens it", given: so(staff, sent, again), when: domain.AcceptInvite{Invite: "i", Member: "new", Proof: secret("t")}, by: "new", then: in},
		{name: "the one before does not", given: so(staff, sent, again), when: domain.AcceptInvite{Invite: "i", Member: "new", Proof: secret("s")}, by: "new", err: domain.ErrNoInvite},
	})
}

func TestChangeInvite(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "helper", Address: "x", Token: events.Sum([]byte("s")), Bind: events.BindAnyone, Projects: []events.ProjectRole{{Project: "p", Role: "guest"}}}
	high := sent
	high.Role = "chief"
	more, soon := sent, noon.AddDate(0, 1, 0)
	more.Projects = append([]events.ProjectRole{{Project: "q", Role: "guest"}}, sent.Projects...)
	changed := events.InviteChanged{Invite: "i", Role: "member"}
	in := then(events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Address: "x", Invite: "i"})
	checkRules(t, []rule{
		{name: "to less", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i", Role: new(events.RoleKey("")), Projects: new([]events.ProjectRole(nil))}, by: "cleo", then: then(changed)},
		{name: "to another role alone", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i", Role: new(events.RoleKey("member"))}, by: "cleo", then: then(events.InviteChanged{Invite: "i", Role: "member", Projects: sent.Projects})},
		{name: "to another end alone", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i", Until: &soon}, by: "cleo", then: then(events.InviteChanged{Invite: "i", Role: "helper", Until: soon, Projects: sent.Projects})},
		{name: "a project that is gone does not stay", given: so(staff, created("q"), more, events.ProjectDeleted{Project: "q"}), when: domain.ChangeInvite{Invite: "i", Until: &soon}, by: "olga", then: then(events.InviteChanged{Invite: "i", Role: "helper", Until: soon, Projects: sent.Projects})},
		{name: "to what it offers", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i", Role: new(events.RoleKey("helper")), Projects: &sent.Projects}, by: "cleo"},
		{name: "to another message alone", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i", Message: "k.n"}, by: "cleo", then: then(events.InviteChanged{Invite: "i", Role: "helper", Projects: sent.Projects, Message: "k.n"})},
		{name: "to the message that it has", given: so(staff, sent, events.InviteChanged{Invite: "i", Role: "helper", Projects: sent.Projects, Message: "k.n"}), when: domain.ChangeInvite{Invite: "i", Message: "k.n"}, by: "cleo"},
		{name: "to nothing else", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i"}, by: "cleo"},
		{name: "not to more than one may give", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i", Role: new(events.RoleKey("chief"))}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not from more than one may take", given: so(staff, high), when: domain.ChangeInvite{Invite: "i"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "who may not invite", given: so(staff, sent), when: domain.ChangeInvite{Invite: "i"}, by: "max", err: domain.ErrNotAllowed},
		{name: "not one that is closed", given: so(staff, sent, events.InviteRevoked{Invite: "i"}), when: domain.ChangeInvite{Invite: "i"}, by: "cleo", err: domain.ErrNoInvite},
		{name: "what was offered last is given", given: so(staff, sent, changed), when: domain.AcceptInvite{Invite: "i", Member: "new", Proof: secret("s")}, by: "new", then: in},
	})
}

func TestInviteAgain(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "helper", Address: "x", Token: events.Sum([]byte("s")), Bind: events.BindAnyone}
	again := domain.InviteMember{Invite: "i", Address: "x", Role: "member", Token: events.Sum([]byte("t")), Nonce: "n", Message: "k.m", Update: true}
	other := again
	other.Invite = "j"
	resent := events.InviteResent{Invite: "i", Token: again.Token, Nonce: "n", Message: "k.m", Expires: noon.AddDate(0, 0, 7)}
	first := events.MemberInvited{Invite: "j", Role: "member", Address: "x", Token: again.Token, Nonce: "n", Message: "k.m", Bind: events.BindAddress, Expires: resent.Expires}
	checkRules(t, []rule{
		{name: "what is open offers this, and is sent again", given: so(staff, sent), when: again, by: "cleo", then: then(events.InviteChanged{Invite: "i", Role: "member"}, resent)},
		{name: "another one that is open stands", given: so(staff, sent), when: other, by: "cleo", err: domain.ErrAlreadyInvited},
		{name: "whom it is for stays", given: so(staff, sent), when: domain.InviteMember{Invite: "i", Address: "x", Member: "new", Update: true}, by: "cleo", err: domain.ErrAlreadyInvited},
		{name: "what it is bound to stays", given: so(staff, sent), when: domain.InviteMember{Invite: "i", Address: "x", Bind: events.BindAddress, Update: true}, by: "cleo", err: domain.ErrBadBind},
		{name: "it has ended meanwhile", given: so(staff, sent, events.InviteRevoked{Invite: "i"}), when: again, by: "cleo", err: domain.ErrInviteExists},
		{name: "nothing is open", given: staff, when: other, by: "cleo", then: then(first)},
		{name: "by who may give it", given: so(staff, sent), when: domain.InviteMember{Invite: "i", Address: "x", Role: "chief", Update: true}, by: "cleo", err: domain.ErrMayNotAssign},
	})
}

func TestInviteToTeams(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: events.Sum([]byte("s")), Bind: events.BindAnyone, Teams: []events.TeamRole{{Team: "crew", Role: "hand"}}}
	teams := so(staff, events.TeamCreated{Team: "crew", Name: "Crew"})
	accept := domain.AcceptInvite{Invite: "i", Member: "new", Proof: secret("s")}
	invite := domain.InviteMember{Invite: "i", Address: "x", Bind: events.BindAnyone, Token: events.Sum([]byte("s")), Teams: []events.TeamRole{{Team: "crew"}}}
	checkRules(t, []rule{
		{name: "joined on acceptance", given: so(teams, sent), when: accept, by: "new", then: then(
			events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Address: "x", Invite: "i"},
			events.TeamMemberAdded{Team: "crew", Member: "new", Role: "hand"})},
		{name: "one that is gone", given: so(teams, sent, events.TeamRemoved{Team: "crew"}), when: accept, by: "new", err: domain.ErrInviteVoid},
		{name: "another one with its id", given: so(teams, sent, events.TeamRemoved{Team: "crew"}, events.TeamCreated{Team: "crew", Name: "Others"}), when: accept, by: "new", err: domain.ErrInviteVoid},
		{name: "one that there is", given: teams, when: domain.InviteMember{Invite: "i", Address: "x", Teams: []events.TeamRole{{Team: "none"}}}, by: "olga", err: domain.ErrNoTeam},
		{name: "each once", given: teams, when: domain.InviteMember{Invite: "i", Address: "x", Teams: []events.TeamRole{{Team: "crew"}, {Team: "crew"}}}, by: "olga", err: domain.ErrTeamTwice},
		{name: "with a role that there is", given: teams, when: domain.InviteMember{Invite: "i", Address: "x", Teams: []events.TeamRole{{Team: "crew", Role: "king"}}}, by: "olga", err: domain.ErrUnknownRole},
		{name: "by who may add to it", given: teams, when: invite, by: "olga", then: then(events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: sent.Token, Bind: events.BindAnyone, Teams: sent.Teams, Expires: noon.AddDate(0, 0, 7)})},
	})
}

func TestOpenInvite(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: events.Sum([]byte("s"))}
	open := domain.OpenInvite{Invite: "i", Token: events.Sum([]byte("s"))}
	opened := events.InviteOpened{Invite: "i"}
	checkRules(t, []rule{
		{name: "the first time", given: so(staff, sent), when: open, then: then(opened)},
		{name: "and no other", given: so(staff, sent, opened), when: open},
		{name: "again when it was sent again", given: so(staff, sent, opened, events.InviteResent{Invite: "i", Token: sent.Token}), when: open, then: then(opened)},
		{name: "with another secret", given: so(staff, sent), when: domain.OpenInvite{Invite: "i", Token: events.Sum([]byte("t"))}, err: domain.ErrNoInvite},
		{name: "by a user", given: so(staff, sent), when: open, by: "olga", err: domain.ErrNotAllowed},
		{name: "one that was revoked", given: so(staff, sent, events.InviteRevoked{Invite: "i"}), when: open, err: domain.ErrInviteClosed},
	})
}

// TestInviteBySecret follows the secrets of invites: each finds its own until another one takes its place.
func TestInviteBySecret(t *testing.T) {
	t.Parallel()
	var roster domain.Roster
	version := events.Version(0)
	happened := func(e events.Event) {
		version++
		roster = roster.Evolve(events.Entry{Organization: "acme", Version: version, At: noon, Events: events.Facts{e}})
	}
	finds := func(text string, is bool) {
		t.Helper()
		found, has := roster.InviteBy(events.Sum([]byte(text)))
		assert.Equal(t, is, has, text)
		if is {
			assert.Equal(t, domain.InviteOf{Organization: "acme", Invite: "i"}, found, text)
		}
	}
	sent := func(text string) events.Event {
		return events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: events.Sum([]byte(text))}
	}
	happened(workspace)
	happened(sent("a"))
	before := roster
	happened(events.InviteResent{Invite: "i", Token: events.Sum([]byte("b"))})
	finds("a", false)
	finds("b", true)
	happened(events.InviteAccepted{Invite: "i", Member: "eve"})
	finds("b", true) // who accepted hears the same again
	happened(sent("c"))
	finds("b", false)
	finds("c", true)
	happened(events.OrganizationDeleted{})
	finds("c", false)
	roster = before
	finds("a", true)
}

// TestClosedInvites says how invites ended.
func TestClosedInvites(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "member", Address: "x"}
	for _, tc := range []struct {
		name   string
		since  []events.Event
		status domain.InviteStatus
		member events.UserID
	}{
		{"settled, since somebody joined in another way", given(events.InviteSettled{Invite: "i", Member: "eve"}), domain.InviteSettled, "eve"},
		{"accepted", given(events.InviteAccepted{Invite: "i", Member: "eve"}), domain.InviteAccepted, "eve"},
		{"declined by somebody unknown", given(events.InviteDeclined{Invite: "i"}), domain.InviteDeclined, ""},
		{"revoked", given(events.InviteRevoked{Invite: "i"}), domain.InviteRevoked, ""},
		{"expired, and in the way of another one", given(events.InviteExpired{Invite: "i", Until: noon}, events.InviteRevoked{Invite: "i"}), domain.InviteExpired, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := stateAfter(so(so(staff, sent), tc.since...)...)
			closed, is := org.ClosedInvite("i")
			require.True(t, is)
			assert.Equal(t, tc.status, closed.Status)
			assert.Equal(t, tc.member, closed.Member)
			_, open := org.Invite("i")
			assert.False(t, open)
		})
	}
}
