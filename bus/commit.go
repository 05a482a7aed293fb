package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// commitAttempts is how many times in a row other writers may be faster before
// callers get ErrContended.
const commitAttempts = 100

// commit appends the first calls as one commit and answers them. It returns how
// many it answered. An error ends the desk.
func (d *Desk[S, C]) commit(ctx context.Context, calls []*call[C]) (int, error) {
	confirmed := d.alone // that the state is no older than the calls
	for range commitAttempts {
		if err := d.resolve(ctx); err != nil {
			return d.fail(ctx, calls, err)
		}
		g := d.decide(calls)
		calls = calls[:len(g.answers)]
		if len(g.entries) == 0 && !confirmed {
			newer, err := d.readOn(ctx)
			if err != nil {
				return d.fail(ctx, calls, err)
			}
			if confirmed = true; newer {
				continue
			}
		}
		if len(g.entries) == 0 {
			return d.reply(calls, g), nil
		}
		if err := d.ledger.Writable(); err != nil {
			return d.reply(calls, g.without(err)), nil
		}
		before := d.View()
		next, err := d.ledger.encode(before.Checkpoint, events.Commit{At: g.now, Entries: g.entries})
		switch {
		case err != nil && len(calls) > 1:
			// One of them cannot be appended. Halving isolates it.
			calls = calls[:len(calls)/2]
			continue
		case err != nil:
			return d.fail(ctx, calls, err)
		}
		err = d.append(ctx, next, len(g.entries))
		var conflict *ConflictError
		switch {
		case err == nil:
			after := View[S]{State: g.state, Checkpoint: next.commit.Checkpoint()}
			d.publish(Step[S]{Before: before, Commits: []events.Commit{next.commit}, After: after}, len(next.message))
			d.idempotency.add(next.commit, g.elapsed)
			return d.reply(calls, g), nil
		case !errors.As(err, &conflict):
			d.unknown = true
			return d.fail(ctx, calls, err)
		}
		d.meter.Conflicted()
		if err := d.catchUp(ctx, conflict.Position); err != nil {
			return d.fail(ctx, calls, err)
		}
	}
	return d.fail(ctx, calls, ErrContended)
}

// append appends a commit. It does not stop when the desk is asked to end: callers
// wait for the result.
func (d *Desk[S, C]) append(ctx context.Context, encoded encodedCommit, entries int) error {
	started := time.Now()
	if err := d.ledger.confirm(context.WithoutCancel(ctx), encoded); err != nil {
		return err
	}
	d.meter.Appended(entries, len(encoded.message), time.Since(started))
	return nil
}

// resolve finds out whether an append of unknown outcome succeeded, by reading up to the
// end of the ledger.
func (d *Desk[S, C]) resolve(ctx context.Context) error {
	if !d.unknown {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, d.ledger.ackWait)
	defer cancel()
	if err := d.ledger.Check(limited, d.View().Checkpoint); err != nil {
		return err
	}
	last, err := d.ledger.last(limited)
	if err != nil {
		return err
	}
	if err := d.catchUp(ctx, last); err != nil {
		return err
	}
	d.unknown = false
	return nil
}

// readOn folds what others have appended, and reports whether they have. An append that succeeds shows
// that a decision was made with the newest state. Where nothing is appended, the end of the ledger must
// be asked for: else a request that another desk has recorded would be refused here, or found to
// change nothing, if it is repeated before this desk has read that commit.
func (d *Desk[S, C]) readOn(ctx context.Context) (newer bool, err error) {
	limited, cancel := context.WithTimeout(ctx, d.ledger.ackWait)
	defer cancel()
	last, err := d.ledger.last(limited)
	if err != nil {
		return false, err
	}
	before := d.View().Position
	if last <= before {
		return false, nil
	}
	return true, d.catchUp(ctx, last)
}

// catchUp folds all commits that others have appended. It fails if it cannot read up to
// the position through, which exists.
func (d *Desk[S, C]) catchUp(ctx context.Context, through events.Position) error {
	link := chain{d.View().Checkpoint}
	for {
		position := link.at.Position + 1
		message, err := d.ledger.message(ctx, position)
		if errors.Is(err, ErrNoCommit) && position > through {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: read on: %w", ErrUnavailable, err)
		}
		commit, err := link.read(position, message)
		if err != nil {
			return err
		}
		if err := d.fold(batch{[]events.Commit{commit}, []int{len(message)}}); err != nil {
			return err
		}
	}
}

// fail answers calls with an error. If the error ends the desk, it returns the error and
// answers nothing.
func (d *Desk[S, C]) fail(ctx context.Context, calls []*call[C], err error) (int, error) {
	var broken *BrokenError
	if ctx.Err() != nil || errors.As(err, &broken) {
		return 0, err
	}
	for _, c := range calls {
		c.answer <- answer{err: err}
	}
	return len(calls), nil
}

// reply answers calls, and remembers those answers that the ledger does not hold.
func (d *Desk[S, C]) reply(calls []*call[C], g group[S]) int {
	for i, c := range calls {
		if g.answers[i].unrecorded > 0 {
			d.unrecorded.add(c.Actor, idempotencyKey{c.Organization, c.Key}, c.Digest, g.answers[i], g.elapsed)
		}
		c.answer <- g.answers[i]
	}
	return len(calls)
}
