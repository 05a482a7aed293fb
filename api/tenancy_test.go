package api_test

import (
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/scheme"
)

// tenant is an organization with secrets, and people who are no part of it, or no longer.
type tenant struct {
	h   *apitest.Server
	org string
	// values are of the parameters in paths.
	values map[string]string
	// outside are the people, named by why they are outside.
	outside map[string]string
	// secrets are texts that nobody outside reads.
	secrets []string
}

// newTenant opens an organization under a scheme. What the scheme does not have is left out.
func newTenant(t *testing.T, h *apitest.Server, scheme string) tenant {
	t.Helper()
	n := tenant{h, "acme-" + scheme, map[string]string{"user": "bob", "project": "sesame", "team": "core", "invite": "i1", "request": "r1", "domain": "example.org", "permission": "content", "role": "member", "kind": "project", "sequence": "7"}, map[string]string{
		"stranger": "zoe", "owner of another organization": "oliver", "invited": "ivy",
		"deactivated": "dora", "removed": "rex", "ended": "eric",
	}, []string{"Marigold", "Sesame", "Bob Bobson", "bob@example.org", "Kernel", "ivy@example.org"}}
	h.As("").May("POST /v1/organizations", o{"id": "other-" + scheme, "name": "Other", "scheme": scheme, "owner": "oliver"})
	h.As("").May("POST /v1/organizations", o{"id": n.org, "name": "Marigold", "scheme": scheme, "owner": "ada"})
	system := h.As("").Below("/v1/organizations/" + n.org)
	owner := system.Sees("/members/ada").Text("role")
	system.May("POST /members", o{"user": "bob", "name": "Bob Bobson", "email": "bob@example.org"})
	for _, user := range []string{"dora", "rex", "eric"} {
		if system.Ask("POST /members", o{"user": user, "role": owner}).Status >= http.StatusBadRequest {
			system.May("POST /members", o{"user": user})
		}
	}
	h.As("ada").Below("/v1/organizations/"+n.org).May("POST /projects", o{"id": "sesame", "name": "Sesame"})
	system.Ask("POST /projects/sesame/members", o{"user": "rex"})
	system.Ask("POST /teams", o{"id": "core", "name": "Kernel"})
	system.Ask("POST /projects/sesame/teams", o{"team": "core"})
	system.Ask("POST /invites", o{"id": "i1", "email": "ivy@example.org"})
	system.Ask("POST /projects/sesame/public-link")

	system.May("POST /members/dora/deactivate")
	system.May("DELETE /members/rex")
	if soon := time.Now().Add(50 * time.Millisecond); system.Ask("PATCH /members/eric/end", o{"until": soon}).Status < http.StatusBadRequest {
		require.Eventually(t, func() bool { return h.As("eric").Ask("GET /v1/organizations/"+n.org).Status == http.StatusNotFound }, time.Minute, time.Millisecond)
	} else {
		delete(n.outside, "ended")
	}
	return n
}

// tenants yields an organization under each built-in scheme, all on one server.
func tenants(t *testing.T) iter.Seq2[string, tenant] {
	t.Helper()
	builtIn, err := scheme.BuiltIn()
	require.NoError(t, err)
	h := apitest.Start(t)
	return func(yield func(string, tenant) bool) {
		for id := range builtIn {
			if !yield(id, newTenant(t, h, id)) {
				return
			}
		}
	}
}

// ask makes the request of an operation for an organization.
func (n tenant) ask(actor apirequest.Actor, op operation, org, query string) apirequest.Reply {
	path := strings.ReplaceAll(op.path, "{org}", org)
	for name, value := range n.values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	var body any
	if op.example != "" {
		// As another client for each, since wrong tokens slow down the client that sends them.
		body = strings.NewReplacer(`"acme"`, `"`+org+`"`, `"192.0.2.7"`, fmt.Sprintf("%q", n.org+org+op.ID+query)).Replace(op.example)
		actor = actor.With("Content-Type", "application/json")
	}
	return actor.Ask(op.method+" "+path+query, body)
}

// answered is what a reply tells, whichever of two organizations it is about.
func answered(r apirequest.Reply, org string) string {
	body := r.Body
	if instance, is := r.At("instance").(string); is {
		body = strings.ReplaceAll(body, instance, "")
	}
	return fmt.Sprint(r.Status, " ", strings.ReplaceAll(body, org, "ORG"))
}

// ofNobody are the operations that concern no organization that there is. What takes a token of an invite finds the organization by it alone.
var ofNobody = []string{"create_organization", "find_organizations", "view_invite", "accept_invite_by_token", "decline_invite_by_token"}

