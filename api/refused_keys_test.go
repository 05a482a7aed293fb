package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
)

// TestRefusedCommandsMakeNoKeys counts what the bucket of keys holds.
func TestRefusedCommandsMakeNoKeys(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	js, err := jetstream.New(bustest.Connect(t, h.nats))
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
		h.as("zoe").do("POST "+nowhere+"/commands", o{"commands": many}).refused(http.StatusNotFound, "no_organization")
		h.as("zoe").do("POST "+nowhere+"/invites", o{"email": "x@example.org"}).refused(http.StatusNotFound, "no_organization")
		h.as("zoe").do("POST "+nowhere+"/invites/i1/accept", o{"token": "guessed", "name": "Zoe"}).refused(http.StatusNotFound, "no_invite")
	}
	h.as("cleo").do("POST "+org+"/members", o{"user": "mia", "name": "Mia"}).refused(http.StatusForbidden, "not_allowed")
	h.as("").do("POST "+org+"/members", o{"user": "mia", "name": "Mia", "role": "king"}).refused(http.StatusUnprocessableEntity, "unknown_role")
	assert.Equal(t, before, held(), "held keys")
	h.as("").do("POST "+org+"/members", o{"user": "mia", "name": "Mia"}).ok()
	assert.Equal(t, before+1, held(), "held keys")
}

// TestRepeatedCommandsAreAnsweredThoughTheyWouldBeRefused repeats what seals
// something, and what cannot be done twice.
func TestRepeatedCommandsAreAnsweredThoughTheyWouldBeRefused(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	again := func(actor, what string, body any) reply {
		once := h.as(actor, "Idempotency-Key", what)
		once.do(what, body).ok().has("repeated", nil)
		return once.do(what, body).ok().has("repeated", true)
	}
	sent := again("ada", "POST "+org+"/invites", o{"id": "i9", "email": "mia@example.org"})
	again("mia", "POST "+org+"/invites/i9/accept", o{"token": sent.at("token"), "name": "Mia"})
	again("mia", "DELETE "+org+"/members/mia", nil)
	again("ada", "DELETE "+org, nil)
}

// TestOutsidersLearnNothingOfVersionsAndKeys asks for an organization that is there
// as for one that is not.
func TestOutsidersLearnNothingOfVersionsAndKeys(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.as("ada", "Idempotency-Key", "used").do("POST "+org+"/projects", o{"id": "p"}).ok()
	for _, org := range []string{org, "/v1/organizations/none"} {
		for _, header := range []string{"If-Match", "Idempotency-Key"} {
			zoe := h.as("zoe", header, map[string]string{"If-Match": `"999"`, "Idempotency-Key": "used"}[header])
			zoe.do("POST "+org+"/projects", o{"id": "q"}).refused(http.StatusNotFound, "no_organization")
			zoe.do("POST "+org+"/members", o{"user": "q", "name": "Q"}).refused(http.StatusNotFound, "no_organization")
			zoe.do("DELETE "+org, nil).refused(http.StatusNotFound, "no_organization")
			zoe.do("POST "+org+"/commands", o{"commands": []o{{"type": "delete_organization"}}}).refused(http.StatusNotFound, "no_organization")
			zoe.do("POST "+org+"/invites/i1/accept", o{"token": "guessed"}).refused(http.StatusNotFound, "no_invite")
		}
	}
	h.as("bob", "If-Match", `"999"`).do("POST "+org+"/projects", o{"id": "q"}).refused(http.StatusPreconditionFailed, "stale_version")
	h.as("bob", "Idempotency-Key", "used").do("POST "+org+"/projects", o{"id": "q"}).refused(http.StatusUnprocessableEntity, "key_reused")
	h.as("zoe", "If-Match", `"999"`).do("POST /v1/organizations", o{"id": "acme"}).refused(http.StatusConflict, "organization_exists")
}
