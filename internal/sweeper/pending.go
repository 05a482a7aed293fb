package sweeper

import (
	"container/heap"
	"sync"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// boundary is a start or an end, with when it passes.
type boundary struct {
	at  time.Time
	org events.OrganizationID
	of  domain.Boundary
}

// pending holds starts and ends that are near, and finds those that have passed. One that was put off is found
// all the same: who records it looks again. The zero value holds none. Its methods may be called from several goroutines.
type pending struct {
	mu sync.Mutex
	// through is the time up to which one is near.
	through time.Time
	near    byTime
	// resting are the organizations whose starts and ends wait.
	resting map[events.OrganizationID]*rest
}

// rest is since when the starts and ends of an organization wait, until when, and those that have passed meanwhile.
type rest struct {
	began, until time.Time
	passed       []domain.Boundary
}

// begin forgets all of them. From now on those up to a time are near.
func (p *pending) begin(through time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.through, p.near = through, nil
	for _, r := range p.resting {
		r.passed = nil
	}
}

// rest has the starts and ends of an organization wait from a time on.
func (p *pending) rest(org events.OrganizationID, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.resting == nil {
		p.resting = map[events.OrganizationID]*rest{}
	}
	r := p.resting[org]
	if r == nil {
		r = &rest{began: now}
		p.resting[org] = r
	}
	r.until = earlier(now.Add(historyRest), r.began.Add(maxRest))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// add adds a start or an end if it is near.
func (p *pending) add(b boundary) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !b.at.After(p.through) {
		heap.Push(&p.near, b)
	}
}

// takePassed takes out the starts and ends that have passed, but for those that wait.
func (p *pending) takePassed(now time.Time) map[events.OrganizationID][]domain.Boundary {
	p.mu.Lock()
	defer p.mu.Unlock()
	passed := map[events.OrganizationID][]domain.Boundary{}
	for org, r := range p.resting {
		if !now.Before(r.until) {
			delete(p.resting, org)
			if len(r.passed) > 0 {
				passed[org] = r.passed
			}
		}
	}
	for len(p.near) > 0 && !now.Before(p.near[0].at) {
		b, _ := heap.Pop(&p.near).(boundary)
		if r := p.resting[b.org]; r != nil {
			r.passed = append(r.passed, b.of)
			continue
		}
		passed[b.org] = append(passed[b.org], b.of)
	}
	return passed
}

// byTime is a heap.
type byTime []boundary

func (b byTime) Len() int           { return len(b) }
func (b byTime) Less(i, j int) bool { return b[i].at.Before(b[j].at) }
func (b byTime) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *byTime) Push(e any)        { *b = append(*b, e.(boundary)) } //nolint:forcetypeassert // add pushes nothing else

func (b *byTime) Pop() any {
	last := len(*b) - 1
	e := (*b)[last]
	*b = (*b)[:last]
	return e
}
