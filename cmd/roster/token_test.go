package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestTokensAreForWhomTheyStandBeside takes up what several invites and a public link
// printed.
func TestTokensAreForWhomTheyStandBeside(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("project", "create", "site", "--org", "acme", "--actor", "ada")
	sent := h.must("invite", "send", "eve@example.org", "fay@example.org", "--project", "site", "--org", "acme", "--actor", "ada")
	for _, user := range []string{"fay", "eve"} {
		var invite, token string
		for line := range strings.Lines(sent) {
			if words := strings.Fields(line); len(words) == 4 && words[0] == user+"@example.org" {
				invite, token = words[2], words[3]
			}
		}
		h.must("invite", "accept", invite, "--token", token, "--verified-email", user+"@example.org", "--org", "acme", "--actor", user)
	}
	people := h.must("project", "members", "site", "--org", "acme")
	for _, user := range []string{"eve", "fay"} {
		assert.Contains(t, people, user+"@example.org  member")
	}

	_, token, _ := strings.Cut(h.must("project", "link", "on", "site", "--org", "acme", "--actor", "ada"), "token: ")
	opened := h.must("project", "link", "open", "site", strings.TrimSpace(token), "--org", "acme", "--actor", "stranger")
	assert.Contains(t, opened, "permissions.content      view")
}
