package api_test

import (
	"net/http"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/scheme"
)

func TestSchemesAreListed(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	found := h.as("zoe").do("GET /v1/schemes", nil).ok().count(len(h.config.Schemes))
	found.has("items.0.key", "agency")
	h.as("").do("GET /v1/schemes/none", nil).refused(http.StatusNotFound, "no_scheme")
}

// TestSchemesAreShownWhole holds what is shown to the published JSON Schema.
func TestSchemesAreShownWhole(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	published := h.as("zoe").do("GET /v1/scheme.schema.json", nil).ok()
	assert.Equal(t, "application/schema+json", published.header.Get("Content-Type"))
	assert.Equal(t, string(scheme.JSONSchema()), string(published.body))
	var document any
	require.NoError(t, json.Unmarshal(published.body, &document))
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("here:scheme", document))
	schema, err := compiler.Compile("here:scheme")
	require.NoError(t, err)
	for key := range h.config.Schemes {
		shown := h.as("zoe").do("GET /v1/schemes/"+key, nil).ok().has("key", key)
		var scheme any
		require.NoError(t, json.Unmarshal(shown.body, &scheme))
		assert.NoError(t, schema.Validate(scheme), key)
	}
}

// TestAnOrganizationShowsTheRulesInForce asks after the label of a role was changed.
func TestAnOrganizationShowsTheRulesInForce(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.as("bob").do("GET "+org+"/scheme", nil).ok().has("key", "github", "organization_roles.0.key", "admin", "organization_roles.0.label", "Owner",
		"allow.change_member_role.organization.members", "full", "permissions.project.0.key", "code", "teams.nested", true)
	h.system(step{"PATCH " + org + "/roles/organization/admin/label", o{"label": "Chief"}})
	h.as("bob").do("GET "+org+"/scheme", nil).ok().has("organization_roles.0.key", "admin", "organization_roles.0.label", "Chief")
	h.as("bob").do("GET /v1/schemes/github", nil).ok().has("organization_roles.0.label", "Owner")
	h.as("zoe").do("GET "+org+"/scheme", nil).refused(http.StatusNotFound, "no_organization")
}
