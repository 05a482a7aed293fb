package api

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestOrganizationsRestBesideOthers has a request that took some time, and one that follows.
func TestOrganizationsRestBesideOthers(t *testing.T) {
	t.Parallel()
	bob, mia, system := slotRequest{"acme", "bob"}, slotRequest{"acme", "mia"}, slotRequest{"acme", events.System}
	pauseAfter := func(took time.Duration) time.Duration {
		return min(max(restAfter(took)-restAfter(unrested), 0), maxRest)
	}
	for _, test := range []struct {
		name        string
		others      bool
		first, next slotRequest
		took, waits time.Duration
	}{
		{"while others ask", true, bob, bob, 50 * time.Millisecond, pauseAfter(50 * time.Millisecond)},
		{"also another actor of the organization", true, bob, mia, 50 * time.Millisecond, pauseAfter(50 * time.Millisecond)},
		{"after a long request no longer than a limit", true, bob, bob, time.Minute, pauseAfter(time.Minute)},
		{"not after a quick request", true, bob, bob, unrested, 0},
		{"not while nobody else asks", false, bob, bob, time.Minute, 0},
		{"not the system", true, system, system, time.Minute, 0},
		{"not another organization", true, bob, slotRequest{"other", "bob"}, time.Minute, 0},
		{"not another actor without an organization", true, slotRequest{"", "bob"}, slotRequest{"", "mia"}, time.Minute, 0},
		{"an actor without an organization", true, slotRequest{"", "bob"}, slotRequest{"", "bob"}, 50 * time.Millisecond, pauseAfter(50 * time.Millisecond)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSlots()
				s.others = func(events.OrganizationID, events.UserID) bool { return test.others }
				release, err := s.acquire(waiting(t, test.first, time.Minute), test.first.org)
				require.NoError(t, err)
				time.Sleep(test.took)
				release()
				began := time.Now()
				release, err = s.acquire(waiting(t, test.next, time.Minute), test.next.org)
				require.NoError(t, err)
				assert.Equal(t, test.waits, time.Since(began))
				release()
				time.Sleep(time.Hour)
				synctest.Wait()
				assert.Empty(t, s.queues, "queues that have rested")
			})
		})
	}
}

// TestWhatNeedsNoRestAddsUp has many quick requests.
func TestWhatNeedsNoRestAddsUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlots()
		s.others = func(events.OrganizationID, events.UserID) bool { return true }
		bob, began := slotRequest{"acme", "bob"}, time.Now()
		const count, took = 100, unrested / 10
		for range count {
			release, err := s.acquire(waiting(t, bob, time.Minute), "acme")
			require.NoError(t, err)
			time.Sleep(took)
			release()
		}
		assert.GreaterOrEqual(t, time.Since(began), max(count*took, (count-1)*restAfter(took)-restAfter(unrested)))
	})
}

// TestWhoAskedBesides has requests, and then asks of whom others rest.
func TestWhoAskedBesides(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		given []slotRequest
		ago   time.Duration
		of    slotRequest
		want  bool
	}{
		{"nobody", nil, 0, slotRequest{"acme", "bob"}, false},
		{"the same organization", []slotRequest{{"acme", "bob"}, {"acme", "mia"}}, 0, slotRequest{"acme", "bob"}, false},
		{"another organization before", []slotRequest{{"other", "zoe"}, {"acme", "bob"}, {"acme", "bob"}}, 0, slotRequest{"acme", "bob"}, true},
		{"another organization since", []slotRequest{{"acme", "bob"}, {"other", "zoe"}}, 0, slotRequest{"acme", "bob"}, true},
		{"the system in another", []slotRequest{{"acme", "bob"}, {"other", events.System}}, 0, slotRequest{"acme", "bob"}, true},
		{"another organization long ago", []slotRequest{{"other", "zoe"}, {"acme", "bob"}}, othersWithin, slotRequest{"acme", "bob"}, false},
		{"without an organization, the same actor", []slotRequest{{"acme", "bob"}, {"other", "bob"}}, 0, slotRequest{"", "bob"}, false},
		{"without an organization, another actor", []slotRequest{{"acme", "zoe"}, {"acme", "bob"}}, 0, slotRequest{"", "bob"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var recent recentRequests
				for _, r := range test.given {
					recent.note(r.org, r.actor)
				}
				time.Sleep(test.ago)
				assert.Equal(t, test.want, recent.besides(test.of.org, test.of.actor))
			})
		})
	}
}
