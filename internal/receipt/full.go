package receipt

import (
	"sync"
	"time"
)

// fullFor is for how long a subscriber that has no room for another replica counts as one that has none. If another node
// makes room, its next replica waits as long at most.
const fullFor = 5 * time.Second

// full remembers which subscribers have no room, so that those whose replicas have ever new names do not have all of them read each time.
type full struct {
	mu    sync.Mutex
	until map[string]time.Time // by subscriber
}

func (f *full) has(subscriber string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Now().Before(f.until[subscriber])
}

// note drops what is too old, so it remembers no more than came within fullFor.
func (f *full) note(subscriber string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	for name, until := range f.until {
		if until.Before(now) {
			delete(f.until, name)
		}
	}
	if f.until == nil {
		f.until = map[string]time.Time{}
	}
	f.until[subscriber] = now.Add(fullFor)
}

func (f *full) forget(subscriber string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.until, subscriber)
}

func (f *full) forgetAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.until)
}
