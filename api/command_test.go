package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestCommands gives every kind of command, each with what must come of it.
func TestCommands(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org = "/v1/organizations/acme"
	tries(t, h,
		try{"", "POST /v1/organizations", o{"id": "acme", "name": "Acme", "scheme": "github", "owner": "ada"}, 201, ""},
		try{"", "POST /v1/organizations", o{"id": "acme"}, 409, "organization_exists"},
		try{"", "POST /v1/organizations", o{"id": "a b"}, 422, "bad_id"},
		try{"", "POST /v1/organizations", o{"scheme": "none"}, 422, "unknown_scheme"},
		try{"bob", "POST /v1/organizations", o{"owner": "ada"}, 403, "not_allowed"},
		try{"bob", "POST /v1/organizations", o{"id": "bobs"}, 201, ""},
		try{"bob", "DELETE " + org, nil, 404, "no_organization"},
		try{"bob", "DELETE /v1/organizations/bobs", nil, 200, ""},

		try{"", "POST " + org + "/members", o{"user": "bob", "login": "Bob", "name": "Bob Bobson", "email": "bob@example.org"}, 200, ""},
		try{"", "POST " + org + "/members", o{"user": "eve", "email": "bob@example.org"}, 409, "address_taken"},
		try{"", "POST " + org + "/members", o{"user": "eve", "email": "bob at home"}, 422, "bad_email"},
		try{"", "POST " + org + "/members", o{"user": "eve", "role": "king"}, 422, "unknown_role"},
		try{"", "POST " + org + "/members", o{"user": "bob", "role": "admin"}, 409, "already_member"},
		try{"ada", "POST " + org + "/members", o{"user": "eve"}, 403, "not_allowed"},
		try{"", "POST " + org + "/members", o{"user": "cleo"}, 200, ""},
		try{"cleo", "PATCH " + org + "/members/bob", o{"role": "admin"}, 403, "not_allowed"},
		try{"ada", "PATCH " + org + "/members/cleo", o{"role": "admin"}, 200, ""},
		try{"ada", "PATCH " + org + "/members/nobody", o{"role": "admin"}, 404, "no_member"},
		try{"cleo", "PATCH " + org + "/members/cleo", o{"role": "member"}, 200, ""},
		try{"ada", "DELETE " + org + "/members/ada", nil, 409, "last_holder"},
		try{"cleo", "DELETE " + org + "/members/cleo", nil, 200, ""},

		try{"ada", "POST " + org + "/invites", o{"id": "i1", "email": "dan@example.org"}, 201, ""},
		try{"ada", "POST " + org + "/invites", o{"email": "DAN@example.org"}, 409, "already_invited"},
		try{"ada", "POST " + org + "/invites", o{"id": "i2"}, 400, "malformed"},
		try{"ada", "POST " + org + "/invites", o{"id": "i2", "email": ""}, 422, "bad_email"},
		try{"ada", "DELETE " + org + "/invites/i1", nil, 200, ""},
		try{"ada", "DELETE " + org + "/invites/i1", nil, 404, "no_invite"},

		try{"ada", "POST " + org + "/projects", o{"id": "apollo", "name": "Apollo"}, 201, ""},
		try{"bob", "POST " + org + "/projects", o{"id": "gemini"}, 403, "not_allowed"},
		try{"bob", "POST " + org + "/projects/apollo/members", o{"user": "bob"}, 404, "no_project"},
		try{"ada", "POST " + org + "/projects/apollo/members", o{"user": "bob"}, 200, ""},
		try{"ada", "POST " + org + "/projects/apollo/members", o{"user": "eve"}, 409, "not_in_organization"},
		try{"ada", "PATCH " + org + "/projects/apollo/members/bob", o{"role": "write"}, 200, ""},
		try{"bob", "PATCH " + org + "/projects/apollo/members/bob", o{"role": "admin"}, 403, "not_allowed"},
		try{"ada", "DELETE " + org + "/projects/apollo/members/bob", nil, 200, ""},
		try{"ada", "DELETE " + org + "/projects/apollo/members/bob", nil, 409, "not_on_project"},

		try{"ada", "POST " + org + "/teams", o{"id": "core", "name": "Core"}, 201, ""},
		try{"ada", "POST " + org + "/teams", o{"name": "Core"}, 409, "team_name_taken"},
		try{"ada", "POST " + org + "/teams", o{"id": "sub", "name": "Sub", "parent": "core", "privacy": "secret"}, 201, ""},
		try{"ada", "PATCH " + org + "/teams/core", o{"parent": "sub"}, 409, "team_cycle"},
		try{"ada", "PATCH " + org + "/teams/core", o{"name": "Kern", "description": "the middle", "privacy": "closed"}, 200, ""},
		try{"ada", "PATCH " + org + "/teams/core", o{}, 400, "malformed"},
		try{"ada", "PATCH " + org + "/teams/core", o{"privacy": "open"}, 400, "malformed"},
		try{"ada", "POST " + org + "/teams/sub/members", o{"user": "bob"}, 200, ""},
		try{"ada", "PATCH " + org + "/teams/sub/members/bob", o{"role": "maintainer"}, 200, ""},
		try{"ada", "POST " + org + "/projects/apollo/teams", o{"team": "core"}, 200, ""},
		try{"ada", "PATCH " + org + "/projects/apollo/teams/core", o{"role": "write"}, 200, ""},
		try{"ada", "DELETE " + org + "/projects/apollo/members/bob", nil, 409, "only_through_team"},
		try{"ada", "DELETE " + org + "/projects/apollo/teams/core", nil, 200, ""},
		try{"ada", "DELETE " + org + "/projects/apollo/teams/core", nil, 409, "not_assigned"},
		try{"bob", "DELETE " + org + "/teams/sub/members/bob", nil, 200, ""},
		try{"ada", "DELETE " + org + "/teams/core", nil, 409, "team_has_children"},
		try{"ada", "DELETE " + org + "/teams/sub", nil, 200, ""},
		try{"ada", "DELETE " + org, nil, 200, ""},
	)
}

