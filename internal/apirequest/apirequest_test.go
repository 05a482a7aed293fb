package apirequest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
)

type o = map[string]any

// failures is a test that collects failures. The first fatal one ends it.
type failures struct {
	testing.TB
	all []string
}

type ended struct{}

func (f *failures) Errorf(format string, args ...any) {
	f.all = append(f.all, fmt.Sprintf(format, args...))
}

func (f *failures) Fatalf(format string, args ...any) {
	f.all = append(f.all, fmt.Sprintf(format, args...))
	panic(ended{})
}

// failing returns what a failing use reports.
func failing(t *testing.T, use func(apirequest.T)) []string {
	t.Helper()
	f := &failures{TB: t}
	func() {
		defer func() {
			if recovered := recover(); recovered != nil {
				require.Equal(t, ended{}, recovered)
			}
		}()
		use(f)
	}()
	return f.all
}

// answering starts a server that gives one answer to every request, and keeps the last.
func answering(t *testing.T, status int, mediaType, body string) (server apirequest.Server, last *http.Request, sent *string) {
	t.Helper()
	last, sent = new(http.Request), new(string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		*last, *sent = *r, string(text)
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Roster-Position", "7")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return apirequest.Server{URL: s.URL, Key: "key"}, last, sent
}

const page = `{"items":[{"user":"ada","role":"owner","actions":["leave","invite"]},{"user":"bob","level":2,"name":null}],"next":"x"}`

func TestRequests(t *testing.T) {
	t.Parallel()
	server, last, sent := answering(t, http.StatusOK, "application/json", `{}`)
	ada := server.As(t, "ada")
	ada.May("POST /v1/organizations", o{"name": "Acme", "id": "acme"})
	assert.Equal(t, "POST /v1/organizations", last.Method+" "+last.URL.String())
	assert.Equal(t, `{"id":"acme","name":"Acme"}`, *sent)
	assert.Equal(t, "Bearer key", last.Header.Get("Authorization"))
	assert.Equal(t, "ada", last.Header.Get("Roster-Actor"))
	assert.Equal(t, "application/json", last.Header.Get("Content-Type"))

	ada.Below("/v1/organizations/acme").Sees("/members?limit=1")
	assert.Equal(t, "GET /v1/organizations/acme/members?limit=1", last.Method+" "+last.URL.String())
	assert.Empty(t, last.Header.Get("Content-Type"))
	ada.Below("/v1/organizations/acme").Sees("/v1/status")
	assert.Equal(t, "/v1/status", last.URL.Path)

	server.As(t, "").With("Content-Type", "text/csv").With("Accept", "a", "b").Without("Authorization").Ask("POST /v1/status", "a,b")
	assert.Equal(t, "a,b", *sent)
	assert.Equal(t, "text/csv", last.Header.Get("Content-Type"))
	assert.Equal(t, []string{"a", "b"}, last.Header.Values("Accept"))
	assert.NotContains(t, last.Header, "Authorization")
	assert.NotContains(t, last.Header, "Roster-Actor")

	began, content := ada.Open("/v1/events")
	assert.Equal(t, http.StatusOK, began.Status)
	require.NoError(t, content.Close())
}

func TestReadsSeeWhatWasAnsweredBefore(t *testing.T) {
	t.Parallel()
	server, last, _ := answering(t, http.StatusOK, "application/json", `{}`)
	var seen events.Position
	ada, bob := server.As(t, "ada").Seeing(&seen), server.As(t, "bob").Seeing(&seen)
	assert.Equal(t, events.Position(7), ada.May("POST /v1/organizations").Position())
	assert.NotContains(t, last.Header, "Roster-Min-Position", "a command waits for nothing")
	bob.Sees("/v1/organizations")
	assert.Equal(t, "7", last.Header.Get("Roster-Min-Position"))
	bob.AtLeast(3).Sees("/v1/organizations")
	assert.Equal(t, "3", last.Header.Get("Roster-Min-Position"))
}

func TestAssertionsThatHold(t *testing.T) {
	t.Parallel()
	server, _, _ := answering(t, http.StatusOK, "application/json", page)
	list := server.As(t, "ada").Sees("/v1/members").Count(2).Lists("items.user", "bob", "ada").Lists("items.0.actions", "invite", "leave").
		Has("items.0.role", "owner", "items.0.actions", []string{"leave", "invite"}, "items.1.level", 2, "items.1.name", nil, "items.2.user", nil, "items.-1", nil, "none", nil).
		Says("items.0.role", "own", "er")
	list.Item("user", "bob").Has("level", 2).Lists("actions")
	list.Part("items.0").Has("user", "ada")
	list.Part("items").Count(2).Lists("user", "ada", "bob")
	assert.Equal(t, "x", list.Text("next"))
	assert.Equal(t, []string{"owner", ""}, list.Texts("items.role"))
}

func TestFailuresTellRequestAndAnswer(t *testing.T) {
	t.Parallel()
	server, _, _ := answering(t, http.StatusOK, "application/json", page)
	for expected, use := range map[string]func(apirequest.Reply){
		`items.0.role is "member", not "owner"`:           func(r apirequest.Reply) { r.Has("items.0.role", "member") },
		"items.1.level is 3, not 2":                       func(r apirequest.Reply) { r.Has("items.1.level", 3) },
		`items.0.role says "king"`:                        func(r apirequest.Reply) { r.Says("items.0.role", "king") },
		"3 items, not 2":                                  func(r apirequest.Reply) { r.Count(3) },
		`a list of items.user ["ada"], not ["ada","bob"]`: func(r apirequest.Reply) { r.Lists("items.user", "ada") },
		"a list of people.items.user":                     func(r apirequest.Reply) { r.Lists("people.items.user") },
		"a list of next":                                  func(r apirequest.Reply) { r.Texts("next") },
		"a list":                                          func(r apirequest.Reply) { r.Part("items.0").Items() },
		"one item whose user is zoe":                      func(r apirequest.Reply) { r.Item("user", "zoe") },
		"text at items.1.level":                           func(r apirequest.Reply) { r.Text("items.1.level") },
		"something at none":                               func(r apirequest.Reply) { r.Part("none") },
		"it is refused as 404 no_member":                  func(r apirequest.Reply) { r.Refused(http.StatusNotFound, "no_member") },
	} {
		got := failing(t, func(t apirequest.T) { use(server.As(t, "ada").Ask("POST /v1/members", o{"user": "bob"})) })
		require.Len(t, got, 1, expected)
		assert.Equal(t, `ada asks POST /v1/members {"user":"bob"}`+"\nexpected: "+expected+"\ncame: 200 "+page, got[0])
	}
	got := failing(t, func(t apirequest.T) { server.As(t, "").MayNot("DELETE /v1/members/bob", "no_member") })
	require.Len(t, got, 1)
	assert.True(t, strings.HasPrefix(got[0], "the system asks DELETE /v1/members/bob\nexpected: it is refused as no_member\n"), got[0])
}

func TestLongBodiesAreShortened(t *testing.T) {
	t.Parallel()
	server, _, _ := answering(t, http.StatusOK, "text/plain", strings.Repeat("y", 9_000))
	reply := server.As(t, "ada").May("POST /v1/members", strings.Repeat("x", 9_000))
	assert.Len(t, reply.Body, 9_000)
	assert.Less(t, len(reply.String()), 5_000)
}

// TestRefusalsAreWholeProblems takes something away from a problem each time.
func TestRefusalsAreWholeProblems(t *testing.T) {
	t.Parallel()
	problem := func(leave string) string {
		all := o{"status": 404, "code": "no_member", "type": "/problems/no_member", "detail": "There is no such member.", "instance": "r1"}
		delete(all, leave)
		return apirequest.Formatted(all)
	}
	refused := func(status int, mediaType, body string) []string {
		server, _, _ := answering(t, status, mediaType, body)
		return failing(t, func(t apirequest.T) { server.As(t, "ada").SeesNo("/v1/members/bob", "no_member") })
	}
	assert.Empty(t, refused(http.StatusNotFound, "application/problem+json", problem("")))
	for _, leave := range []string{"status", "code", "type", "detail", "instance"} {
		assert.NotEmpty(t, refused(http.StatusNotFound, "application/problem+json", problem(leave)), leave)
	}
	assert.NotEmpty(t, refused(http.StatusConflict, "application/problem+json", problem("")), "another status")
	assert.NotEmpty(t, refused(http.StatusNotFound, "application/json", problem("")), "another media type")
}

func TestWhatIsNoJSONFails(t *testing.T) {
	t.Parallel()
	server, _, _ := answering(t, http.StatusOK, "application/json", "{")
	got := failing(t, func(t apirequest.T) { server.As(t, "ada").Ask("GET /v1/status") })
	require.Len(t, got, 1)
	assert.Contains(t, got[0], "expected: JSON")
	lines, _, _ := answering(t, http.StatusOK, "application/x-ndjson", "{}\n{}\n")
	assert.Equal(t, "{}\n{}\n", lines.As(t, "ada").Sees("/v1/events").Body)
}
