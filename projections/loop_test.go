package projections

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// busy gives commands to acme, several at a time, until stopped.
func (f *fixture) busy() (stop func()) {
	f.t.Helper()
	f.by(events.System, "acme", domain.CreateOrganization{Name: "Busy", Scheme: builtInScheme(f.t, "github"), Owner: "ada"})
	f.by(events.System, "acme", domain.CreateProject{Project: "p", Name: "P"})
	return background(f.t, func(ctx context.Context) error {
		var giving sync.WaitGroup
		for giver := range 4 {
			giving.Go(func() {
				for i := 0; ctx.Err() == nil; i++ {
					user := events.UserID(fmt.Sprintf("u-%d-%d", giver, i))
					for _, c := range []domain.Command{
						domain.AddMember{Member: user},
						domain.AddProjectMember{Project: "p", Member: user},
						domain.RemoveMember{Member: user},
						domain.AddMember{Member: user},
					} {
						// To the end, so that nothing happens after the return.
						_, err := f.desk.Do(context.WithoutCancel(ctx), bus.Request[domain.Command]{Organization: "acme", Command: c})
						assert.NoError(f.t, err, "%T", c)
					}
					// A rebuild reads the ledger from its beginning, and has to come to its end.
					time.Sleep(5 * time.Millisecond)
				}
			})
		}
		giving.Wait()
		return nil
	})
}

// eventually waits until a condition holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, 30*time.Second, 5*time.Millisecond, what)
}

// sound holds the tables against those that a rebuild makes.
func (f *fixture) sound(t *testing.T) {
	t.Helper()
	f.caughtUp()
	before := f.dump(t)
	require.NoError(t, f.Rebuild(t.Context(), f.ledger, nil))
	assert.Empty(t, cmp.Diff(before, f.dump(t)), "tables against the ledger (-are +should be)")
	assert.NotZero(t, f.count(`SELECT count(*) FROM audit`), "nothing was projected")
}

// moves waits until the read models have come on.
func (f *fixture) moves(t *testing.T) {
	t.Helper()
	from := f.Position()
	eventually(t, "the read models move on", func() bool { return f.Position() > from })
}

func TestProjectorStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	quiet := f.busy()
	for range 4 {
		stop := f.project()
		f.moves(t)
		stop()
	}
	f.project()
	quiet()
	f.sound(t)
}

func TestOneOfTwoProjects(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	f := unprojectedOn(t, url)
	other := &fixture{Database: open(t, url, f.logs), t: t, ledger: f.ledger, desk: f.desk, logs: f.logs}
	stop := f.project()
	quiet := f.busy()
	f.moves(t)
	other.project()
	require.NoError(t, other.Wait(t.Context(), f.Position()))
	f.moves(t)
	stop() // the other takes over
	at := f.desk.View().Position
	eventually(t, "the other has taken over", func() bool { return other.Position() > at })
	quiet()
	other.sound(t)
	assert.NotContains(t, f.logs.String(), "interrupted")
}

