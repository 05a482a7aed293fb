package main

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestNotices changes a role and looks at what its holder gets to read.
func TestNotices(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme")
	h.must("member", "role", "bob", "owner", "--org", "acme", "--actor", "ada")
	var id string
	until(t, "bob has a notification", func() bool {
		list := strings.Split(h.must("notifications", "list", "bob", "--actor", "bob"), "\n")
		if len(list) < 3 {
			return false
		}
		id, _, _ = strings.Cut(list[1], " ")
		return true
	})
	assert.Equal(t, "Marked: 1 notification.\n", h.must("notifications", "shown", "bob", id, "--actor", "bob"))
	assert.Contains(t, h.must("notifications", "list", "bob", "--output", "json"), "shown_at")
	assert.Equal(t, "Acknowledged: "+id+".\n", h.must("notifications", "ack", "bob", id, "--actor", "bob"))
	list := h.must("notifications", "list", "bob", "--output", "json")
	assert.Contains(t, list, "acknowledged_at", "acknowledged, the list")
}

// TestReplay prints what has happened, of all organizations or of one.
func TestReplay(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme")
	h.must("member", "remove", "bob", "--org", "acme")
	for command, says := range map[string]string{
		"replay --from 2 --limit 1":                                              "acme/2/0  membership.joined.v1",
		"replay --type membership.removed.v1 --output json":                      `"type":"membership.removed.v1"`,
		"replay --type membership.removed.v1,organization.created.v1 --limit 1":  "organization.created.v1",
		"events --org acme --subject bob":                                        "membership.removed.v1",
		"events --org acme --type membership.removed.v1,organization.created.v1": "organization.created.v1",
		"replay --subject bob --by-system --since 1h":                            "membership.removed.v1",
		"events --org acme --by-system --subject bob":                            "membership.removed.v1",
		"status": "readiness",
	} {
		assert.Contains(t, h.must(strings.Fields(command)...), says, "%s prints", command)
	}
}

// TestFollow prints what happens while it happens, until it is stopped.
func TestFollow(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	for _, args := range [][]string{
		{"replay", "--follow", "--type", "membership.joined.v1"},
		{"events", "--follow", "--org", "acme", "--actor", "ada", "--subject", "bob"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		out := &transcript{}
		ended := make(chan int, 1)
		go func() { ended <- execute(ctx, append([]string{"--data", h.data}, args...), nil, out, h.log) }()
		until(t, "bob's coming is printed", func() bool {
			h.must("member", "add", "bob", "--org", "acme")
			h.must("member", "remove", "bob", "--org", "acme")
			return strings.Contains(out.String(), "membership.joined.v1") && strings.Contains(out.String(), "member=bob")
		})
		cancel()
		code := <-ended
		assert.Zero(t, code, "%q ended with exit code: %s", args, h.log)
	}
}

// TestWatchNotifications prints what somebody hears while it happens, until it is stopped.
func TestWatchNotifications(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	for _, args := range [][]string{{"notifications", "watch", "bob", "--actor", "bob"}, {"notifications", "watch", "bob", "--output", "json"}} {
		ctx, cancel := context.WithCancel(t.Context())
		out := &transcript{}
		ended := make(chan int, 1)
		go func() { ended <- execute(ctx, append([]string{"--data", h.data}, args...), nil, out, h.log) }()
		until(t, "the stream has begun", func() bool { return strings.Contains(out.String(), "unread") })
		h.must("member", "add", "bob", "--org", "acme")
		until(t, "bob hears of it", func() bool { return strings.Contains(out.String(), "added") && strings.Contains(out.String(), "acme") })
		h.must("notifications", "shown-all", "bob")
		h.must("member", "remove", "bob", "--org", "acme")
		until(t, "bob hears of the end", func() bool { return strings.Contains(out.String(), "removed") })
		cancel()
		code := <-ended
		assert.Zero(t, code, "%q ended with exit code: %s", args, h.log)
	}
}

// TestFollowSince prints what has happened since a moment, oldest first, and goes on.
func TestFollowSince(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme")
	for _, since := range []string{"1h", "yesterday"} {
		ctx, cancel := context.WithCancel(t.Context())
		out := &transcript{}
		ended := make(chan int, 1)
		go func() {
			ended <- execute(ctx, []string{"--data", h.data, "events", "--org", "acme", "--since", since, "--follow"}, nil, out, h.log)
		}()
		until(t, "the past is printed", func() bool { return strings.Contains(out.String(), "acme/2/0") })
		until(t, "what happens now is printed", func() bool {
			h.must("member", "add", "eve", "--org", "acme")
			h.must("member", "remove", "eve", "--org", "acme")
			return strings.Contains(out.String(), "membership.removed.v1")
		})
		cancel()
		assert.Zero(t, <-ended, "exit code")
		assert.Equal(t, "acme/1/0", strings.Fields(out.String())[2], "the first event since %s", since)
	}
}