func TestInviteIsAccepted(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("ada").May("POST /v1/organizations/acme/projects", o{"id": "apollo"})
	sent := h.As("ada").May("POST /v1/organizations/acme/invites", o{"email": "bob@example.org", "projects": []o{{"project": "apollo"}}})
	id, token := sent.Text("id"), sent.Text("token")
	require.Equal(t, "/v1/organizations/acme/invites/"+id, sent.Header.Get("Location"))
	accept := "POST /v1/organizations/acme/invites/" + id + "/accept"
	h.As("bob").Ask(accept, o{"token": "guessed"}).Refused(http.StatusNotFound, "no_invite")
	h.As("eve").Ask(accept, o{"token": token, "user": "bob"}).Refused(http.StatusNotFound, "no_invite")
	h.As("bob").May(accept, o{"token": token, "login": "Bob", "name": "Bob Bobson", "verified_emails": []string{"robert@example.org", "Bob@Example.org"}})
	h.As("bob").Sees("/v1/organizations/acme/members/bob").Has(
		"email", "bob@example.org", "name", "Bob Bobson", "login", "Bob", "role", "member")
	h.As("bob").Sees("/v1/organizations/acme/members/bob/projects").Count(1).Has("items.0.id", "apollo", "items.0.role", "member")
	h.As("bob").Ask(accept, o{"token": token}).OK().Has("changed", false)
}

