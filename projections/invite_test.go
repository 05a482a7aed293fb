package projections

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestInvitesArePendingAndNewestFirst(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.giveLongAgo("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
		domain.InviteMember{Invite: "expired", Email: sealed("eve@example.org"), Address: "e"},
		domain.InviteMember{Invite: "accepted", Email: sealed("fay@example.org"), Address: "f"},
		domain.AcceptInvite{Invite: "accepted", Member: "fay"},
	)
	f.give("acme",
		domain.InviteMember{Invite: "revoked", Email: sealed("gus@example.org"), Address: "g"},
		domain.InviteMember{Invite: "new", Email: sealed("hal@example.org"), Address: "h"},
		domain.RevokeInvite{Invite: "revoked"},
	)
	found, err := f.ListInvites(t.Context(), f.org("acme").At(time.Now()), InviteFilter{}, Page{})
	require.NoError(t, err)
	want := []InviteAddress{{ID: "new", Email: "hal@example.org"}, {ID: "expired", Email: "eve@example.org"}}
	assert.Empty(t, cmp.Diff(want, found.Items, cmpopts.IgnoreUnexported(InviteAddress{})))
}

func TestListOfInvitesByHowTheyEnded(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.give("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
		domain.InviteMember{Invite: "accepted", Email: sealed("fay@example.org"), Address: "f"},
		domain.AcceptInvite{Invite: "accepted", Member: "fay"},
		domain.InviteMember{Invite: "declined", Email: sealed("dan@example.org"), Address: "d", Token: events.Sum([]byte("d"))},
		domain.DeclineInvite{Invite: "declined", Proof: domain.InviteProof{Token: events.Sum([]byte("d"))}},
		domain.InviteMember{Invite: "open", Email: sealed("Gus@example.org"), Address: "g"},
	)
	for what, tc := range map[string]struct {
		filter InviteFilter
		want   []events.InviteID
	}{
		"open":              {InviteFilter{}, []events.InviteID{"open"}},
		"accepted":          {InviteFilter{Closed: []domain.InviteStatus{domain.InviteAccepted}}, []events.InviteID{"accepted"}},
		"declined":          {InviteFilter{Closed: []domain.InviteStatus{domain.InviteDeclined}}, []events.InviteID{"declined"}},
		"all":               {InviteFilter{All: true}, []events.InviteID{"open", "declined", "accepted"}},
		"a part of address": {InviteFilter{All: true, Search: "US@"}, []events.InviteID{"open"}},
	} {
		t.Run(what, func(t *testing.T) {
			found, err := f.ListInvites(t.Context(), f.org("acme").At(time.Now()), tc.filter, Page{})
			require.NoError(t, err)
			var got []events.InviteID
			for _, i := range found.Items {
				got = append(got, i.ID)
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestFindInvitesOverAllOrganizations(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, org := range []events.OrganizationID{"acme", "apex", "other"} {
		f.give(org, domain.CreateOrganization{Name: "A", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	}
	f.give("acme", domain.InviteMember{Invite: "a", Email: sealed("Eve@example.org"), Address: "e"})
	f.give("apex", domain.InviteMember{Invite: "n", Email: sealed("x@example.org"), Address: "x", Member: "eve"})
	f.give("other", domain.InviteMember{Invite: "r", Email: sealed("eve@example.org"), Address: "e"}, domain.RevokeInvite{Invite: "r"})
	find := func(user events.UserID, emails ...string) (ids []events.InviteID) {
		t.Helper()
		for after := ""; ; {
			found, err := f.FindInvites(t.Context(), user, emails, Page{Limit: 1, After: after})
			require.NoError(t, err)
			for _, i := range found.Items {
				ids = append(ids, i.Invite)
			}
			if after = found.Next; after == "" {
				return ids
			}
		}
	}
	assert.Equal(t, []events.InviteID{"a"}, find("", "EVE@example.org"))
	assert.Equal(t, []events.InviteID{"n", "a"}, find("eve", "eve@example.org"))
	assert.Equal(t, []events.InviteID{"n"}, find("eve"))
	assert.Empty(t, find("", ""))
}

// TestForgottenInviteLosesItsRow ends as many invites after the first as the state keeps.
func TestForgottenInviteLosesItsRow(t *testing.T) {
	t.Parallel()
	ended := func(id string) events.Facts {
		return events.Facts{
			events.MemberInvited{Invite: events.InviteID(id), Role: "member", Address: events.AddressHash(id), Token: events.Sum([]byte(id))},
			events.InviteRevoked{Invite: events.InviteID(id)},
			events.AccessRequested{Request: events.AccessRequestID(id), Member: "ada", Role: "admin"},
			events.AccessDenied{Request: events.AccessRequestID(id), Member: "ada"},
		}
	}
	first := events.Entry{Organization: "acme", Version: 1, Events: append(events.Facts{events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme(t, "github").Scheme}}, ended("first")...)}
	before := bus.View[domain.Roster]{State: domain.Roster{}.Evolve(first)}
	next := events.Entry{Organization: "acme", Version: 2}
	for n := range 10_000 {
		next.Events = append(next.Events, ended(strconv.Itoa(n))...)
	}
	after, keys, _ := changes(before, []events.Commit{{Entries: []events.Entry{next}}})
	invite, request := inviteKey{"acme", "first"}, accessRequestKey{"acme", "first"}
	assert.Contains(t, keys.invites, invite)
	assert.Contains(t, keys.accessRequests, request)
	_, known := invites.find(after.State, invite)
	assert.False(t, known, "the invite")
	_, known = accessRequests.find(after.State, request)
	assert.False(t, known, "the request")
	_, known = invites.find(after.State, inviteKey{"acme", "0"})
	assert.True(t, known, "the invite after it")
}
