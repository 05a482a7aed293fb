package api_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// addMembers is a bulk that adds members with new ids.
func addMembers(prefix string, n int) o {
	commands := make([]o, n)
	for i := range commands {
		commands[i] = o{"type": "add_member", "user": fmt.Sprint(prefix, i)}
	}
	return o{"commands": commands}
}

// unchecked returns the same server without the check of every event against the document,
// which takes milliseconds.
func unchecked(t *testing.T, h *apitest.Server) apirequest.Server {
	t.Helper()
	front := httptest.NewServer(h.API)
	t.Cleanup(func() {
		h.API.CloseStreams()
		front.Close()
	})
	return apirequest.Server{URL: front.URL, Key: h.Key}
}

// TestStreamsJoinPastAndPresent has followers of two organizations, and of everything, that
// disconnect and resume all the time while events happen in both. Each gets every event of its
// own once, in order.
func TestStreamsJoinPastAndPresent(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	owners := map[string]string{"acme": "ada", "other": "zoe"}
	const bulks = 30
	server := unchecked(t, h)
	var writing, reading sync.WaitGroup
	end := map[string]string{} // the last event of each organization
	for org, owner := range owners {
		h.As(owner).May("POST /v1/organizations", o{"id": org})
		end[org] = fmt.Sprintf("%s/%d/0", org, bulks+2)
		writing.Go(func() {
			for i := range bulks {
				server.As(t, owner).May("POST /v1/organizations/"+org+"/commands", addMembers(fmt.Sprint("u", i, "-"), 1+rand.IntN(20)))
			}
			server.As(t, owner).May("PATCH /v1/organizations/"+org, o{"name": "The end"})
		})
	}
	got := make([][]string, 12)
	for i := range got {
		actor, path, last := server.As(t, ""), "/v1/events?from=1", map[string]bool{end["acme"]: true, end["other"]: true}
		if i%3 > 0 {
			org := []string{"acme", "other"}[i%3-1]
			actor, path, last = server.As(t, owners[org]), "/v1/organizations/"+org+"/events?since=2000-01-01", map[string]bool{end[org]: true}
		}
		reading.Go(func() { got[i] = readInParts(t, actor, path, last) })
	}
	writing.Wait()
	reading.Wait()
	for i, path := range []string{"/v1/events", "/v1/events?organization=acme", "/v1/events?organization=other"} {
		want := idsOf(t, h.As("").Sees(path).Body)
		for j := i; j < len(got); j += 3 {
			assert.Equal(t, want, got[j], path)
		}
	}
}

// readInParts follows a stream over many connections until it has the last events, and returns
// the ids of all.
func readInParts(t *testing.T, actor apirequest.Actor, path string, last map[string]bool) (ids []string) {
	t.Helper()
	resumed := actor
	for left := len(last); left > 0; {
		began, content := resumed.With("Accept", "text/event-stream").Open(path)
		if !assert.Equal(t, http.StatusOK, began.Status) {
			return ids
		}
		s := newStream(t, content)
		for range 1 + rand.IntN(60) {
			mark, got := s.next()
			if mark == "" {
				break
			}
			ids = append(ids, got.ID)
			resumed = actor.With("Last-Event-ID", mark)
			if last[got.ID] {
				left--
			}
			if left == 0 {
				break
			}
		}
		_ = content.Close()
	}
	return ids
}

// idsOf returns the ids of events, one a line.
func idsOf(t *testing.T, lines string) (ids []string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		ids = append(ids, readEvent(t, line).ID)
	}
	return ids
}

// slowClient is an answer whose client reads no event until it is told to.
type slowClient struct {
	*httptest.ResponseRecorder

	reads chan struct{} // closed when it reads on
	began chan struct{} // closed when there is an event to read
	once  sync.Once
}

func (c *slowClient) Write(text []byte) (int, error) {
	if text[0] != ':' {
		c.once.Do(func() { close(c.began) })
		<-c.reads
	}
	return c.ResponseRecorder.Write(text)
}

