package client_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
)

// answers serves the given answers in turn, the last one for ever.
func answers(t *testing.T, all ...http.HandlerFunc) *client.Client {
	t.Helper()
	var served atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all[min(int(served.Add(1)), len(all))-1](w, r)
	}))
	t.Cleanup(s.Close)
	return client.New(s.URL, "key")
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }
}

func problem(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// breakOff takes a request and closes the connection.
func breakOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// keep notes what requests say under a header.
func keep(said *[]string, header string, then http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		*said = append(*said, r.Header.Get(header))
		then(w, r)
	}
}

func TestCommandsAreSentAgainUnderOneKey(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]http.HandlerFunc{
		"503":                     problem(http.StatusServiceUnavailable, `{"code":"behind"}`),
		"429":                     problem(http.StatusTooManyRequests, `{"code":"too_many_streams"}`),
		"a broken connection":     breakOff,
		"a part of an answer":     func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Length", "9"); breakOff(w, r) },
		"503 without any problem": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keys []string
			c := answers(t, keep(&keys, "Idempotency-Key", first), keep(&keys, "Idempotency-Key", answer(`{"id":"acme","changed":true}`)))
			receipt, err := c.CreateOrganization(t.Context(), client.CreateOrganization{ID: "acme"})
			require.NoError(t, err)
			assert.Equal(t, "acme", receipt.ID)
			require.Len(t, keys, 2)
			assert.NotEmpty(t, keys[0])
			assert.Equal(t, keys[0], keys[1])
		})
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	var tried []string
	c := answers(t, keep(&tried, "Idempotency-Key", problem(http.StatusServiceUnavailable, `{"code":"behind","detail":"Later."}`)))
	_, err := c.DeleteOrganization(t.Context(), "acme", client.Attempts(3), client.IdempotencyKey("mine"))
	refused := new(client.Problem)
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "behind", refused.Code)
	assert.Equal(t, []string{"mine", "mine", "mine"}, tried)

	tried = nil
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = c.DeleteOrganization(ctx, "acme")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Len(t, tried, 1)
}

// TestPausesAreAsLongAsTheServerAsks measures them with a clock that does not run.
func TestPausesAreAsLongAsTheServerAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var after []time.Duration
		h := &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			after = append(after, time.Since(began))
			header := http.Header{}
			if len(after) == 1 {
				header.Set("Retry-After", "3")
			}
			return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: header, Body: http.NoBody}, nil
		})}
		_, err := client.New("http://roster", "key", client.HTTP(h)).GetStatus(t.Context())
		require.Error(t, err)
		assert.Equal(t, []time.Duration{0, 3 * time.Second, 3200 * time.Millisecond, 3600 * time.Millisecond, 4400 * time.Millisecond}, after)
	})
}

type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"one item repeats the detail": {problem(409, `{"detail":"No.","errors":[{"index":0,"detail":"Too late."}]}`), "No."},
		"several items": {
			problem(409, `{"detail":"No.","errors":[{"index":0,"detail":"Too late."},{"index":1,"about":"eve@","detail":"No address."},{"location":"body.role","detail":"Unknown."}]}`),
			"No.\n  item 0: Too late.\n  eve@: No address.\n  body.role: Unknown.",
		},
		"a fault names the request": {problem(500, `{"detail":"It broke.","instance":"R1"}`), "It broke. (request R1)"},
		"an answer of a proxy":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "the server answered 502 Bad Gateway"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := answers(t, c.answer).GetStatus(t.Context())
			refused := new(client.Problem)
			require.ErrorAs(t, err, &refused)
			assert.EqualError(t, refused, c.says)
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(nil)
	s.Close()
	_, err := client.New(s.URL, "key", client.Attempts(2)).GetStatus(t.Context())
	require.ErrorAs(t, err, new(*client.UnreachableError))
}

func TestAnswersAreAsNewAsThoseBefore(t *testing.T) {
	t.Parallel()
	var seen []string
	position := func(p string) http.HandlerFunc {
		return keep(&seen, "Roster-Min-Position", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Roster-Position", p)
			_, _ = io.WriteString(w, "{}")
		})
	}
	c := answers(t, position("7"), position("5"), position("9"))
	for range 3 {
		_, err := c.GetStatus(t.Context())
		require.NoError(t, err)
	}
	_, err := c.GetStatus(t.Context(), client.AtLeast(12))
	require.NoError(t, err)
	assert.Equal(t, []string{"", "7", "7", "12"}, seen)
	assert.EqualValues(t, 9, c.Position())
}

