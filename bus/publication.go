package bus

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/seed-2026d078/roster/events"
)

// publication holds the newest durable state of a process, and hands every change
// of it to the followers.
type publication[S Evolver[S]] struct {
	ledger *Ledger
	empty  S
	newest atomic.Pointer[newest[S]]
	// newestOf is the same for each organization, and never behind.
	newestOf newestPositions

	closed chan struct{}
	reason error // why it was closed; set before that

	mu        sync.Mutex
	followers []*Follower[S]
}

// newest is the newest view until changed is closed.
type newest[S Evolver[S]] struct {
	View[S]
	changed chan struct{}
}

// errClosed is the error of those who wait for a desk whose Run has ended.
var errClosed = fmt.Errorf("%w: the desk is closed", ErrUnavailable)

func newPublication[S Evolver[S]](ledger *Ledger, empty S, followers []*Follower[S]) *publication[S] {
	p := &publication[S]{ledger: ledger, empty: empty, closed: make(chan struct{}), followers: followers}
	beginning := View[S]{State: empty}
	p.newest.Store(&newest[S]{View: beginning, changed: make(chan struct{})})
	for _, f := range followers {
		f.source = p
		f.push(Step[S]{Before: beginning, After: beginning}, 0)
	}
	return p
}

// View returns the newest durable state. It never waits.
func (p *publication[S]) View() View[S] { return p.newest.Load().View }

// NewestPosition returns the position of the last commit that a View contains with an entry
// of an organization. For one that has not changed since thousands of others have, or since
// the desk was made, it may return a later position, which is about as old.
func (p *publication[S]) NewestPosition(id events.OrganizationID) events.Position {
	return p.newestOf.of(id)
}

// Wait returns as soon as View has reached a position. It fails with the context's
// error, and with [ErrUnavailable] once the desk is closed.
func (p *publication[S]) Wait(ctx context.Context, position events.Position) error {
	for {
		now := p.newest.Load()
		if now.Position >= position {
			return nil
		}
		select {
		case <-now.changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-p.closed:
			return errClosed
		}
	}
}

// Follower returns a new follower. It has no state yet: unless it begins at the
// newest commit, it reads the ledger from the beginning. See [NewFollower].
func (p *publication[S]) Follower() *Follower[S] {
	f := newFollower[S]()
	f.source, f.at.State = p, p.empty
	p.mu.Lock()
	defer p.mu.Unlock()
	p.followers = append(slices.Clip(p.followers), f)
	return f
}

// LiveFollower returns a follower that begins after the newest view, and the checkpoint of
// that view, from which [Follower.Follow] goes on without reading the ledger.
func (p *publication[S]) LiveFollower() (*Follower[S], events.Checkpoint) {
	f := p.Follower()
	f.at = f.attach()
	return f, f.at.Checkpoint
}

// publish makes the view after a step the newest one, then gives the step to the
// followers. A follower that attaches between the two finds a view that contains the
// step. The bytes are those of the step's messages.
func (p *publication[S]) publish(step Step[S], bytes int) {
	p.newestOf.note(step.Commits)
	old := p.newest.Swap(&newest[S]{View: step.After, changed: make(chan struct{})})
	close(old.changed)
	p.mu.Lock()
	followers := p.followers
	p.mu.Unlock()
	for _, f := range followers {
		f.push(step, bytes)
	}
}

// nextBeginning returns the first position after the newest view at which a
// follower wants to begin; zero if there is none.
func (p *publication[S]) nextBeginning() (first events.Position) {
	for _, f := range p.followers {
		if at := f.begins(); at > p.View().Position && (first == 0 || at < first) {
			first = at
		}
	}
	return first
}

// close ends those who wait. Err is what ended the desk; nil means that it was
// asked to end.
func (p *publication[S]) close(err error) {
	if p.reason = err; err == nil {
		p.reason = errClosed
	}
	close(p.closed)
}
