package bus_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// testState is a state for tests: per organization how many entries there were, and
// the hash of all of them in their order.
type testState map[events.OrganizationID]account

type account struct {
	version events.Version
	at      time.Time
	sum     events.Hash
	// proceed is that of the decision; nil outside of one.
	proceed *func() bool
}

// command is its own rule.
type command func(account, events.Moment) ([]events.Event, error)

func (t testState) Decide(org events.OrganizationID, c command, m events.Moment, proceed func() bool) ([]events.Event, error) {
	a := t[org]
	a.proceed = &proceed
	return c(a, m)
}

func (t testState) Evolve(entries ...events.Entry) testState {
	next := maps.Clone(t)
	if next == nil {
		next = testState{}
	}
	for _, e := range entries {
		if joined(e) == unbearable {
			panic("no state can hold this")
		}
		before := next[e.Organization]
		next[e.Organization] = account{e.Version, e.At, events.Sum(append(before.sum[:], joined(e)...)), nil}
	}
	return next
}

func (t testState) Transient() testState { return t }

func (t testState) Persistent() testState { return t }

func (t testState) Last(org events.OrganizationID) (events.Version, time.Time) {
	return t[org].version, t[org].at
}

// unbearable is a member of whom the state cannot be told.
const unbearable = "unbearable"

var errNo = errors.New("no")

// join is a command that makes somebody a member.
func join(member string) command {
	return func(account, events.Moment) ([]events.Event, error) {
		return []events.Event{events.MemberJoined{Member: events.UserID(member), Role: "member"}}, nil
	}
}

func refuse(account, events.Moment) ([]events.Event, error) { return nil, errNo }

func change(account, events.Moment) ([]events.Event, error) { return nil, nil }

// joined tells whom an entry made members.
func joined(e events.Entry) string {
	var members strings.Builder
	for _, fact := range e.Events {
		if j, ok := fact.(events.MemberJoined); ok {
			members.WriteString(string(j.Member))
		}
	}
	return members.String()
}

// ask is a request of acme.
func ask(c command) bus.Request[command] {
	return bus.Request[command]{Organization: "acme", Command: c}
}

// desk runs one until the test ends.
func desk(t testing.TB, l *bus.Ledger, cfg bus.DeskConfig) *bus.Desk[testState, command] {
	t.Helper()
	d, _ := stoppable(t, l, cfg)
	return d
}

// stoppable runs a desk until stop is called, which returns what Run returned.
func stoppable(t testing.TB, l *bus.Ledger, cfg bus.DeskConfig) (d *bus.Desk[testState, command], stop func() error) {
	t.Helper()
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, cfg)
	require.NoError(t, err)
	return d, run(t, d)
}

// run runs a desk until the test ends or stop is called, which returns what Run
// returned.
func run(t testing.TB, d *bus.Desk[testState, command]) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- d.Run(ctx)
		close(ended)
	}()
	stop = func() error {
		cancel()
		return <-ended
	}
	t.Cleanup(func() { _ = stop() })
	return stop
}

// history reads the whole ledger.
func history(t testing.TB, l *bus.Ledger) (commits []events.Commit) {
	t.Helper()
	err := l.Read(t.Context(), events.Checkpoint{}, 0, func(batch []events.Commit) error {
		commits = append(commits, batch...)
		return nil
	})
	require.NoError(t, err)
	return commits
}
