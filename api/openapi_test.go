package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/domain"
)

func TestOpenAPIDocumentIsComplete(t *testing.T) {
	t.Parallel()
	h := open(t)
	var document struct {
		OpenAPI    string                               `json:"openapi"`
		Paths      map[string]map[string]map[string]any `json:"paths"`
		Components map[string]map[string]any            `json:"components"`
		Others     map[string]any                       `json:",embed"`
	}
	text := h.as("").do("GET /openapi.json", nil).ok().body
	must(t, json.Unmarshal(text, &document))
	if document.OpenAPI != "3.1.0" {
		t.Errorf("it is OpenAPI %s", document.OpenAPI)
	}
	names := map[string]bool{}
	for path, methods := range document.Paths {
		for method, operation := range methods {
			where := method + " " + path
			name, _ := operation["operationId"].(string)
			if summary, _ := operation["summary"].(string); summary == "" || name == "" || names[name] || operation["tags"] == nil {
				t.Errorf("%s has no summary, no tag, or no name of its own", where)
			}
			names[name] = true
			responses, _ := operation["responses"].(map[string]any)
			if responses["default"] == nil && responses["500"] == nil {
				t.Errorf("%s does not say how it fails", where)
			}
			for status, response := range responses {
				response, _ := response.(map[string]any)
				if response["description"] == "" || response["content"] == nil {
					t.Errorf("%s does not describe the answer %s", where, status)
				}
			}
			parameters, _ := operation["parameters"].([]any)
			for i := range strings.Count(path, "{") {
				if i >= len(parameters) {
					t.Errorf("%s does not describe its path", where)
				}
			}
		}
	}
	if len(names) < 45 {
		t.Errorf("only %d operations", len(names))
	}
	for part := range strings.SplitSeq(string(text), `"$ref":"`) {
		ref, found := strings.CutPrefix(part, "#/components/")
		if !found {
			continue
		}
		ref, _, _ = strings.Cut(ref, `"`)
		kind, name, _ := strings.Cut(ref, "/")
		if document.Components[kind][name] == nil {
			t.Errorf("there is no %s", ref)
		}
	}
	page := h.as("").do("GET /docs", nil).ok()
	for name := range document.Paths {
		if !strings.Contains(string(page.body), name) {
			t.Errorf("/docs lacks %s", name)
		}
	}
	h.as("").do("GET /problems/last_holder", nil).ok().has("code", "last_holder", "status", 409)
	h.as("").do("GET /problems/none", nil).refused(404, "no_such_problem")
}

func TestMetricsCount(t *testing.T) {
	t.Parallel()
	h, home := settled(t)
	h.as("ada").do("POST "+home+"/projects", o{"id": "p"}).ok()
	h.as("ada").do("POST "+home+"/projects", o{"id": "p"}).refused(409, "project_exists")
	h.as("").do("POST "+home+"/members", o{"user": "bob"}).ok()
	h.as("", "Idempotency-Key", "k").do("POST "+home+"/members", o{"user": "new"}).ok()
	h.as("", "Idempotency-Key", "k").do("POST "+home+"/members", o{"user": "new"}).ok()
	h.as("").do("POST /v1/access:check", o{"questions": []o{{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code"}}}).ok()
	h.reads("", h.desk.View().Position, home+"/members").ok()
	text := string(h.as("").do("GET /metrics", nil).ok().body)
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
		`roster_http_request_duration_seconds_count{route="POST /v1/access:check",status="200"} 1`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
}

// TestEveryCommandIsOffered holds the document against the actions of the domain:
// each is a type in bulk, and an operation of its own.
func TestEveryCommandIsOffered(t *testing.T) {
	t.Parallel()
	h := open(t)
	document := h.as("").do("GET /openapi.json", nil).ok()
	operations := map[string]bool{}
	paths, _ := document.at("paths").(map[string]any)
	for _, methods := range paths {
		for _, operation := range methods.(map[string]any) {
			name, _ := operation.(map[string]any)["operationId"].(string)
			operations[name] = true
		}
	}
	var types []string
	items, _ := document.at("components.schemas.Bulk.properties.commands.items.oneOf").([]any)
	for i := range items {
		name, _ := document.at(fmt.Sprintf("components.schemas.Bulk.properties.commands.items.oneOf.%d.allOf.0.properties.type.enum.0", i)).(string)
		types = append(types, name)
	}
	want := []string{"create_organization", "accept_invite"} // these are nobody's to allow
	for _, action := range domain.Actions() {
		if !strings.HasPrefix(string(action), "see_") {
			want = append(want, string(action))
		}
	}
	slices.Sort(want)
	slices.Sort(types)
	if !slices.Equal(types, want) {
		t.Errorf("types in bulk:\n%q\nwanted:\n%q", types, want)
	}
	for _, name := range want {
		if parts := []string{"rename_team", "describe_team", "move_team"}; !operations[name] && !slices.Contains(parts, name) {
			t.Errorf("there is no operation %s", name)
		}
	}
	if !operations["edit_team"] {
		t.Error("there is no operation for the parts of a team")
	}
	for _, path := range []string{"/v1/organizations", "/v1/organizations/{org}/commands", "/v1/organizations/{org}/archive"} {
		refs, _ := document.at("paths").(map[string]any)[path].(map[string]any)["post"].(map[string]any)["responses"].(map[string]any)["200"].(map[string]any)
		text := fmt.Sprint(refs)
		if !strings.Contains(text, "Receipt") || !strings.Contains(text, "Forecast") {
			t.Errorf("%s does not describe both answers: %s", path, text)
		}
	}
}
