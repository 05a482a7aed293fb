package main

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

func TestSchemeConformance(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	here, err := locate(h.data)
	require.NoError(t, err)
	try := []string{"scheme", "conformance", "--server", here.HTTP, "--scheme", "github"}
	out := h.must(try...)
	for _, part := range []string{"SCHEME", "github  a_child_team_inherits", "kept", "Teams nest; a child", "promises, 0 broken"} {
		assert.Contains(t, out, part)
	}
	assert.Contains(t, h.must(append(try, "--markdown")...), "| scheme | case | result | time | rule |\n| --- |", "no table in Markdown")
	var told []row
	require.NoError(t, json.Unmarshal([]byte(h.must(append(try, "--output", "json")...)), &told))
	require.NotEmpty(t, told)
	assert.EqualValues(t, true, told[0]["kept"])
	assert.NotContains(t, h.must("org", "list"), "conformance-", "organizations are left behind")
	_, said, code := h.roster("scheme", "conformance", "--scheme", "none")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, "nothing is promised")
}

// TestSchemeConformanceServesItself lets a key that is wrong break every promise.
func TestSchemeConformanceServesItself(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	here, err := locate(h.data)
	require.NoError(t, err)
	out, _, code := roster("--key", "wrong", "scheme", "conformance", "--server", here.HTTP, "--scheme", "github")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, out, "BROKEN")
	assert.Contains(t, out, "401")
	out, said, code := roster("scheme", "conformance", "--scheme", "github")
	assert.Equal(t, exitOK, code, out+said)
}
