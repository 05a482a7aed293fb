package bus

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/events"
)

// use is keys that an actor uses in an organization.
type use struct {
	org   events.OrganizationID
	actor events.UserID
	keys  int
}

// TestWhoUsesManyKeysTakesNoRoom has a cache of 100 keys, and asks how many of each are known.
func TestWhoUsesManyKeysTakesNoRoom(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		given []use
		want  map[use]int // by who, with no number
	}{
		{"as many as there may be", []use{{"acme", "ada", 60}, {"other", "zoe", 40}}, map[use]int{{"acme", "ada", 0}: 60, {"other", "zoe", 0}: 40}},
		{"one organization with more", []use{{"other", "zoe", 40}, {"acme", "ada", 1000}}, map[use]int{{"other", "zoe", 0}: 40, {"acme", "ada", 0}: 60}},
		{"one actor with more", []use{{"acme", "bob", 30}, {"acme", "ada", 1000}}, map[use]int{{"acme", "bob", 0}: 30, {"acme", "ada", 0}: 70}},
		{"many actors of one organization", []use{{"other", "zoe", 20}, {"acme", "bob", 300}, {"acme", "ada", 300}}, map[use]int{
			{"other", "zoe", 0}: 20, {"acme", "bob", 0}: 40, {"acme", "ada", 0}: 40,
		}},
		{"a new one beside one that has all", []use{{"acme", "ada", 1000}, {"other", "zoe", 20}}, map[use]int{{"acme", "ada", 0}: 80, {"other", "zoe", 0}: 20}},
		{"two with more than an equal share", []use{{"acme", "ada", 1000}, {"other", "zoe", 1000}}, map[use]int{{"acme", "ada", 0}: 50, {"other", "zoe", 0}: 50}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cache := newIdempotencyCache()
			cache.limit = 100
			position := events.Position(0)
			for _, u := range test.given {
				for i := range u.keys {
					position++
					cache.add(keyCommit(position, u, i), 0)
				}
			}
			for _, u := range test.given {
				known, who := 0, use{u.org, u.actor, 0}
				for i := range u.keys {
					if _, ok := cache.find(idempotencyKey{u.org, keyOf(u, i)}, 0); ok {
						known++
					}
				}
				assert.Equal(t, test.want[who], known, "%v", who)
				_, newest := cache.find(idempotencyKey{u.org, keyOf(u, u.keys-1)}, 0)
				assert.True(t, newest, "the newest key of %v", who)
			}
			assert.Len(t, cache.byKey, 100)
			assert.LessOrEqual(t, len(cache.order), 2*100+minOrder)
			position++
			cache.add(keyCommit(position, use{"last", "kim", 1}, 0), idempotencyAge)
			assert.Len(t, cache.byKey, 1, "after a day")
			assert.Len(t, cache.organizations, 1)
			assert.Len(t, cache.order, 1)
		})
	}
}

// TestKeysAreUsedAgain after a day, and by another actor.
func TestKeysAreUsedAgain(t *testing.T) {
	t.Parallel()
	cache := newIdempotencyCache()
	cache.add(events.Commit{Position: 1, Entries: []events.Entry{{Organization: "acme", Key: "k", Actor: "ada"}}}, 0)
	cache.add(events.Commit{Position: 2, Entries: []events.Entry{{Organization: "acme", Key: "k", Actor: "bob"}}}, time.Hour)
	found, known := cache.find(idempotencyKey{"acme", "k"}, idempotencyAge)
	assert.True(t, known)
	assert.Equal(t, events.Position(2), found.position)
	cache.add(events.Commit{Position: 3}, idempotencyAge+time.Hour)
	assert.Empty(t, cache.byKey)
	assert.Empty(t, cache.organizations)
}

func keyCommit(position events.Position, u use, i int) events.Commit {
	return events.Commit{Position: position, Entries: []events.Entry{{Organization: u.org, Actor: u.actor, Key: keyOf(u, i), Version: 1}}}
}

func keyOf(u use, i int) string { return string(u.actor) + strconv.Itoa(i) }
