package api_test

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// streamedEvent is an event as streams have it.
type streamedEvent struct {
	ID         string         `json:"id"`
	Type       string         `json:"type"`
	Position   uint64         `json:"position"`
	Actor      string         `json:"actor"`
	OnBehalfOf string         `json:"on_behalf_of"`
	Cause      string         `json:"cause"`
	Payload    map[string]any `json:"payload"`
}

// stream reads server-sent events.
type stream struct {
	t     testing.TB
	lines *bufio.Scanner
}

// follow opens a stream and returns once the server has begun it.
func follow(t testing.TB, actor apirequest.Actor, path string) *stream {
	t.Helper()
	began, content := actor.With("Accept", "text/event-stream").Open(path)
	t.Cleanup(func() { _ = content.Close() })
	s := newStream(t, content)
	require.Equal(t, http.StatusOK, began.Status, "no stream")
	require.Equal(t, "text/event-stream", began.Header.Get("Content-Type"), "no stream")
	require.True(t, s.lines.Scan(), "the stream does not begin: %q", s.lines.Text())
	require.Equal(t, ": here", s.lines.Text(), "the stream does not begin")
	return s
}

func newStream(t testing.TB, content io.Reader) *stream {
	t.Helper()
	return &stream{t, bufio.NewScanner(content)}
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
			return mark, readEvent(s.t, text)
		}
	}
	return "", streamedEvent{}
}

func readEvent(t testing.TB, text string) (found streamedEvent) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &found))
	return found
}

func TestAuditLog(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	now := h.As("ada").May("PATCH "+org+"/members/bob?cause=a+new+job", o{"role": "admin"}).Position()
	h.As("ada").Sees(org+"/events?limit=1").Count(1).Has(
		"items.0.id", "acme/2/0", "items.0.type", "membership.role_changed.v1", "items.0.actor", "ada", "items.0.cause", "a new job",
		"items.0.payload.member", "bob", "items.0.payload.to", "admin", "items.0.position", int(now))
	h.As("ada").Sees(org + "/events?actor=ada").Count(1)
	h.As("ada").Sees(org + "/events?by_system=true").Count(13)
	h.As("ada").Sees(org + "/events?subject=bob").Count(3)
	h.As("ada").Sees(org + "/events?subject=bob&type=membership.joined.v1&type=membership.role_changed.v1").Count(2)
	h.As("ada").Sees(org + "/events?since=2999-01-01T00:00:00Z").Count(0)
	h.As("ada").Sees(org + "/events?until=2000-01-01T00:00:00Z").Count(0)
	all := h.As("ada").Sees(org+"/events?order=oldest").Count(14).Has("items.0.id", "acme/1/0", "items.13.id", "acme/2/0")
	for _, secret := range []string{"example.org", "Bobson", "token", `"address":`, `"email":`} {
		assert.NotContains(t, all.Body, secret, "the audit log tells of %q", secret)
	}
	// Page by page, each event stands once.
	seen, path := 0, org+"/events?limit=5"
	for after := ""; ; {
		page := h.As("ada").Sees(path + "&after=" + after)
		seen += len(page.Items())
		if after, _ = page.At("next").(string); after == "" {
			break
		}
	}
	assert.Equal(t, 14, seen, "events on all pages")
}

