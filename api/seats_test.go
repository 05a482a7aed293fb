package api_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/scheme"
)

// seated is an organization in which invites hold seats and all members see reports: ada, who owns it, bob,
// cleo, who is deactivated, and invites to eve and, as a known user, zoe.
func seated(t testing.TB) (h *apitest.Server, org string) {
	t.Helper()
	const admins, all = "see_reports: {organization_roles: [admin]}", "see_reports: {organization_roles: [admin, member]}"
	text, err := os.ReadFile("../scheme/builtin/github.yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), admins, "the scheme does not say who sees reports")
	changed := strings.ReplaceAll(string(text), admins, all) + "\nseats: {invites_hold: true}\n"
	schemes, err := scheme.Load(fstest.MapFS{"github.yaml": {Data: []byte(changed)}})
	require.NoError(t, err)
	h = apitest.Start(t).Configured(func(config *api.Config) { config.Schemes = schemes })
	org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands?occurred_at=2024-01-01T00:00:00Z", o{"commands": []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob", "login": "Bob", "name": "Bob", "email": "bob@example.org"},
		{"type": "add_member", "user": "cleo"},
	}})
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "deactivate_member", "user": "cleo"},
		{"type": "invite_member", "id": "i", "email": "eve@example.org"},
		{"type": "invite_member", "id": "j", "email": "zoe@example.org", "user": "zoe", "role": "admin"},
	}})
	return h, org
}

func TestReportOfSeats(t *testing.T) {
	t.Parallel()
	h, org := seated(t)
	report := org + "/reports/seats"
	h.As("ada").Sees(report).Count(4).
		Has("items.0.holder", "member", "items.0.user", "ada", "items.0.role", "admin", "items.0.since", "2024-01-01T00:00:00Z", "items.0.invite", nil).
		Has("items.1.user", "bob", "items.1.login", "Bob", "items.1.name", "Bob", "items.1.email", "bob@example.org", "items.1.role_label", "Member").
		Has("items.2.holder", "invite", "items.2.invite", "i", "items.2.email", "eve@example.org", "items.2.user", nil, "items.2.login", nil).
		Has("items.3.invite", "j", "items.3.user", "zoe", "items.3.role", "admin", "next", nil)
	h.As("ada").Sees(org).Has("seats.taken", 4)
	// Whoever does not see the invites gets no address of them.
	h.As("bob").Sees(report).Count(4).Has("items.1.email", "bob@example.org", "items.2.invite", "i", "items.2.email", nil, "items.3.email", nil)
	pending := org + "/reports/pending-invites?days=0"
	h.As("ada").Sees(pending).Count(2).Has("items.0.email", "eve@example.org")
	h.As("bob").Sees(pending).Count(2).Has("items.0.invite", "i", "items.0.email", nil, "items.1.email", nil)
	// Of the past.
	h.As("ada").Sees(report+"?at=2024-06-01").Count(3).Has("items.1.user", "bob", "items.1.name", "Bob", "items.2.user", "cleo")
	h.As("zoe").SeesNo(report, "no_organization")
}