func TestRepeatedCommandTakesEffectOnce(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	once := h.As("ada").With("Idempotency-Key", "k1")
	first := once.May("POST /v1/organizations", o{"name": "Acme"})
	again := once.May("POST /v1/organizations", o{"name": "Acme"}).Has("repeated", true, "id", first.At("id"), "position", first.At("position"))
	assert.Equal(t, http.StatusCreated, again.Status, "the repeated command answers")
	once.Ask("POST /v1/organizations", o{"name": "Other"}).Refused(http.StatusUnprocessableEntity, "key_reused")
	org := first.Text("id")

	// Ids that the server makes are those of the first time.
	team := h.As("ada").With("Idempotency-Key", "k2")
	made := team.May("POST /v1/organizations/"+org+"/projects", o{"name": "P"})
	team.May("POST /v1/organizations/"+org+"/projects", o{"name": "P"}).Has("id", made.At("id"), "events.0.id", made.At("events.0.id"))
	// Another actor, address or query makes another command of it.
	h.As("").With("Idempotency-Key", "k2").Ask("POST /v1/organizations/"+org+"/projects", o{"name": "P"}).Refused(http.StatusUnprocessableEntity, "key_reused")
	team.Ask("POST /v1/organizations/"+org+"/projects?cause=x", o{"name": "P"}).Refused(http.StatusUnprocessableEntity, "key_reused")
	h.As("").With("Idempotency-Key", "k2").Sees("/v1/organizations/" + org)
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	tag := h.As("ada").Sees("/v1/organizations/acme").Header.Get("ETag")
	require.Equal(t, `"1"`, tag, "the first version")
	changed := h.As("ada").With("If-Match", tag).May("POST /v1/organizations/acme/projects", o{"id": "p"})
	h.As("ada").With("If-Match", tag).Ask("POST /v1/organizations/acme/projects", o{"id": "q"}).Refused(http.StatusPreconditionFailed, "stale_version")
	h.As("ada").With("If-Match", changed.Header.Get("ETag")).May("POST /v1/organizations/acme/projects", o{"id": "q"})
	h.As("ada").With("If-Match", "*").May("POST /v1/organizations/acme/projects", o{"id": "r"})
	h.As("ada").With("If-Match", `"x"`).Ask("POST /v1/organizations/acme/projects", o{"id": "s"}).Refused(http.StatusBadRequest, "malformed")
	list := h.As("ada").Sees("/v1/organizations/acme/projects").Count(3)
	assert.Equal(t, `"4"`, list.Header.Get("ETag"), "the list that has caught up carries")
}

func TestUnknownSchemesAreToldFromThoseThatThereAre(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").Ask("POST /v1/organizations", o{"scheme": "atelir"}).Refused(http.StatusUnprocessableEntity, "unknown_scheme").
		Has("detail", `There is no scheme "atelir"; there are agency, campaign, data-model, github, owner-member, scoped.`)
}

func TestOccurredAtIsForTheSystem(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations?occurred_at=2020-01-01T00:00:00Z&cause=history", o{"id": "acme", "owner": "ada"})
	h.As("ada").Sees("/v1/organizations/acme").Has("changed", "2020-01-01T00:00:00Z")
	const members = "POST /v1/organizations/acme/members"
	h.As("ada").Ask(members+"?occurred_at=2020-01-02T00:00:00Z", o{"user": "bob"}).Refused(http.StatusForbidden, "may_not_state_time")
	h.As("").Ask(members+"?occurred_at=2019-01-02T00:00:00Z", o{"user": "bob"}).Refused(http.StatusConflict, "before_history")
	h.As("").Ask(members+"?occurred_at=2999-01-02T00:00:00Z", o{"user": "bob"}).Refused(http.StatusUnprocessableEntity, "time_in_the_future")
	h.As("").Ask(members+"?occurred_at=yesterday", o{"user": "bob"}).Refused(http.StatusBadRequest, "malformed")
	h.As("").Ask(members+"?when=2020-01-02T00:00:00Z", o{"user": "bob"}).Refused(http.StatusBadRequest, "malformed")
}

