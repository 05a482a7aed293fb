package events_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/events"
)

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	whole, err := events.Encode(commitOf(events.MemberRemoved{Member: "ada"}))
	require.NoError(t, err)
	for _, tc := range []struct{ name, old, broken string }{
		{"a field of a newer program", `{"member":"ada"}`, `{"member":"ada","why":"left"}`},
		{"two types in one event", `{"member":"ada"}`, `{"member":"ada"},"membership.joined.v1":{}`},
		{"an event without type", `{"membership.removed.v1":{"member":"ada"}}`, `{}`},
		{"an event that is no object", `{"membership.removed.v1":{"member":"ada"}}`, `7`},
		{"a message that breaks off", `}]}]}`, `}]}`},
		{"a short hash", `"previous":"`, `"previous":"ab`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			message := strings.Replace(string(whole), tc.old, tc.broken, 1)
			require.NotEqual(t, string(whole), message, "there is no %q to break", tc.old)
			_, err := events.Decode([]byte(message), 1)
			require.Error(t, err, message)
		})
	}
}

func TestDecodeStopsAtUnknownType(t *testing.T) {
	t.Parallel()
	whole, err := events.Encode(commitOf(events.MemberRemoved{Member: "ada"}))
	require.NoError(t, err)
	newer := strings.Replace(string(whole), "removed.v1", "removed.v2", 1)
	_, err = events.Decode([]byte(newer), 1)
	var unknown *events.UnknownTypeError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, events.Type("membership.removed.v2"), unknown.Type)
}

func TestDecodeStopsAtUnknownField(t *testing.T) {
	t.Parallel()
	whole, err := events.Encode(commitOf(events.RoleChanged{Member: "ada", From: "member", To: "owner"}, events.TeamCreated{Team: "t", Name: "T"}))
	require.NoError(t, err)
	for name, row := range map[string]struct {
		old, newer string
		want       events.UnknownFieldError
	}{
		"of an event":            {`{"member":"ada"`, `{"member":"ada","until":7`, events.UnknownFieldError{Type: "membership.role_changed.v1", Field: "until"}},
		"of the last event":      {`"team":"t"`, `"team":"t","mood":{"a":1}`, events.UnknownFieldError{Type: "team.created.v1", Field: "mood"}},
		"of an entry":            {`"organization":`, `"shard":1,"organization":`, events.UnknownFieldError{Field: "shard"}},
		"of the commit itself":   {`{"id":`, `{"epoch":1,"id":`, events.UnknownFieldError{Field: "epoch"}},
		"with a slash in a name": {`{"member":"ada"`, `{"member":"ada","a/b":7`, events.UnknownFieldError{Type: "membership.role_changed.v1", Field: "a/b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newer := strings.Replace(string(whole), row.old, row.newer, 1)
			require.NotEqual(t, string(whole), newer, "there is no %q in %s", row.old, whole)
			_, err := events.Decode([]byte(newer), 1)
			require.ErrorIs(t, err, events.ErrNewer)
			var unknown *events.UnknownFieldError
			require.ErrorAs(t, err, &unknown)
			assert.Equal(t, row.want, *unknown)
		})
	}
}

// TestRoundTrip encodes and decodes events with any text that people could put into names.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.Rune(), 0, 40, -1)
		var happened []events.Event
		for range rapid.IntRange(1, 5).Draw(t, "events") {
			happened = append(happened, rapid.OneOf(
				rapid.Map(text, func(s string) events.Event { return events.MemberRemoved{Member: events.UserID(s)} }),
				rapid.Map(text, func(s string) events.Event { return events.ProjectCreated{Project: "p", Name: s} }),
				rapid.Map(text, func(s string) events.Event { return events.TeamDescribed{Team: "t", Description: s} }),
			).Draw(t, "event"))
		}
		want := commitOf(happened...)
		want.Entries[0].OnBehalfOf = events.UserID(text.Draw(t, "on behalf of"))
		want.Entries[0].Traceparent = rapid.SampledFrom([]events.Traceparent{"", trace}).Draw(t, "traceparent")
		message, err := events.Encode(want)
		require.NoError(t, err)
		got, err := events.Decode(message, 9)
		require.NoError(t, err)
		want.Position, want.Hash = 9, events.Sum(message)
		assert.Empty(t, cmp.Diff(want, got), "(-written +read)")
	})
}

func TestIDs(t *testing.T) {
	t.Parallel()
	for id, want := range map[events.OrganizationID]bool{
		"acme": true, "Acme_2-x": true, "": false, "a.b": false, "a b": false, "a*": false, ">": false, "ä": false,
		events.OrganizationID(strings.Repeat("a", 64)): true, events.OrganizationID(strings.Repeat("a", 65)): false,
	} {
		assert.Equal(t, want, id.Valid(), "OrganizationID(%q).Valid()", id)
	}
	for id, want := range map[events.UserID]bool{
		"ada": true, "auth0|12/3 ä": true, "": false, ".": false, "..": false, "...": true, "a\x00b": false, "a\nb": false, "\xff": false,
		events.UserID(strings.Repeat("a", 255)): true, events.UserID(strings.Repeat("a", 256)): false,
	} {
		assert.Equal(t, want, events.ValidID(id), "ValidID(%q)", id)
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, perEntry := range []int{1, 10} {
		b.Run(fmt.Sprintf("%d_events_an_entry", perEntry), func(b *testing.B) {
			const n = 1000
			c := events.Commit{ID: "01JQ0000000000000000000000", At: day}
			for i := range n / perEntry {
				entry := events.Entry{Organization: "acme", Version: events.Version(i), Actor: "ada", At: day}
				for j := range perEntry {
					entry.Events = append(entry.Events, events.TeamMemberAdded{Team: "t-core", Member: events.UserID(fmt.Sprint("user-", i, "-", j)), Role: "member"})
				}
				c.Entries = append(c.Entries, entry)
			}
			message, err := events.Encode(c)
			require.NoError(b, err)
			b.SetBytes(int64(len(message)))
			for b.Loop() {
				if _, err := events.Decode(message, 1); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func TestPayloadWithAnUnknownField(t *testing.T) {
	t.Parallel()
	e, err := events.DecodePayload("project.renamed.v1", []byte(`{"project":"site","from":"A","to":"B"}`))
	require.NoError(t, err)
	assert.Equal(t, events.ProjectRenamed{Project: "site", From: "A", To: "B"}, e)

	_, err = events.DecodePayload("project.renamed.v1", []byte(`{"project":"site","to":"B","colour":"red"}`))
	var field *events.UnknownFieldError
	require.ErrorAs(t, err, &field)
	assert.Equal(t, events.UnknownFieldError{Type: "project.renamed.v1", Field: "colour"}, *field)

	_, err = events.DecodePayload("project.painted.v1", []byte(`{}`))
	require.ErrorIs(t, err, events.ErrNewer)
}
