package api_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// streamedEvent is an event as streams have it.
type streamedEvent struct {
	ID       string         `json:"id"`
	Type     string         `json:"type"`
	Position uint64         `json:"position"`
	Actor    string         `json:"actor"`
	Cause    string         `json:"cause"`
	Payload  map[string]any `json:"payload"`
}

// stream reads server-sent events.
type stream struct {
	t     testing.TB
	lines *bufio.Scanner
	close func()
}

// follow opens a stream and returns once the server has begun it.
func (a ask) follow(path string) *stream {
	a.h.t.Helper()
	ctx, cancel := context.WithCancel(a.h.t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.h.url+path, nil)
	require.NoError(a.h.t, err)
	request.Header = a.header.Clone()
	request.Header.Set("Accept", "text/event-stream")
	answer, err := http.DefaultClient.Do(request) //nolint:bodyclose // the stream's close does
	require.NoError(a.h.t, err)
	s := &stream{a.h.t, bufio.NewScanner(answer.Body), func() { cancel(); _ = answer.Body.Close() }}
	a.h.t.Cleanup(s.close)
	require.Equal(a.h.t, http.StatusOK, answer.StatusCode, "no stream")
	require.Equal(a.h.t, "text/event-stream", answer.Header.Get("Content-Type"), "no stream")
	require.True(a.h.t, s.lines.Scan(), "the stream does not begin: %q", s.lines.Text())
	require.Equal(a.h.t, ": here", s.lines.Text(), "the stream does not begin")
	return s
}

// next returns an event with its mark; the zero event at the end of the stream.
func (s *stream) next() (mark string, found streamedEvent) {
	s.t.Helper()
	for s.lines.Scan() {
		name, text, _ := strings.Cut(s.lines.Text(), ": ")
		switch name {
		case "id":
			mark = text
		case "data":
			require.NoError(s.t, json.Unmarshal([]byte(text), &found))
			return mark, found
		}
	}
	return "", streamedEvent{}
}

func TestAuditLog(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	now := h.as("ada").do("PATCH "+org+"/members/bob?cause=a+new+job", o{"role": "admin"}).ok().position()
	h.reads("ada", now, org+"/events?limit=1").count(1).has(
		"items.0.id", "acme/2/0", "items.0.type", "membership.role_changed.v1", "items.0.actor", "ada", "items.0.cause", "a new job",
		"items.0.payload.member", "bob", "items.0.payload.to", "admin", "items.0.position", int(now))
	h.reads("ada", now, org+"/events?actor=ada").count(1)
	h.reads("ada", now, org+"/events?by_system=true").count(13)
	h.reads("ada", now, org+"/events?subject=bob").count(3)
	h.reads("ada", now, org+"/events?subject=bob&type=membership.joined.v1&type=membership.role_changed.v1").count(2)
	h.reads("ada", now, org+"/events?since=2999-01-01T00:00:00Z").count(0)
	h.reads("ada", now, org+"/events?until=2000-01-01T00:00:00Z").count(0)
	all := h.reads("ada", now, org+"/events?order=oldest").count(14).has("items.0.id", "acme/1/0", "items.13.id", "acme/2/0")
	for _, secret := range []string{"example.org", "Bobson", "token", "address", "email"} {
		assert.NotContains(t, string(all.body), secret, "the audit log tells of %q", secret)
	}
	// Page by page, each event stands once.
	seen, path := 0, org+"/events?limit=5"
	for after := ""; ; {
		page := h.reads("ada", now, path+"&after="+after).ok()
		items, _ := page.at("items").([]any)
		seen += len(items)
		if after, _ = page.at("next").(string); after == "" {
			break
		}
	}
	assert.Equal(t, 14, seen, "events on all pages")
}

