package api_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/projections"
)

// TestRetainErasesWhoBelongsNowhere has people leave at several times of the past.
func TestRetainErasesWhoBelongsNowhere(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	at := func(months int, org string, commands ...o) {
		h.As("").May("POST /v1/organizations/"+org+"/commands?occurred_at="+time.Now().AddDate(0, -months, 0).UTC().Format(time.RFC3339), o{"commands": commands})
	}
	add := func(user string) o { return o{"type": "add_member", "user": user, "name": "Mx " + user} }
	remove := func(user string) o { return o{"type": "remove_member", "user": user} }
	created := o{"type": "create_organization", "scheme": "owner-member", "owner": "ada"}
	for _, org := range []string{"acme", "beta", "gone"} {
		at(60, org, created)
	}
	ending := add("ended")
	ending["until"] = time.Now().AddDate(0, -30, 0).UTC().Format(time.RFC3339)
	at(50, "acme", add("left"), add("lately"), add("stays"), add("elsewhere"), add("asked"), add("again"), add("pending"), ending)
	at(50, "beta", add("left"), add("elsewhere"))
	at(50, "gone", add("deleted"))
	at(40, "acme", remove("left"), remove("elsewhere"), remove("asked"), remove("again"), remove("pending"))
	at(30, "beta", remove("left"))
	at(26, "gone", o{"type": "delete_organization"})
	at(3, "acme", remove("lately"))
	h.As("").May("POST /v1/organizations/beta/invites", o{"email": "asked@example.org", "user": "asked"})
	eraser := personaldata.NewEraser(h.Desk, h.Config.Ledger, h.Config.Keyring, h.Config.Database, nil)
	keep, quiet := personaldata.Period{Months: 24}, slog.New(slog.DiscardHandler)

	erased := func(org events.OrganizationID) []string {
		var all []string
		for user := range h.Desk.View().State.Organization(org).ErasedPeople() {
			all = append(all, string(user))
		}
		return all
	}
	begun := []projections.Erasure{{User: "pending", Position: 1}}
	require.NoError(t, h.Config.Database.BeginErasures(t.Context(), begun))
	require.NoError(t, h.Config.Database.DestroyedErasures(t.Context(), []events.UserID{"pending"}))
	before := "?before=" + time.Now().AddDate(0, -24, 0).UTC().Format(time.RFC3339)
	h.As("").Sees("/v1/users/departed"+before).Has("total", 4, "people.0.user", "again", "people.1.user", "ended", "people.1.since", ending["until"], "people.2.user", "left", "people.3.user", "deleted")
	h.As("ada").MayNot("GET /v1/users/departed"+before, "system_only")
	_, err := h.Config.Database.Alone(t.Context(), func(ctx context.Context) error {
		soon, err := eraser.RetainOnce(ctx, keep, quiet)
		assert.True(t, soon, "another erasure runs")
		return err
	})
	require.NoError(t, err)
	assert.Empty(t, erased("acme"))
	soon, err := eraser.RetainOnce(t.Context(), keep, quiet)
	require.NoError(t, err)
	assert.False(t, soon)
	assert.ElementsMatch(t, []string{"left", "again", "ended"}, erased("acme"))
	assert.ElementsMatch(t, []string{"left"}, erased("beta"))
	for user, kept := range map[string]bool{"left": false, "ended": false, "deleted": false, "lately": true, "stays": true, "elsewhere": true, "asked": true} {
		org := events.OrganizationID("acme")
		if user == "deleted" {
			org = "gone"
		}
		there, err := h.Config.Keyring.Has(t.Context(), org, user)
		require.NoError(t, err)
		assert.Equal(t, kept, there, "the key of %s", user)
	}
	pending, err := h.Config.Database.Erasures(t.Context(), []events.UserID{"pending"}, 0)
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.False(t, pending[0].Destroyed.IsZero(), "what was asked for before goes on where it was")
	assert.Equal(t, events.Position(1), pending[0].Position)
	h.As("").Sees("/v1/users/departed"+before).Has("total", 0)
	position := h.Desk.View().Position
	_, err = eraser.RetainOnce(t.Context(), keep, quiet)
	require.NoError(t, err)
	assert.Equal(t, position, h.Desk.View().Position, "again")

	h.As("").May("POST /v1/organizations/acme/commands", o{"commands": []o{add("again")}})
	_, err = eraser.RetainOnce(t.Context(), keep, quiet)
	require.NoError(t, err)
	h.As("").Sees("/v1/organizations/acme/members/again").Has("name", "Mx again")
}

// TestRetainFindsWhoWasNeverAMember erases people of whom there are invites, or requests for access, and nothing else.
func TestRetainFindsWhoWasNeverAMember(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for _, org := range []string{"acme", "gone"} {
		h.As("").May("POST /v1/organizations/"+org+"/commands", o{"commands": []o{{"type": "create_organization", "scheme": "owner-member", "owner": "ada"}}})
		h.As("").May("PATCH /v1/organizations/"+org+"/access-requests", o{"join": "open"})
	}
	invite := func(org, id, user string) {
		h.As("").May("POST /v1/organizations/"+org+"/invites", o{"id": id, "email": id + "@example.org", "user": user, "message": "Dear " + id})
	}
	ask := func(org, id, user string) {
		h.As(user).May("POST /v1/organizations/"+org+"/access-requests", o{"id": id, "role": "member", "name": "Mx " + user, "reason": "To help."})
	}
	invite("gone", "g", "named")
	ask("gone", "g", "asked")
	invite("acme", "d", "declined")
	h.As("declined").May("POST /v1/organizations/acme/invites/d/decline", o{})
	invite("acme", "w", "waits")
	ask("acme", "x", "denied")
	h.As("ada").May("POST /v1/organizations/acme/access-requests/x/deny", o{"reason": "No."})
	ask("acme", "y", "hopes")
	h.As("").May("DELETE /v1/organizations/gone")
	eraser := personaldata.NewEraser(h.Desk, h.Config.Ledger, h.Config.Keyring, h.Config.Database, nil)
	retain := func(kept map[string]bool) {
		t.Helper()
		soon, err := eraser.RetainOnce(t.Context(), personaldata.Period{}, slog.New(slog.DiscardHandler))
		require.NoError(t, err)
		require.False(t, soon)
		for key, want := range kept {
			org, owner, _ := strings.Cut(key, "/")
			there, err := h.Config.Keyring.Has(t.Context(), events.OrganizationID(org), owner)
			require.NoError(t, err)
			assert.Equal(t, want, there, key)
		}
	}
	retain(map[string]bool{
		"gone/invite g": false, "gone/asked": false, "acme/invite d": false, "acme/denied": false,
		"acme/invite w": true, "acme/hopes": true,
	})
	// One who was erased is invited again.
	invite("acme", "e", "declined")
	retain(map[string]bool{"acme/invite e": true})
	h.As("").May("DELETE /v1/organizations/acme/invites/e")
	retain(map[string]bool{"acme/invite e": false, "acme/invite w": true})
}
