package bus

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

const (
	memoryAge  = 24 * time.Hour
	memorySize = 1 << 20
)

// memory knows which idempotency keys led to which entries: those of the last
// day, the newest million of them.
type memory struct {
	byKey map[memoryKey]memorized
	order []aged // oldest first
}

type memoryKey struct {
	organization events.OrganizationID
	key          string
}

type memorized struct {
	digest   string
	position events.Position
	version  events.Version
}

// answer points to what was recorded; whoever waits for it reads it from there.
func (m memorized) answer(digest string) answer {
	if m.digest != digest {
		return answer{err: ErrKeyReused}
	}
	return answer{receipt: Receipt{Position: m.position, Version: m.version, Repeated: true}}
}

type aged struct {
	memoryKey
	position events.Position
	recorded time.Time
}

func newMemory() *memory { return &memory{byKey: map[memoryKey]memorized{}} }

// find returns what a key led to, and whether it is known.
func (m *memory) find(org events.OrganizationID, key string) (memorized, bool) {
	if key == "" {
		return memorized{}, false
	}
	found, ok := m.byKey[memoryKey{org, key}]
	return found, ok
}

// add takes in a commit and lets go of what is too old or too much by now.
func (m *memory) add(c events.Commit, now time.Time) {
	if now.Sub(c.At) < memoryAge {
		for _, e := range c.Entries {
			if e.Key != "" {
				k := memoryKey{e.Organization, e.Key}
				m.byKey[k] = memorized{e.Digest, c.Position, e.Version}
				m.order = append(m.order, aged{k, c.Position, c.At})
			}
		}
	}
	for len(m.order) > 0 && (len(m.order) > memorySize || now.Sub(m.order[0].recorded) >= memoryAge) {
		oldest := m.order[0]
		m.order = m.order[1:]
		if m.byKey[oldest.memoryKey].position == oldest.position { // else it was used anew
			delete(m.byKey, oldest.memoryKey)
		}
	}
}
