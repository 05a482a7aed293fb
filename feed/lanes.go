package feed

import (
	"sync"

	"github.com/seed-2026d078/roster/events"
)

// lanes handle messages: those of an organization one after the other, those of different ones side by side.
type lanes struct {
	handle  func(*delivery)
	working sync.WaitGroup

	mu sync.Mutex
	// waiting are the messages that wait, of the organizations for which a goroutine works.
	waiting map[events.OrganizationID][]*delivery
}

func newLanes(handle func(*delivery)) *lanes {
	return &lanes{handle: handle, waiting: map[events.OrganizationID][]*delivery{}}
}

// add adds a message behind the others of its organization.
func (l *lanes) add(d *delivery) {
	l.mu.Lock()
	defer l.mu.Unlock()
	org := d.message.Organization
	waiting, works := l.waiting[org]
	l.waiting[org] = append(waiting, d)
	if !works {
		l.working.Go(func() { l.work(org) })
	}
}

// work handles the messages of an organization until none waits.
func (l *lanes) work(org events.OrganizationID) {
	for {
		d := l.next(org)
		if d == nil {
			return
		}
		l.handle(d)
	}
}

func (l *lanes) next(org events.OrganizationID) *delivery {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := l.waiting[org]
	if len(waiting) == 0 {
		delete(l.waiting, org)
		return nil
	}
	l.waiting[org] = waiting[1:]
	return waiting[0]
}
