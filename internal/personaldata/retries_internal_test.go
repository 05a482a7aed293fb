package personaldata

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// TestRetriesWaitEachByItself tries three erasures, of which one is refused for ever, and one fails once.
func TestRetriesWaitEachByItself(t *testing.T) {
	t.Parallel()
	now, r := time.Now(), retries{}
	begun := func() []projections.Erasure {
		return []projections.Erasure{{User: "refused"}, {User: "fails once"}, {User: "new"}}
	}
	people := func(all []projections.Erasure) (users []events.UserID) {
		for i := range all {
			users = append(users, all[i].User)
		}
		return users
	}
	assert.Equal(t, maxRetryPause, r.next(now), "none waits")
	for range 20 {
		r.tried(begun()[:1], nil, now)
	}
	r.tried(begun()[:2], map[events.UserID]bool{"refused": false}, now)
	assert.Equal(t, []events.UserID{"new"}, people(r.due(begun(), now)))
	assert.Equal(t, minRetryPause, r.next(now))
	assert.Equal(t, []events.UserID{"fails once", "new"}, people(r.due(begun(), now.Add(minRetryPause))))
	r.tried(begun()[1:], map[events.UserID]bool{"fails once": true, "new": true}, now)
	assert.Equal(t, maxRetryPause, r.next(now), "the refused one")
	assert.Equal(t, []events.UserID{"refused"}, people(r.due(begun()[:1], now.Add(maxRetryPause))))
	assert.Empty(t, r.due(nil, now))
	assert.Empty(t, r, "it has ended elsewhere")
}
