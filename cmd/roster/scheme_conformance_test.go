package main

import (
	"strings"
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
	if out := h.must(append(try, "--markdown")...); !strings.Contains(out, "| scheme | case | result | time | rule |\n| --- |") {
		t.Errorf("no table in Markdown:\n%s", out)
	}
	var told []row
	if err := json.Unmarshal([]byte(h.must(append(try, "--output", "json")...)), &told); err != nil || len(told) == 0 || told[0]["kept"] != true {
		t.Errorf("%v: %v", err, told)
	}
	if out := h.must("org", "list"); strings.Contains(out, "conformance-") {
		t.Errorf("organizations are left behind:\n%s", out)
	}
	if _, err, code := h.roster("scheme", "conformance", "--scheme", "none"); code != exitFailed || !strings.Contains(err, "nothing is promised") {
		t.Errorf("exit code %d, %q", code, err)
	}
}

// TestSchemeConformanceServesItself lets a key that is wrong break every promise.
func TestSchemeConformanceServesItself(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	here, err := locate(h.data)
	require.NoError(t, err)
	out, _, code := roster("--key", "wrong", "scheme", "conformance", "--server", here.HTTP, "--scheme", "github")
	if code != exitFailed || !strings.Contains(out, "BROKEN") || !strings.Contains(out, "401") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
	if out, err, code := roster("scheme", "conformance", "--scheme", "github"); code != exitOK {
		t.Errorf("exit code %d: %s%s", code, out, err)
	}
}