// TestGuard lets two projectors write that do not know of each other, as if the
// lock had been lost.
func TestGuard(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	f.by(events.System, "acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	commit, err := f.ledger.At(t.Context(), 1)
	require.NoError(t, err)
	var failed error
	for range 2 {
		conn, err := f.connect(t.Context(), live)
		require.NoError(t, err)
		defer conn.Close(t.Context())
		p := &projector{conn: conn, open: unsealed, reached: func(events.Position) {}}
		var nothing bus.View[domain.Roster]
		failed = p.take(t.Context(), bus.Step[domain.Roster]{Before: nothing, Commits: []events.Commit{commit}, After: f.desk.View()})
	}
	require.ErrorContains(t, failed, "checkpoint is not 0", "the second wrote too")
	assert.True(t, temporary(failed))
	assert.Equal(t, 2, f.count(`SELECT count(*) FROM audit`))
	f.project() // starts from the first one's place
	f.sound(t)
}

func TestDriftStopsTheProjector(t *testing.T) {
	t.Parallel()
	remove := domain.Batch{domain.RemoveMember{Member: "bob"}}
	add := domain.Batch{domain.AddMember{Member: "cyd"}}
	addMany := slices.Clone(add)
	for i := range copyFrom {
		addMany = append(addMany, domain.AddMember{Member: events.UserID(fmt.Sprint("user-", i))})
	}
	for _, c := range []struct {
		name, harm string
		command    domain.Command
	}{
		{"a member is gone", `DELETE FROM member WHERE user_id = 'bob'`, remove},
		{"a grant is gone", `DELETE FROM project_member WHERE user_id = 'bob'`, remove},
		{"a member was moved", `UPDATE member SET user_id = 'bobby' WHERE user_id = 'bob'`, remove},
		{"a new member is there already", `UPDATE member SET user_id = 'cyd' WHERE user_id = 'bob'`, add},
		{"one of many new members is there already", `UPDATE member SET user_id = 'cyd' WHERE user_id = 'bob'`, addMany},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := unprojected(t)
			stop := f.project()
			f.give("acme",
				domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
				domain.AddMember{Member: "bob"},
				domain.CreateProject{Project: "p", Name: "P"},
				domain.AddProjectMember{Project: "p", Member: "bob"},
			)
			stop()
			_, err := f.pool.Exec(t.Context(), c.harm)
			require.NoError(t, err)
			f.by(events.System, "acme", c.command)
			at, err := f.Checkpoint(t.Context())
			require.NoError(t, err)
			var drift *DriftError
			require.ErrorAs(t, f.Project(t.Context(), f.desk.Follower()), &drift)
			now, err := f.Checkpoint(t.Context())
			require.NoError(t, err)
			assert.Equal(t, at, now, "the checkpoint went on")
			require.NoError(t, f.Rebuild(t.Context(), f.ledger, nil))
			f.project()
			f.sound(t)
		})
	}
}

// TestManyRowsAtOnce begins with few rows. What comes then is copied, changed and deleted in
// the same transaction, and one person comes back.
func TestManyRowsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.give("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
		domain.CreateProject{Project: "p", Name: "P"},
		domain.AddMember{Member: "bob"}, domain.AddProjectMember{Project: "p", Member: "bob"},
		domain.AddMember{Member: "cyd", PersonalData: domain.PersonalData{Name: sealed("Cyd")}},
		domain.AddMember{Member: "dan"},
	)
	many := domain.Batch{
		domain.RemoveMember{Member: "bob"},
		domain.AddMember{Member: "bob", PersonalData: domain.PersonalData{Name: sealed("Bob")}},
		domain.ChangeMemberRole{Member: "cyd", To: "admin"},
		domain.RemoveMember{Member: "dan"},
	}
	for i := range copyFrom {
		user := events.UserID(fmt.Sprint("user-", i))
		many = append(many, domain.AddMember{Member: user, PersonalData: domain.PersonalData{Name: sealed(fmt.Sprint("Zoe ", i))}})
		if i%2 == 0 {
			many = append(many, domain.AddProjectMember{Project: "p", Member: user})
		}
	}
	f.by(events.System, "acme", many)
	f.sound(t)
	assert.Equal(t, 3+copyFrom, f.count(`SELECT count(*) FROM member`))
}

