package api_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/clock/clocktest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

const day = 24 * time.Hour

// clocked is an organization on a machine whose clock can be set. Bob is an administrator for 30
// days, cleo for 30 minutes.
func clocked(t *testing.T) (*apitest.Server, *clocktest.Machine, string) {
	t.Helper()
	var m clocktest.Machine
	h := apitest.StartAt(t, m.Clock())
	const org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob", "role": "admin", "until": m.Time().Add(30 * day)},
		{"type": "add_member", "user": "cleo", "role": "admin", "until": m.Time().Add(30 * time.Minute)},
		{"type": "create_project", "id": "apollo"},
	}})
	return h, &m, org
}

// TestOneCommandUnderAClockThatIsAhead records a command 400 days ahead. What follows is judged
// by the time that it is.
func TestOneCommandUnderAClockThatIsAhead(t *testing.T) {
	t.Parallel()
	h, m, org := clocked(t)
	m.Set(400 * day)
	h.As("ada").Ask("PATCH "+org, o{"name": "Later"}).Refused(http.StatusServiceUnavailable, "clock").
		Says("detail", "It was set ahead by 9600h0m0s: it says 2027-04-06T12:00:00Z, where it must be 2026-03-02T12:00:00Z.", "roster clock accept")
	h.As("").May("POST /v1/clock/accept")
	ahead := h.As("ada").May("PATCH "+org, o{"name": "Later"})
	m.Set(-400 * day)
	h.As("ada").Ask("PATCH "+org, o{"name": "Now"}).Refused(http.StatusServiceUnavailable, "clock").Says("detail", "It was set back by 9600h0m0s")
	h.As("").May("POST /v1/clock/accept").Has("now", m.Time().Format(time.RFC3339))

	h.As("bob").Sees(org).Has("name", "Later")
	h.As("bob").Sees(org + "/projects/apollo")
	h.As("bob").May("PATCH "+org, o{"name": "Now"})
	h.As("").May("POST "+org+"/members", o{"user": "dan", "until": m.Time().Add(day)})
	h.As("").Ask("POST "+org+"/members", o{"user": "eve", "until": m.Time()}).Refused(http.StatusUnprocessableEntity, "bad_end")
	dryRun(t, h, h.As("bob"), "POST "+org+"/projects", o{"id": "gemini"}).Has("dry_run.counts.events", 2)
	h.As("bob").May("POST "+org+"/invites", o{"id": "i1", "email": "kim@example.org"})
	h.As("ada").Sees(org+"/invites").Has("items.0.expires_at", m.Time().Add(7*day).Format(time.RFC3339))
	h.As("ada").Ask("GET "+org+"?at=2026-03-02T12:00:01Z").Refused(http.StatusUnprocessableEntity, "time_in_the_future")
	m.Pass(31 * day)
	h.As("bob").SeesNo(org, "no_organization")
	h.As("bob").Ask("PATCH "+org, o{"name": "Never"}).Refused(http.StatusNotFound, "no_organization")

	recorded, err := h.Config.Ledger.At(t.Context(), ahead.Position()+1)
	require.NoError(t, err)
	assert.Equal(t, m.True().Add(-31*day), recorded.At, "of the commit")
	assert.Equal(t, m.True().Add(369*day), recorded.Entries[0].At, "an organization's time never runs backwards")
}

// TestClockThatIsNotTrusted asks everything while the clock is an hour back.
func TestClockThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	h, m, org := clocked(t)
	created := h.As("ada").With("Idempotency-Key", "made").May("POST "+org+"/projects", o{"id": "gemini"})
	trusted := h.As("").Sees("/readyz").Has("ready", true, "clock.ready", true, "clock.problem", nil)
	assert.Equal(t, m.Time().Format(time.RFC3339), trusted.Text("clock.now"))
	assert.Contains(t, h.As("").Sees("/metrics").Body, "roster_clock_trusted 1\n")

	m.Pass(40 * time.Minute) // cleo's end has passed
	m.Set(-time.Hour)
	keyed := h.As("ada").With("Idempotency-Key", "later")
	for range 2 {
		keyed.Ask("POST "+org+"/projects", o{"id": "p"}).Refused(http.StatusServiceUnavailable, "clock").Says("detail", "set back by 1h0m0s")
		h.As("").Ask("POST "+org+"/members", o{"user": "dan", "name": "Dan"}).Refused(http.StatusServiceUnavailable, "clock")
	}
	h.As("ada").With("Idempotency-Key", "made").May("POST "+org+"/projects", o{"id": "gemini"}).Has("repeated", true, "position", created.At("position"))
	h.As("bob").Sees(org + "/projects/gemini")
	h.As("bob").Sees(org + "/projects").Count(2)
	h.As("cleo").SeesNo(org, "no_organization")
	question := o{"organization": "acme", "user": "cleo", "project": "apollo", "permission": "code", "level": "view"}
	h.As("ada").May("POST /v1/access:check", o{"questions": []o{question}}).Has("answers.0.allowed", false)

	unready := h.As("").Ask("GET /readyz")
	assert.Equal(t, http.StatusServiceUnavailable, unready.Status)
	unready.Has("ready", false, "clock.ready", false, "projections.ready", true).
		Says("clock.problem", "set back by 1h0m0s", "roster clock accept")
	metrics := h.As("").Sees("/metrics").Body
	assert.Contains(t, metrics, "roster_clock_trusted 0\n")
	assert.Contains(t, metrics, `roster_clock_skew_seconds{reference="elapsed"} -3600`)

	h.As("ada").Ask("POST /v1/clock/accept").Refused(http.StatusForbidden, "system_only")
	h.As("").May("POST /v1/clock/accept").Says("accepted", "set back by 1h0m0s")
	h.As("").May("POST /v1/clock/accept").Has("accepted", nil)
	keyed.May("POST "+org+"/projects", o{"id": "p"}).Has("repeated", nil)
	h.As("cleo").Sees(org)
}