func TestStreamResumesExactly(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	live := h.as("ada").follow(org + "/events")
	// Of another organization nothing is told.
	h.as("zoe").do("POST /v1/organizations", o{"id": "other"}).ok()
	add := []o{{"type": "add_member", "user": "u1"}, {"type": "add_member", "user": "u2"}, {"type": "add_member", "user": "u3"}}
	h.system(step{"POST " + org + "/commands", o{"commands": add}}, step{"DELETE " + org + "/members/u1", nil})
	var marks []string
	for _, want := range []string{"acme/2/0", "acme/2/1", "acme/2/2", "acme/3/0"} {
		mark, got := live.next()
		require.Equal(t, want, got.ID)
		require.NotEmpty(t, mark)
		marks = append(marks, mark)
	}
	// From the middle of a commit on.
	again := h.as("ada", "Last-Event-ID", marks[0]).follow(org + "/events?subject=u3&limit=1")
	mark, got := again.next()
	assert.Equal(t, marks[2], mark, "the stream resumed with another event")
	assert.Equal(t, "acme/2/2", got.ID, "the stream resumed with another event")
	mark, _ = again.next()
	assert.Empty(t, mark, "the limit did not end the stream")
	h.as("ada", "Last-Event-ID", "here", "Accept", "text/event-stream").do("GET "+org+"/events", nil).refused(http.StatusBadRequest, "malformed")
	h.as("ada", "Last-Event-ID", "99.0.0", "Accept", "text/event-stream").do("GET "+org+"/events", nil).refused(http.StatusServiceUnavailable, "behind")
	h.as("bob", "Accept", "text/event-stream").do("GET "+org+"/events", nil).refused(http.StatusForbidden, "not_allowed")
	h.as("zoe", "Accept", "text/event-stream").do("GET "+org+"/events", nil).refused(http.StatusNotFound, "no_organization")

	// Whoever may no longer read it is told nothing more.
	h.system(step{"PATCH " + org + "/members/bob", o{"role": "admin"}}, step{"PATCH " + org + "/members/ada", o{"role": "member"}})
	for {
		mark, got := live.next()
		if mark == "" {
			break
		}
		assert.False(t, got.Type == "membership.role_changed.v1" && got.Payload["member"] == "ada", "ada was told of what took the audit log from her")
	}
}

func TestStreamsEndWithTheServer(t *testing.T) {
	t.Parallel()
	h, _ := githubOrganization(t)
	live := h.as("").follow("/v1/events?from=1")
	for range 13 {
		live.next()
	}
	h.server.CloseStreams()
	mark, _ := live.next()
	assert.Empty(t, mark, "a mark after the end")
	assert.NoError(t, live.lines.Err())
}

func TestReplay(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.as("ada").do("PATCH "+org+"/members/bob", o{"role": "admin"}).ok()
	h.as("zoe").do("POST /v1/organizations", o{"id": "other"}).ok()
	for query, want := range map[string]string{
		"?organization=other": "other/1/0 other/1/1",
		"?from=2":             "acme/2/0 other/1/0 other/1/1",
		"?from=2&limit=1":     "acme/2/0",
		"?actor=ada":          "acme/2/0",
		"?by_system=true&type=project.created.v1":       "acme/1/5 acme/1/6",
		"?subject=bob&type=membership.joined.v1":        "acme/1/2",
		"?since=2999-01-01T00:00:00Z":                   "",
		"?until=2000-01-01T00:00:00Z":                   "",
		"?from=3&type=organization.created.v1&actor=":   "",
		"?from=1&limit=2&type=membership.joined.v1":     "acme/1/1 acme/1/2",
		"?type=project.created.v1&type=team.created.v1": "acme/1/5 acme/1/6 acme/1/7 acme/1/8",
	} {
		got := h.as("").do("GET /v1/events"+query, nil).ok()
		var ids []string
		for line := range strings.Lines(string(got.body)) {
			var one streamedEvent
			require.NoError(t, json.Unmarshal([]byte(line), &one))
			ids = append(ids, one.ID)
		}
		assert.Equal(t, want, strings.Join(ids, " "), "%s tells", query)
	}
	h.as("").do("GET /v1/events?from=99", nil).refused(http.StatusServiceUnavailable, "behind")
}

