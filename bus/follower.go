package bus

import (
	"context"
	"slices"
	"sync"

	"github.com/seed-2026d078/roster/events"
)

// maxWaiting is how many bytes of commits may wait for one follower.
const maxWaiting = 64 << 20

// Follower gets every change of a desk's state. It is what a read model, or whoever
// else follows the ledger, uses instead of folding the ledger by itself: see
// [Follower.Follow].
type Follower[S Evolver[S]] struct {
	source *publication[S]
	limit  int           // maxWaiting
	more   chan struct{} // holds a value if there may be more to take

	// at is the view after the last step that was taken. While the desk loads the ledger,
	// it is where the follower is to begin; after that only the goroutine of Follow uses it.
	at View[S]

	mu       sync.Mutex
	loading  bool
	attached bool    // the steps of the desk are added to waiting
	waiting  Step[S] // begins at the follower's position or after it
	bytes    int     // of what waits and what is being taken
	taking   int     // the part of bytes that is being taken
}

func newFollower[S Evolver[S]]() *Follower[S] {
	return &Follower[S]{limit: maxWaiting, more: make(chan struct{}, 1)}
}

// NewFollower returns a follower that is to begin after a checkpoint. Give it to
// [NewDesk], which then keeps the state there, and the commits after it, while it
// loads the ledger: so the ledger is read once for the desk and all followers.
func NewFollower[S Evolver[S]](after events.Checkpoint) *Follower[S] {
	f := newFollower[S]()
	f.at.Checkpoint, f.loading = after, true
	return f
}

// Follow calls take with every commit after a checkpoint, in order, with the states
// before and after it. Each call gets all that has come in since the last one. A
// step counts as taken when take returns nil.
//
// Follow ends with the error of take or of the context, with a [*BrokenError] if
// the ledger is not the one that the checkpoint comes from, and with the desk's
// error, or [ErrUnavailable], when the desk has ended and everything is taken. It
// may be called again, but by one goroutine at a time. The checkpoint is where the
// caller's own store is. It may lie anywhere:
//
//   - Where the last call ended, within a step whose take failed, or further, since
//     another process has done the work: Follow goes on with what waits in memory.
//   - Before that, since the store was emptied or is an older copy: Follow reads the
//     ledger from its beginning, and folds it up.
//
// A slow or failing take never holds up the desk. Commits of at most 64 MB (their
// size in the ledger) wait in memory, whether Follow runs or not. If there are more,
// the memory is released: Follow then reads them from the ledger and folds them from the
// state that it has, until it has caught up.
func (f *Follower[S]) Follow(ctx context.Context, after events.Checkpoint, take func(Step[S]) error) error {
	for {
		if err := f.reach(ctx, after, f.attach(), take); err != nil {
			return err
		}
		for {
			step, err := f.next(ctx)
			if err != nil {
				return err
			}
			if len(step.Commits) == 0 {
				break // it was detached
			}
			err = f.hand(step, after, take)
			f.taken(step, err)
			if err != nil {
				return err
			}
		}
		after = f.at.Checkpoint
	}
}

// attach attaches the follower to the desk at the newest view, unless it is attached
// already. It returns the view at which the steps that wait begin.
func (f *Follower[S]) attach() View[S] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.attached {
		now := f.source.View()
		f.attached, f.waiting = true, Step[S]{Before: now, After: now}
	}
	return f.waiting.Before
}

// reach reads from the ledger what take has not got yet up to a view of the desk,
// and goes on from there.
func (f *Follower[S]) reach(ctx context.Context, after events.Checkpoint, view View[S], take func(Step[S]) error) error {
	if after != f.at.Checkpoint && !f.waits(after) {
		if err := f.source.ledger.Check(ctx, after); err != nil {
			return err
		}
	}
	if after.Position < f.at.Position {
		f.at = View[S]{State: f.source.empty}
	}
	if after.Position < view.Position {
		err := f.source.ledger.Read(ctx, f.at.Checkpoint, view.Position, func(commits []events.Commit) error {
			next, err := f.at.Fold(commits)
			if err != nil {
				return err
			}
			return f.hand(Step[S]{Before: f.at, Commits: commits, After: next}, after, take)
		})
		if err != nil {
			return err
		}
	}
	f.at = view // equal to what was folded, but the desk's own: one state in memory
	return nil
}

// waits reports whether a checkpoint is within what waits.
func (f *Follower[S]) waits(at events.Checkpoint) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at == f.waiting.Before.Checkpoint {
		return true
	}
	n := through(f.waiting.Commits, at.Position)
	return n > 0 && f.waiting.Commits[n-1].Checkpoint() == at
}

// hand gives take what a step holds behind a checkpoint.
func (f *Follower[S]) hand(step Step[S], after events.Checkpoint, take func(Step[S]) error) error {
	rest, err := step.after(after.Position)
	if err == nil && len(rest.Commits) > 0 {
		err = take(rest)
	}
	if err == nil {
		f.at = step.After
	}
	return err
}

// next waits for a step. It returns none if the follower has been detached.
func (f *Follower[S]) next(ctx context.Context) (Step[S], error) {
	for closed := false; ; {
		step, attached := f.pull()
		switch {
		case len(step.Commits) > 0 || !attached:
			return step, nil
		case closed:
			return step, f.source.reason
		}
		select {
		case <-f.more:
		case <-ctx.Done():
			return step, ctx.Err()
		case <-f.source.closed:
			closed = true
		}
	}
}

// pull takes out what waits.
func (f *Follower[S]) pull() (step Step[S], attached bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	step = f.waiting
	f.waiting = Step[S]{Before: step.After, After: step.After}
	f.taking = f.bytes
	return step, f.attached
}

// taken ends what pull began: the step is done with, or waits again.
func (f *Follower[S]) taken(step Step[S], err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case !f.attached:
		return
	case err == nil:
		f.bytes -= f.taking
	default:
		f.waiting.Before = step.Before
		f.waiting.Commits = slices.Concat(step.Commits, f.waiting.Commits)
	}
	f.taking = 0
}

// push adds a step of the desk to what waits.
func (f *Follower[S]) push(step Step[S], bytes int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.loading && step.After.Checkpoint == f.at.Checkpoint:
		f.loading, f.attached = false, true
		f.at, f.waiting = step.After, Step[S]{Before: step.After, After: step.After}
		return
	case !f.attached, step.After.Position <= f.waiting.After.Position:
		return
	}
	if f.bytes += bytes; f.bytes > f.limit {
		f.attached, f.waiting, f.bytes, f.taking = false, Step[S]{}, 0, 0
	} else {
		f.waiting.Commits = append(f.waiting.Commits, step.Commits...)
		f.waiting.After = step.After
	}
	select {
	case f.more <- struct{}{}:
	default:
	}
}

// begins returns the position at which the follower waits to be attached while the
// ledger is loaded; zero if it does not.
func (f *Follower[S]) begins() events.Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.loading {
		return 0
	}
	return f.at.Position
}

// loaded ends the loading for a follower whose checkpoint the ledger does not have.
func (f *Follower[S]) loaded(empty S) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.loading {
		f.loading, f.at = false, View[S]{State: empty}
	}
}