func TestAnotherLedgerIsRefused(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	stop := f.project()
	f.give("acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	stop()
	var broken *bus.BrokenError
	assert.ErrorAs(t, f.Project(t.Context(), newDesk(t, bustest.Ledger(t)).Follower()), &broken)
}

func TestPostgresComesAndGoes(t *testing.T) {
	t.Parallel()
	config := postgres.Config{Dir: t.TempDir(), Disposable: true}
	start := func() *postgres.Cluster {
		cluster, err := postgres.Start(t.Context(), config)
		require.NoError(t, err)
		return cluster
	}
	cluster := start()
	t.Cleanup(func() {
		assert.NoError(t, cluster.Stop(context.WithoutCancel(t.Context())))
	})
	f := unprojectedOn(t, cluster.URL())
	f.project()
	quiet := f.busy()
	for range 2 {
		f.moves(t)
		require.NoError(t, cluster.Stop(t.Context()))
		_, err := f.ListMembers(t.Context(), f.org("acme"), MemberFilter{})
		assert.ErrorIs(t, err, ErrUnavailable)
		assert.ErrorIs(t, f.Wait(t.Context(), f.Position()+1_000_000), ErrUnavailable)
		cluster = start()
		eventually(t, "Postgres answers", func() bool { _, err := f.Checkpoint(t.Context()); return err == nil })
	}
	f.moves(t)
	quiet()
	f.sound(t)
	assert.Contains(t, f.logs.String(), "interrupted")
}

func TestRebuildWhileOthersRead(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	quiet := f.busy()
	f.by(events.System, "beta", domain.CreateOrganization{Name: "Beta", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	f.give("beta", domain.CreateProject{Project: "p", Name: "P"})
	reads := 0
	reading := background(t, func(ctx context.Context) error {
		for ; ctx.Err() == nil; reads++ {
			if err := f.look(context.WithoutCancel(ctx)); err != nil {
				return err
			}
		}
		return nil
	})
	var last, total events.Position
	for range 3 {
		before := f.Position()
		err := f.Rebuild(t.Context(), f.ledger, func(done, all events.Position) { last, total = done, all })
		require.NoError(t, err)
		assert.Equal(t, total, last, "commits that were rebuilt")
		assert.GreaterOrEqual(t, total, before)
		f.moves(t)
	}
	reading()
	quiet()
	assert.GreaterOrEqual(t, reads, 10)
	f.sound(t)
	assert.Equal(t, 0, f.count(`SELECT count(*) FROM pg_namespace WHERE nspname IN ('roster_next', 'roster_old')`))
}

// look asks for what has been there all the time.
func (f *fixture) look(ctx context.Context) error {
	page, err := f.ListProjectMembers(ctx, f.org("beta"), "p", ProjectMemberFilter{Search: "ada"})
	if err != nil || len(page.Items) != 1 {
		return fmt.Errorf("a gap: %+v, %w", page, err)
	}
	state, err := f.State(ctx, "beta", time.Now())
	if err != nil || len(state.Access) != 1 || state.Access["ada"]["p"] != "admin" {
		return fmt.Errorf("a gap: %+v, %w", state, err)
	}
	log, err := f.Audit(ctx, "beta", AuditFilter{})
	if err != nil || len(log.Items) != 3 {
		return fmt.Errorf("a gap: %+v, %w", log, err)
	}
	return nil
}

// TestDatabaseOfTheFirstVersion begins with other tables, filled up to some place, and
// ends with those that a rebuild makes.
func TestDatabaseOfTheFirstVersion(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	files, err := filepath.Glob("../migrations/testdata/before/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	statements := []string{`DROP SCHEMA roster, roster_inbox, roster_outbox, roster_erasure CASCADE; DELETE FROM roster_migrations WHERE version_id > 0; SET search_path = roster, public`}
	for i, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		statements = append(statements, string(text), fmt.Sprintf(`INSERT INTO public.roster_migrations (version_id, is_applied) VALUES (%d, true)`, i+1))
	}
	statements = append(statements, `UPDATE checkpoint SET position = 3; INSERT INTO organization VALUES ('beta', 'Beta', 'd', '{}')`)
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, conn.Close(t.Context()))

	f := unprojectedOn(t, url)
	for _, c := range beginning(builtInScheme(t, "agency")) {
		_, _ = f.try(events.System, "acme", c) // some mean nothing here
	}
	f.project()
	f.sound(t)
	state, err := f.State(t.Context(), "acme", time.Now())
	require.NoError(t, err)
	assert.Equal(t, events.RoleKey("agency_owner"), state.Access["ada"]["p"])
}
