package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestRealDeclarations plans, applies and exports what the Kubernetes project declares of one of
// its organizations, and makes an empty organization equal by each of the exports.
func TestRealDeclarations(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	files, dir := filepath.FromSlash("../../declaration/testdata/etcd-io"), t.TempDir()
	for _, org := range []string{"etcd-io", "roster", "peribolos"} {
		h.must("org", "create", org, "--scheme", "github", "--owner", "founder")
	}
	assert.Contains(t, h.must("plan", files, "--org", "etcd-io"), "These changes would make etcd-io as declared: 195.")
	assert.Contains(t, h.must("apply", files, "--org", "etcd-io"), "etcd-io is as declared now, by one commit with 195 events.")
	assert.Contains(t, h.must("plan", files, "--org", "etcd-io"), "Nothing would change")
	assert.Contains(t, h.must("apply", files, "--org", "etcd-io", "--plan"), "Nothing would change")
	assert.Contains(t, h.must("explain", "spzala", "website", "--org", "etcd-io"), "spzala is admin on website")

	assert.Contains(t, h.must("plan", files, "--org", "etcd-io", "--json"), `"changes": []`)

	for _, form := range []string{"roster", "peribolos"} {
		exported := h.must("export", "config", "--org", "etcd-io", "--format", form)
		file := filepath.Join(dir, form+".yaml")
		require.NoError(t, os.WriteFile(file, []byte(exported), 0o600))
		assert.Contains(t, h.must("plan", file, "--org", "etcd-io"), "Nothing would change", form)
		copied := strings.Replace(exported, "organization: etcd-io\n", "organization: "+form+"\n", 1)
		require.NoError(t, os.WriteFile(file, []byte(copied), 0o600))
		h.must("apply", file, "--org", form)
		assert.Equal(t, copied, h.must("export", "config", "--org", form, "--format", form), form)
	}
	assert.Contains(t, h.must("export", "config", "--org", "etcd-io", "--format", "peribolos"), "- MadhavJivrajani\n")
}

// TestFilesOfNoOrganization holds that the flag is named which names the organization.
func TestFilesOfNoOrganization(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "org.yaml")
	require.NoError(t, os.WriteFile(file, []byte("admins: [ada]\n"), 0o600))
	_, err := (&declaredFiles{Files: []string{file}}).read(&shell{})
	assert.EqualError(t, err, "the files name no organization: name one with --org")
}