func TestRequestsSayWhatOptionsAdd(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body []byte
	c := answers(t, func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		_, _ = io.WriteString(w, `{"position":7,"version":7,"changed":false,"events":[],"dry_run":{"events":[{"type":"membership.role_changed.v1"}],"changes":[]}}`)
	})
	var would client.DryRun
	receipt, err := c.ChangeMemberRole(t.Context(), "acme", "a/b c?", client.ChangeMemberRole{Role: "owner"},
		client.As("ada"), client.OnBehalfOf("eve"), client.IfVersion(7), client.OccurredAt(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)),
		client.Cause("ticket 9"), client.AsDryRun(&would))
	require.NoError(t, err)
	assert.Zero(t, receipt)
	assert.EqualValues(t, "membership.role_changed.v1", would.Events[0].Type)
	assert.Equal(t, "PATCH /v1/organizations/acme/members/a%2Fb%20c%3F?cause=ticket+9&dry_run=true&occurred_at=2024-05-01T00%3A00%3A00Z",
		got.Method+" "+got.URL.String())
	assert.Equal(t, `{"role":"owner"}`, string(body))
	assert.Equal(t, "Bearer key", got.Header.Get("Authorization"))
	assert.Equal(t, "ada", got.Header.Get("Roster-Actor"))
	assert.Equal(t, "eve", got.Header.Get("Roster-On-Behalf-Of"))
	assert.Equal(t, `"7"`, got.Header.Get("If-Match"))
}

func TestCallTakesThePathFromTheArguments(t *testing.T) {
	t.Parallel()
	var asked []string
	c := answers(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.Method+" "+r.URL.String()+" "+string(body))
		_, _ = io.WriteString(w, "{}")
	})
	for _, one := range []struct {
		id        string
		arguments any
	}{
		{"change_member_role", map[string]string{"org": "acme", "user": "bob", "role": "owner"}},
		{"remove_member", map[string]any{"org": "acme", "user": "bob"}},
		{"list_events", map[string]any{"org": "acme", "type": []string{"a", "b"}, "limit": 3, "by_system": true}},
		{"remove_member", map[string]any{"org": "acme", "user": ".."}},
		{"get_status", nil},
	} {
		require.NoError(t, c.Call(t.Context(), one.id, one.arguments, nil))
	}
	assert.Equal(t, []string{
		`PATCH /v1/organizations/acme/members/bob {"role":"owner"}`,
		"DELETE /v1/organizations/acme/members/bob {}",
		"GET /v1/organizations/acme/events?by_system=true&limit=3&type=a&type=b ",
		"DELETE /v1/organizations/acme/members/%2E%2E {}",
		"GET /v1/status ",
	}, asked)
	require.ErrorContains(t, c.Call(t.Context(), "fly", nil, nil), `no operation "fly"`)
	const empty = "the user is empty: DELETE /v1/organizations/{org}/members/{user} needs one"
	require.EqualError(t, c.Call(t.Context(), "remove_member", map[string]any{"org": "acme", "user": ""}, nil), empty)
	_, err := c.RemoveMember(t.Context(), "acme", "", client.RemoveMember{})
	require.EqualError(t, err, empty)
	require.Len(t, asked, 5, "a request was made")
}

func TestListsFetchPages(t *testing.T) {
	t.Parallel()
	var asked []string
	page := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.RawQuery)
			_, _ = io.WriteString(w, body)
		}
	}
	c := answers(t, page(`{"items":[{"user":"ada"},{"user":"bob"}],"next":"x"}`), page(`{"items":[{"user":"cleo"}]}`), problem(404, `{}`))
	var users []string
	members := c.ListMembers(t.Context(), "acme", client.ListMembersQuery{Role: "owner"}, client.PageSize(2))
	for m, err := range members {
		require.NoError(t, err)
		users = append(users, m.User)
	}
	assert.Equal(t, []string{"ada", "bob", "cleo"}, users)
	assert.Equal(t, []string{"limit=2&role=owner", "after=x&limit=2&role=owner"}, asked)
	for _, err := range members {
		require.ErrorAs(t, err, new(*client.Problem))
	}
}

