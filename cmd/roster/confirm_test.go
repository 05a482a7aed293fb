package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestRemovalsAsk removes a project at a terminal, and without one.
func TestRemovalsAsk(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	for _, c := range []struct {
		name  string
		typed string // at a terminal; empty: there is none
		flag  string
		code  int
		asks  bool
	}{
		{name: "a terminal, and yes", typed: "yes\n", asks: true},
		{name: "a terminal, and y", typed: "Y\n", asks: true},
		{name: "a terminal, and no", typed: "no\n", code: exitRefused, asks: true},
		{name: "a terminal, and an empty line", typed: "\n", code: exitRefused, asks: true},
		{name: "a terminal, and its end", typed: "\x04", code: exitRefused, asks: true},
		{name: "a terminal, and --yes", typed: "no\n", flag: "--yes"},
		{name: "a terminal, and --dry-run", typed: "no\n", flag: "--dry-run"},
		{name: "no terminal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.roster("project", "create", "apollo", "--org", "acme", "--actor", "ada")
			in, err := os.Open(os.DevNull)
			require.NoError(t, err)
			defer in.Close()
			if c.typed != "" {
				typing, terminal, err := pty.Open()
				require.NoError(t, err)
				defer typing.Close()
				defer terminal.Close()
				_, err = typing.WriteString(c.typed)
				require.NoError(t, err)
				in = terminal
			}
			args := []string{"--data", h.data, "project", "delete", "apollo", "--org", "acme", "--actor", "ada"}
			if c.flag != "" {
				args = append(args, c.flag)
			}
			var out, said bytes.Buffer
			code := execute(t.Context(), args, in, &out, &said)
			assert.Equal(t, c.code, code, "exit code: %s", &said)
			assert.Equal(t, c.asks, strings.Contains(said.String(), "Delete a project with all access to it. apollo\nGo on? [y/N] "), "asked: %s", &said)
			_, _, code = h.roster("project", "show", "apollo", "--org", "acme")
			assert.Equal(t, c.code == exitRefused || c.flag == "--dry-run", code == exitOK, "the project is there")
		})
	}
}

// typing answers a question at a terminal, and returns what was printed.
func typing(t *testing.T, answer string, args ...string) (out, said string, code int) {
	t.Helper()
	typed, terminal, err := pty.Open()
	require.NoError(t, err)
	defer typed.Close()
	defer terminal.Close()
	_, err = typed.WriteString(answer)
	require.NoError(t, err)
	var o, e bytes.Buffer
	code = execute(t.Context(), args, terminal, &o, &e)
	return o.String(), e.String(), code
}

// TestQuestionsComeLast asks nothing where the answer cannot matter.
func TestQuestionsComeLast(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	for _, command := range []string{
		"project delete nosuch --org acme", "team remove nosuch --org acme", "invite revoke nosuch --org acme", "member remove ada --org acme",
		"apply testdata/declared/broken.yaml", "apply testdata/declared/acme.yaml --org north", "apply testdata/declared/refused.yaml",
	} {
		_, said, code := typing(t, "yes\n", append([]string{"--data", h.data}, strings.Fields(command)...)...)
		assert.NotZero(t, code, command)
		assert.NotContains(t, said, "Go on?", command)
	}
	set := []string{"--data", h.data, "email-domain", "set", "example.org", "--mode", "automatic", "--org", "acme"}
	_, said, code := typing(t, "no\n", append(set, "--role", "admin")...)
	assert.Equal(t, exitRefused, code)
	assert.Regexp(t, `(?s)Warning: Everybody .*"admin", which gives away the whole organization.*Go on\?.*nothing was done`, said)
	out, said, code := h.roster(append(set[2:], "--role", "admin")...)
	assert.Zero(t, code, said)
	assert.Contains(t, said, "Warning: Everybody")
	assert.Contains(t, out, "email_domain.set.v1")
	_, said, _ = typing(t, "", append(set, "--role", "member")...)
	assert.NotContains(t, said, "Go on?")
	_, said, code = typing(t, "no\n", "--data", h.data, "apply", "testdata/declared/acme.yaml")
	assert.Equal(t, exitRefused, code)
	assert.Regexp(t, `(?s)create_project .*Make acme as declared\.\nGo on\? \[y/N\] .*nothing was done`, said)
	out, said, code = typing(t, "yes\n", "--data", h.data, "apply", "testdata/declared/acme.yaml")
	assert.Zero(t, code, said)
	assert.Contains(t, out, "acme is as declared now")
	out, said, _ = typing(t, "", "--data", h.data, "apply", "testdata/declared/acme.yaml")
	assert.NotContains(t, said, "Go on?")
	assert.Contains(t, out, "as declared already")
}
