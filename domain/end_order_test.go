package domain_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// crowded is an organization that keeps as many invites and requests that ended as it may: the invites "crowd 0" and up, with the
// secrets of the same names, and the requests of the same names of the people p0 and up.
var crowded = sync.OnceValue(func() domain.Roster {
	roster := domain.Roster{}.Evolve(events.Entry{Organization: "acme", Version: 1, At: noon, Events: staff})
	for n := range domain.MaxEnded {
		i, p := strconv.Itoa(n), events.UserID("p"+strconv.Itoa(n))
		invite, request := events.InviteID("crowd "+i), events.AccessRequestID("crowd "+i)
		roster = roster.Evolve(events.Entry{Organization: "acme", Version: events.Version(n + 2), At: noon, Events: given(
			events.MemberInvited{Invite: invite, Role: "member", Email: "k.e", Address: events.AddressHash(i), Token: events.Sum([]byte(invite))}, events.InviteRevoked{Invite: invite},
			events.AccessRequested{Request: request, Member: p, Role: "member"}, events.AccessRequestWithdrawn{Request: request, Member: p},
		)})
	}
	return roster
})

func TestWhatEndedFirstIsForgotten(t *testing.T) {
	t.Parallel()
	sent := events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: events.Sum([]byte("i"))}
	asked := func(member events.UserID) events.Event { return requested(member, "", "member") }
	accepted := given(sent, events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Invite: "i"})
	elevated := elevatedUntil("hal", "", "chief", soon)
	for _, r := range []struct {
		name string
		then []events.Event
		// invites and requests are how many of those that ended first are forgotten.
		invites, requests int
	}{
		{name: "not by one that is sent", then: given(sent)},
		{name: "by one that is declined", then: given(sent, events.InviteDeclined{Invite: "i"}), invites: 1},
		{name: "by one that is revoked", then: given(sent, events.InviteRevoked{Invite: "i"}), invites: 1},
		{name: "by one that expires", then: given(sent, events.InviteExpired{Invite: "i"}), invites: 1},
		{name: "once by one that expires and is revoked", then: given(sent, events.InviteExpired{Invite: "i"}, events.InviteRevoked{Invite: "i"}), invites: 1},
		{name: "not by one that is accepted", then: accepted},
		{name: "once who accepted it has left", then: so(accepted, events.MemberRemoved{Member: "new"}), invites: 1},
		{name: "by one that is settled since its person joined by another", then: given(
			sent, events.MemberInvited{Invite: "j", Role: "member", Address: "y", Member: "new"}, events.InviteSettled{Invite: "j", Member: "new"},
			events.InviteAccepted{Invite: "i", Member: "new"}, events.MemberJoined{Member: "new", Role: "member", Invite: "i"},
		), invites: 1},
		{name: "not by a request that is open", then: given(asked("eve"))},
		{name: "by one that is denied", then: given(asked("eve"), events.AccessDenied{Request: "r", Member: "eve"}), requests: 1},
		{name: "by one that is settled", then: given(asked("eve"), joined("eve", "member")), requests: 1},
		{name: "not by one for an elevation that lasts", then: elevated},
		{name: "once the elevation has ended", then: so(elevated, events.ElevationEnded{Request: "r", Member: "hal", Role: "chief"}), requests: 1},
		{name: "once who had it has left", then: so(elevated, events.MemberRemoved{Member: "hal"}), requests: 1},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			roster := crowded()
			version, _ := roster.Last("acme")
			after := roster.Evolve(events.Entry{Organization: "acme", Version: version + 1, At: noon, Events: r.then})
			org := after.Organization("acme")
			for n := range 3 {
				id := "crowd " + strconv.Itoa(n)
				_, invite := org.ClosedInvite(events.InviteID(id))
				assert.Equal(t, n >= r.invites, invite, "invite %d", n)
				_, found := after.InviteBy(events.Sum([]byte(id)))
				assert.Equal(t, n >= r.invites, found, "by its secret, invite %d", n)
				_, request := org.AccessRequest(events.AccessRequestID(id))
				assert.Equal(t, n >= r.requests, request, "request %d", n)
			}
			_, still := roster.InviteBy(events.Sum([]byte("crowd 0")))
			assert.True(t, still, "in the state before")
			requireKept(t, after)
		})
	}
}

