package relay

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/scheme"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// show writes a message as it is on the wire.
func show(m *nats.Msg) string {
	var b strings.Builder
	fmt.Fprintln(&b, m.Subject)
	for _, name := range slices.Sorted(maps.Keys(m.Header)) {
		fmt.Fprintf(&b, "%s: %s\n", name, m.Header.Get(name))
	}
	return b.String() + "\n" + string(m.Data) + "\n"
}

// history is one in which access is granted, changed and revoked.
func history(t *testing.T) []events.Commit {
	t.Helper()
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	steps := []events.Facts{
		{
			events.OrganizationCreated{Name: "Acme", Scheme: schemes["github"].Scheme},
			events.MemberJoined{Member: "ada", Role: "admin"},
			events.MemberJoined{Member: "bø b", Role: "member", Name: "k.sealed", ClearLogin: "in clear"},
			events.TeamCreated{Team: "t", Name: "T"},
			events.TeamMemberAdded{Team: "t", Member: "bø b", Role: "member"},
			events.ProjectCreated{Project: "site", Name: "Site"},
		},
		{events.TeamAssigned{Team: "t", Project: "site", Role: "read", Until: noon.AddDate(1, 0, 0)}},
		{events.ProjectMemberAdded{Project: "site", Member: "bø b", Role: "write"}},
		{events.MemberInvited{Invite: "i", Role: "member", Email: "k.address", Address: "hash", Token: events.Hash{1}, Nonce: "n0nce"}},
		{events.MemberRemoved{Member: "bø b"}},
	}
	var all []events.Commit
	for i, happened := range steps {
		n := i + 1
		all = append(all, events.Commit{Position: events.Position(10 * n), At: noon.Add(time.Second), Entries: []events.Entry{{
			Organization: "acme", Version: events.Version(n), Actor: "ada", At: noon, Cause: "a 100% reason", Events: happened,
		}}})
	}
	told := &all[1].Entries[0]
	told.OnBehalfOf, told.Traceparent = "evé", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	return all
}

// TestGolden holds what is on the wire.
func TestGolden(t *testing.T) {
	t.Parallel()
	var state domain.Roster
	var got strings.Builder
	m := newMessage()
	for _, c := range history(t) {
		entry := &c.Entries[0]
		changes, all := domain.EffectiveChangesOf(state.Organization("acme").At(neverEnds), entry, maxPairs, func() bool { return true })
		require.True(t, all)
		messages := &entryMessages{commit: &c, entry: entry, changes: changes}
		messages.share(m)
		for i := range messages.count() {
			require.NoError(t, messages.write(m, i))
			assert.NotContains(t, string(m.Data), "n0nce")
			assert.NotContains(t, string(m.Data), "in clear")
			if m.Header.Get(feed.Type) == "organization.created.v1" {
				m.Data = []byte("(the organization with its scheme)")
			}
			fmt.Fprintln(&got, show(m))
		}
		state = state.Evolve(*entry)
	}
	last := history(t)[1]
	messages := &entryMessages{commit: &last, entry: &last.Entries[0], resync: true}
	messages.share(m)
	require.NoError(t, messages.write(m, 1))
	fmt.Fprint(&got, show(m))
	file := filepath.Join("testdata", "messages.txt")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(string(want), got.String()), "%s (-file +now); -update writes it anew", file)
}

// TestOriginChangesNothingElse compares messages with those of the same command that says for whom it was given, and in which
// trace.
func TestOriginChangesNothingElse(t *testing.T) {
	t.Parallel()
	var state domain.Roster
	var commits []events.Commit
	var changes []domain.EffectiveChanges
	for _, c := range history(t) {
		found, _ := domain.EffectiveChangesOf(state.Organization("acme").At(neverEnds), &c.Entries[0], maxPairs, func() bool { return true })
		commits, changes = append(commits, c), append(changes, found)
		state = state.Evolve(c.Entries[0])
	}
	users := rapid.StringN(1, 255, 255).Filter(events.ValidID[string])
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.IntRange(0, len(commits)-1).Draw(t, "step")
		user := users.Draw(t, "user")
		plain, told := commits[step].Entries[0], commits[step].Entries[0]
		plain.OnBehalfOf, plain.Traceparent = "", ""
		told.OnBehalfOf, told.Traceparent = events.UserID(user), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
		before := &entryMessages{commit: &commits[step], entry: &plain, changes: changes[step]}
		after := &entryMessages{commit: &commits[step], entry: &told, changes: changes[step]}
		require.Equal(t, before.count(), after.count())
		out := newMessage() // one message is written over the other
		for i := range before.count() {
			after.share(out)
			require.NoError(t, after.write(out, i))
			read := feed.ReadAttributes(out.Header)
			assert.Equal(t, user, read.Text(feed.OnBehalfOf))
			assert.Equal(t, string(told.Traceparent), read.Text(feed.Traceparent))
			require.NoError(t, read.Err())
			delete(out.Header, feed.OnBehalfOf)
			delete(out.Header, feed.Traceparent)
			got := show(out)
			after.share(out)
			before.share(out)
			require.NoError(t, before.write(out, i))
			assert.Equal(t, show(out), got)
		}
	})
}

func TestEncode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"acme/1/0": "acme/1/0", "": "", "a b": "a%20b", "100%": "100%25", `"`: "%22", "ø": "%C3%B8", "~": "~", "\x7f": "%7F",
	} {
		assert.Equal(t, want, encode(text))
	}
}
