package api_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// noticeUpdate is an event of a stream of notifications.
type noticeUpdate struct {
	id, event    string
	Unread       int
	Notification *struct {
		ID, Kind, Organization string
		To                     string
	}
}

// noticeStream reads a stream of notifications.
type noticeStream struct {
	t       *testing.T
	updates chan noticeUpdate
	stop    func()
}

// watchNotices follows the notifications of somebody after an id; empty: from now on.
func watchNotices(t *testing.T, by apirequest.Actor, user, after string) *noticeStream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	by = by.With("Accept", "text/event-stream")
	if after != "" {
		by = by.With("Last-Event-ID", after)
	}
	reply, body := by.Open("/v1/users/" + user + "/notifications")
	reply.OK()
	s := &noticeStream{t: t, updates: make(chan noticeUpdate, 100), stop: sync.OnceFunc(func() {
		cancel()
		_ = body.Close()
	})}
	t.Cleanup(s.stop)
	go func() {
		defer close(s.updates)
		var u noticeUpdate
		for lines := bufio.NewScanner(body); lines.Scan() && ctx.Err() == nil; {
			field, value, _ := strings.Cut(lines.Text(), ": ")
			switch field {
			case "id":
				u.id = value
			case "event":
				u.event = value
			case "data":
				if json.Unmarshal([]byte(value), &u, json.MatchCaseInsensitiveNames(true)) == nil {
					s.updates <- u
				}
				u = noticeUpdate{}
			}
		}
	}()
	return s
}

// next returns the next update, in words.
func (s *noticeStream) next() (words, id string) {
	s.t.Helper()
	select {
	case u, more := <-s.updates:
		if !more {
			return "end", ""
		}
		if u.Notification != nil {
			return fmt.Sprintf("%s %s in %s, %d unread", u.event, u.Notification.Kind, u.Notification.Organization, u.Unread), u.id
		}
		return fmt.Sprintf("%s %d", u.event, u.Unread), u.id
	case <-time.After(time.Minute):
		require.Fail(s.t, "nothing came")
		return "", ""
	}
}

func (s *noticeStream) comes(words string) (id string) {
	s.t.Helper()
	got, id := s.next()
	assert.Equal(s.t, words, got)
	return id
}

// TestNotificationsLive has a person follow what they hear, and go on after the connection was broken.
func TestNotificationsLive(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for _, id := range []string{"acme", "apex"} {
		h.As("").May("POST /v1/organizations", o{"id": id, "owner": "ada"})
	}
	bob := watchNotices(t, h.As("bob"), "bob", "")
	product := watchNotices(t, h.As(""), "bob", "")
	cyd := watchNotices(t, h.As("cyd"), "cyd", "")
	begin := bob.comes("unread 0")
	product.comes("unread 0")
	cyd.comes("unread 0")

	h.As("").May("POST /v1/organizations/acme/members", o{"user": "bob"})
	bob.comes("notification added in acme, 1 unread")
	product.comes("notification added in acme, 1 unread")
	h.As("").May("POST /v1/organizations/apex/members", o{"user": "bob"})
	second := bob.comes("notification added in apex, 2 unread")
	h.As("bob").May("POST /v1/users/bob/notifications/shown-all", o{})
	bob.comes("unread 0")
	bob.stop()
	h.As("").May("PATCH /v1/organizations/apex/members/bob", o{"role": "owner"})
	h.As("bob").Sees("/v1/users/bob/notifications").Count(3)

	again := watchNotices(t, h.As("bob"), "bob", second)
	last := again.comes("notification role_changed in apex, 1 unread")
	all := watchNotices(t, h.As("bob"), "bob", begin)
	all.comes("notification added in acme, 1 unread")
	all.comes("notification added in apex, 1 unread")
	all.comes("notification role_changed in apex, 1 unread")
	assert.NotEqual(t, second, last)

	// Whoever is removed hears of that, and of nothing else of the organization.
	h.As("").May("DELETE /v1/organizations/apex/members/bob")
	again.comes("notification removed in apex, 1 unread")
	removed := watchNotices(t, h.As("bob"), "bob", second)
	removed.comes("notification removed in apex, 1 unread")

	bad := h.As("ada").With("Accept", "text/event-stream")
	bad.Ask("GET /v1/users/bob/notifications").Refused(http.StatusForbidden, "not_yours")
	h.As("bob").With("Accept", "text/event-stream").With("Last-Event-ID", "yesterday").Ask("GET /v1/users/bob/notifications").Refused(http.StatusBadRequest, "malformed")
	h.API.CloseStreams()
	for _, s := range []*noticeStream{again, all, product, cyd} {
		for words := ""; words != "end"; {
			words, _ = s.next()
			assert.NotContains(t, words, "cyd")
		}
	}
}

// TestManyNoticesAtOnceAreStreamed has a commit with more notices than are stored, or read, at once.
func TestManyNoticesAtOnceAreStreamed(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, projects = "/v1/organizations/acme", 450
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada", "scheme": "owner-member"})
	h.As("").May("POST "+org+"/members", o{"user": "bob"})
	commands := make([]o, 0, 2*projects)
	for i := range projects {
		commands = append(commands, o{"type": "create_project", "id": fmt.Sprint("p", i)})
	}
	h.As("ada").May("POST "+org+"/commands", o{"commands": commands})
	h.As("bob").Sees("/v1/users/bob/notifications").Count(1)
	s := watchNotices(t, h.As("bob"), "bob", "")
	s.comes("unread 1")
	for i := range commands {
		commands[i] = o{"type": "add_project_member", "project": fmt.Sprint("p", i), "user": "bob"}
	}
	h.As("ada").May("POST "+org+"/commands", o{"commands": commands})
	for range projects {
		s.comes(fmt.Sprintf("notification added in acme, %d unread", projects+1))
	}
}

// TestStreamsOfNotificationsAreLimited opens as many as one person may have.
func TestStreamsOfNotificationsAreLimited(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t).Configured(func(c *api.Config) { c.Streams = api.StreamLimits{Process: 10, Organization: 1, Actor: 2} })
	first, second := watchNotices(t, h.As("bob"), "bob", ""), watchNotices(t, h.As(""), "bob", "")
	first.comes("unread 0")
	second.comes("unread 0")
	h.As("bob").With("Accept", "text/event-stream").Ask("GET /v1/users/bob/notifications").Refused(http.StatusTooManyRequests, "too_many_streams")
	watchNotices(t, h.As("cyd"), "cyd", "").comes("unread 0")
	first.stop()
	require.Eventually(t, func() bool {
		reply, body := h.As("bob").With("Accept", "text/event-stream").Open("/v1/users/bob/notifications")
		_ = body.Close()
		return reply.Status == http.StatusOK
	}, time.Minute, 10*time.Millisecond)
}