// TestStreamsGoOn breaks a stream twice: before an update and behind one.
func TestStreamsGoOn(t *testing.T) {
	t.Parallel()
	var after []string
	stream := func(text string) http.HandlerFunc {
		return keep(&after, "Last-Event-ID", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Roster-Position", "4")
			_, _ = io.WriteString(w, ": here\n\n"+text)
		})
	}
	update := func(n int) string { return fmt.Sprintf("id: 5.0.%d\nevent: x\ndata: {\"id\":\"acme/1/%d\"}\n\n", n, n) }
	c := answers(t, stream("id: 5.0.0\ndata: {\"id\":"), stream(update(0)+update(1)), stream(update(2)), problem(404, `{"code":"no_organization"}`))
	var ids []string
	var last error
	for u, err := range c.FollowEvents(t.Context(), "acme", client.ListEventsQuery{}) {
		if last = err; err == nil {
			ids = append(ids, u.ID+" "+u.Cursor)
		}
	}
	require.ErrorAs(t, last, new(*client.Problem))
	assert.Equal(t, []string{"acme/1/0 5.0.0", "acme/1/1 5.0.1", "acme/1/2 5.0.2"}, ids)
	assert.Equal(t, []string{"", "4.2147483647.0", "5.0.1"}, after[:3])
}

// TestFollowNotifications goes on after the last update when a connection ends.
func TestFollowNotifications(t *testing.T) {
	t.Parallel()
	var after []string
	send := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			after = append(after, r.URL.Path+" "+r.Header.Get("Last-Event-ID"))
			_, _ = io.WriteString(w, text)
		}
	}
	c := answers(t, send("id: 5.~\nevent: unread\ndata: {\"unread\":1}\n\n"), send("id: 6.ab\nevent: notification\ndata: {\"unread\":2,\"notification\":{\"id\":\"ab\",\"kind\":\"added\"}}\n\n"), problem(403, `{"code":"not_yours"}`))
	var got []string
	var last error
	for u, err := range c.FollowNotifications(t.Context(), "bob") {
		if last = err; err != nil {
			break
		}
		text := fmt.Sprint(u.Unread, " ", u.Cursor)
		if u.Notification != nil {
			text += " " + u.Notification.Kind
		}
		got = append(got, text)
	}
	require.ErrorAs(t, last, new(*client.Problem))
	assert.Equal(t, []string{"1 5.~", "2 6.ab added"}, got)
	assert.Equal(t, []string{"/v1/users/bob/notifications ", "/v1/users/bob/notifications 5.~"}, after)
}

func TestStreamsEndWithTheContext(t *testing.T) {
	t.Parallel()
	c := answers(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "id: 1.0.0\ndata: {}\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range c.FollowAllEvents(ctx, client.StreamEventsQuery{}, client.ResumeAfter("0.9.0")) {
		last = err
		cancel()
	}
	require.ErrorIs(t, last, context.Canceled)
}

func TestStreamEventsReadsLines(t *testing.T) {
	t.Parallel()
	c := answers(t, answer(`{"id":"acme/1/0"}`+"\n"+`{"id":"acme/1/1"}`+"\n"))
	var ids []string
	for e, err := range c.StreamEvents(t.Context(), client.StreamEventsQuery{Organization: "acme"}) {
		require.NoError(t, err)
		ids = append(ids, e.ID)
	}
	assert.Equal(t, []string{"acme/1/0", "acme/1/1"}, ids)
}

func TestStreamEventsFailsAtHalfALine(t *testing.T) {
	t.Parallel()
	c := answers(t, answer(`{"id":"acme/1/0"}`+"\n"+`{"id":"acme/1/1"}`))
	var ids []string
	var last error
	for e, err := range c.StreamEvents(t.Context(), client.StreamEventsQuery{Organization: "acme"}) {
		if last = err; err == nil {
			ids = append(ids, e.ID)
		}
	}
	require.ErrorIs(t, last, io.ErrUnexpectedEOF)
	assert.Equal(t, []string{"acme/1/0"}, ids)
}