func TestReportOfSeatsByPageAndAsTable(t *testing.T) {
	t.Parallel()
	h, org := seated(t)
	report := org + "/reports/seats?limit=1&after="
	var found []string
	for after := ""; ; {
		page := h.As("ada").Sees(report + after).Count(1)
		found = append(found, fmt.Sprint(page.At("items.0.user"), page.At("items.0.invite")))
		if after, _ = page.At("next").(string); after == "" {
			break
		}
		if len(found) == 1 {
			h.As("ada").May("DELETE " + org + "/members/bob") // a page goes on behind what is gone
		}
	}
	assert.Equal(t, []string{"ada<nil>", "<nil>i", "zoej"}, found)
	table, err := csv.NewReader(strings.NewReader(h.As("ada").Sees(org + "/reports/seats?format=csv").Body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, table, 4)
	assert.Equal(t, []string{"holder", "invite", "user", "login", "name", "email", "role", "since"}, table[0])
	assert.Equal(t, []string{"invite", "i", "", "", "", "eve@example.org", "member"}, table[2][:7])
}

// TestSeatsBelowThoseInUse lowers the limit by itself and by a scheme.
func TestSeatsBelowThoseInUse(t *testing.T) {
	t.Parallel()
	h, org := seated(t)
	h.As("").Ask("PATCH "+org+"/seats", o{"seats": 3}).Refused(409, "seats_in_use").Says("detail", "in use: 4", "would be 3", "block_new")
	h.As("").Ask("PATCH "+org+"/seats?dry_run=true", o{"seats": 3}).Refused(409, "seats_in_use")
	h.As("").May("PATCH "+org+"/seats", o{"seats": 3, "block_new": true}).Has("changed", true)
	h.As("ada").Sees(org).Has("seats.limit", 3, "seats.taken", 4, "seats.free", 0)
	h.As("").Ask("POST "+org+"/members/cleo/reactivate").Refused(409, "no_free_seat").Says("detail", "free: 0", "asked for: 1")
	h.As("ada").May("DELETE " + org + "/invites/i")
	h.As("ada").May("DELETE " + org + "/invites/j")
	h.As("").May("POST " + org + "/members/cleo/reactivate")
	h.As("").May("PATCH "+org+"/seats", o{"seats": 3}).Has("changed", false)
}

// TestInvitesBeyondTheLimitAreBlocked has more invites that hold a seat than members may come.
func TestInvitesBeyondTheLimitAreBlocked(t *testing.T) {
	t.Parallel()
	h, org := seated(t)
	h.As("").May("PATCH "+org+"/seats", o{"seats": 3, "block_new": true})
	h.As("ada").Sees(org+"/invites").Has("items.0.status", "pending", "items.1.status", "pending")
	h.As("").May("POST "+org+"/invites/i/accept", o{"user": "eve"})
	h.As("ada").Sees(org).Has("seats.limit", 3, "seats.taken", 4, "seats.free", 0)
	h.As("ada").Sees(org+"/invites").Count(1).Has("items.0.id", "j", "items.0.status", "blocked",
		"items.0.reason", "Seats free: 0, asked for: 1; members hold all 3. The invite can be accepted once there is room.")
	h.As("zoe").Ask("POST "+org+"/invites/j/accept").Refused(409, "no_free_seat")
	h.As("").May("PATCH "+org+"/seats", o{"seats": 4})
	h.As("ada").Sees(org+"/invites").Has("items.0.status", "pending")
}

// TestOneOfThousandsGetsTheLastSeat has everybody who is invited accept at the same time.
func TestOneOfThousandsGetsTheLastSeat(t *testing.T) {
	t.Parallel()
	const invited, atOnce = 3000, 1000
	h, org := newOrganization(t, "owner-member") // ada, bob, cleo and dan
	for from := 0; from < invited; from += atOnce {
		commands := make([]o, atOnce)
		for i := range commands {
			id := fmt.Sprintf("u%04d", from+i)
			commands[i] = o{"type": "invite_member", "id": id, "email": id + "@example.org", "role": "member"}
		}
		h.As("").May("POST "+org+"/commands", o{"commands": commands})
	}
	h.As("").May("PATCH "+org+"/seats", o{"seats": 5})
	errs := make([]error, invited)
	var accepting sync.WaitGroup
	for i := range errs {
		id := fmt.Sprintf("u%04d", i)
		accepting.Go(func() {
			_, errs[i] = h.Desk.Do(t.Context(), bus.Request[domain.Command]{
				Organization: "acme", Command: domain.AcceptInvite{Invite: events.InviteID(id), Member: events.UserID(id)},
			})
		})
	}
	accepting.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.ErrorIs(t, err, domain.ErrNoSeat)
		require.ErrorContains(t, err, "members hold all 5")
	}
	assert.Equal(t, 1, won, "members who got the last seat")
	h.As("ada").Sees(org).Has("seats.limit", 5, "seats.taken", 5, "seats.free", 0)
	h.As("ada").Sees(org + "/reports/seats").Count(5)
}
