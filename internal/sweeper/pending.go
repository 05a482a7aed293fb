package sweeper

import (
	"container/heap"
	"sync"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// end is something with its end.
type end struct {
	until time.Time
	org   events.OrganizationID
	of    domain.EndOf
}

// pending holds ends that are near, and finds those that have passed. One that was put off is found
// all the same: who records it looks again. The zero value holds none. Its methods may be called from several goroutines.
type pending struct {
	mu sync.Mutex
	// through is the time up to which an end is near.
	through time.Time
	ends    byTime
	// resting are the organizations whose ends wait.
	resting map[events.OrganizationID]*rest
}

// rest is since when the ends of an organization wait, until when, and those that have passed meanwhile.
type rest struct {
	began, until time.Time
	passed       []domain.EndOf
}

// begin forgets all ends. From now on those up to a time are near.
func (p *pending) begin(through time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.through, p.ends = through, nil
	for _, r := range p.resting {
		r.passed = nil
	}
}

// rest has the ends of an organization wait from a time on.
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

// add adds an end if it is near.
func (p *pending) add(e end) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !e.until.After(p.through) {
		heap.Push(&p.ends, e)
	}
}

// takePassed takes out the ends that have passed, but for those that wait.
func (p *pending) takePassed(now time.Time) map[events.OrganizationID][]domain.EndOf {
	p.mu.Lock()
	defer p.mu.Unlock()
	passed := map[events.OrganizationID][]domain.EndOf{}
	for org, r := range p.resting {
		if !now.Before(r.until) {
			delete(p.resting, org)
			if len(r.passed) > 0 {
				passed[org] = r.passed
			}
		}
	}
	for len(p.ends) > 0 && !now.Before(p.ends[0].until) {
		e, _ := heap.Pop(&p.ends).(end)
		if r := p.resting[e.org]; r != nil {
			r.passed = append(r.passed, e.of)
			continue
		}
		passed[e.org] = append(passed[e.org], e.of)
	}
	return passed
}

// byTime is a heap.
type byTime []end

func (b byTime) Len() int           { return len(b) }
func (b byTime) Less(i, j int) bool { return b[i].until.Before(b[j].until) }
func (b byTime) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b *byTime) Push(e any)        { *b = append(*b, e.(end)) } //nolint:forcetypeassert // add pushes nothing else

func (b *byTime) Pop() any {
	last := len(*b) - 1
	e := (*b)[last]
	*b = (*b)[:last]
	return e
}
