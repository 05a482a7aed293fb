package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
)

// toldAccess is a message of the feed as somebody reads it who knows no more than its documentation.
type toldAccess struct {
	at                 time.Time
	org, user, project string
	role               string // empty: none any more; without a user: the organization was created
}

// told reads the feed of a server up to a position.
func (h *testServer) told(t testing.TB, through uint64) []toldAccess {
	t.Helper()
	here, err := locate(h.data)
	require.NoError(t, err)
	nc, err := nats.Connect(here.NATS)
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	consumer, err := js.OrderedConsumer(t.Context(), feed.StreamName, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{"roster.heartbeat", "roster.events.*.organization.created.v1", "roster.events.*.access.>"},
	})
	require.NoError(t, err)
	messages, err := consumer.Messages()
	require.NoError(t, err)
	defer messages.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var all []toldAccess
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		require.NoError(t, err)
		var body struct {
			Position      uint64
			User, Project string
			To            *struct{ Role string }
		}
		require.NoError(t, json.Unmarshal(m.Data(), &body, json.MatchCaseInsensitiveNames(true)))
		if m.Subject() == "roster.heartbeat" {
			if body.Position >= through {
				return all
			}
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, m.Headers().Get("ce-time"))
		require.NoError(t, err)
		one := toldAccess{at: at, org: strings.Split(m.Subject(), ".")[2], user: body.User, project: body.Project}
		if body.To != nil {
			one.role = body.To.Role
		}
		require.NotContains(t, m.Subject(), "resync")
		all = append(all, one)
	}
}

// feedMatches compares the access that the feed tells of, and nothing else, with the checkpoints.
func (h *testServer) feedMatches(t testing.TB, moments []checkpoint) {
	t.Helper()
	all := h.told(t, h.end(t))
	require.NotEmpty(t, all)
	for _, c := range moments {
		until, err := time.Parse(time.RFC3339, c.Time)
		require.NoError(t, err)
		access := map[string]map[string]map[string]string{}
		for _, m := range all { // those of an organization are in order
			switch {
			case m.at.After(until):
			case m.user == "":
				access[m.org] = map[string]map[string]string{}
			case m.role == "":
				delete(access[m.org][m.user], m.project)
				if len(access[m.org][m.user]) == 0 {
					delete(access[m.org], m.user)
				}
			default:
				if access[m.org][m.user] == nil {
					access[m.org][m.user] = map[string]string{}
				}
				access[m.org][m.user][m.project] = m.role
			}
		}
		text, err := json.Marshal(access, json.Deterministic(true))
		require.NoError(t, err)
		sum := sha256.Sum256(text)
		assert.Equal(t, c.Access.SHA256, hex.EncodeToString(sum[:]), "the access at %s that the feed tells of", c.Name)
	}
}
