package relay

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// drawAccess draws a message with any of its fields left out.
func drawAccess(t *rapid.T) *feed.AccessMessage {
	text := func(name string) string { return rapid.String().Draw(t, name) }
	level := func(name string) *feed.AccessLevel {
		if rapid.Bool().Draw(t, name) {
			return nil
		}
		levels := rapid.MapOf(rapid.String(), rapid.String()).Draw(t, name+" levels")
		l := &feed.AccessLevel{Role: events.RoleKey(text(name + " role")), Levels: events.Levels{}}
		for permission, held := range levels {
			l.Levels[events.PermissionKey(permission)] = events.Level(held)
		}
		return l
	}
	m := &feed.AccessMessage{
		Organization: events.OrganizationID(text("organization")), User: events.UserID(text("user")), Project: events.ProjectID(text("project")),
		From: level("from"), To: level("to"), Sources: []feed.AccessSource{}, Cause: text("cause"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "sources") {
		s := feed.AccessSource{
			Kind: domain.SourceKind(text("kind")), Role: events.RoleKey(text("role")), Team: events.TeamID(text("team")), Via: events.TeamID(text("via")),
			Event: text("event"),
		}
		if nanoseconds := rapid.Int64Min(0).Draw(t, "until"); nanoseconds > 0 {
			s.Until = time.Unix(0, nanoseconds).UTC()
		}
		m.Sources = append(m.Sources, s)
	}
	return m
}

func TestAccessIsWrittenAsJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawAccess(t)
		want, err := json.Marshal(m, json.Deterministic(true))
		require.NoError(t, err)
		require.Equal(t, string(want), string(appendAccess(nil, m)))
	})
}