// TestForgottenInvite gives the commands about an invite that the state does not know any more.
func TestForgottenInvite(t *testing.T) {
	t.Parallel()
	roster := crowded()
	version, _ := roster.Last("acme")
	roster = roster.Evolve(events.Entry{Organization: "acme", Version: version + 1, At: noon, Events: given(
		events.MemberInvited{Invite: "i", Role: "member", Address: "x"}, events.InviteRevoked{Invite: "i"},
		events.AccessRequested{Request: "r", Member: "p0", Role: "member"}, events.AccessRequestWithdrawn{Request: "r", Member: "p0"},
	)})
	org := roster.Organization("acme").At(noon)
	for _, r := range []struct {
		name string
		when domain.Command
		then []events.Event
		err  error
	}{
		{name: "cannot be opened", when: domain.OpenInvite{Invite: "crowd 0", Token: events.Sum([]byte("crowd 0"))}, err: domain.ErrNoInvite},
		{name: "cannot be accepted", when: domain.AcceptInvite{Invite: "crowd 0", Member: "eve", Proof: secret("crowd 0")}, err: domain.ErrNoInvite},
		{name: "cannot be declined", when: domain.DeclineInvite{Invite: "crowd 0", Proof: secret("crowd 0")}, err: domain.ErrNoInvite},
		{name: "cannot be sent again", when: domain.ResendInvite{Invite: "crowd 0", Token: events.Sum([]byte("new"))}, err: domain.ErrNoInvite},
		{name: "cannot be revoked", when: domain.RevokeInvite{Invite: "crowd 0"}, err: domain.ErrNoInvite},
		{name: "request cannot be denied", when: domain.DenyAccessRequest{Request: "crowd 0"}, err: domain.ErrNoAccessRequest},
		{
			name: "is recorded with a person who is erased", when: domain.ErasePerson{Person: "eve", Invites: []events.InviteID{"crowd 0", "crowd 1"}},
			then: then(events.PersonErased{Person: "eve", Invites: []events.InviteID{"crowd 0", "crowd 1"}}),
		},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			got, err := r.when.Decide(org, at(events.System))
			require.ErrorIs(t, err, r.err)
			assert.Equal(t, r.then, got)
		})
	}
}

// TestEventsAboutForgottenInvites applies events about an invite that the same entry has let the state forget, or an earlier one: versions that forgot none recorded them.
func TestEventsAboutForgottenInvites(t *testing.T) {
	t.Parallel()
	roster := crowded()
	version, _ := roster.Last("acme")
	forgets := given(events.MemberInvited{Invite: "i", Role: "member", Address: "x", Token: events.Sum([]byte("i"))}, events.InviteRevoked{Invite: "i"})
	want := roster.Evolve(events.Entry{Organization: "acme", Version: version + 1, At: noon, Events: forgets})
	for name, event := range map[string]events.Event{
		"resent":   events.InviteResent{Invite: "crowd 0", Token: events.Sum([]byte("another")), Expires: soon},
		"changed":  events.InviteChanged{Invite: "crowd 0", Role: "member"},
		"opened":   events.InviteOpened{Invite: "crowd 0"},
		"declined": events.InviteDeclined{Invite: "crowd 0"},
		"accepted": events.InviteAccepted{Invite: "crowd 0", Member: "eve"},
		"revoked":  events.InviteRevoked{Invite: "crowd 0"},
		"expired":  events.InviteExpired{Invite: "crowd 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := roster.Evolve(events.Entry{Organization: "acme", Version: version + 1, At: noon, Events: append(slices.Clone(forgets), event)})
			assert.Equal(t, domain.EndedInvites(want.Organization("acme")), domain.EndedInvites(got.Organization("acme")))
			_, open := got.Organization("acme").Invite("crowd 0")
			assert.False(t, open)
			requireKept(t, got)
		})
	}
	t.Run("a second one that a person's erasure ends", func(t *testing.T) {
		t.Parallel()
		lapsed := crowdedBehind(t, events.MemberInvited{Invite: "y", Role: "member", Email: "k.e", Address: "y", Token: events.Sum([]byte("y")), Expires: soon})
		m := at(events.System)
		m.At, m.Now = soon.Add(time.Hour), soon.Add(time.Hour)
		happened, err := lapsed.Decide("acme", domain.ErasePerson{Person: "eve", Invites: []events.InviteID{"x", "y"}}, m, always)
		require.NoError(t, err)
		version, _ := lapsed.Last("acme")
		requireKept(t, lapsed.Evolve(events.Entry{Organization: "acme", Version: version + 1, At: m.At, Events: happened}))
	})
}

