package scheme_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/scheme"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	mine := strings.Replace(tiny, "key: tiny", "key: mine", 1)
	all, err := scheme.Load(fstest.MapFS{
		"a.yaml": {Data: []byte(tiny)}, "b.yml": {Data: []byte(mine)}, "README.md": {Data: []byte("# Ours")},
		"old/c.yaml": {Data: []byte("key: [")},
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"mine", "tiny"}, slices.Sorted(maps.Keys(all)))
}

func TestLoadFailsWithoutFolder(t *testing.T) {
	t.Parallel()
	_, err := scheme.Load(os.DirFS(filepath.Join(t.TempDir(), "none")))
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestWithReportsEveryProblemOfEveryFile(t *testing.T) {
	t.Parallel()
	_, err := builtIn(t).With(fstest.MapFS{
		"a.yaml": {Data: []byte(tiny)},
		"b.yaml": {Data: []byte("# Ours.\n" + tiny)},
		"c.yaml": {Data: []byte(strings.Replace(tiny, "tiny", "github", 1))},
		"d.yml":  {Data: []byte(strings.Replace(tiny, "version: 1", "version: 0\ncolour: red", 1))},
	})
	require.EqualError(t, err, strings.Join([]string{
		`b.yaml:2: key: a.yaml has the key "tiny" too; choose another for one of them`,
		`c.yaml:1: key: "github" is the key of a built-in scheme; choose another, such as "my-github"`,
		`d.yml:1: key: a.yaml has the key "tiny" too; choose another for one of them`,
		`d.yml:2: version: is 0; it is a whole number from 1 to 1000000`,
		`d.yml:3: colour: there is no "colour" here; there are access_requests, allow, broad_access, creator_protected, custom_roles, delegations, elevation, invite_bind, invite_days, key, label, ` +
			`organization_roles, overrides, permissions, project_creator, project_roles, projects_visible_to, public_link, ` +
			`role_notices, seats, teams, version`,
	}, "\n"))
}

func TestWithLeavesTheSetAsItIs(t *testing.T) {
	t.Parallel()
	before := builtIn(t)
	size := len(before)
	all, err := before.With(fstest.MapFS{"a.yaml": {Data: []byte(tiny)}})
	require.NoError(t, err)
	assert.Len(t, all, size+1)
	assert.Len(t, before, size)
	assert.NotNil(t, all["tiny"])
	assert.Same(t, before["github"], all["github"])
}

func TestSetParseRefusesAKeyOfTheSet(t *testing.T) {
	t.Parallel()
	read, err := builtIn(t).Parse("a.yaml", []byte(tiny))
	require.NoError(t, err)
	assert.Equal(t, "tiny", read.Key)

	taken := []byte(strings.Replace(tiny, "tiny", "github", 1))
	_, err = scheme.Parse("a.yaml", taken)
	require.NoError(t, err, "alone, the key is free")
	_, err = builtIn(t).Parse("a.yaml", taken)
	require.EqualError(t, err, `a.yaml:1: key: "github" is the key of a built-in scheme; choose another, such as "my-github"`)
}
