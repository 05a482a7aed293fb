package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// document is the OpenAPI document, as far as tests look at it.
type document struct {
	OpenAPI    string                                  `json:"openapi"`
	Tags       []struct{ Name, Description string }    `json:"tags"`
	Paths      map[string]map[string]documentOperation `json:"paths"`
	Components map[string]map[string]any               `json:"components"`
}

type documentOperation struct {
	ID                   string `json:"operationId"`
	Summary, Description string
	Tags                 []string
	Parameters           []struct{ Name, In string }
	RequestBody          struct {
		Required bool
		Content  map[string]struct{ Example any }
	}
	Responses map[string]map[string]any
}

func startedDocument(t *testing.T) (read document, text string) {
	t.Helper()
	text = apitest.Start(t).As("").Sees("/openapi.json").Body
	require.NoError(t, json.Unmarshal([]byte(text), &read, json.MatchCaseInsensitiveNames(true)))
	return read, text
}

// operation is one of the OpenAPI document, with an example of its body.
type operation struct {
	documentOperation
	method, path string
	example      string
}

// operations lists every operation that takes a key, by the path.
func operations(t *testing.T) (all []operation) {
	t.Helper()
	document, _ := startedDocument(t)
	for path, methods := range document.Paths {
		for method, op := range methods {
			found := operation{op, strings.ToUpper(method), path, ""}
			if media, is := op.RequestBody.Content["application/json"]; is {
				example, err := json.Marshal(media.Example, json.Deterministic(true))
				require.NoError(t, err)
				found.example = string(example)
			}
			if strings.HasPrefix(path, "/v1/") {
				all = append(all, found)
			}
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// withoutChange returns a query with which the operation changes nothing, if it takes one.
func (o operation) withoutChange() string {
	if slices.ContainsFunc(o.Parameters, func(p struct{ Name, In string }) bool { return p.Name == "dry_run" }) {
		return "?dry_run"
	}
	return ""
}

// TestOpenAPIDocumentHasExamplesThatAreRead sends each example as an owner.
func TestOpenAPIDocumentHasExamplesThatAreRead(t *testing.T) {
	t.Parallel()
	n := newTenant(t, apitest.Start(t), "owner-member")
	for _, op := range operations(t) {
		reply := n.ask(n.h.As("ada"), op, n.org, op.withoutChange())
		if op.ID == "acknowledge_notification" || op.ID == "mark_notifications_shown" {
			continue // they take the ids of notices that there are
		}
		assert.NotEqual(t, "malformed", reply.At("code"), "%s: %s", op.ID, reply)
	}
}

func TestOpenAPIDocumentDescribesEveryOperation(t *testing.T) {
	t.Parallel()
	document, _ := startedDocument(t)
	assert.Equal(t, "3.1.0", document.OpenAPI)
	names, tags := map[string]bool{}, map[string]bool{}
	for path, methods := range document.Paths {
		for method, op := range methods {
			where := method + " " + path
			assert.NotEmpty(t, op.Summary, where)
			assert.NotEmpty(t, op.Description, where)
			assert.NotEmpty(t, op.ID, where)
			assert.False(t, names[op.ID], "%s: there are two operations %s", where, op.ID)
			names[op.ID] = true
			if assert.Len(t, op.Tags, 1, where) {
				tags[op.Tags[0]] = true
			}
			assert.Contains(t, op.Responses, "500", where)
			inPath := 0
			for _, p := range op.Parameters {
				if p.In == "path" {
					inPath++
					assert.Contains(t, path, "{"+p.Name+"}")
				}
			}
			assert.Equal(t, strings.Count(path, "{"), inPath, "parameters in the path of %s", where)
			for kind, media := range op.RequestBody.Content {
				assert.NotNil(t, media.Example, "the example of a request of %s as %s", where, kind)
			}
		}
	}
	assert.GreaterOrEqual(t, len(names), 45)
	for _, tag := range document.Tags {
		assert.NotEmpty(t, tag.Description, tag.Name)
		assert.True(t, tags[tag.Name], "no operation has the tag %s", tag.Name)
		delete(tags, tag.Name)
	}
	assert.Empty(t, tags, "tags without a description")
}

func TestOpenAPIDocumentRefersToWhatItHas(t *testing.T) {
	t.Parallel()
	document, text := startedDocument(t)
	for part := range strings.SplitSeq(text, `"$ref":"`) {
		ref, found := strings.CutPrefix(part, "#/components/")
		if !found {
			continue
		}
		ref, _, _ = strings.Cut(ref, `"`)
		kind, name, _ := strings.Cut(ref, "/")
		assert.Contains(t, document.Components[kind], name)
	}
}

func TestMetricsCount(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").May("POST "+org+"/projects", o{"id": "p"})
	h.As("ada").Ask("POST "+org+"/projects", o{"id": "p"}).Refused(409, "project_exists")
	h.As("").May("POST "+org+"/members", o{"user": "bob"})
	h.As("").With("Idempotency-Key", "k").May("POST "+org+"/members", o{"user": "new"})
	h.As("").With("Idempotency-Key", "k").May("POST "+org+"/members", o{"user": "new"})
	h.As("").May("POST /v1/access:check", o{"questions": []o{{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code"}}})
	h.As("").Sees(org + "/members")
	text := h.As("").Sees("/metrics").Body
	for _, line := range []string{
		`roster_commands_total{kind="create_project",outcome="recorded"} 3`,
		`roster_commands_total{kind="create_project",outcome="refused"} 1`,
		`roster_commands_total{kind="add_member",outcome="unchanged"} 1`,
		`roster_commands_total{kind="add_member",outcome="recorded"} 4`,
		`roster_commands_total{kind="add_member",outcome="repeated"} 1`,
		`roster_checks_total{answer="allowed"} 1`,
		`roster_commit_entries_count 3`,
		`roster_append_duration_seconds_count 3`,
		`roster_follower_lag{follower="projections"} 0`,
		`roster_ledger_position 3`,
		`roster_keys_missing 0`,
		`roster_tables_damaged{tables="read_models"} 0`,
		`roster_http_request_duration_seconds_count{route="POST /v1/access:check",status="200"} 1`,
	} {
		assert.Contains(t, text, line+"\n", "no %s in", line)
	}
}

// TestEveryCommandIsOffered holds the document against the actions of the domain:
// each is a type in bulk, and an operation of its own.
func TestEveryCommandIsOffered(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	document := h.As("").Sees("/openapi.json")
	operations := map[string]bool{}
	paths, _ := document.At("paths").(map[string]any)
	for _, methods := range paths {
		for _, operation := range methods.(map[string]any) {
			name, _ := operation.(map[string]any)["operationId"].(string)
			operations[name] = true
		}
	}
	var types []string
	mapping, _ := document.At("components.schemas.Command.discriminator.mapping").(map[string]any)
	for name := range mapping {
		types = append(types, name)
	}
	// Nobody is allowed the first eight by a scheme, the changes of a start go with changing the end, and the last two are parts of others.
	want := []string{
		"create_organization", "join_organization", "request_access", "request_elevation", "end_elevation", "approve_access_request", "deny_access_request", "withdraw_access_request",
		"change_notice_preferences", "change_notice_defaults", "change_locale",
		"accept_invite", "change_invite", "decline_invite", "resend_invite", "change_member_start", "change_project_member_start",
		"change_assignment_start", "edit_team", "attest_project_access",
	}
	for _, action := range domain.Actions() {
		if !strings.HasPrefix(string(action), "see_") {
			want = append(want, string(action))
		}
	}
	slices.Sort(want)
	slices.Sort(types)
	assert.Equal(t, want, types, "types in bulk")
	for _, name := range want {
		assert.True(t, operations[name] || slices.Contains([]string{"rename_team", "describe_team", "move_team"}, name), "there is no operation %s", name)
	}
	for _, path := range []string{"/v1/organizations", "/v1/organizations/{org}/commands", "/v1/organizations/{org}/archive"} {
		refs, _ := document.At("paths").(map[string]any)[path].(map[string]any)["post"].(map[string]any)["responses"].(map[string]any)["200"].(map[string]any)
		text := fmt.Sprint(refs)
		assert.Contains(t, text, "Receipt", "%s does not describe the receipt", path)
	}
	assert.EqualValues(t, "#/components/schemas/DryRun", document.At("components.schemas.Receipt.properties.dry_run.$ref"), "the schema of a receipt's dry run")
}

// TestAnswersSayWhatRolesAreCalled holds that whatever names a role by its key has its label
// beside it.
func TestAnswersSayWhatRolesAreCalled(t *testing.T) {
	t.Parallel()
	document, _ := startedDocument(t)
	// A command that is suggested, payloads of events, and what a file declares speak of keys
	// alone.
	unlabelled := []string{
		"Suggestion", "SnapshotLine", "AccessSource", "MemberInvited", "MemberJoined", "ProjectMemberAdded", "ProjectRole", "RoleDefined", "RoleRenamed", "RoleRetired", "TeamAssigned", "TeamMemberAdded", "TeamRole", "InviteChanged", "AccessRequested", "AccessApproved", "Elevated", "ElevationEnded", "ElevationRule", "EmailDomainSet",
	}
	looked := 0
	var look func(name string, schema any)
	seen := map[string]bool{}
	look = func(name string, schema any) {
		switch of := schema.(type) {
		case []any:
			for _, one := range of {
				look(name, one)
			}
		case map[string]any:
			if ref, is := of["$ref"].(string); is && !seen[ref] {
				seen[ref] = true
				ref = strings.TrimPrefix(ref, "#/components/schemas/")
				look(ref, document.Components["schemas"][ref])
			}
			properties, _ := of["properties"].(map[string]any)
			for _, key := range []string{"role", "organization_role", "default_role"} {
				if _, has := properties[key]; has && !slices.Contains(unlabelled, name) && !strings.HasPrefix(name, "Declared") {
					looked++
					assert.Contains(t, properties, key+"_label", name)
				}
			}
			for _, inner := range of {
				look(name, inner)
			}
		}
	}
	for _, methods := range document.Paths {
		for _, op := range methods {
			look(op.ID, op.Responses["200"])
		}
	}
	assert.Greater(t, looked, 15)
}

// TestBodyIsNeededForItsRequiredFieldsAlone sends no body to every operation: it is missed where a field of it is required.
func TestBodyIsNeededForItsRequiredFieldsAlone(t *testing.T) {
	t.Parallel()
	n := newTenant(t, apitest.Start(t), "owner-member")
	needed := 0
	for _, op := range operations(t) {
		op.example = ""
		reply := n.ask(n.h.As("ada"), op, n.org, op.withoutChange())
		missed := reply.At("code") == "malformed" && slices.ContainsFunc([]string{"The request body is required.", "this is no JSON at byte 0"}, func(says string) bool {
			return strings.Contains(reply.Text("detail"), says)
		})
		assert.Equal(t, op.RequestBody.Required, missed, "%s: %s", op.ID, reply)
		if missed {
			needed++
		}
	}
	assert.Positive(t, needed)
}