// TestSlowReadersAreOvertaken has a client that does not read while much happens. Others get
// everything at once, and the slow one gets it later.
func TestSlowReadersAreOvertaken(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("ada").May("POST /v1/organizations", o{"id": "acme"})
	const bulks, each = 3, 900
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request := httptest.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("/v1/organizations/acme/events?type=membership.joined.v1&limit=%d", 1+bulks*each), nil)
	request.Header.Set("Authorization", "Bearer "+h.Key)
	request.Header.Set("Accept", "text/event-stream")
	slow := &slowClient{ResponseRecorder: httptest.NewRecorder(), reads: make(chan struct{}), began: make(chan struct{})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		h.API.ServeHTTP(slow, request)
	}()
	quick := follow(t, unchecked(t, h).As(t, "ada"), "/v1/organizations/acme/events")
	h.As("").May("POST /v1/organizations/acme/commands", addMembers("first", 1))
	<-slow.began
	_, first := quick.next()
	want := []string{first.ID}
	for i := range bulks {
		h.As("").May("POST /v1/organizations/acme/commands", addMembers(fmt.Sprint("u", i, "-"), each))
		for range each {
			_, got := quick.next()
			want = append(want, got.ID)
		}
	}
	close(slow.reads)
	<-ended
	s := newStream(t, io.NopCloser(slow.Body))
	var got []string
	for mark, e := s.next(); mark != ""; mark, e = s.next() {
		got = append(got, e.ID)
	}
	assert.Equal(t, want, got)
	assert.Contains(t, h.As("").Sees("/metrics").Body, "roster_streams_overrun_total 1\n")
}

// TestStreamsHaveLimits opens as many streams as an actor, an organization and the server may
// have, and one more.
func TestStreamsHaveLimits(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t).Configured(func(c *api.Config) { c.Streams = api.StreamLimits{Process: 10, Organization: 4, Actor: 2} })
	for _, org := range []string{"a", "b", "c"} {
		h.As("ada").May("POST /v1/organizations", o{"id": org})
		for _, user := range []string{"bob", "cleo"} {
			h.As("ada").May("POST /v1/organizations/"+org+"/members", o{"user": org + user, "role": "owner"})
		}
	}
	open := func(user, org string) func() {
		t.Helper()
		began, content := h.As(user).With("Accept", "text/event-stream").Open("/v1/organizations/" + org + "/events")
		require.Equal(t, http.StatusOK, began.Status)
		return func() { assert.NoError(t, content.Close()) }
	}
	refused := func(user, org, says string) {
		t.Helper()
		got := h.As(user).With("Accept", "text/event-stream").Ask("GET /v1/organizations/" + org + "/events")
		got.Refused(http.StatusTooManyRequests, "too_many_streams").Says("detail", says)
		assert.Equal(t, "1", got.Header.Get("Retry-After"))
	}
	gone := open("ada", "a")
	_ = open("ada", "b")
	refused("ada", "a", "as many as one actor may")
	gone()
	require.Eventually(t, func() bool {
		began, content := h.As("ada").With("Accept", "text/event-stream").Open("/v1/organizations/a/events")
		defer func() {
			if began.Status != http.StatusOK {
				_ = content.Close()
			}
		}()
		return began.Status == http.StatusOK
	}, time.Minute, 10*time.Millisecond, "the place of who went away is free")

	_, _, _ = open("abob", "a"), open("abob", "a"), open("acleo", "a")
	refused("acleo", "a", "as many as one may")
	_, _, _ = open("bbob", "b"), open("bbob", "b"), open("bcleo", "b")
	_ = open("cbob", "c")
	refused("cbob", "c", "as it may of actors")
	_ = open("", "a")
	refused("", "c", "as many as it may")
	assert.Contains(t, h.As("").Sees("/metrics").Body, "roster_streams 10\n")
	assert.NotContains(t, h.As("").Sees("/metrics").Body, "roster_streams_refused_total 0\n")
}
