package bus

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
)

// Run decides requests until ctx ends, which is no error, or until the ledger is
// found to be broken, which is. It may be called once.
func (d *Desk[S, C]) Run(ctx context.Context) error {
	err := d.run(ctx)
	d.close(err)
	return err
}

func (d *Desk[S, C]) run(ctx context.Context) error {
	work, working := errgroup.WithContext(ctx)
	if !d.alone {
		work.Go(func() error { return d.follow(working) })
	}
	work.Go(func() error { return d.serve(working) })
	err := work.Wait()
	var broken *BrokenError
	if ctx.Err() != nil && !errors.As(err, &broken) {
		return nil
	}
	return err
}

// follow reads what other desks append.
func (d *Desk[S, C]) follow(ctx context.Context) error {
	r := reader{
		chain: chain{d.View().Checkpoint},
		known: func(p events.Position) bool { return p <= d.View().Position },
	}
	return d.ledger.read(ctx, r, func(b batch) error {
		select {
		case d.foreign <- b:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// serve decides requests, all that wait together.
func (d *Desk[S, C]) serve(ctx context.Context) error {
	for {
		// After an append of unknown outcome, readers would not see what it may have
		// appended until somebody gives the next command, so do not wait for that.
		var resolve <-chan time.Time
		if d.unknown {
			resolve = time.After(d.ledger.ackWait)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-resolve:
			if _, err := d.fail(ctx, nil, d.resolve(ctx)); err != nil {
				return err
			}
		case b := <-d.foreign:
			if err := d.fold(b); err != nil {
				return err
			}
		case first := <-d.calls:
			for calls := d.waiting(first); len(calls) > 0; {
				answered, err := d.commit(ctx, calls)
				if err != nil {
					return err
				}
				calls = calls[answered:]
			}
		}
	}
}

// waiting returns all calls that wait.
func (d *Desk[S, C]) waiting(first *call[C]) []*call[C] {
	calls := []*call[C]{first}
	for {
		select {
		case c := <-d.calls:
			calls = append(calls, c)
		default:
			return calls
		}
	}
}
