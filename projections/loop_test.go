package projections

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// busy gives commands to acme, several at a time, until stopped.
func (h *house) busy() (stop func()) {
	h.t.Helper()
	h.by(events.System, "acme", domain.CreateOrganization{Name: "Busy", Scheme: builtInScheme(h.t, "github"), Owner: "ada"})
	h.by(events.System, "acme", domain.CreateProject{Project: "p", Name: "P"})
	return background(h.t, func(ctx context.Context) error {
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
						_, err := h.desk.Do(context.WithoutCancel(ctx), bus.Request[domain.Command]{Organization: "acme", Command: c})
						if err != nil {
							h.t.Errorf("%T: %v", c, err)
						}
					}
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
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// sound holds the tables against those that a rebuild makes.
func (h *house) sound(t *testing.T) {
	t.Helper()
	h.settle()
	before := h.dump(t)
	if err := h.Rebuild(t.Context(), h.ledger, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, h.dump(t)); diff != "" {
		t.Errorf("the tables are not what the ledger says (-are +should be):\n%s", diff)
	}
	if events := h.count(`SELECT count(*) FROM audit`); events == 0 {
		t.Error("nothing was projected")
	}
}

// moves waits until the read models have come on.
func (h *house) moves(t *testing.T) {
	t.Helper()
	from := h.Position()
	eventually(t, "the read models move on", func() bool { return h.Position() > from })
}

func TestProjectorStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	h := deskOnly(t)
	quiet := h.busy()
	for range 4 {
		stop := h.project()
		h.moves(t)
		stop()
	}
	h.project()
	quiet()
	h.sound(t)
}

func TestOneOfTwoProjects(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	h := deskOn(t, url)
	other := &house{Database: open(t, url, h.logs), t: t, ledger: h.ledger, desk: h.desk, logs: h.logs}
	stop := h.project()
	quiet := h.busy()
	h.moves(t)
	other.project()
	if err := other.Wait(t.Context(), h.Position()); err != nil {
		t.Fatal(err)
	}
	h.moves(t)
	stop() // the other takes over
	at := h.desk.View().Position
	eventually(t, "the other has taken over", func() bool { return other.Position() > at })
	quiet()
	other.sound(t)
	if strings.Contains(h.logs.String(), "interrupted") {
		t.Errorf("they got in each other's way:\n%s", h.logs)
	}
}

// TestGuard lets two projectors write that do not know of each other, as if the
// lock had been lost.
func TestGuard(t *testing.T) {
	t.Parallel()
	h := deskOnly(t)
	h.by(events.System, "acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	commit, err := h.ledger.At(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	for range 2 {
		conn, err := h.connect(t.Context(), live)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		p := &projector{conn: conn, open: unsealed, reached: func(events.Position) {}}
		var nothing bus.View[domain.Roster]
		failed = p.take(t.Context(), bus.Step[domain.Roster]{Before: nothing, Commits: []events.Commit{commit}, After: h.desk.View()})
	}
	if !temporary(failed) || !strings.Contains(failed.Error(), "checkpoint is not 0") {
		t.Errorf("the second wrote too: %v", failed)
	}
	if n := h.count(`SELECT count(*) FROM audit`); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
	h.project() // starts from the first one's place
	h.sound(t)
}

func TestDriftStopsTheProjector(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"a member is gone":   `DELETE FROM member WHERE user_id = 'bob'`,
		"a grant is gone":    `DELETE FROM project_member WHERE user_id = 'bob'`,
		"a member was moved": `UPDATE member SET user_id = 'bobby' WHERE user_id = 'bob'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := deskOnly(t)
			stop := h.project()
			h.story("acme",
				domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
				domain.AddMember{Member: "bob"},
				domain.CreateProject{Project: "p", Name: "P"},
				domain.AddProjectMember{Project: "p", Member: "bob"},
			)
			stop()
			if _, err := h.pool.Exec(t.Context(), harm); err != nil {
				t.Fatal(err)
			}
			h.by(events.System, "acme", domain.RemoveMember{Member: "bob"})
			at, err := h.Checkpoint(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var drift *DriftError
			if err := h.Project(t.Context(), h.desk.Follower()); !errors.As(err, &drift) {
				t.Fatalf("got %v, want a drift", err)
			}
			if now, err := h.Checkpoint(t.Context()); err != nil || now != at {
				t.Errorf("the checkpoint went on to %v, %v", now, err)
			}
			if err := h.Rebuild(t.Context(), h.ledger, nil); err != nil {
				t.Fatal(err)
			}
			h.project()
			h.sound(t)
		})
	}
}

func TestAnotherLedgerIsRefused(t *testing.T) {
	t.Parallel()
	h := deskOnly(t)
	stop := h.project()
	h.story("acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	stop()
	var broken *bus.BrokenError
	if err := h.Project(t.Context(), newDesk(t, bustest.Ledger(t)).Follower()); !errors.As(err, &broken) {
		t.Errorf("got %v, want a broken ledger", err)
	}
}

func TestPostgresComesAndGoes(t *testing.T) {
	t.Parallel()
	config := postgres.Config{Dir: t.TempDir(), Disposable: true}
	start := func() *postgres.Cluster {
		cluster, err := postgres.Start(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		return cluster
	}
	cluster := start()
	t.Cleanup(func() {
		if err := cluster.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	h := deskOn(t, cluster.URL())
	h.project()
	quiet := h.busy()
	for range 2 {
		h.moves(t)
		if err := cluster.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Members(t.Context(), "acme", MembersQuery{}); !errors.Is(err, ErrUnavailable) {
			t.Errorf("without Postgres: %v, want ErrUnavailable", err)
		}
		if err := h.Wait(t.Context(), h.Position()+1_000_000); !errors.Is(err, ErrUnavailable) {
			t.Errorf("waiting without Postgres: %v, want ErrUnavailable", err)
		}
		cluster = start()
		eventually(t, "Postgres answers", func() bool { _, err := h.Checkpoint(t.Context()); return err == nil })
	}
	h.moves(t)
	quiet()
	h.sound(t)
	if !strings.Contains(h.logs.String(), "interrupted") {
		t.Error("nothing was logged")
	}
}

func TestRebuildWhileOthersRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	quiet := h.busy()
	h.by(events.System, "beta", domain.CreateOrganization{Name: "Beta", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	h.story("beta", domain.CreateProject{Project: "p", Name: "P"})
	reads := 0
	reading := background(t, func(ctx context.Context) error {
		for ; ctx.Err() == nil; reads++ {
			if err := h.look(context.WithoutCancel(ctx)); err != nil {
				return err
			}
		}
		return nil
	})
	var last, total events.Position
	for range 3 {
		before := h.Position()
		err := h.Rebuild(t.Context(), h.ledger, func(done, all events.Position) { last, total = done, all })
		if err != nil {
			t.Fatal(err)
		}
		if last != total || total < before {
			t.Errorf("rebuilt %d of %d, the tables were at %d before", last, total, before)
		}
		h.moves(t)
	}
	reading()
	quiet()
	if reads < 10 {
		t.Errorf("only %d reads", reads)
	}
	h.sound(t)
	if left := h.count(`SELECT count(*) FROM pg_namespace WHERE nspname IN ('roster_next', 'roster_old')`); left != 0 {
		t.Errorf("%d schemas are left over", left)
	}
}

// look asks for what has been there all the time.
func (h *house) look(ctx context.Context) error {
	access, err := h.Access(ctx, "beta", "ada", "p")
	if err != nil || access.Role != "admin" {
		return fmt.Errorf("a gap: %+v, %w", access, err)
	}
	page, err := h.ProjectMembers(ctx, "beta", "p", ProjectMembersQuery{Search: "ada"})
	if err != nil || len(page.Items) != 1 || page.Counts.People != 1 {
		return fmt.Errorf("a gap: %+v, %w", page, err)
	}
	state, err := h.State(ctx, "beta", time.Now())
	if err != nil || len(state.Access) != 1 {
		return fmt.Errorf("a gap: %+v, %w", state, err)
	}
	log, err := h.Audit(ctx, "beta", AuditQuery{})
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
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../migrations/testdata/before/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	statements := []string{`DROP SCHEMA roster, roster_inbox CASCADE; DELETE FROM roster_migrations WHERE version_id > 0; SET search_path = roster, public`}
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		statements = append(statements, string(text), fmt.Sprintf(`INSERT INTO public.roster_migrations (version_id, is_applied) VALUES (%d, true)`, i+1))
	}
	statements = append(statements, `UPDATE checkpoint SET position = 3; INSERT INTO organization VALUES ('beta', 'Beta', 'd', '{}')`)
	for _, statement := range statements {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	h := deskOn(t, url)
	for _, c := range beginning(builtInScheme(t, "agency")) {
		_, _ = h.try(events.System, "acme", c) // some mean nothing here
	}
	h.project()
	h.sound(t)
	if access, err := h.Access(t.Context(), "acme", "ada", "p"); err != nil || access.Role != "agency_owner" {
		t.Errorf("ada has %+v, %v", access, err)
	}
}
