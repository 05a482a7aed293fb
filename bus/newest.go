package bus

import (
	"sync"

	"github.com/seed-2026d078/roster/events"
)

// rememberedMost is the number of organizations after whose changes the older half of what
// is remembered of positions is dropped.
const rememberedMost = 8192

// newestPositions knows the position of the last commit about each organization, at a cost
// that is bounded however many there are: of those that have not changed for long it knows
// that none is newer than a floor.
type newestPositions struct {
	mu         sync.Mutex
	young, old map[events.OrganizationID]events.Position
	// floor is not before any position that was dropped.
	floor events.Position
}

// begin forgets everything up to a position.
func (n *newestPositions) begin(at events.Position) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.floor = at
	n.young, n.old = map[events.OrganizationID]events.Position{}, nil
}

// note takes in commits that follow. Before begin it does nothing.
func (n *newestPositions) note(commits []events.Commit) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.young == nil {
		return
	}
	for _, commit := range commits {
		for i := range commit.Entries {
			n.young[commit.Entries[i].Organization] = commit.Position
		}
		if len(n.young) >= rememberedMost {
			n.drop()
		}
	}
}

// drop forgets the older half.
func (n *newestPositions) drop() {
	for _, position := range n.old {
		n.floor = max(n.floor, position)
	}
	n.old, n.young = n.young, make(map[events.OrganizationID]events.Position, rememberedMost)
}

// of returns the position of the last commit about an organization, or a later one that is
// itself long past.
func (n *newestPositions) of(id events.OrganizationID) events.Position {
	n.mu.Lock()
	defer n.mu.Unlock()
	if position, known := n.young[id]; known {
		return position
	}
	if position, known := n.old[id]; known {
		return position
	}
	return n.floor
}
