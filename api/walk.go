package api

import (
	"context"
	"errors"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

const (
	// quickWalk is how long a walk over a small organization may take without a slot.
	quickWalk = 500 * time.Microsecond
	// smallOrganization is the greatest number of members times projects of one.
	smallOrganization = 10_000
	// maxWalkSteps is the most steps of one walk. A step is a pair of a person and a project, and
	// takes up to a microsecond.
	maxWalkSteps = 10_000_000
	// maxPageSteps is the number of steps after which a page ends, although it is not full. It goes on
	// behind what it has looked at.
	maxPageSteps = 1_000_000
	// maxCountSteps is the same for the first page of a dry run, which counts what it does not list.
	maxCountSteps = 4_000_000
	// clockEvery is the number of steps after which a walk looks at the clock.
	clockEvery = 64
)

// walk paces a question that is answered by walking over an organization in memory. It ends
// with its context. A walk that is long, or that will be, waits for a slot first. It is for
// one goroutine. Call end when it is over; the end of the request does so at the latest.
//
// It never leaves the processor to others: each runtime.Gosched wakes a thread, which then
// takes the second processor from those who answer checks (see BenchmarkCrowd).
type walk struct {
	ctx     context.Context //nolint:containedctx // it lives as long as the request
	server  *Server
	org     events.OrganizationID
	quick   time.Duration // how long it may go on without a slot
	steps   int
	began   time.Time
	release func()
	err     error

	// reached is what the walk looks at now; nil if it has not come to anything.
	reached *rowKey
	// stopped is what was looked at last by a page that ended early; nil if none did.
	stopped *rowKey
}

func (s *Server) newWalk(ctx context.Context, org domain.Organization) *walk {
	w := &walk{ctx: ctx, server: s, org: org.ID(), began: time.Now()}
	if org.Exists() && org.CountMembers()*org.CountProjects() <= smallOrganization {
		w.quick = quickWalk
	}
	q := requestFrom(ctx)
	q.walks = append(q.walks, w)
	return w
}

// proceed reports whether the walk may go on. It is called for each step.
func (w *walk) proceed() bool {
	if w.steps++; w.steps%clockEvery != 1 {
		return w.err == nil
	}
	if w.err == nil && w.steps > maxWalkSteps {
		w.err = domain.ErrOverBudget.Because("The question was given up after %d steps, the most that one may cost: the organization is too large for it. Ask about single people or projects.", maxWalkSteps)
	}
	if w.err == nil {
		w.err = w.ctx.Err()
	}
	if w.err == nil && w.release == nil && time.Since(w.began) >= w.quick {
		requestFrom(w.ctx).endSlot()
		w.release, w.err = w.server.walkSlots.acquire(w.ctx, w.org)
	}
	return w.err == nil
}

// reach reports whether a page goes on, which has come to something new. It ends after so many
// steps, without an error, but not before it has looked at anything.
func (w *walk) reach(key rowKey, most int) bool {
	if w.reached != nil && w.steps > most {
		w.stopped = w.reached
		return false
	}
	w.reached = &key
	return true
}

// fail ends the walk early if there is an error.
func (w *walk) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// end gives back the slot, and returns why the walk ended early; nil if it did not. A walk
// that goes on afterwards does so as if it had just begun.
func (w *walk) end() error {
	if w.release != nil {
		w.release()
		w.release = nil
	}
	w.steps, w.began, w.reached = 0, time.Now(), nil
	return w.err
}

// timeLimit is the longest time that a kind of question may take.
type timeLimit struct {
	question string
	limit    time.Duration
}

// within answers a question with a context that ends at its limit. If it takes longer, the
// error says so, unless the database is out of reach. The time to wait for the position that
// the client has seen is added.
func within[T any](ctx context.Context, s *Server, t timeLimit, answer func(context.Context) (T, error)) (T, error) {
	from := time.Now()
	if q := requestFrom(ctx); q.minPosition > 0 {
		from = q.waitUntil
	}
	limited, cancel := context.WithDeadline(ctx, from.Add(t.limit))
	defer cancel()
	found, err := answer(limited)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = s.timeout(ctx, t)
	}
	return found, err
}

// timeout returns the error of a question that took too long. A database that does not
// answer at all is out of reach; asking it is the only way to tell.
func (s *Server) timeout(ctx context.Context, t timeLimit) error {
	limited, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	if s.Database.Ping(limited) != nil {
		return errNoDatabase
	}
	return errTimeout.because("%q took longer than its limit of %s; ask for less, or try again later.", t.question, t.limit)
}

// probeTimeout is how long a database that is in reach takes at most to accept a connection.
const probeTimeout = time.Second
