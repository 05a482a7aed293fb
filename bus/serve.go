package bus

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// follow brings in what other desks record.
func (d *Desk[S, C]) follow(ctx context.Context) error {
	r := reader{
		chain: chain{d.View().Checkpoint},
		known: func(p events.Position) bool { return p <= d.current.Load().Position },
	}
	return d.ledger.read(ctx, r, func(commits []events.Commit) error {
		select {
		case d.news <- commits:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// serve decides, one group after the other.
func (d *Desk[S, C]) serve(ctx context.Context) error {
	for {
		// Nobody may give another command for long, and until then readers would
		// miss what an append of unknown outcome may have recorded.
		var unsettled <-chan time.Time
		if d.unsure {
			unsettled = time.After(d.ledger.ackWait)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-unsettled:
			if _, err := d.fail(ctx, nil, d.settle(ctx)); err != nil {
				return err
			}
		case commits := <-d.news:
			if err := d.absorb(commits); err != nil {
				return err
			}
		case first := <-d.inbox:
			for calls := d.gather(first); len(calls) > 0; {
				answered, err := d.record(ctx, calls)
				if err != nil {
					return err
				}
				calls = calls[answered:]
			}
		}
	}
}

// gather takes all calls that wait.
func (d *Desk[S, C]) gather(first *call[C]) []*call[C] {
	calls := []*call[C]{first}
	for {
		select {
		case c := <-d.inbox:
			calls = append(calls, c)
		default:
			return calls
		}
	}
}

// absorb takes in commits that the ledger holds.
func (d *Desk[S, C]) absorb(commits []events.Commit) error {
	view := d.View()
	now := d.clock()
	last := map[events.OrganizationID]events.Version{}
	var entries []events.Entry
	for _, c := range commits {
		if c.Position <= view.Position {
			continue
		}
		for _, e := range c.Entries {
			before, ok := last[e.Organization]
			if !ok {
				before, _ = view.State.Last(e.Organization)
			}
			if e.Version != before+1 {
				return outOfOrder(c.Position, e, before)
			}
			last[e.Organization] = e.Version
		}
		entries = append(entries, c.Entries...)
		d.memory.add(c, now)
		view.Checkpoint = c.Checkpoint()
	}
	if len(entries) > 0 {
		view.State = view.State.Evolve(entries...)
		d.show(view)
	}
	return nil
}

// show makes a durable state the current one.
func (d *Desk[S, C]) show(v View[S]) {
	old := d.current.Swap(&current[S]{View: v, changed: make(chan struct{})})
	close(old.changed)
}