func TestCheck(t *testing.T) {
	t.Parallel()
	h, _ := githubOrganization(t)
	q := func(org, user, project, permission, level string) o {
		return o{"organization": org, "user": user, "project": project, "permission": permission, "level": level}
	}
	questions := []o{
		q("acme", "ada", "apollo", "settings", "full"),
		q("acme", "bob", "apollo", "code", "full"),
		{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code"},
		q("acme", "bob", "apollo", "settings", "view"),
		q("acme", "bob", "gemini", "code", "view"),
		q("acme", "cleo", "apollo", "code", "view"),
		q("acme", "zoe", "apollo", "code", "view"),
		q("none", "bob", "apollo", "code", "view"),
		q("acme", "bob", "none", "code", "view"),
	}
	got := h.as("").do("POST /v1/access:check", o{"questions": questions}).ok()
	var answers struct {
		Answers []struct{ Allowed bool } `json:"answers"`
	}
	require.NoError(t, json.Unmarshal(got.body, &answers, json.MatchCaseInsensitiveNames(true)))
	assert.Equal(t, "[{true} {true} {true} {false} {false} {false} {false} {false} {false}]", fmt.Sprint(answers.Answers), string(got.body))
	h.as("bob").do("POST /v1/access:check", o{"questions": questions[1:2]}).ok().has("answers.0.allowed", true)
	h.as("dan").do("POST /v1/access:check", o{"questions": questions[1:2]}).ok().has("answers.0.allowed", true)
	h.as("cleo").do("POST /v1/access:check", o{"questions": questions[1:2]}).refused(http.StatusNotFound, "no_project")
	h.as("").do("POST /v1/access:check", o{"questions": []o{questions[0], q("acme", "bob", "apollo", "flying", ""), q("acme", "bob", "apollo", "code", "on")}}).
		refused(http.StatusUnprocessableEntity, "unknown_permission").has("errors.0.index", 1, "errors.1.index", 2)
	many := make([]o, 1001)
	for i := range many {
		many[i] = questions[0]
	}
	h.as("").do("POST /v1/access:check", o{"questions": many}).refused(http.StatusUnprocessableEntity, "too_many_items")
	assert.Len(t, h.as("").do("POST /v1/access:check", o{"questions": many[:1000]}).ok().at("answers"), 1000)
	h.as("").do("POST /v1/access:check", o{"questions": []o{}}).ok().has("answers.0", nil)
}

func TestExport(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	const state = `{"acme":{"members":{"ada":"admin","bob":"member","cleo":"member","dan":"member"},"projects":["apollo","gemini"],` +
		`"teams":{"Core":{"members":{},"projects":{"apollo":"write"}},` +
		`"Hidden Heroes":{"description":"\u0001 < & é","members":{"bob":"maintainer"},"parent":"Core","privacy":"secret","projects":{}}}}}`
	const access = `{"acme":{"ada":{"apollo":"admin","gemini":"admin"},"bob":{"apollo":"write"},"dan":{"apollo":"maintain"}}}`
	now := h.as("ada").do("PATCH "+org+"/teams/sub", o{"description": "\x01 < & é"}).ok().position()
	for _, query := range []string{"", "?source=ledger", "?source=database", "?organization=acme", "?organization=acme&source=database"} {
		assert.Equal(t, state, string(h.reads("", now, "/v1/export/state"+query).ok().body), query)
		assert.Equal(t, access, string(h.reads("", now, "/v1/export/access"+query).ok().body), query)
	}
	past := h.as("").do("GET /v1/export/state?at=2000-01-01T00:00:00Z", nil).ok()
	assert.Equal(t, "{}", string(past.body), "the state before everything")
	assert.Equal(t, "{}", string(h.as("").do("GET /v1/export/access?organization=other", nil).ok().body), "the access of no organization")
}