// crowdedBehind is an organization that keeps as many invites that ended as it may, of which a lapsed one, soon, ended first; x is open.
func crowdedBehind(t *testing.T, lapsed events.MemberInvited) domain.Roster {
	t.Helper()
	all := append(slices.Clone(staff), lapsed, events.InviteExpired{Invite: lapsed.Invite})
	for n := range domain.MaxEnded - 1 {
		id := events.InviteID("crowd " + strconv.Itoa(n))
		all = append(all, events.MemberInvited{Invite: id, Role: "member", Email: "k.e", Address: events.AddressHash(id), Token: events.Sum([]byte(id))}, events.InviteRevoked{Invite: id})
	}
	all = append(all, events.MemberInvited{Invite: "x", Role: "member", Email: "k.e", Address: "x", Token: events.Sum([]byte("x"))})
	return domain.Roster{}.Evolve(events.Entry{Organization: "acme", Version: 1, At: soon, Events: all})
}

// TestWhatEndedIsBounded gives random commands in an organization that keeps as many ended invites and requests as it may, and holds that no more are kept, that
// what is kept is found, and that reading the events gives the same state.
func TestWhatEndedIsBounded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		roster := crowded()
		var history []events.Entry
		m := at(events.System)
		var several domain.Batch
		for n := range 40 {
			invite := events.InviteID("n" + strconv.Itoa(below(t, 4)))
			request := events.AccessRequestID("n" + strconv.Itoa(below(t, 4)))
			user := one(t, events.UserID("new"), "eve", "hal", "max")
			address := events.AddressHash("a" + strconv.Itoa(below(t, 3)))
			token := events.Sum(fmt.Appendf(nil, "token %d", n))
			given := one[domain.Command](t,
				domain.InviteMember{Invite: invite, Address: address, Token: token},
				domain.InviteMember{Invite: invite, Address: address, Token: token},
				domain.InviteMember{Invite: invite, Address: address, Token: token, Member: user},
				domain.ResendInvite{Invite: invite, Token: token},
				domain.ChangeInvite{Invite: invite, Role: new(events.RoleKey("member"))},
				domain.RevokeInvite{Invite: invite},
				domain.DeclineInvite{Invite: invite, Proof: verified("a0", "a1", "a2")},
				domain.AcceptInvite{Invite: invite, Member: user},
				domain.AcceptInvite{Invite: invite, Member: user},
				domain.AddMember{Member: user, Role: "member"},
				domain.RemoveMember{Member: user},
				domain.ErasePerson{Person: user},
				domain.RequestAccess{Request: request, Member: user},
				domain.RequestElevation{Request: request, Member: user, Role: "chief", For: time.Hour},
				domain.RequestElevation{Request: request, Member: user, Project: "p", Role: "maker", For: time.Hour},
				domain.ApproveAccessRequest{Request: request},
				domain.ApproveAccessRequest{Request: request},
				domain.DenyAccessRequest{Request: request},
				domain.WithdrawAccessRequest{Request: request},
				domain.EndElevation{Request: request},
				domain.ChangeMemberRole{Member: user, To: "clerk"},
				domain.DeleteProject{Project: "p"},
			)
			if chance(t, 8) {
				given = domain.RecordPassed{Of: overdue(roster.Organization("acme").At(m.At), m.At)}
			}
			if several = append(several, given); chance(t, 2) {
				continue
			}
			transient := roster.Transient() // as a desk does it
			happened, err := transient.Decide("acme", acceptedPart{several}, m, always)
			if several = nil; err == nil && len(happened) > 0 {
				version, _ := roster.Last("acme")
				entry := events.Entry{Organization: "acme", Version: version + 1, At: m.At, Events: happened}
				roster, history = transient.Evolve(entry).Persistent(), append(history, entry)
			}
			if chance(t, 4) {
				m.At = m.At.Add(one(t, time.Hour, 8*24*time.Hour))
				m.Now = m.At
			}
		}
		requireKept(t, roster)
		read := crowded().Evolve(history...)
		assert.Equal(t, domain.EndedInvites(roster.Organization("acme")), domain.EndedInvites(read.Organization("acme")))
		assert.Equal(t, domain.ClosedRequests(roster.Organization("acme")), domain.ClosedRequests(read.Organization("acme")))
	})
}