func TestStreamResumesExactly(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	live := follow(t, h.As("ada"), org+"/events")
	// Of another organization nothing is told.
	h.As("zoe").May("POST /v1/organizations", o{"id": "other"})
	add := []o{{"type": "add_member", "user": "u1"}, {"type": "add_member", "user": "u2"}, {"type": "add_member", "user": "u3"}}
	h.As("").May("POST "+org+"/commands", o{"commands": add})
	h.As("").May("DELETE " + org + "/members/u1")
	var marks []string
	for _, want := range []string{"acme/2/0", "acme/2/1", "acme/2/2", "acme/3/0"} {
		mark, got := live.next()
		require.Equal(t, want, got.ID)
		require.NotEmpty(t, mark)
		marks = append(marks, mark)
	}
	// From the middle of a commit on.
	again := follow(t, h.As("ada").With("Last-Event-ID", marks[0]), org+"/events?subject=u3&limit=1")
	mark, got := again.next()
	assert.Equal(t, marks[2], mark, "the stream resumed with another event")
	assert.Equal(t, "acme/2/2", got.ID, "the stream resumed with another event")
	mark, _ = again.next()
	assert.Empty(t, mark, "the limit did not end the stream")
	h.As("ada").With("Last-Event-ID", "here").With("Accept", "text/event-stream").Ask("GET "+org+"/events").Refused(http.StatusBadRequest, "malformed")
	h.As("ada").With("Last-Event-ID", "99.0.0").With("Accept", "text/event-stream").Ask("GET "+org+"/events").Refused(http.StatusServiceUnavailable, "behind")
	h.As("bob").With("Accept", "text/event-stream").Ask("GET "+org+"/events").Refused(http.StatusForbidden, "not_allowed")
	h.As("zoe").With("Accept", "text/event-stream").SeesNo(org+"/events", "no_organization")

	// Whoever may no longer read it is told nothing more.
	h.As("").May("PATCH "+org+"/members/bob", o{"role": "admin"})
	h.As("").May("PATCH "+org+"/members/ada", o{"role": "member"})
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
	live := follow(t, h.As(""), "/v1/events?from=1")
	for range 13 {
		live.next()
	}
	h.API.CloseStreams()
	mark, _ := live.next()
	assert.Empty(t, mark, "a mark after the end")
	assert.NoError(t, live.lines.Err())
}

