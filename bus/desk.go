package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
)

// State is what commands are decided against: a value, the ledger folded up.
type State[S, C any] interface {
	// Decide returns what a command leads to, or why it may not be. It is pure.
	Decide(org events.OrganizationID, command C, m events.Moment) ([]events.Event, error)
	// Evolve returns the state after entries. A transient state may be changed in
	// place; a persistent one never is.
	Evolve(entries ...events.Entry) S
	// Transient returns a state with the same content that Evolve may change in place,
	// for a run of changes of which only the last result is used. The state that it
	// was called on never changes.
	Transient() S
	// Persistent returns the state after such a run. It never changes again.
	Persistent() S
	// Last returns the version and the time of an organization's last entry.
	Last(org events.OrganizationID) (events.Version, time.Time)
}

// View is a state with the place in the ledger that it belongs to.
type View[S any] struct {
	State S
	events.Checkpoint
}

// DeskConfig tunes a desk; the zero value will do.
type DeskConfig struct {
	// Clock tells the time; nil is the machine's clock.
	Clock func() time.Time
	// Log receives faults; nil drops them.
	Log *slog.Logger
	// Meter is told what is recorded.
	Meter Meter
	// Alone says that nobody else records to this ledger. The desk then does not
	// follow it; should there be somebody after all, it learns of them when both
	// record at once.
	Alone bool
	// Loaded is told up to where the ledger is loaded, every few commits until
	// NewDesk returns; nil will do.
	Loaded func(events.Position)
}

// Desk decides commands one after another and records them many at a time. All
// of its methods but Run may be used from many goroutines. Several desks may
// share a ledger: what another one records shows up here, and where both decide
// at once, one of them decides again.
type Desk[S State[S, C], C any] struct {
	ledger *Ledger
	clock  func() time.Time
	log    *slog.Logger
	meter  Meter
	alone  bool
	inbox  chan *call[C]
	news   chan []events.Commit
	closed chan struct{}

	current atomic.Pointer[current[S]]

	// The rest belongs to the goroutine that decides.
	memory *memory
	unsure bool // the outcome of an append is not known yet
}

// current is the newest view until changed is closed.
type current[S any] struct {
	View[S]
	changed chan struct{}
}

// inboxSize is how many requests wait in order; more wait in no order.
const inboxSize = 1024

// NewDesk loads the whole ledger onto a state that is empty so far. The desk
// serves views at once and decides once Run runs.
func NewDesk[S State[S, C], C any](ctx context.Context, ledger *Ledger, empty S, cfg DeskConfig) (*Desk[S, C], error) {
	d := &Desk[S, C]{
		ledger: ledger,
		clock:  cfg.Clock,
		log:    logOrDiscard(cfg.Log),
		meter:  cfg.Meter.orSilent(),
		alone:  cfg.Alone,
		inbox:  make(chan *call[C], inboxSize),
		news:   make(chan []events.Commit),
		closed: make(chan struct{}),
		memory: newMemory(),
	}
	if d.clock == nil {
		d.clock = time.Now
	}
	d.current.Store(&current[S]{View: View[S]{State: empty}, changed: make(chan struct{})})
	err := ledger.Read(ctx, events.Checkpoint{}, 0, func(commits []events.Commit) error {
		err := d.absorb(commits)
		if err == nil && cfg.Loaded != nil {
			cfg.Loaded(d.View().Position)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load the ledger: %w", err)
	}
	return d, nil
}

// View returns the newest durable state. It never waits.
func (d *Desk[S, C]) View() View[S] { return d.current.Load().View }

// Wait returns once View has reached a position.
func (d *Desk[S, C]) Wait(ctx context.Context, position events.Position) error {
	for {
		now := d.current.Load()
		if now.Position >= position {
			return nil
		}
		select {
		case <-now.changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-d.closed:
			return errClosed
		}
	}
}

// errClosed is what callers get whom the end of Run leaves without an answer.
var errClosed = fmt.Errorf("%w: the desk is closed", ErrUnavailable)

// Do has a request decided and returns once the outcome is durable. Besides what
// the state's Decide returns it fails with [ErrUnavailable], [ErrContended],
// [ErrKeyReused], [*StaleError] and [*TooLargeError]. When ctx ends before it was
// decided, nothing happens; after that the request takes its course, and can be
// repeated under its key to learn what became of it.
func (d *Desk[S, C]) Do(ctx context.Context, r Request[C]) (Receipt, error) {
	c := &call[C]{Request: r, gone: ctx.Done(), answer: make(chan answer, 1)}
	select {
	case d.inbox <- c:
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	case <-d.closed:
		return Receipt{}, errClosed
	}
	select {
	case a := <-c.answer:
		return d.recall(ctx, r.Organization, a)
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	case <-d.closed:
		select {
		case a := <-c.answer:
			return d.recall(ctx, r.Organization, a)
		default:
			return Receipt{}, errClosed
		}
	}
}

// recall completes an answer that was recorded before with what the ledger holds.
func (d *Desk[S, C]) recall(ctx context.Context, org events.OrganizationID, a answer) (Receipt, error) {
	if a.err != nil || !a.receipt.Repeated || len(a.receipt.Events) > 0 {
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

// Run decides until ctx ends, which is no error, or until the ledger turns out to
// be broken, which is. It is to be called once.
func (d *Desk[S, C]) Run(ctx context.Context) error {
	defer close(d.closed)
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
