package champ

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestTransientChangesInPlace changes values again and again: after the first time every
// node belongs to the transient.
func TestTransientChangesInPlace(t *testing.T) { // not parallel: counts allocations
	var m Map[string, int]
	for i, key := range alphabet {
		m = Set(nil, m, key, i)
	}
	before, transient, round := m, new(Transient), 0
	again := func() {
		round++
		for _, key := range alphabet {
			m = Set(transient, m, key, -round)
		}
	}
	assert.Zero(t, testing.AllocsPerRun(10, again), "allocations with a transient in use")
	transient.Persist()
	assert.NotZero(t, testing.AllocsPerRun(10, again), "a persisted transient changed nodes in place")
	for i, key := range alphabet {
		got, _ := before.Get(key)
		assert.Equal(t, i, got, "%s was %d before the changes", key, i)
	}
}

// TestReadersDuringTransientChanges publishes versions whose values are all equal while
// readers look at the newest and at all they saw before.
func TestReadersDuringTransientChanges(t *testing.T) {
	t.Parallel()
	var published atomic.Pointer[Map[string, int]]
	write := func(m Map[string, int], value int) {
		transient := new(Transient)
		for i, key := range alphabet {
			if i%8 == value%8 {
				m = Delete(transient, m, key)
			} else {
				m = Set(transient, m, key, value)
			}
		}
		transient.Persist()
		published.Store(&m)
	}
	write(Map[string, int]{}, 0)

	const last = 300
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			seen := map[int]Map[string, int]{}
			for newest := -1; newest < last; {
				m := *published.Load()
				for _, value := range m.All() {
					newest = value
					break
				}
				seen[newest] = m
				for want, m := range seen {
					if !assert.Equal(t, len(alphabet)*7/8, m.Len(), "the keys of version %d", want) {
						return
					}
					for key, value := range m.All() {
						if !assert.Equal(t, want, value, "%s in version %d", key, want) {
							return
						}
					}
				}
			}
		})
	}
	for value := 1; value <= last; value++ {
		write(*published.Load(), value)
	}
	readers.Wait()
}
