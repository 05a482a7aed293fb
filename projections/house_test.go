package projections

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/migrations"
	"github.com/seed-2026d078/roster/scheme"
)

func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }

// house is a desk on a ledger of its own, with read models that follow it.
type house struct {
	*Database
	t      testing.TB
	ledger *bus.Ledger
	desk   *bus.Desk[domain.Roster, domain.Command]
	logs   *lines
}

// unsealed reads what tests seal: nothing but a mark in front.
func unsealed(_ context.Context, _ events.OrganizationID, sealed events.Sealed) (string, error) {
	return strings.TrimPrefix(string(sealed), "sealed."), nil
}

func sealed(text string) events.Sealed { return events.Sealed("sealed." + text) }

// deskOnly is a house whose read models follow nothing yet.
func deskOnly(t testing.TB) *house {
	t.Helper()
	return deskOn(t, pgtest.New(t))
}

func deskOn(t testing.TB, url string) *house {
	t.Helper()
	h := &house{t: t, ledger: bustest.Ledger(t), logs: new(lines)}
	desk := newDesk(t, h.ledger)
	h.desk = desk
	background(t, func(ctx context.Context) error { return desk.Run(ctx) })
	h.Database = open(t, url, h.logs)
	return h
}

// newDesk returns a desk that does not run yet.
func newDesk(t testing.TB, ledger *bus.Ledger) *bus.Desk[domain.Roster, domain.Command] {
	t.Helper()
	desk, err := bus.NewDesk[domain.Roster, domain.Command](t.Context(), ledger, domain.Roster{}, bus.DeskConfig{Alone: true})
	require.NoError(t, err)
	return desk
}

func open(t testing.TB, url string, logs *lines) *Database {
	t.Helper()
	db, err := Open(t.Context(), url, unsealed, slog.New(slog.NewTextHandler(logs, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := deskOnly(t)
	h.project()
	return h
}

// project starts a projector; the returned function stops it.
func (h *house) project() (stop func()) {
	h.t.Helper()
	return background(h.t, func(ctx context.Context) error { return h.Project(ctx, h.desk.Follower()) })
}

// background runs something until the test is over, or until the returned function
// is called.
func background(t testing.TB, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() {
		if err := run(ctx); err != nil {
			t.Errorf("in the background: %v", err)
		}
	})
	stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(stop)
	return stop
}

// by gives a command; it is to be accepted.
func (h *house) by(actor events.UserID, org events.OrganizationID, c domain.Command) bus.Receipt {
	h.t.Helper()
	receipt, err := h.try(actor, org, c)
	if err != nil {
		h.t.Fatalf("%T: %v", c, err)
	}
	return receipt
}

func (h *house) try(actor events.UserID, org events.OrganizationID, c domain.Command) (bus.Receipt, error) {
	return h.tryAt(actor, org, c, time.Time{})
}

// tryAt gives a command that states when it happened.
func (h *house) tryAt(actor events.UserID, org events.OrganizationID, c domain.Command, at time.Time) (bus.Receipt, error) {
	return h.desk.Do(h.t.Context(), bus.Request[domain.Command]{Organization: org, Command: c, Actor: actor, At: at})
}

// story lets the system give commands in turn, and waits until the read models
// show them.
func (h *house) story(org events.OrganizationID, commands ...domain.Command) {
	h.t.Helper()
	for _, c := range commands {
		h.by(events.System, org, c)
	}
	h.settle()
}

// settle waits until the read models are where the desk is.
func (h *house) settle() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), 30*time.Second)
	defer cancel()
	if err := h.Wait(ctx, h.desk.View().Position); err != nil {
		h.t.Fatalf("the read models are at %d, the desk at %d: %v\n%s", h.Position(), h.desk.View().Position, err, h.logs)
	}
}

func (h *house) org(id events.OrganizationID) domain.Organization {
	return h.desk.View().State.Organization(id)
}

func builtInScheme(t testing.TB, key string) *domain.Scheme {
	t.Helper()
	schemes, err := scheme.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return schemes[key]
}

// lines is a log that tests can read while it is written.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
