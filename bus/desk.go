package bus

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/events"
)

// DeskConfig configures a desk. The zero value is usable.
type DeskConfig struct {
	// Clock tells the time of commands; nil is a clock of the machine with defaults. NewDesk
	// tells it when the last commit was recorded.
	Clock *clock.Clock
	// Log receives faults; nil drops them.
	Log *slog.Logger
	// Meter is called for what is appended.
	Meter Meter
	// Alone says that nobody else appends to this ledger, so that the desk need not
	// follow it. If somebody does so after all, the desk notices when its next append
	// conflicts.
	Alone bool
	// Loaded is called with the position up to which the ledger is loaded, every few
	// commits until NewDesk returns; it may be nil.
	Loaded func(events.Position)
}

// Desk decides commands one after another and appends the results to the ledger,
// many at a time. All methods except Run may be called from many goroutines.
//
// Several desks may share a ledger. What another one appends appears in this one's
// View, and if both decide at the same time, one of them decides again.
type Desk[S State[S, C], C any] struct {
	*publication[S]

	clock   *clock.Clock
	log     *slog.Logger
	meter   Meter
	alone   bool
	calls   chan *call[C]
	foreign chan batch // commits of other desks

	// The rest belongs to the goroutine that decides.
	idempotency *idempotencyCache
	unrecorded  *unrecordedAnswers
	unknown     bool // it is not known whether the last append succeeded
}

// callsSize is the number of requests that queue in order. When it is full, callers
// of Do block, and are admitted in no particular order.
const callsSize = 1024

// NewDesk loads the whole ledger into a state, which is empty at first. Followers
// made by [NewFollower] are attached on the way. The desk serves views at once; it
// decides when Run is called.
func NewDesk[S State[S, C], C any](ctx context.Context, ledger *Ledger, empty S, cfg DeskConfig, followers ...*Follower[S]) (*Desk[S, C], error) {
	d := &Desk[S, C]{
		publication: newPublication(ledger, empty, followers),
		clock:       cfg.Clock,
		log:         logOrDiscard(cfg.Log),
		meter:       cfg.Meter.orSilent(),
		alone:       cfg.Alone,
		calls:       make(chan *call[C], callsSize),
		foreign:     make(chan batch),
		idempotency: newIdempotencyCache(),
		unrecorded:  newUnrecordedAnswers(),
	}
	if d.clock == nil {
		d.clock = clock.New(clock.Config{Log: cfg.Log})
	}
	if err := d.load(ctx, cfg.Loaded); err != nil {
		return nil, fmt.Errorf("load the ledger: %w", err)
	}
	d.idempotency.loading = time.Time{}
	d.newestOf.begin(d.View().Position)
	for _, f := range followers {
		f.loaded(empty)
	}
	return d, nil
}

// Clock returns the clock by which commands are decided. Who answers questions about the
// present uses the same.
func (d *Desk[S, C]) Clock() *clock.Clock { return d.clock }

// load folds the ledger, in parts that end where a follower begins.
func (d *Desk[S, C]) load(ctx context.Context, loaded func(events.Position)) error {
	if err := d.beginClock(ctx); err != nil {
		return err
	}
	return d.ledger.readTo(ctx, events.Checkpoint{}, 0, func(b batch) error {
		for len(b.commits) > 0 {
			part := b
			if next := d.nextBeginning(); next > 0 {
				part, _ = b.cut(next)
			}
			if err := d.fold(part); err != nil {
				return err
			}
			_, b = b.cut(d.View().Position)
		}
		if loaded != nil {
			loaded(d.View().Position)
		}
		return nil
	})
}

// beginClock tells the clock when the last commit was recorded, and the cache of idempotency keys
// how old commits are that it gets: by the clock or, if that is not trusted, by the ledger alone.
func (d *Desk[S, C]) beginClock(ctx context.Context) error {
	last, err := d.ledger.lastCommit(ctx)
	if err != nil {
		return err
	}
	d.clock.Begin(last.At)
	now, untrusted := d.clock.Trusted()
	if untrusted != nil {
		now = last.At
	}
	d.idempotency.loading = now
	return nil
}

// fold applies commits that the ledger holds to the state, except those that are
// in it already.
func (d *Desk[S, C]) fold(b batch) error {
	before := d.View()
	_, b = b.cut(before.Position)
	if len(b.commits) == 0 {
		return nil
	}
	after, err := before.Fold(b.commits)
	if err != nil {
		return err
	}
	elapsed := d.clock.Elapsed()
	for _, c := range b.commits {
		d.idempotency.add(c, elapsed)
	}
	d.publish(Step[S]{Before: before, Commits: b.commits, After: after}, b.bytes())
	return nil
}

// Do decides a request and returns when the result is durable. When it returns
// without error, every later View contains the result.
//
// Do fails with the error of the state's Decide, and with [ErrUnavailable],
// [ErrNoSpace], [ErrNotWritable], [ErrContended], [ErrKeyReused], [*StaleError], [*TooLargeError] and [*clock.SkewError]. If ctx ends
// before the request is decided, nothing is appended. If it ends later, the events
// may be appended all the same: repeat the request under its key to get the result.
func (d *Desk[S, C]) Do(ctx context.Context, r Request[C]) (Receipt, error) {
	c := &call[C]{Request: r, gone: ctx.Done(), answer: make(chan answer, 1)}
	select {
	case d.calls <- c:
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	case <-d.closed:
		return Receipt{}, errClosed
	}
	select {
	case a := <-c.answer:
		return d.complete(ctx, r.Organization, a)
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	case <-d.closed:
		select {
		case a := <-c.answer:
			return d.complete(ctx, r.Organization, a)
		default:
			return Receipt{}, errClosed
		}
	}
}

// complete adds the time and the events to the receipt of a repeated request, if they are
// in the ledger.
func (d *Desk[S, C]) complete(ctx context.Context, org events.OrganizationID, a answer) (Receipt, error) {
	if a.err != nil || !a.inLedger {
		return a.receipt, a.err
	}
	c, err := d.ledger.At(ctx, a.receipt.Position)
	if err != nil {
		return Receipt{}, err
	}
	for _, e := range c.Entries {
		if e.Organization == org && e.Version == a.receipt.Version {
			a.receipt.At, a.receipt.Events = e.At, e.Events
			return a.receipt, nil
		}
	}
	return Receipt{}, fmt.Errorf("commit %d holds no version %d of %s", a.receipt.Position, a.receipt.Version, org)
}
