package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/scheme"
)

// TestBrokenSchemesAreRefused serves with a folder in which a file is broken.
func TestBrokenSchemesAreRefused(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--schemes", "testdata/drafts")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, `testdata/drafts/broken.yaml:28: allow.add_project_member.project_roles: there is no role "boss"`)
	_, err := os.Stat(data)
	assert.Error(t, err, "the data directory was made all the same")
	_, said, code = roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--schemes", "nowhere")
	assert.Equal(t, exitError, code, "exit code")
	assert.Contains(t, said, "--schemes")
}

// TestSchemesAreShownAsWritten compares what is printed with the files, comments
// included.
func TestSchemesAreShownAsWritten(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile("testdata/schemes/studio.yaml")
	require.NoError(t, err)
	shown, said, _ := roster("scheme", "show", "studio", "--schemes", "testdata/schemes")
	assert.Equal(t, string(written), shown, said)
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	list, _, _ := roster("scheme", "list")
	for key := range schemes {
		shown, _, code := roster("scheme", "show", key)
		scheme, err := scheme.Parse(key, []byte(shown))
		assert.Zero(t, code, "the scheme %s, shown", key)
		require.NoError(t, err, "the scheme %s, shown", key)
		assert.Equal(t, key, scheme.Key, "the scheme %s, shown", key)
		assert.Contains(t, shown, "# "+key+": ", "the scheme %s, shown", key)
		assert.Contains(t, list, "\n"+key+" ")
	}
	schema, _, _ := roster("scheme", "schema")
	assert.Equal(t, string(scheme.JSONSchema()), schema, "the JSON Schema, shown")
}

// TestSchemesThatDriftAreTold changes a file under an organization.
func TestSchemesThatDriftAreTold(t *testing.T) {
	t.Parallel()
	data, database, folder := t.TempDir(), pgtest.New(t), t.TempDir()
	written := read(t, "testdata/schemes/studio.yaml")
	offer := func(text string) *testServer {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "studio.yaml"), []byte(text), 0o600))
		return serve(t, data, "--database", database, "--schemes", folder)
	}
	h := offer(written)
	h.must("org", "create", "acme", "--scheme", "studio", "--owner", "ada")
	h.must("org", "create", "other", "--owner", "ada")
	h.stop()
	h = offer(strings.Replace(written, "label: Studio", "label: \"Studio\"", 1))
	h.stop()
	assert.NotContains(t, h.log.String(), "level=WARN", "the same rules are reported as drift")
	h = offer(strings.Replace(written, "invite_days: 3", "invite_days: 4", 1))
	h.stop()
	assert.Contains(t, h.log.String(), "scheme=studio version=1 organization=acme setting=invite_days from=3 to=4")
	h = offer(strings.NewReplacer("invite_days: 3", "invite_days: 4", "version: 1", "version: 2").Replace(written))
	h.stop()
	assert.NotContains(t, h.log.String(), "level=WARN", "a new version is reported as drift")
}
