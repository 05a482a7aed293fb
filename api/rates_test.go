package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestRatesAreLimited sends requests of each kind until one is refused.
func TestRatesAreLimited(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("ada").May("POST /v1/organizations", o{"id": "acme"})
	h.As("ada").May("POST /v1/organizations/acme/members", o{"user": "bob", "role": "owner"})
	question := o{"questions": []o{{"organization": "acme", "user": "bob", "scope": "organization", "permission": "members"}}}
	const org = "/v1/organizations/acme"
	for _, test := range []struct {
		name   string
		limits api.RateLimits
		asks   string
		body   any
		limit  string
		// refusedToo and others are who is refused, and who is not, after bob was.
		refusedToo, others []string
	}{
		{"commands of an actor", api.RateLimits{Actor: api.Rates{Commands: 1}}, "PATCH " + org, o{"name": "Acme"}, "actor-commands", nil, []string{"ada", "zoe", ""}},
		{"checks of an actor", api.RateLimits{Actor: api.Rates{Checks: 1}}, "POST /v1/access:check", question, "actor-checks", nil, []string{"ada", "zoe", ""}},
		{"reads of an actor", api.RateLimits{Actor: api.Rates{Reads: 1}}, "GET /v1/organizations", nil, "actor-reads", nil, []string{"ada", "zoe", ""}},
		{"commands in an organization", api.RateLimits{Organization: api.Rates{Commands: 1}}, "PATCH " + org, o{"name": "Acme"}, "organization-commands", []string{"ada"}, []string{"zoe", ""}},
		{"checks about an organization", api.RateLimits{Organization: api.Rates{Checks: 1}}, "POST /v1/access:check", question, "organization-checks", []string{"ada"}, []string{"zoe", ""}},
		{"reads in an organization", api.RateLimits{Organization: api.Rates{Reads: 1}}, "GET " + org, nil, "organization-reads", []string{"ada"}, []string{"zoe", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := h.Configured(func(c *api.Config) { c.Rates = test.limits })
			ask := func(user string) apirequest.Reply {
				return h.As(user).Without("Roster-Min-Position").Ask(test.asks, test.body)
			}
			for range 3 { // a stranger takes nothing from the members
				require.NotEqual(t, http.StatusTooManyRequests, ask("zoe").Status)
			}
			first := ask("bob").OK()
			assert.Equal(t, `"`+test.limit+`";q=5;w=5`, first.Header.Get("RateLimit-Policy"))
			assert.Equal(t, `"`+test.limit+`";r=4;t=1`, first.Header.Get("RateLimit"))
			refused := first
			for range 100 {
				if refused = ask("bob"); refused.Status == http.StatusTooManyRequests {
					break
				}
			}
			refused.Refused(http.StatusTooManyRequests, "too_many_requests")
			assert.Equal(t, `"`+test.limit+`";r=0;t=5`, refused.Header.Get("RateLimit"))
			wait, err := strconv.Atoi(refused.Header.Get("Retry-After"))
			require.NoError(t, err)
			assert.Equal(t, 1, wait)
			for _, user := range test.refusedToo {
				ask(user).Refused(http.StatusTooManyRequests, "too_many_requests")
			}
			for _, user := range test.others {
				assert.NotEqual(t, http.StatusTooManyRequests, ask(user).Status, "%q pays for bob", user)
			}
			assert.NotContains(t, h.As("").Sees("/metrics").Body, `roster_requests_limited_total{limit="actor"} 0`)
		})
	}
}