func TestBulk(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const bulk = "POST /v1/organizations/acme/commands"
	all := []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "add_member", "user": "cleo", "role": "admin"},
		{"type": "change_member_role", "user": "cleo", "role": "member"},
		{"type": "invite_member", "id": "i1", "email": "dan@example.org"},
		{"type": "accept_invite", "invite": "i1", "user": "dan"},
		{"type": "invite_member", "id": "i2", "email": "eve@example.org"},
		{"type": "revoke_invite", "invite": "i2"},
		{"type": "create_project", "id": "apollo"},
		{"type": "add_project_member", "project": "apollo", "user": "bob"},
		{"type": "change_project_member_role", "project": "apollo", "user": "bob", "role": "write"},
		{"type": "remove_project_member", "project": "apollo", "user": "bob"},
		{"type": "create_team", "id": "core", "name": "Core"},
		{"type": "create_team", "id": "sub", "name": "Sub", "parent": "core"},
		{"type": "rename_team", "team": "sub", "name": "Below"},
		{"type": "describe_team", "team": "sub", "description": "words", "privacy": "secret"},
		{"type": "move_team", "team": "sub"},
		{"type": "add_team_member", "team": "core", "user": "bob"},
		{"type": "change_team_member_role", "team": "core", "user": "bob", "role": "maintainer"},
		{"type": "assign_team", "team": "core", "project": "apollo"},
		{"type": "change_assignment", "team": "core", "project": "apollo", "role": "write"},
		{"type": "unassign_team", "team": "core", "project": "apollo"},
		{"type": "remove_team_member", "team": "core", "user": "bob"},
		{"type": "remove_team", "team": "sub"},
		{"type": "remove_member", "user": "dan"},
	}
	done := h.As("").May(bulk, o{"commands": all})
	assert.Equal(t, http.StatusCreated, done.Status)
	assert.EqualValues(t, 1, h.Desk.View().Position, "commits")
	done.Text("events.5.token")
	h.As("").May(bulk, o{"commands": []o{{"type": "delete_organization"}, {"type": "create_organization"}}})

	h.As("").Ask(bulk, o{"commands": []o{{"type": "add_member", "user": "bob"}, {"type": "change_member_role", "user": "zoe", "role": "member"}, {"type": "create_team", "name": "T"}}}).
		Refused(http.StatusNotFound, "no_member").Has("errors.0.index", 1, "errors.0.code", "no_member", "errors.1.index", 2, "errors.1.code", "teams_off")
	h.As("").Ask(bulk, o{"commands": []o{{"type": "add_member", "user": "bob"}, {"type": "add_member", "login": 7}, {"type": "dance"}, {"user": "x"}}}).
		Refused(http.StatusBadRequest, "malformed").Has("errors.0.index", 1, "errors.1.index", 2, "errors.2.index", 3, "errors.2.code", "malformed")
	h.As("").SeesNo("/v1/organizations/acme/members/bob", "no_member")
	many := make([]o, 1001)
	for i := range many {
		many[i] = o{"type": "add_member", "user": "bob"}
	}
	h.As("").Ask(bulk, o{"commands": many}).Refused(http.StatusUnprocessableEntity, "too_many_items")
	h.As("").Ask(bulk, o{"orders": all}).Refused(http.StatusBadRequest, "malformed")
	h.As("").Ask(bulk, "{").Refused(http.StatusBadRequest, "malformed")
	h.As("zoe").Ask(bulk, o{"commands": []o{{"type": "add_member", "user": "bob"}}}).Refused(http.StatusNotFound, "no_organization")
}

func TestImportIsRemembered(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const bulk = "POST /v1/organizations/acme/commands?occurred_at=2020-01-01T00:00:00Z"
	lines := o{"commands": []o{{"type": "create_organization"}, {"type": "add_member", "user": "bob"}}, "import": o{"source": "trace", "through": 2}}
	h.As("").May(bulk, lines).Has("changed", true)
	h.As("").May(bulk, lines).Has("changed", false)
	h.As("").Sees("/v1/imports/trace").Has("source", "trace", "organizations.acme", 2)
	h.As("").Sees("/v1/imports/other").Has("source", "other", "organizations.acme", nil)
	h.As("bob").Ask("GET /v1/imports/trace").Refused(http.StatusForbidden, "system_only")
	h.As("bob").Ask("POST /v1/organizations/acme/commands", o{"commands": []o{}, "import": o{"source": "mine", "through": 9}}).Refused(http.StatusForbidden, "not_allowed")
	h.As("").Ask(bulk, o{"commands": []o{}, "import": o{"through": 9}}).Refused(http.StatusBadRequest, "malformed")
	assert.EqualValues(t, 2, h.Desk.View().State.Organization("acme").Imported("trace"), "the domain remembers line")
}
