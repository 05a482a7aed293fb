package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// scattered has bob in three organizations: he writes on a project and is in a team of acme, which ada owns; he
// owns beta with ada, and is deactivated in gone.
func scattered(t testing.TB) *apitest.Server {
	t.Helper()
	h := apitest.Start(t)
	given := func(org string, commands ...o) {
		first := []o{{"type": "create_organization", "scheme": "github", "owner": "ada"}, {"type": "add_member", "user": "cleo"}}
		h.As("").May("POST /v1/organizations/"+org+"/commands", o{"commands": append(first, commands...)})
	}
	given("acme",
		o{"type": "add_member", "user": "bob"}, o{"type": "create_project", "id": "apollo", "name": "Apollo"}, o{"type": "create_project", "id": "gemini"},
		o{"type": "add_project_member", "project": "apollo", "user": "bob", "role": "write"},
		o{"type": "create_team", "id": "core", "name": "Core"}, o{"type": "add_team_member", "team": "core", "user": "bob"},
	)
	given("beta", o{"type": "add_member", "user": "bob", "role": "admin"})
	given("gone", o{"type": "add_member", "user": "bob"}, o{"type": "deactivate_member", "user": "bob"})
	return h
}

func TestLeaveAllOrganizations(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, by, path string
		left           []string
		stays          string
	}{
		{"a person leaves those that give access", "bob", "/v1/me/leave", []string{"acme", "beta"}, "gone"},
		{"by their own address", "bob", "/v1/users/bob/leave", []string{"acme", "beta"}, "gone"},
		{"the system takes them out of all", "", "/v1/users/bob/leave", []string{"acme", "beta", "gone"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := scattered(t)
			before := h.Desk.View().Position
			would := h.As(tc.by).May("POST "+tc.path+"?dry_run=true", o{}).Has("user", "bob")
			h.As(tc.by).May("POST "+tc.path, o{"dry_run": true})
			assert.Equal(t, before, h.Desk.View().Position, "a dry run records nothing")
			assert.Equal(t, tc.left, would.Texts("organizations.id"))
			would.Has("organizations.0.name", "acme", "organizations.0.refusal", nil, "organizations.0.held.role", "member",
				"organizations.0.held.projects.0.project", "apollo", "organizations.0.held.projects.0.role", "write",
				"organizations.0.held.teams.0.team", "core", "organizations.0.held.teams.0.name", "Core", "organizations.1.held.role", "admin")
			done := h.As(tc.by).May("POST "+tc.path+"?cause=over", o{})
			assert.Equal(t, tc.left, done.Texts("organizations.id"))
			for _, org := range tc.left {
				h.As("ada").SeesNo("/v1/organizations/"+org+"/members/bob", "no_member")
				h.As("ada").Sees("/v1/organizations/"+org+"/events").Item("type", "membership.removed.v1").Has("cause", "over")
			}
			if tc.stays != "" {
				h.As("ada").Sees("/v1/organizations/" + tc.stays + "/members/bob")
			}
			// Again there is nothing to leave.
			again := h.As(tc.by).May("POST "+tc.path, o{})
			assert.Empty(t, again.Texts("organizations.id"))
		})
	}
}

func TestLeaveNothingIfOneRefuses(t *testing.T) {
	t.Parallel()
	h := scattered(t)
	h.As("ada").May("DELETE /v1/organizations/beta/members/ada") // bob owns beta alone
	h.As("").May("POST /v1/organizations", o{"id": "zeta", "scheme": "github", "owner": "bob"})
	before := h.Desk.View().Position
	for _, by := range []string{"bob", ""} {
		would := h.As(by).May("POST /v1/users/bob/leave?dry_run=true", o{})
		would.Part("organizations").Has("0.refusal", nil, "1.refusal.code", "last_holder", "1.refusal.about", "beta")
		refused := h.As(by).Ask("POST /v1/users/bob/leave", o{}).Refused(409, "cannot_leave").
			Has("errors.0.about", "beta", "errors.0.code", "last_holder", "errors.1.about", "zeta", "errors.2", nil)
		refused.Says("errors.0.detail", "give the role to somebody else first")
	}
	assert.Equal(t, before, h.Desk.View().Position, "something was left")
	h.As("cleo").Ask("POST /v1/users/bob/leave", o{}).Refused(403, "not_yours")
	h.As("").Ask("POST /v1/me/leave", o{}).Refused(422, "no_user")
	h.As("bob").Ask("POST /v1/me/leave", o{"transfer_to": o{"beta": "nobody"}}).Refused(409, "cannot_leave")
	h.As("bob").Ask("POST /v1/me/leave?dry_run=true", o{"transfer_to": o{"bteta": "cleo"}}).Refused(409, "not_in_organization").Says("detail", `"bteta"`)
	h.As("").May("PATCH /v1/organizations/beta/members/cleo", o{"role": "admin"})
	h.As("").May("DELETE /v1/organizations/zeta")
	left := h.As("bob").May("POST /v1/me/leave", o{})
	assert.Equal(t, []string{"acme", "beta"}, left.Texts("organizations.id"))
}