// TestWhatRequestsWeigh has one request of an actor who had all tokens, and is to say what is left.
func TestWhatRequestsWeigh(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for _, id := range []string{"acme", "globex"} {
		h.As("").May("POST /v1/organizations", o{"id": id, "owner": "ada"})
	}
	var questions, commands, empty []o
	for i := range 100 {
		questions = append(questions, o{"organization": []string{"acme", "globex"}[i%2], "user": "ada", "scope": "organization", "permission": "members"})
		commands = append(commands, o{"type": "rename_organization", "name": "Acme"})
		empty = append(empty, o{})
	}
	const org = "/v1/organizations/acme"
	h = h.Configured(func(c *api.Config) {
		c.Rates = api.RateLimits{Actor: api.Rates{Commands: 100, Checks: 100, Reads: 100}, Organization: api.Rates{Checks: 100}}
	})
	for _, test := range []struct {
		name, actor, asks string
		body              any
		status            int
		left              []string
	}{
		{"questions about two organizations", "ada", "POST /v1/access:check", o{"questions": questions}, http.StatusOK, []string{
			`"actor-checks";r=398`, `"organization-checks";r=450`, `"organization-checks";r=450`,
		}},
		{"questions of a stranger", "zoe", "POST /v1/access:check", o{"questions": questions}, http.StatusNotFound, []string{`"actor-checks";r=398`}},
		{"questions that say nothing", "kim", "POST /v1/access:check", o{"questions": empty}, http.StatusBadRequest, []string{`"actor-checks";r=400`}},
		{"a bulk", "ada", "POST " + org + "/commands", o{"commands": commands}, http.StatusOK, []string{`"actor-commands";r=399`}},
		{"a bulk of a stranger", "zoe", "POST " + org + "/commands", o{"commands": commands}, http.StatusNotFound, []string{`"actor-commands";r=399`}},
		{"a list", "ada", "GET " + org + "/members?limit=200", nil, http.StatusOK, []string{`"actor-reads";r=479`}},
		{"a list of a stranger", "zoe", "GET " + org + "/members?limit=200", nil, http.StatusNotFound, []string{`"actor-reads";r=479`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			began := time.Now()
			got := h.As(test.actor).Without("Roster-Min-Position").Ask(test.asks, test.body)
			assert.Equal(t, test.status, got.Status)
			back := int(time.Since(began).Seconds()*100) + 1 // tokens that may have come back meanwhile
			left := got.Header.Values("RateLimit")
			require.Len(t, left, len(test.left))
			for i, want := range test.left {
				kind, tokens, _ := strings.Cut(want, ";r=")
				least, err := strconv.Atoi(tokens)
				require.NoError(t, err)
				has, tokens, _ := strings.Cut(left[i], ";r=")
				tokens, _, _ = strings.Cut(tokens, ";t=")
				n, err := strconv.Atoi(tokens)
				require.NoError(t, err)
				assert.Equal(t, kind, has)
				assert.True(t, least <= n && n <= least+back, "%s: %d tokens are left, not %d", kind, n, least)
			}
		})
	}
}

// TestWhoIsDeactivatedTakesNothing from the other members.
func TestWhoIsDeactivatedTakesNothing(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t).Configured(func(c *api.Config) { c.Rates = api.RateLimits{Organization: api.Rates{Reads: 1}} })
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("").May("POST /v1/organizations/acme/members", o{"user": "bob"})
	h.As("").May("POST /v1/organizations/acme/members/bob/deactivate")
	for range 20 {
		h.As("bob").SeesNo("/v1/organizations/acme", "no_organization")
	}
	h.As("ada").Sees("/v1/organizations/acme")
}

// TestRequestsOfTheSystemAreNotLimited sends more than one actor may.
func TestRequestsOfTheSystemAreNotLimited(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t).Configured(func(c *api.Config) {
		c.Rates = api.RateLimits{Actor: api.Rates{Commands: 1, Reads: 1, Checks: 1}, Organization: api.Rates{Commands: 1, Reads: 1, Checks: 1}}
	})
	h.As("").May("POST /v1/organizations", o{"id": "acme"})
	for range 20 {
		got := h.As("").Sees("/v1/organizations/acme")
		assert.Empty(t, got.Header.Get("RateLimit"))
	}
}

// TestWhoCreatesOrganizations asks with each setting.
func TestWhoCreatesOrganizations(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("ada").May("POST /v1/organizations", o{"id": "a"})
	some := h.Configured(func(c *api.Config) { c.Organizations = api.OrganizationLimits{PerActor: 2} })
	some.As("ada").May("POST /v1/organizations", o{"id": "b"})
	some.As("ada").Ask("POST /v1/organizations", o{"id": "c"}).Refused(http.StatusForbidden, "too_many_organizations")
	some.As("ada").Ask("POST /v1/organizations?dry_run=true", o{"id": "c"}).Refused(http.StatusForbidden, "too_many_organizations")
	some.As("ada").Ask("POST /v1/organizations/c/commands", o{"commands": []o{{"type": "create_organization", "id": "c"}}}).
		Refused(http.StatusForbidden, "too_many_organizations")
	some.As("").May("POST /v1/organizations", o{"id": "c", "owner": "ada"})
	some.As("ada").May("DELETE /v1/organizations/b")
	some.As("ada").May("POST /v1/organizations", o{"id": "d"})

	none := h.Configured(func(c *api.Config) { c.Organizations = api.OrganizationLimits{SystemOnly: true} })
	none.As("ada").Ask("POST /v1/organizations", o{"id": "e"}).Refused(http.StatusForbidden, "system_only")
	none.As("ada").Ask("POST /v1/organizations/e/commands", o{"commands": []o{{"type": "create_organization", "id": "e"}}}).
		Refused(http.StatusForbidden, "system_only")
	none.As("").May("POST /v1/organizations", o{"id": "e", "owner": "ada"})
}