// overdue lists the ends that have passed.
func overdue(org domain.Organization, at time.Time) (all []domain.Boundary) {
	for of, end := range org.Boundaries() {
		if !of.Start && !end.After(at) {
			all = append(all, of)
		}
	}
	return all
}

// requireKept holds that a state keeps no more that ended than it may, and finds all that it keeps. It looks closely at what is not of crowded.
func requireKept(t require.TestingT, roster domain.Roster) {
	org := roster.Organization("acme")
	invites, requests := domain.EndedInvites(org), domain.ClosedRequests(org)
	require.LessOrEqual(t, len(invites), domain.MaxEnded)
	require.LessOrEqual(t, len(requests), domain.MaxEnded)
	known, lasting := 0, 0
	for id, closed := range org.ClosedInvites() {
		if known++; ofCrowd(id) {
			continue
		}
		_, member := org.Member(closed.Member)
		require.True(t, slices.Contains(invites, id) || closed.Status == domain.InviteAccepted && member, "invite %s can be forgotten", id)
		found, _ := roster.InviteBy(domain.InviteToken(org, id))
		require.Equal(t, domain.InviteOf{Organization: "acme", Invite: id}, found, "by its secret")
	}
	for range org.Invites() {
		known++
	}
	require.Equal(t, known, domain.Tokens(roster), "secrets")
	for _, id := range invites {
		if !ofCrowd(id) {
			_, open := org.Invite(id)
			_, closed := org.ClosedInvite(id)
			require.True(t, open || closed, "invite %s is known", id)
		}
	}
	people := map[events.UserID]bool{}
	for id, r := range org.AccessRequests() {
		people[r.Member] = true
		if r.Closed == nil {
			lasting++
		}
		if ofCrowd(id) {
			continue
		}
		member, _ := org.Member(r.Member)
		elevated := slices.ContainsFunc(slices.Collect(member.Elevations()), func(e domain.Elevation) bool { return e.Request == id })
		require.Equal(t, r.Closed != nil && !elevated, slices.Contains(requests, id), "request %s can be forgotten", id)
		if elevated {
			lasting++
		}
	}
	require.Len(t, requests, domain.CountRequests(org)-lasting, "which are known")
	require.LessOrEqual(t, domain.Askers(org), len(people), "who asked")
}

func ofCrowd[ID ~string](id ID) bool { return strings.HasPrefix(string(id), "crowd ") }