// TestLeaveHandsProjectsOver needs a successor in one of the organizations.
func TestLeaveHandsProjectsOver(t *testing.T) {
	t.Parallel()
	h, _ := newOrganization(t, "owner-member")
	h.As("").May("POST /v1/organizations/acme/commands", o{"commands": []o{
		{"type": "create_project", "id": "site"}, {"type": "add_project_member", "project": "site", "user": "bob", "role": "owner"},
	}})
	h.As("").May("POST /v1/organizations", o{"id": "beta", "scheme": "github", "owner": "ada"})
	h.As("").May("POST /v1/organizations/beta/members", o{"user": "bob"})
	h.As("bob").Ask("POST /v1/me/leave", o{}).Refused(409, "cannot_leave").Has("errors.0.about", "acme", "errors.0.code", "last_holder").Says("errors.0.detail", "transfer_to")
	h.As("bob").May("POST /v1/me/leave", o{"transfer_to": o{"acme": "cleo"}})
	h.As("").Sees("/v1/organizations/acme/projects/site/access/cleo").Has("role", "owner")
}

// TestHoldings asks before, and of the time before, a removal.
func TestHoldings(t *testing.T) {
	t.Parallel()
	h := scattered(t)
	const org = "/v1/organizations/acme"
	before := h.As("ada").Sees(org+"/members/bob/holdings").Has("role", "member", "role_label", "Member", "projects.0.project", "apollo", "projects.0.name", "Apollo", "projects.0.role", "write", "projects.1", nil,
		"teams.0.team", "core", "partial", nil).Body
	assert.JSONEq(t, before, h.As("bob").Sees(org+"/members/bob/holdings").Body, "one's own")
	at := h.As("ada").Sees(org).Text("changed")
	h.As("ada").May("DELETE "+org+"/members/bob?dry_run=true").Has("dry_run.held.role", "member", "dry_run.held.projects.0.project", "apollo", "dry_run.held.teams.0.team", "core")
	h.As("ada").May("DELETE " + org + "/members/bob")
	h.As("ada").SeesNo(org+"/members/bob/holdings", "no_member")
	assert.JSONEq(t, before, h.As("ada").Sees(org+"/members/bob/holdings?at="+strings.ReplaceAll(at, "+", "%2B")).Body, "what bob held")
}

// TestHoldingsAreBounded holds more than an answer lists.
func TestHoldingsAreBounded(t *testing.T) {
	t.Parallel()
	h := scattered(t)
	const org = "/v1/organizations/acme"
	for _, from := range []int{0, 400, 800} {
		var commands []o
		for i := range 400 {
			id := fmt.Sprintf("p%04d", from+i)
			commands = append(commands, o{"type": "create_project", "id": id}, o{"type": "add_project_member", "project": id, "user": "bob"})
		}
		h.As("").May("POST "+org+"/commands", o{"commands": commands})
	}
	found := h.As("ada").Sees(org+"/members/bob/holdings").Has("partial", true)
	assert.Len(t, found.Texts("projects.project"), 1000)
}

// TestLastOwnersWhoLeaveAtOnce has the two owners of an organization leave at the same time: one stays, and the
// answer says which organizations they have left.
func TestLastOwnersWhoLeaveAtOnce(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for round := range 20 {
		plain, owned := fmt.Sprintf("a%d", round), fmt.Sprintf("b%d", round)
		users := []string{fmt.Sprintf("u%d", round), fmt.Sprintf("v%d", round)}
		h.As("").May("POST /v1/organizations", o{"id": plain, "scheme": "github", "owner": "ada"})
		h.As("").May("POST /v1/organizations", o{"id": owned, "scheme": "github", "owner": users[0]})
		h.As("").May("POST /v1/organizations/"+owned+"/members", o{"user": users[1], "role": "admin"})
		for _, user := range users {
			h.As("").May("POST /v1/organizations/"+plain+"/members", o{"user": user})
		}
		position := h.Desk.View().Position
		replies := make([]apirequest.Reply, len(users))
		var leaving sync.WaitGroup
		for i, user := range users {
			leaving.Go(func() {
				replies[i] = h.Server.As(t, user).AtLeast(position).Ask("POST /v1/me/leave", o{})
			})
		}
		leaving.Wait()
		stayed := 0
		for i, user := range users {
			_, inPlain := h.Desk.View().State.Organization(events.OrganizationID(plain)).Member(events.UserID(user))
			_, inOwned := h.Desk.View().State.Organization(events.OrganizationID(owned)).Member(events.UserID(user))
			if inOwned {
				stayed++
			}
			switch reply := replies[i]; reply.At("code") {
			case nil:
				reply.OK()
				assert.False(t, inPlain || inOwned, "%s has left", user)
			case "left_in_part":
				reply.Refused(409, "left_in_part").Says("detail", "Left: "+plain+".", "Not left: "+owned).Has("errors.0.about", owned, "errors.0.code", "last_holder")
				assert.True(t, !inPlain && inOwned, "%s has left one", user)
			default:
				reply.Refused(409, "cannot_leave").Has("errors.0.about", owned)
				assert.True(t, inPlain && inOwned, "%s has left none", user)
			}
		}
		assert.Equal(t, 1, stayed, "owners who stay")
	}
}