// TestSmallStepBack has an end pass before the clock is set back by less than the bound.
func TestSmallStepBack(t *testing.T) {
	t.Parallel()
	h, m, org := clocked(t)
	m.Pass(31 * time.Minute)
	h.As("cleo").SeesNo(org, "no_organization")
	m.Set(-4 * time.Minute)
	h.As("cleo").SeesNo(org, "no_organization")
	h.As("cleo").Ask("POST "+org+"/projects", o{"id": "p"}).Refused(http.StatusNotFound, "no_organization")
	h.As("ada").May("POST "+org+"/projects", o{"id": "p"})
}

// TestAccessUnderAClockThatJumps gives people who stay for a while commands and questions,
// and sets the clock meanwhile.
func TestAccessUnderAClockThatJumps(t *testing.T) {
	t.Parallel()
	h, m, _ := clocked(t)
	organizations, ctx := 0, t.Context()
	rapid.Check(t, func(t *rapid.T) {
		as := func(user string) apirequest.Actor { return h.Server.As(t, user) }
		as("").May("POST /v1/clock/accept") //nolint:contextcheck // requests have the context of the test
		organizations++
		id := fmt.Sprint("o", organizations)
		org := "/v1/organizations/" + id
		as("").May("POST /v1/organizations", o{"id": id, "scheme": "github", "owner": "ada"}) //nolint:contextcheck // requests have the context of the test
		ends := map[string]time.Time{}
		names := 0
		made := map[string]answeredAt{}
		t.Repeat(map[string]func(*rapid.T){
			"time passes": func(t *rapid.T) {
				m.Pass(rapid.SampledFrom([]time.Duration{time.Second, 20 * time.Minute, 2 * time.Hour}).Draw(t, "passed"))
			},
			"the clock is set": func(t *rapid.T) {
				by := rapid.SampledFrom([]time.Duration{time.Minute, 4 * time.Minute, 2 * time.Hour, 400 * day}).Draw(t, "by")
				if rapid.Bool().Draw(t, "back") {
					by = -by
				}
				m.Set(by)
			},
			"it is accepted": func(*rapid.T) { as("").May("POST /v1/clock/accept") }, //nolint:contextcheck // requests have the context of the test
			"somebody comes": func(t *rapid.T) { //nolint:contextcheck // as above
				user := fmt.Sprint("u", len(ends))
				end := h.Desk.Clock().Now().Add(rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, day}).Draw(t, "stays"))
				if added := as("").Ask("POST "+org+"/members", o{"user": user, "role": "admin", "until": end}); added.Status == http.StatusOK {
					ends[user] = end
				} else {
					added.Refused(http.StatusServiceUnavailable, "clock")
				}
			},
			"somebody makes a project": func(t *rapid.T) { //nolint:contextcheck // as above
				names++
				key := fmt.Sprint("k", names)
				reply := as("ada").With("Idempotency-Key", key).Ask("POST "+org+"/projects", o{"id": "p" + key})
				if reply.Status == http.StatusCreated {
					made[key] = answeredAt{reply.At("position"), m.Elapsed()}
				} else {
					reply.Refused(http.StatusServiceUnavailable, "clock")
				}
			},
			"": func(t *rapid.T) { //nolint:contextcheck // as above
				if len(ends) > 0 {
					user := fmt.Sprint("u", rapid.IntRange(0, len(ends)-1).Draw(t, "user"))
					end := ends[user]
					sees := as(user).Ask("GET "+org).Status == http.StatusOK
					if sees {
						assert.True(t, m.Time().Before(end), "%s is let in at %s after %s", user, m.Time(), end)
					}
					names++
					given := as(user).Ask("PATCH "+org, o{"name": fmt.Sprint("name ", names)})
					if given.Status == http.StatusServiceUnavailable {
						given.Refused(http.StatusServiceUnavailable, "clock")
					} else {
						assert.Equal(t, sees, given.Status == http.StatusOK, "%s reads, and commands: %s", user, given)
					}
				}
				if len(made) > 0 {
					key := rapid.SampledFrom(slices.Sorted(maps.Keys(made))).Draw(t, "key")
					first := made[key]
					if m.Elapsed()-first.elapsed < day {
						as("ada").With("Idempotency-Key", key).May("POST "+org+"/projects", o{"id": "p" + key}).Has("repeated", true, "position", first.position)
					}
				}
			},
		})
		var last time.Time
		require.NoError(t, h.Config.Ledger.Read(ctx, events.Checkpoint{}, 0, func(commits []events.Commit) error {
			for _, c := range commits {
				for _, e := range c.Entries {
					if string(e.Organization) == id {
						assert.False(t, e.At.Before(last), "recorded time runs backwards")
						last = e.At
					}
				}
			}
			return nil
		}))
	})
}

// answeredAt is the position that a command led to, and when it was given.
type answeredAt struct {
	position any
	elapsed  time.Duration
}
