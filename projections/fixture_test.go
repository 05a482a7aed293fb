package projections

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
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

// fixture is a desk on a ledger of its own, with read models that follow it.
type fixture struct {
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

// unprojected is a fixture whose read models follow nothing yet.
func unprojected(t testing.TB) *fixture {
	t.Helper()
	return unprojectedOn(t, pgtest.New(t))
}

func unprojectedOn(t testing.TB, url string) *fixture {
	t.Helper()
	f := &fixture{t: t, ledger: bustest.Ledger(t), logs: new(lines)}
	desk := newDesk(t, f.ledger)
	f.desk = desk
	background(t, func(ctx context.Context) error { return desk.Run(ctx) })
	f.Database = open(t, url, f.logs)
	return f
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
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := unprojected(t)
	f.project()
	return f
}

// project starts a projector; the returned function stops it.
func (f *fixture) project() (stop func()) {
	f.t.Helper()
	return background(f.t, func(ctx context.Context) error { return f.Project(ctx, f.desk.Follower()) })
}

// background runs something until the test is over, or until the returned function
// is called.
func background(t testing.TB, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() {
		assert.NoError(t, run(ctx))
	})
	stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(stop)
	return stop
}

// by gives a command; it is to be accepted.
func (f *fixture) by(actor events.UserID, org events.OrganizationID, c domain.Command) bus.Receipt {
	f.t.Helper()
	receipt, err := f.try(actor, org, c)
	require.NoError(f.t, err, "%T", c)
	return receipt
}

func (f *fixture) try(actor events.UserID, org events.OrganizationID, c domain.Command) (bus.Receipt, error) {
	return f.tryAt(actor, org, c, time.Time{})
}

// tryAt gives a command that states when it happened.
func (f *fixture) tryAt(actor events.UserID, org events.OrganizationID, c domain.Command, at time.Time) (bus.Receipt, error) {
	return f.desk.Do(f.t.Context(), bus.Request[domain.Command]{Organization: org, Command: c, Actor: actor, At: at})
}

// give lets the system give commands in turn, and waits until the read models
// show them.
func (f *fixture) give(org events.OrganizationID, commands ...domain.Command) {
	f.t.Helper()
	for _, c := range commands {
		f.by(events.System, org, c)
	}
	f.caughtUp()
}

// giveLongAgo gives commands of the system as of long ago.
func (f *fixture) giveLongAgo(org events.OrganizationID, commands ...domain.Command) {
	f.t.Helper()
	at := longAgo
	if last := f.org(org).Last(); last.After(at) {
		at = last
	}
	for _, c := range commands {
		at = at.Add(time.Minute)
		_, err := f.tryAt(events.System, org, c, at)
		require.NoError(f.t, err, "%#v", c)
	}
	f.caughtUp()
}

// caughtUp waits until the read models are where the desk is.
func (f *fixture) caughtUp() {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 30*time.Second)
	defer cancel()
	err := f.Wait(ctx, f.desk.View().Position)
	require.NoError(f.t, err, "the read models are at %d, the desk at %d:\n%s", f.Position(), f.desk.View().Position, f.logs)
}

func (f *fixture) org(id events.OrganizationID) domain.Organization {
	return f.desk.View().State.Organization(id)
}

func builtInScheme(t testing.TB, key string) *domain.Scheme {
	t.Helper()
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
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

// soon is an end that was stated long ago and has passed.
var soon = longAgo.AddDate(1, 0, 0)

// acme is an organization under the scheme github: ada owns it, bob has a grant
// and is in team inner below outer, cyd is in outer, dan in nothing.
func acme(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t)
	f.give("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
		domain.AddMember{Member: "bob", PersonalData: domain.PersonalData{Name: sealed("Bob Byte"), Email: sealed("bob@example.org"), Address: "b"}},
		domain.AddMember{Member: "cyd", PersonalData: domain.PersonalData{Login: sealed("Cyd"), Name: sealed("Álva Cyd")}},
		domain.AddMember{Member: "dan"},
		domain.CreateProject{Project: "p1", Name: "Zeta"},
		domain.CreateProject{Project: "p2", Name: "alpha 100%"},
		domain.AddProjectMember{Project: "p1", Member: "bob", Role: "read"},
		domain.CreateTeam{Team: "t1", Name: "Outer"},
		domain.CreateTeam{Team: "t2", Name: "inner", Parent: "t1", Privacy: events.Secret},
		domain.AddTeamMember{Team: "t2", Member: "bob", Role: "maintainer"},
		domain.AddTeamMember{Team: "t1", Member: "cyd"},
		domain.AssignTeam{Team: "t1", Project: "p1", Role: "write"},
	)
	return f
}

// studio is an organization under the scheme agency, with a project p: ada made it,
// bob and dan have grants, cyd and dan come with the team Makers. Cyd is suspended.
// Eve's membership and what gave fay access have ended.
func studio(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t)
	f.giveLongAgo("studio",
		domain.CreateOrganization{Name: "Studio", Scheme: builtInScheme(t, "agency"), Owner: "ada"},
		domain.AddMember{Member: "bob", Role: "manager", PersonalData: domain.PersonalData{Name: sealed("Bob Byte"), Email: sealed("bob@example.org"), Address: "b"}},
		domain.AddMember{Member: "cyd", Role: "developer"},
		domain.AddMember{Member: "dan", Role: "client", PersonalData: domain.PersonalData{Name: sealed("Dan")}},
		domain.AddMember{Member: "eve", Role: "client", Until: soon},
		domain.AddMember{Member: "fay", Role: "developer"},
	)
	_, err := f.tryAt("ada", "studio", domain.CreateProject{Project: "p", Name: "P"}, f.org("studio").Last())
	require.NoError(t, err)
	f.giveLongAgo("studio",
		domain.CreateTeam{Team: "t", Name: "Makers"},
		domain.CreateTeam{Team: "u", Name: "Sellers"},
		domain.AddTeamMember{Team: "t", Member: "cyd"},
		domain.AddTeamMember{Team: "t", Member: "dan"},
		domain.AddTeamMember{Team: "u", Member: "eve"},
		domain.AddTeamMember{Team: "u", Member: "fay"},
		domain.AssignTeam{Team: "t", Project: "p"},
		domain.AssignTeam{Team: "u", Project: "p", Until: soon},
		domain.AddProjectMember{Project: "p", Member: "bob", Role: "manager", Until: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)},
		domain.AddProjectMember{Project: "p", Member: "dan", Role: "developer"},
		domain.DeactivateMember{Member: "cyd"},
	)
	return f
}

func userOf(p Person) events.UserID { return p.User }
