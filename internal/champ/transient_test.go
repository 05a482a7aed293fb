package champ

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestTransientChangesInPlace changes values again and again: after the first time every
// node belongs to the transient.
func TestTransientChangesInPlace(t *testing.T) { // not parallel: counts allocations
	var m Map[string, int]
	for i, key := range alphabet {
		m = m.Set(key, i)
	}
	before, transient, round := m, new(Transient), 0
	again := func() {
		round++
		for _, key := range alphabet {
			m = m.SetTransient(transient, key, -round)
		}
	}
	if allocations := testing.AllocsPerRun(10, again); allocations != 0 {
		t.Errorf("%v allocations with a transient in use", allocations)
	}
	transient.Persist()
	if allocations := testing.AllocsPerRun(10, again); allocations == 0 {
		t.Error("a persisted transient changed nodes in place")
	}
	for i, key := range alphabet {
		if got, _ := before.Get(key); got != i {
			t.Errorf("%s was %d before the changes, now %d", key, i, got)
		}
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
				m = m.DeleteTransient(transient, key)
			} else {
				m = m.SetTransient(transient, key, value)
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
					if m.Len() != len(alphabet)*7/8 {
						t.Errorf("version %d has %d keys", want, m.Len())
						return
					}
					for key, value := range m.All() {
						if value != want {
							t.Errorf("version %d has %d for %s", want, value, key)
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
