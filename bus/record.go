package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// recordAttempts is how often other writers may be faster before callers hear
// about it.
const recordAttempts = 100

// record makes one commit of the first calls and answers them; it returns how
// many. Its errors end the desk.
func (d *Desk[S, C]) record(ctx context.Context, calls []*call[C]) (int, error) {
	for range recordAttempts {
		if err := d.settle(ctx); err != nil {
			return d.fail(ctx, calls, err)
		}
		g := d.decide(calls)
		calls = calls[:len(g.answers)]
		if len(g.entries) == 0 {
			return reply(calls, g.answers), nil
		}
		commit := events.Commit{At: g.now, Entries: g.entries}
		sealed, err := d.ledger.seal(d.View().Checkpoint, commit)
		switch {
		case err != nil && len(calls) > 1:
			// One of them cannot be recorded; halved often enough, it stands alone.
			calls = calls[:len(calls)/2]
			continue
		case err != nil:
			return d.fail(ctx, calls, err)
		}
		err = d.append(ctx, sealed, len(g.entries))
		var conflict *ConflictError
		switch {
		case err == nil:
			d.show(View[S]{g.state, sealed.at})
			answered := reply(calls, g.answers)
			commit.Position = sealed.at.Position
			d.memory.add(commit, g.now)
			return answered, nil
		case !errors.As(err, &conflict):
			d.unsure = true
			return d.fail(ctx, calls, err)
		}
		d.meter.Conflicted()
		if err := d.catchUp(ctx, conflict.Position); err != nil {
			return d.fail(ctx, calls, err)
		}
	}
	return d.fail(ctx, calls, ErrContended)
}

// append brings to its end what was begun even while the desk closes: callers
// wait for it.
func (d *Desk[S, C]) append(ctx context.Context, sealed envelope, entries int) error {
	started := time.Now()
	if err := d.ledger.settle(context.WithoutCancel(ctx), sealed); err != nil {
		return err
	}
	d.meter.Appended(entries, len(sealed.message), time.Since(started))
	return nil
}

// settle reads up to the end of the ledger after an append of unknown outcome.
func (d *Desk[S, C]) settle(ctx context.Context) error {
	if !d.unsure {
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, d.ledger.ackWait)
	defer cancel()
	if err := d.ledger.Check(asking, d.View().Checkpoint); err != nil {
		return err
	}
	last, err := d.ledger.last(asking)
	if err != nil {
		return err
	}
	if err := d.catchUp(ctx, last); err != nil {
		return err
	}
	d.unsure = false
	return nil
}

// catchUp takes in what others recorded, at least through a position that exists.
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
		if err := d.absorb([]events.Commit{commit}); err != nil {
			return err
		}
	}
}

// fail answers calls with a fault, unless it is one that ends the desk.
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

func reply[C any](calls []*call[C], answers []answer) int {
	for i, c := range calls {
		c.answer <- answers[i]
	}
	return len(calls)
}
