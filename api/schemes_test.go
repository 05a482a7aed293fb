package api_test

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/scheme"
)

func TestSchemesAreListed(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	found := h.As("zoe").Sees("/v1/schemes").Count(len(h.Config.Schemes))
	found.Has("items.0.key", "agency")
	h.As("").SeesNo("/v1/schemes/none", "no_scheme")
}

// TestSchemesAreShownWhole holds what is shown to the published JSON Schema.
func TestSchemesAreShownWhole(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	published := h.As("zoe").Sees("/v1/scheme.schema.json")
	assert.Equal(t, "application/schema+json", published.Header.Get("Content-Type"))
	assert.Equal(t, string(scheme.JSONSchema()), published.Body)
	var document any
	require.NoError(t, json.Unmarshal([]byte(published.Body), &document))
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("here:scheme", document))
	schema, err := compiler.Compile("here:scheme")
	require.NoError(t, err)
	for key := range h.Config.Schemes {
		shown := h.As("zoe").Sees("/v1/schemes/"+key).Has("key", key)
		var scheme any
		require.NoError(t, json.Unmarshal([]byte(shown.Body), &scheme))
		assert.NoError(t, schema.Validate(scheme), key)
	}
}

// TestAnOrganizationShowsTheRulesInForce asks after the label of a role was changed.
func TestAnOrganizationShowsTheRulesInForce(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("bob").Sees(org+"/scheme").Has("key", "github", "organization_roles.0.key", "admin", "organization_roles.0.label", "Owner",
		"allow.change_member_role.organization.members", "full", "permissions.project.0.key", "code", "teams.nested", true)
	h.As("").May("PATCH "+org+"/roles/organization/admin/label", o{"label": "Chief"})
	h.As("bob").Sees(org+"/scheme").Has("organization_roles.0.key", "admin", "organization_roles.0.label", "Chief")
	h.As("bob").Sees("/v1/schemes/github").Has("organization_roles.0.label", "Owner")
	h.As("zoe").SeesNo(org+"/scheme", "no_organization")
}