func TestReplay(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").May("PATCH "+org+"/members/bob", o{"role": "admin"})
	h.As("zoe").May("POST /v1/organizations", o{"id": "other"})
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
		got := h.As("").Sees("/v1/events" + query)
		assert.Equal(t, want, strings.Join(idsOf(t, got.Body), " "), "%s tells", query)
	}
	h.As("").Ask("GET /v1/events?from=99").Refused(http.StatusServiceUnavailable, "behind")
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
		q("acme", "bob", "none", "code", "view"),
	}
	got := h.As("").May("POST /v1/access:check", o{"questions": questions})
	var answers struct {
		Answers []struct{ Allowed bool } `json:"answers"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.Body), &answers, json.MatchCaseInsensitiveNames(true)))
	assert.Equal(t, "[{true} {true} {true} {false} {false} {false} {false} {false}]", fmt.Sprint(answers.Answers), got.Body)
	h.As("bob").May("POST /v1/access:check", o{"questions": questions[1:2]}).Has("answers.0.allowed", true)
	h.As("dan").May("POST /v1/access:check", o{"questions": questions[1:2]}).Has("answers.0.allowed", true)
	h.As("cleo").Ask("POST /v1/access:check", o{"questions": questions[1:2]}).Refused(http.StatusNotFound, "no_project")
	h.As("").Ask("POST /v1/access:check", o{"questions": []o{questions[0], q("acme", "bob", "apollo", "flying", ""), q("acme", "bob", "apollo", "code", "on")}}).
		Refused(http.StatusUnprocessableEntity, "unknown_permission").Has("errors.0.index", 1, "errors.1.index", 2)
	// Where the organization is not there, or not visible, the system hears it, and people get no.
	nowhere := q("none", "bob", "apollo", "code", "view")
	h.As("").Ask("POST /v1/access:check", o{"questions": []o{nowhere}}).Refused(http.StatusNotFound, "no_organization")
	h.As("bob").May("POST /v1/access:check", o{"questions": []o{nowhere}}).Has("answers.0.allowed", false)
	h.As("zoe").May("POST /v1/access:check", o{"questions": []o{q("acme", "zoe", "apollo", "flying", "view")}}).Has("answers.0.allowed", false)
	h.As("ada").Ask("POST /v1/access:check", o{"questions": []o{q("acme", "ada", "apollo", "flying", "view")}}).Refused(http.StatusUnprocessableEntity, "unknown_permission")
	many := make([]o, 1001)
	for i := range many {
		many[i] = questions[0]
	}
	h.As("").Ask("POST /v1/access:check", o{"questions": many}).Refused(http.StatusUnprocessableEntity, "too_many_items")
	assert.Len(t, h.As("").May("POST /v1/access:check", o{"questions": many[:1000]}).At("answers"), 1000)
	h.As("").May("POST /v1/access:check", o{"questions": []o{}}).Has("answers.0", nil)
}

// TestChecksSayWhatTheyAskAbout asks questions that lack something, of the system, of a
// member and of a stranger, who must not learn from the difference.
func TestChecksSayWhatTheyAskAbout(t *testing.T) {
	t.Parallel()
	h, _ := newOrganization(t, "campaign")
	whole := o{"organization": "acme", "user": "ada", "permission": "users", "scope": "organization"}
	for _, tc := range []struct {
		name   string
		change o
		says   string
	}{
		{"nothing at all", o{"organization": nil, "user": nil, "permission": nil, "scope": nil}, "The organization is missing."},
		{"no organization", o{"organization": nil}, "The organization is missing."},
		{"no user", o{"user": nil}, "The user is missing."},
		{"no permission", o{"permission": ""}, "The permission is missing."},
		{"a forgotten project does not ask about the organization", o{"scope": nil}, `Name either a project, or the scope "organization".`},
		{"both", o{"project": "p"}, `Name either a project, or the scope "organization".`},
		{"another scope", o{"scope": "team"}, `There is no scope "team"`},
		{"the level that everybody has", o{"level": "none"}, `Everybody has the level "none"`},
		{"the position that everybody has", o{"level": "off"}, `Everybody has the level "off"`},
	} {
		question := maps.Clone(whole)
		for field, value := range tc.change {
			if question[field] = value; value == nil {
				delete(question, field)
			}
		}
		for _, actor := range []string{"", "ada", "zoe"} {
			h.As(actor).Ask("POST /v1/access:check", o{"questions": []o{question}}).
				Refused(http.StatusBadRequest, "malformed").Says("detail", tc.says)
		}
	}
	h.As("ada").May("POST /v1/access:check", o{"questions": []o{whole}}).Has("answers.0.allowed", true)
	h.As("").May("POST /v1/organizations/acme/members", o{"user": "bob", "role": "agent"})
	whole["user"] = "bob"
	h.As("ada").May("POST /v1/access:check", o{"questions": []o{whole}}).Has("answers.0.allowed", false)
	whole["user"] = "ada"
	h.As("bob").Ask("POST /v1/access:check", o{"questions": []o{whole}}).Refused(http.StatusNotFound, "no_members")
	h.As("zoe").Ask("POST /v1/access:check", o{"questions": []o{whole}}).Refused(http.StatusNotFound, "no_organization")
}

// TestTimesThatNoStoreHolds sends times that JSON or Postgres could not hold, in a body,
// an item of a bulk, and a query.
func TestTimesThatNoStoreHolds(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, at := range []string{"9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "10000-01-01"} {
		says := "the years 1 to 9999"
		h.As("ada").Ask("PATCH "+org+"/members/bob/end", o{"until": at}).Refused(http.StatusBadRequest, "malformed")
		h.As("ada").Ask("POST "+org+"/commands", o{"commands": []o{{"type": "change_member_end", "user": "bob", "until": at}}}).
			Refused(http.StatusBadRequest, "malformed").Says("detail", says)
		h.As("").Ask("POST "+org+"/projects?occurred_at="+url.QueryEscape(at), o{"id": "q"}).Refused(http.StatusBadRequest, "malformed").Says("detail", says)
	}
	h.As("ada").May("PATCH "+org+"/members/bob/end", o{"until": "9999-12-31T23:59:59Z"})
}

func TestExport(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	const state = `{"acme":{"members":{"ada":"admin","bob":"member","cleo":"member","dan":"member"},"projects":["apollo","gemini"],` +
		`"teams":{"Core":{"members":{},"projects":{"apollo":"write"}},` +
		`"Hidden Heroes":{"description":"\u0001 < & é","members":{"bob":"maintainer"},"parent":"Core","privacy":"secret","projects":{}}}}}`
	const access = `{"acme":{"ada":{"apollo":"admin","gemini":"admin"},"bob":{"apollo":"write"},"dan":{"apollo":"maintain"}}}`
	h.As("ada").May("PATCH "+org+"/teams/sub", o{"description": "\x01 < & é"})
	for _, query := range []string{"", "?source=ledger", "?source=database", "?organization=acme", "?organization=acme&source=database"} {
		assert.Equal(t, state, h.As("").Sees("/v1/export/state"+query).Body, query)
		assert.Equal(t, access, h.As("").Sees("/v1/export/access"+query).Body, query)
	}
	past := h.As("").Sees("/v1/export/state?at=2000-01-01T00:00:00Z")
	assert.Equal(t, "{}", past.Body, "the state before everything")
	h.As("").Ask("GET /v1/export/access?organization=other").Refused(http.StatusNotFound, "no_organization")
}