// TestNobodyOutsideLearnsOfAnOrganization makes every request of the document for an
// organization and for one that does not exist: the answers must be the same. It does so
// with and without the idempotency key under which an owner had made the request.
func TestNobodyOutsideLearnsOfAnOrganization(t *testing.T) {
	t.Parallel()
	all := operations(t)
	for id, n := range tenants(t) {
		h := n.h
		before := h.As("").Sees("/v1/organizations/" + n.org + "/events").Body
		assert.Greater(t, n.readBy(h.As("ada"), all), 30, "requests that an owner may make under %s", id)
		for as, user := range n.outside {
			for _, op := range all {
				if slices.Contains(ofNobody, op.ID) {
					continue
				}
				for _, query := range queriesOf(op) {
					n.assertNothingLearned(t, h.As(user), as, op, query)
				}
			}
		}
		assert.Equal(t, before, h.As("").Sees("/v1/organizations/"+n.org+"/events").Body, "what happened in %s", n.org)
	}
}

// readBy counts the requests that somebody may make.
func (n tenant) readBy(actor apirequest.Actor, all []operation) (count int) {
	for _, op := range all {
		if n.ask(actor, op, n.org, op.withoutChange()).Status < http.StatusBadRequest {
			count++
		}
	}
	return count
}

// queriesOf returns queries of an operation: none, and one for each kind of answer.
func queriesOf(op operation) []string {
	queries := []string{""}
	for _, p := range op.Parameters {
		switch p.Name {
		case "at":
			queries = append(queries, "?at="+time.Now().UTC().Format(time.RFC3339))
		case "dry_run":
			queries = append(queries, op.withoutChange())
		}
	}
	return queries
}

func (n tenant) assertNothingLearned(t *testing.T, actor apirequest.Actor, as string, op operation, query string) {
	t.Helper()
	const none = "none-at-all"
	there, nowhere := n.ask(actor, op, n.org, query), n.ask(actor, op, none, query)
	assert.Equal(t, answered(nowhere, none), answered(there, n.org), "%s%s by somebody who is %s", op.ID, query, as)
	for _, secret := range n.secrets {
		assert.NotContains(t, there.Body, secret, "%s%s by somebody who is %s", op.ID, query, as)
	}
}

// TestNobodyOutsideRepeatsWhatAnOwnerDid makes each request first as an owner, then as
// everybody outside under the same idempotency key.
func TestNobodyOutsideRepeatsWhatAnOwnerDid(t *testing.T) {
	t.Parallel()
	all := operations(t)
	all = slices.DeleteFunc(all, func(op operation) bool { return op.method == http.MethodGet || slices.Contains(ofNobody, op.ID) })
	slices.SortStableFunc(all, func(a, b operation) int { return endings(a) - endings(b) })
	for _, n := range tenants(t) {
		h := n.h
		for _, op := range all {
			n.ask(h.As("ada").With("Idempotency-Key", op.ID), op, n.org, "")
			for as, user := range n.outside {
				n.assertNothingLearned(t, h.As(user).With("Idempotency-Key", op.ID), as, op, "")
			}
		}
	}
}

// endings orders what ends a project or the organization after what does not.
func endings(op operation) int {
	switch op.ID {
	case "delete_organization":
		return 3
	case "change_scheme", "apply_declaration", "archive_organization", "transfer_ownership":
		return 2
	case "delete_project", "remove_team", "archive_project", "remove_member", "revoke_invite":
		return 1
	}
	return 0
}

// TestTheLowestRoleDoesWhatIsOffered makes every request as a member of the lowest role:
// what is not offered is refused, and what they may not see is in no answer.
func TestTheLowestRoleDoesWhatIsOffered(t *testing.T) {
	t.Parallel()
	all := operations(t)
	for id, n := range tenants(t) {
		h := n.h
		bob := h.As("bob").Below("/v1/organizations/" + n.org)
		hidden, offered, accepted := n.hiddenFrom(bob), n.offeredTo(bob), 0
		for _, op := range all {
			if slices.Contains(ofNobody, op.ID) || op.ID == "change_notice_preferences" { // everybody may, for themselves
				continue
			}
			reply := n.ask(h.As("bob"), op, n.org, op.withoutChange())
			for _, secret := range hidden {
				assert.NotContains(t, reply.Body, secret, "%s under %s", op.ID, id)
			}
			if reply.At("dry_run.events.0") != nil {
				accepted++
				assert.Contains(t, offered, op.ID, "under %s: %s", id, reply)
			}
		}
	}
}

// hiddenFrom returns the names of what somebody is told does not exist, or may not list.
func (n tenant) hiddenFrom(actor apirequest.Actor) (names []string) {
	for path, name := range map[string]string{"/projects/sesame": "Sesame", "/teams/core": "Kernel", "/members/rex": "rex", "/invites": "ivy@example.org"} {
		if actor.Ask("GET "+path).Status >= http.StatusBadRequest {
			names = append(names, name)
		}
	}
	return names
}

// offeredTo returns the actions that somebody is offered on anything.
func (n tenant) offeredTo(actor apirequest.Actor) []string {
	actions := map[string]bool{}
	for _, path := range []string{"", "/members/bob", "/members/ada", "/projects/sesame", "/teams/core"} {
		offered, _ := actor.Ask("GET " + path).At("actions").([]any)
		for _, action := range offered {
			actions[fmt.Sprint(action)] = true
		}
	}
	return slices.Collect(maps.Keys(actions))
}
