package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// TestRefusedCommandsMakeNoKeys counts what the bucket of keys holds.
func TestRefusedCommandsMakeNoKeys(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	js, err := jetstream.New(h.NATS)
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	require.NoError(t, err)
	held := func() int {
		keys, err := bucket.Keys(t.Context())
		require.NoError(t, err)
		return len(keys)
	}
	before := held()
	many := make([]o, 100)
	for i := range many {
		many[i] = o{"type": "add_member", "user": fmt.Sprint("u", i), "name": "N", "email": fmt.Sprintf("u%d@example.org", i)}
	}
	for _, nowhere := range []string{"/v1/organizations/none", org} {
		h.As("zoe").Ask("POST "+nowhere+"/commands", o{"commands": many}).Refused(http.StatusNotFound, "no_organization")
		h.As("zoe").Ask("POST "+nowhere+"/invites", o{"email": "x@example.org"}).Refused(http.StatusNotFound, "no_organization")
		h.As("zoe").Ask("POST "+nowhere+"/invites/i1/accept", o{"token": "guessed", "name": "Zoe"}).Refused(http.StatusNotFound, "no_invite")
	}
	h.As("cleo").Ask("POST "+org+"/members", o{"user": "mia", "name": "Mia"}).Refused(http.StatusForbidden, "not_allowed")
	h.As("").Ask("POST "+org+"/members", o{"user": "mia", "name": "Mia", "role": "king"}).Refused(http.StatusUnprocessableEntity, "unknown_role")
	list := "POST " + org + "/invites/bulk"
	h.As("ada").Ask(list, toInvite("a@example.org", "at home")).Refused(http.StatusUnprocessableEntity, "bad_email")
	h.As("ada").Ask(list, o{"invites": []o{{"email": "a@example.org"}, {"email": "b@example.org", "role": "king"}}}).Refused(http.StatusUnprocessableEntity, "unknown_role")
	h.As("ada").May(list+"?dry_run=true", toInvite("a@example.org"))
	assert.Equal(t, before, held(), "held keys")
	h.As("").May("POST "+org+"/members", o{"user": "mia", "name": "Mia"})
	h.As("ada").May(list, o{"partial": true, "invites": []o{{"email": "a@example.org"}, {"email": "b@example.org", "role": "king"}}})
	assert.Equal(t, before+2, held(), "held keys")
}

// TestRepeatedCommandsAreAnsweredThoughTheyWouldBeRefused repeats what seals
// something, and what cannot be done twice.
func TestRepeatedCommandsAreAnsweredThoughTheyWouldBeRefused(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	again := func(actor, what string, body any) apirequest.Reply {
		once := h.As(actor).With("Idempotency-Key", what)
		once.May(what, body).Has("repeated", nil)
		return once.May(what, body).Has("repeated", true)
	}
	sent := again("ada", "POST "+org+"/invites", o{"id": "i9", "email": "mia@example.org"})
	again("mia", "POST "+org+"/invites/i9/accept", o{"token": sent.At("token"), "name": "Mia", "verified_emails": []string{"mia@example.org"}})
	again("mia", "DELETE "+org+"/members/mia", nil)
	again("ada", "DELETE "+org, nil)
}

// TestOutsidersLearnNothingOfVersionsAndKeys asks for an organization that is there
// as for one that is not.
func TestOutsidersLearnNothingOfVersionsAndKeys(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").With("Idempotency-Key", "used").May("POST "+org+"/projects", o{"id": "p"})
	for _, org := range []string{org, "/v1/organizations/none"} {
		for _, header := range []string{"If-Match", "Idempotency-Key"} {
			zoe := h.As("zoe").With(header, map[string]string{"If-Match": `"999"`, "Idempotency-Key": "used"}[header])
			zoe.Ask("POST "+org+"/projects", o{"id": "q"}).Refused(http.StatusNotFound, "no_organization")
			zoe.Ask("POST "+org+"/members", o{"user": "q", "name": "Q"}).Refused(http.StatusNotFound, "no_organization")
			zoe.Ask("DELETE "+org).Refused(http.StatusNotFound, "no_organization")
			zoe.Ask("POST "+org+"/commands", o{"commands": []o{{"type": "delete_organization"}}}).Refused(http.StatusNotFound, "no_organization")
			zoe.Ask("POST "+org+"/invites/i1/accept", o{"token": "guessed"}).Refused(http.StatusNotFound, "no_invite")
		}
	}
	h.As("bob").With("If-Match", `"999"`).Ask("POST "+org+"/projects", o{"id": "q"}).Refused(http.StatusPreconditionFailed, "stale_version")
	h.As("bob").With("Idempotency-Key", "used").Ask("POST "+org+"/projects", o{"id": "q"}).Refused(http.StatusUnprocessableEntity, "key_reused")
	h.As("zoe").With("If-Match", `"999"`).Ask("POST /v1/organizations", o{"id": "acme"}).Refused(http.StatusConflict, "organization_exists")
}
