package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCommands gives every kind of command, each with what must come of it.
func TestCommands(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	const org = "/v1/organizations/acme"
	h.tries(
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
	h := startServer(t)
	h.system(step{"POST /v1/organizations", o{"id": "acme", "owner": "ada"}})
	h.as("ada").do("POST /v1/organizations/acme/projects", o{"id": "apollo"}).ok()
	sent := h.as("ada").do("POST /v1/organizations/acme/invites", o{"email": "bob@example.org", "projects": []o{{"project": "apollo"}}}).ok()
	id, _ := sent.at("id").(string)
	token, _ := sent.at("token").(string)
	require.NotEmpty(t, id, "no id, token or location")
	require.NotEmpty(t, token, "no id, token or location")
	require.Equal(t, "/v1/organizations/acme/invites/"+id, sent.header.Get("Location"), "no id, token or location")
	accept := "POST /v1/organizations/acme/invites/" + id + "/accept"
	h.as("bob").do(accept, o{"token": "guessed"}).refused(http.StatusNotFound, "no_invite")
	h.as("eve").do(accept, o{"token": token, "user": "bob"}).refused(http.StatusNotFound, "no_invite")
	joined := h.as("bob").do(accept, o{"token": token, "login": "Bob", "name": "Bob Bobson"}).ok()
	h.as("bob").do("GET /v1/organizations/acme/members/bob", nil).ok().has(
		"email", "bob@example.org", "name", "Bob Bobson", "login", "Bob", "role", "member")
	h.reads("bob", joined.position(), "/v1/organizations/acme/members/bob/projects").count(1).has("items.0.id", "apollo", "items.0.role", "member")
	h.as("bob").do(accept, o{"token": token}).refused(http.StatusNotFound, "no_invite")
}

func TestRepeatedCommandTakesEffectOnce(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	once := h.as("ada", "Idempotency-Key", "k1")
	first := once.do("POST /v1/organizations", o{"name": "Acme"}).ok()
	again := once.do("POST /v1/organizations", o{"name": "Acme"}).ok().has("repeated", true, "id", first.at("id"), "position", first.at("position"))
	assert.Equal(t, http.StatusCreated, again.status, "the repeated command answers")
	once.do("POST /v1/organizations", o{"name": "Other"}).refused(http.StatusUnprocessableEntity, "key_reused")
	org, _ := first.at("id").(string)

	// Ids that the server makes are those of the first time.
	team := h.as("ada", "Idempotency-Key", "k2")
	made := team.do("POST /v1/organizations/"+org+"/projects", o{"name": "P"}).ok()
	team.do("POST /v1/organizations/"+org+"/projects", o{"name": "P"}).ok().has("id", made.at("id"), "events.0.id", made.at("events.0.id"))
	// Another actor, address or query makes another command of it.
	h.as("", "Idempotency-Key", "k2").do("POST /v1/organizations/"+org+"/projects", o{"name": "P"}).refused(http.StatusUnprocessableEntity, "key_reused")
	team.do("POST /v1/organizations/"+org+"/projects?cause=x", o{"name": "P"}).refused(http.StatusUnprocessableEntity, "key_reused")
	h.as("", "Idempotency-Key", "k2").do("GET /v1/organizations/"+org, nil).ok()
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	h.system(step{"POST /v1/organizations", o{"id": "acme", "owner": "ada"}})
	tag := h.as("ada").do("GET /v1/organizations/acme", nil).ok().header.Get("ETag")
	require.Equal(t, `"1"`, tag, "the first version")
	changed := h.as("ada", "If-Match", tag).do("POST /v1/organizations/acme/projects", o{"id": "p"}).ok()
	h.as("ada", "If-Match", tag).do("POST /v1/organizations/acme/projects", o{"id": "q"}).refused(http.StatusPreconditionFailed, "stale_version")
	h.as("ada", "If-Match", changed.header.Get("ETag")).do("POST /v1/organizations/acme/projects", o{"id": "q"}).ok()
	h.as("ada", "If-Match", "*").do("POST /v1/organizations/acme/projects", o{"id": "r"}).ok()
	h.as("ada", "If-Match", `"x"`).do("POST /v1/organizations/acme/projects", o{"id": "s"}).refused(http.StatusBadRequest, "malformed")
	list := h.reads("ada", h.desk.View().Position, "/v1/organizations/acme/projects").count(3)
	assert.Equal(t, `"4"`, list.header.Get("ETag"), "the list that has caught up carries")
}

func TestUnknownSchemesAreToldFromThoseThatThereAre(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	h.as("").do("POST /v1/organizations", o{"scheme": "atelir"}).refused(http.StatusUnprocessableEntity, "unknown_scheme").
		has("detail", `There is no scheme "atelir"; there are agency, campaign, data-model, github, owner-member, scoped.`)
}

func TestOccurredAtIsForTheSystem(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	h.system(step{"POST /v1/organizations?occurred_at=2020-01-01T00:00:00Z&cause=history", o{"id": "acme", "owner": "ada"}})
	h.as("ada").do("GET /v1/organizations/acme", nil).ok().has("changed", "2020-01-01T00:00:00Z")
	const members = "POST /v1/organizations/acme/members"
	h.as("ada").do(members+"?occurred_at=2020-01-02T00:00:00Z", o{"user": "bob"}).refused(http.StatusForbidden, "may_not_state_time")
	h.as("").do(members+"?occurred_at=2019-01-02T00:00:00Z", o{"user": "bob"}).refused(http.StatusConflict, "before_history")
	h.as("").do(members+"?occurred_at=2999-01-02T00:00:00Z", o{"user": "bob"}).refused(http.StatusUnprocessableEntity, "time_in_the_future")
	h.as("").do(members+"?occurred_at=yesterday", o{"user": "bob"}).refused(http.StatusBadRequest, "malformed")
	h.as("").do(members+"?when=2020-01-02T00:00:00Z", o{"user": "bob"}).refused(http.StatusBadRequest, "malformed")
}

func TestBulk(t *testing.T) {
	t.Parallel()
	h := startServer(t)
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
	done := h.as("").do(bulk, o{"commands": all}).ok()
	assert.Equal(t, http.StatusCreated, done.status)
	assert.EqualValues(t, 1, h.desk.View().Position, "commits")
	token, _ := done.at("events.5.token").(string)
	assert.NotEmpty(t, token, "no token with the invite: %v", done.at("events.5"))
	h.as("").do(bulk, o{"commands": []o{{"type": "delete_organization"}, {"type": "create_organization"}}}).ok()

	h.as("").do(bulk, o{"commands": []o{{"type": "add_member", "user": "bob"}, {"type": "change_member_role", "user": "zoe", "role": "member"}, {"type": "create_team", "name": "T"}}}).
		refused(http.StatusNotFound, "no_member").has("errors.0.index", 1, "errors.0.code", "no_member", "errors.1.index", 2, "errors.1.code", "teams_off")
	h.as("").do(bulk, o{"commands": []o{{"type": "add_member", "user": "bob"}, {"type": "add_member", "login": 7}, {"type": "dance"}, {"user": "x"}}}).
		refused(http.StatusBadRequest, "malformed").has("errors.0.index", 1, "errors.1.index", 2, "errors.2.index", 3, "errors.2.code", "malformed")
	h.as("").do("GET /v1/organizations/acme/members/bob", nil).refused(http.StatusNotFound, "no_member")
	many := make([]o, 1001)
	for i := range many {
		many[i] = o{"type": "add_member", "user": "bob"}
	}
	h.as("").do(bulk, o{"commands": many}).refused(http.StatusUnprocessableEntity, "too_many_items")
	h.as("").do(bulk, o{"orders": all}).refused(http.StatusBadRequest, "malformed")
	h.as("").do(bulk, "{").refused(http.StatusBadRequest, "malformed")
	h.as("zoe").do(bulk, o{"commands": []o{{"type": "add_member", "user": "bob"}}}).refused(http.StatusNotFound, "no_organization")
}

func TestImportIsRemembered(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	const bulk = "POST /v1/organizations/acme/commands?occurred_at=2020-01-01T00:00:00Z"
	lines := o{"commands": []o{{"type": "create_organization"}, {"type": "add_member", "user": "bob"}}, "import": o{"source": "trace", "through": 2}}
	h.as("").do(bulk, lines).ok().has("changed", true)
	h.as("").do(bulk, lines).ok().has("changed", false)
	h.as("").do("GET /v1/imports/trace", nil).ok().has("source", "trace", "organizations.acme", 2)
	h.as("").do("GET /v1/imports/other", nil).ok().has("source", "other", "organizations.acme", nil)
	h.as("bob").do("GET /v1/imports/trace", nil).refused(http.StatusForbidden, "system_only")
	h.as("bob").do("POST /v1/organizations/acme/commands", o{"commands": []o{}, "import": o{"source": "mine", "through": 9}}).refused(http.StatusForbidden, "not_allowed")
	h.as("").do(bulk, o{"commands": []o{}, "import": o{"through": 9}}).refused(http.StatusBadRequest, "malformed")
	assert.EqualValues(t, 2, h.desk.View().State.Organization("acme").Imported("trace"), "the domain remembers line")
}
