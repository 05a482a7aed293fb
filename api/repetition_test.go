package api_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/scheme"
)

// TestRepetitionHasOnlySecretsThatTheActorMayReadNow repeats what made secrets, in every
// form in which a secret is answered, after its maker lost the right to it.
func TestRepetitionHasOnlySecretsThatTheActorMayReadNow(t *testing.T) {
	t.Parallel()
	type request struct {
		what string
		body o
	}
	requests := map[string]request{
		"an invite":              {"/invites", o{"email": "one@example.org"}},
		"several invites":        {"/invites/bulk", o{"invites": []o{{"email": "two@example.org"}, {"email": "three@example.org"}}}},
		"a bulk with an invite":  {"/commands", o{"commands": []o{{"type": "invite_member", "email": "four@example.org"}}}},
		"a public link":          {"/projects/apollo/public-link", nil},
		"a bulk with a new link": {"/commands", o{"commands": []o{{"type": "rotate_public_link", "project": "gemini"}}}},
	}
	for as, lost := range map[string]struct {
		verb, path string
		body       o
		keepsLinks bool
	}{
		"removed":     {"DELETE ", "/members/bob", nil, false},
		"deactivated": {"POST ", "/members/bob/deactivate", nil, false},
		"demoted":     {"PATCH ", "/members/bob", o{"role": "member"}, true}, // still owns the projects
	} {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			h, org := newOrganization(t, "owner-member")
			h.As("ada").May("PATCH "+org+"/members/bob", o{"role": "owner"})
			h.As("ada").May("POST "+org+"/projects", o{"id": "gemini"})
			h.As("ada").May("POST " + org + "/projects/gemini/public-link")
			for _, project := range []string{"apollo", "gemini"} {
				h.As("ada").May("POST "+org+"/projects/"+project+"/members", o{"user": "bob", "role": "owner"})
			}
			repeat := func(as, name string) *string {
				once := h.As(as).With("Idempotency-Key", name)
				answer := once.May("POST "+org+requests[name].what, requests[name].body).Has("changed", true)
				if token, is := answer.At("token").(string); is {
					assert.Equal(t, token, answer.At("events.0.token"))
					return &token
				}
				assert.NotContains(t, answer.Body, `"token"`)
				return nil
			}
			for name := range requests {
				first := repeat("bob", name)
				require.NotNil(t, first, name)
				assert.Equal(t, first, repeat("bob", name), "%s, while bob may read it", name)
				h.As("ada").With("Idempotency-Key", name).Ask("POST "+org+requests[name].what, requests[name].body).
					Refused(http.StatusUnprocessableEntity, "key_reused")
			}
			h.As("ada").May(lost.verb+org+lost.path, lost.body)
			for name := range requests {
				keeps := lost.keepsLinks && strings.Contains(name, "link")
				assert.Equal(t, keeps, repeat("bob", name) != nil, "%s, after bob was %s", name, as)
			}
		})
	}
}

// TestRepetitionOfWhatChangedNothingChangesNothing tries commands that found everything as
// they wanted it, and repeats them when it no longer is. It does so in every scheme.
func TestRepetitionOfWhatChangedNothingChangesNothing(t *testing.T) {
	t.Parallel()
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	for key := range schemes {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			h, org := newOrganization(t, key)
			once := h.As("").With("Idempotency-Key", "add kim")
			h.As("").May("POST "+org+"/members", o{"user": "kim"})
			first := once.May("POST "+org+"/members", o{"user": "kim"}).Has("changed", false, "repeated", nil)
			h.As("").May("DELETE " + org + "/members/kim")
			once.May("POST "+org+"/members", o{"user": "kim"}).Has("changed", false, "repeated", true, "position", first.At("position"), "version", first.At("version"))
			h.As("").Ask("GET "+org+"/members/kim").Refused(http.StatusNotFound, "no_member")

			refused := h.As("").With("Idempotency-Key", "remove kim")
			refused.Ask("DELETE "+org+"/members/kim").Refused(http.StatusNotFound, "no_member")

			named := h.As("").With("Idempotency-Key", "several")
			bulk := o{"commands": []o{{"type": "add_member", "user": "lee", "name": "Lee"}, {"type": "remove_member", "user": "kim"}}}
			named.Ask("POST "+org+"/commands", bulk).Refused(http.StatusNotFound, "no_member").Has("errors.0.index", 1)
			h.As("").May("POST "+org+"/members", o{"user": "kim"})
			named.Ask("POST "+org+"/commands", bulk).Refused(http.StatusNotFound, "no_member").Has("errors.0.index", 1)
			refused.Ask("DELETE "+org+"/members/kim").Refused(http.StatusNotFound, "no_member")
			h.As("").Sees(org + "/members/kim")
		})
	}
}

// TestActorsPushOutTheirOwnAnswers has bob refused so often that not all of it is remembered.
func TestActorsPushOutTheirOwnAnswers(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	h.As("ada").May("PATCH "+org+"/members/bob", o{"role": "owner"})
	demoting := h.As("ada").With("Idempotency-Key", "demote dan")
	demoting.May("PATCH "+org+"/members/dan", o{"role": "member"}).Has("changed", false)
	removing := h.As("bob").With("Idempotency-Key", "remove lee")
	removing.Ask("DELETE "+org+"/members/lee").Refused(http.StatusNotFound, "no_member")
	removals := make([]o, 500)
	for i := range removals {
		removals[i] = o{"type": "remove_member", "user": fmt.Sprintf("nobody%d", i)}
	}
	for i := range 20 {
		h.As("bob").With("Idempotency-Key", strconv.Itoa(i)).Ask("POST "+org+"/commands", o{"commands": removals}).Refused(http.StatusNotFound, "no_member")
	}
	h.As("").May("POST "+org+"/members", o{"user": "lee"})
	h.As("").May("PATCH "+org+"/members/dan", o{"role": "owner"})
	demoting.May("PATCH "+org+"/members/dan", o{"role": "member"}).Has("changed", false, "repeated", true)
	h.As("ada").Sees(org+"/members/dan").Has("role", "owner")
	removing.May("DELETE "+org+"/members/lee").Has("changed", true, "repeated", nil)
}
