package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// lastEntry returns the last entry of the commit that an answer names.
func lastEntry(t *testing.T, h *apitest.Server, answer apirequest.Reply) events.Entry {
	t.Helper()
	commit, err := h.Config.Ledger.At(t.Context(), answer.Position())
	require.NoError(t, err)
	return commit.Entries[len(commit.Entries)-1]
}

// TestOnBehalfOf gives commands of each kind for zoe, whom nobody knows.
func TestOnBehalfOf(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, row := range []struct {
		name, as, request string
		body              any
	}{
		{"a command", "ada", "POST " + org + "/projects", o{"id": "p1"}},
		{"a command of the system", "", "POST " + org + "/members", o{"user": "finn"}},
		{"a bulk", "ada", "POST " + org + "/commands", o{"commands": []o{{"type": "create_team", "id": "t1", "name": "T1"}, {"type": "create_team", "id": "t2", "name": "T2"}}}},
		{"lines of an import", "", "POST " + org + "/commands", o{"commands": []o{{"type": "add_member", "user": "gus"}}, "import": o{"source": "old", "through": 2}}},
		{"a declared state", "ada", "PUT " + org + "/config", o{"partial": true, "projects": []o{{"project": "mars", "name": "Mars"}}}},
		{"a new organization", "ada", "POST /v1/organizations", o{"id": "other"}},
		{"a command without a body", "ada", "POST " + org + "/archive", nil},
	} {
		actor := h.As(row.as).With("Roster-On-Behalf-Of", "zoe").With("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
		entry := lastEntry(t, h, actor.May(row.request, row.body))
		assert.Equal(t, events.UserID("zoe"), entry.OnBehalfOf, row.name)
		assert.Equal(t, events.UserID(row.as), entry.Actor, row.name)
		assert.Empty(t, entry.Traceparent, "%s: nobody reads it, since there is no feed", row.name)
	}
	entry := lastEntry(t, h, h.As("ada").May("POST "+org+"/restore", nil))
	assert.Empty(t, entry.OnBehalfOf, "nobody was named")

	h.As("ada").Sees(org+"/events?type=project.created.v1&order=oldest").Has("items.0.on_behalf_of", nil).Has("items.2.actor", "ada").Has("items.2.on_behalf_of", "zoe")
	stream := follow(t, h.As("ada"), org+"/events?type=project.created.v1&since=2000-01-01")
	for _, want := range []string{"", "", "zoe", "zoe"} {
		_, e := stream.next()
		assert.Equal(t, want, e.OnBehalfOf, e.ID)
	}
	h.As("ada").Ask("GET "+org+"/events?actor=zoe").Refused(http.StatusUnprocessableEntity, "unknown_subject")
}

func TestOnBehalfOfGivesNoRights(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("bob").With("Roster-On-Behalf-Of", "ada").Ask("POST "+org+"/members", o{"user": "finn"}).Refused(http.StatusForbidden, "not_allowed")
	h.As("ada").With("Roster-On-Behalf-Of", "bob").May("PATCH "+org+"/members/bob", o{"role": "admin"})
	h.As("zoe").With("Roster-On-Behalf-Of", "ada").SeesNo(org+"/members", "no_organization")
}

func TestRepeatsAreTheSameForWhomever(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	actor := h.As("ada").With("Idempotency-Key", "k1")
	first := actor.With("Roster-On-Behalf-Of", "zoe").May("POST "+org+"/projects", o{"id": "p1"})
	actor.With("Roster-On-Behalf-Of", "finn").May("POST "+org+"/projects", o{"id": "p1"}).Has("repeated", true, "position", first.At("position"))
	actor.May("POST "+org+"/projects", o{"id": "p1"}).Has("repeated", true, "position", first.At("position"))
	h.As("ada").Sees(org+"/events?type=project.created.v1").Has("items.0.on_behalf_of", "zoe").Has("items.1.on_behalf_of", nil)
}

func TestOnBehalfOfNamesOneUser(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for name, values := range map[string][]string{
		"nobody": {""}, "a control character": {"a\tb"}, "too long": {strings.Repeat("x", 256)}, "no UTF-8": {"\xff"}, "two": {"ada", "bob"},
	} {
		t.Run(name, func(t *testing.T) {
			h.As("").With("Roster-On-Behalf-Of", values...).Ask("POST /v1/organizations", o{"id": "acme"}).Refused(http.StatusBadRequest, "bad_on_behalf_of")
		})
	}
	h.As("").With("Roster-On-Behalf-Of", strings.Repeat("x", 255)).May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
}
