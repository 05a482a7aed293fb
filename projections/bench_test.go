package projections

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// history is commits of one organization: people who join, get a grant and enter
// a team, 100 projects, 50 teams; an entry an event, as single commands make them.
func history(tb testing.TB, people int) []events.Commit {
	tb.Helper()
	all := []events.Event{
		events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme(tb, "github").Scheme},
	}
	for i := range 100 {
		all = append(all, events.ProjectCreated{Project: events.ProjectID(fmt.Sprint("project-", i)), Name: fmt.Sprint("Project ", i)})
	}
	for i := range 50 {
		team := events.TeamID(fmt.Sprint("team-", i))
		all = append(all, events.TeamCreated{Team: team, Name: string(team)},
			events.TeamAssigned{Team: team, Project: events.ProjectID(fmt.Sprint("project-", i)), Role: "write"})
	}
	for i := range people {
		user := events.UserID(fmt.Sprintf("user-%06d", i*7919%people))
		all = append(all,
			events.MemberJoined{Member: user, Role: "member", Name: sealed("Somebody Called " + string(user)), Email: sealed(string(user) + "@example.org")},
			events.ProjectMemberAdded{Project: events.ProjectID(fmt.Sprint("project-", i%100)), Member: user, Role: []events.RoleKey{"read", "admin"}[min(i%5000, 1)^1]},
			events.TeamMemberAdded{Team: events.TeamID(fmt.Sprint("team-", i%50)), Member: user, Role: "member"},
		)
	}
	at := events.Instant(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	var commits []events.Commit
	version := events.Version(0)
	for some := range slices.Chunk(all, 250) {
		c := events.Commit{At: at}
		for _, e := range some {
			version++
			c.Entries = append(c.Entries, events.Entry{Organization: "acme", Version: version, Actor: "ada", At: at, Events: events.Facts{e}})
		}
		commits = append(commits, c)
	}
	return commits
}

// numbered gives commits the places that a ledger would.
func numbered(commits []events.Commit) []events.Commit {
	commits = slices.Clone(commits)
	for i := range commits {
		commits[i].Position = events.Position(i + 1)
		commits[i].Hash = events.Sum(fmt.Append(nil, i))
	}
	return commits
}

// BenchmarkProject compares projecting with COPY of the same rows into the same
// tables with the same indexes.
func BenchmarkProject(b *testing.B) {
	commits := numbered(history(b, 10_000))
	var projecting, copying time.Duration
	rows := 0
	for b.Loop() {
		h := benched(b)
		conn, err := h.connect(b.Context(), live)
		if err != nil {
			b.Fatal(err)
		}
		p := &projector{conn: conn, open: unsealed, reached: func(events.Position) {}}
		var nothing bus.View[domain.Roster]
		began := time.Now()
		end, err := nothing.Fold(commits)
		if err != nil {
			b.Fatal(err)
		}
		if err := p.take(b.Context(), bus.Step[domain.Roster]{Before: nothing, Commits: commits, After: end}); err != nil {
			b.Fatal(err)
		}
		projecting += time.Since(began)
		if err := conn.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
		for _, table := range []string{"member", "project", "project_member", "team", "team_member", "project_team", "audit"} {
			rows += h.count(`SELECT count(*) FROM ` + table)
		}

		h = benched(b)
		conn, err = h.connect(b.Context(), live)
		if err != nil {
			b.Fatal(err)
		}
		var log []auditRow
		for i := range commits {
			log = appendAudit(log, &commits[i])
		}
		l := &loading{conn: conn, open: unsealed, sortNames: map[memberKey]string{}}
		began = time.Now()
		for _, m := range models {
			if err := m.load(b.Context(), l, end.State); err != nil {
				b.Fatal(err)
			}
		}
		if err := audit.copy(b.Context(), l, log); err != nil {
			b.Fatal(err)
		}
		copying += time.Since(began)
		if err := conn.Close(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)/projecting.Seconds(), "rows/s")
	b.ReportMetric(float64(rows)/copying.Seconds(), "COPY-rows/s")
	b.ReportMetric(copying.Seconds()/projecting.Seconds(), "of-COPY")
	b.ReportMetric(0, "ns/op")
}

// benched is read models without ledger and desk.
func benched(b *testing.B) *house {
	b.Helper()
	h := &house{t: b, logs: new(lines)}
	h.Database = open(b, pgtest.New(b), h.logs)
	return h
}

// recorded writes a history into a ledger.
func recorded(b *testing.B, commits []events.Commit) *bus.Ledger {
	b.Helper()
	ledger := bustest.Ledger(b)
	var at events.Checkpoint
	for _, c := range commits {
		var err error
		if at, err = ledger.Append(b.Context(), at, c); err != nil {
			b.Fatal(err)
		}
	}
	return ledger
}

func BenchmarkRebuild(b *testing.B) {
	commits := history(b, 60_000)
	ledger := recorded(b, commits)
	h := benched(b)
	n := 0
	for b.Loop() {
		if err := h.Rebuild(b.Context(), ledger, nil); err != nil {
			b.Fatal(err)
		}
		for _, c := range commits {
			n += len(c.Entries)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkQueries asks for pages of a project of 10,000 people in an organization
// of 20,000.
func BenchmarkQueries(b *testing.B) {
	commits := history(b, 20_000)
	var grown []events.Entry
	for i := range 10_000 {
		grown = append(grown, events.Entry{
			Organization: "acme", Version: events.Version(60_202 + i), At: commits[0].At,
			Events: events.Facts{events.TeamMemberAdded{Team: "team-0", Member: events.UserID(fmt.Sprintf("user-%06d", i*2+1)), Role: "member"}},
		})
	}
	commits = append(commits, events.Commit{At: commits[0].At, Entries: grown})
	h := benched(b)
	if err := h.Rebuild(b.Context(), recorded(b, commits), nil); err != nil {
		b.Fatal(err)
	}
	first, err := h.ProjectMembers(b.Context(), "acme", "project-0", ProjectMembersQuery{})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%+v", *first.Counts)
	pages := func(q ProjectMembersQuery) func(context.Context) error {
		return func(ctx context.Context) error {
			found, err := h.ProjectMembers(ctx, "acme", "project-0", q)
			if err == nil && len(found.Items) == 0 {
				err = ErrNotFound
			}
			return err
		}
	}
	for _, bench := range []struct {
		name string
		ask  func(context.Context) error
	}{
		{"first page with counts", pages(ProjectMembersQuery{})},
		{"next page", pages(ProjectMembersQuery{Page: Page{After: first.Next}})},
		{"search", pages(ProjectMembersQuery{Search: "user-01234", Page: Page{After: first.Next}})},
		{"role", pages(ProjectMembersQuery{Role: "write", Page: Page{After: first.Next}})},
		{"rare role", pages(ProjectMembersQuery{Role: "admin"})},
		{"direct", pages(ProjectMembersQuery{Source: domain.Direct, Page: Page{After: first.Next}})},
		{"access", func(ctx context.Context) error {
			_, err := h.Access(ctx, "acme", "user-000001", "project-0")
			return err
		}},
		{"projects of", func(ctx context.Context) error {
			_, err := h.ProjectsOf(ctx, "acme", "user-000001", Page{})
			return err
		}},
		{"members", func(ctx context.Context) error {
			_, err := h.Members(ctx, "acme", MembersQuery{})
			return err
		}},
		{"audit about a person", func(ctx context.Context) error {
			_, err := h.Audit(ctx, "acme", AuditQuery{Subject: "user-000001"})
			return err
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if err := bench.ask(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVisible gives 1,000 commands a second and measures how long after its
// acknowledgement each shows in the database.
func BenchmarkVisible(b *testing.B) {
	h := newHouse(b)
	h.story("acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(b, "github"), Owner: "ada"})
	const rate = 1000
	var mu sync.Mutex
	var took []time.Duration
	var waiting sync.WaitGroup
	tick := time.NewTicker(time.Second / rate)
	defer tick.Stop()
	n := 0
	for b.Loop() {
		<-tick.C
		n++
		user := events.UserID(fmt.Sprint("user-", n))
		waiting.Go(func() {
			receipt, err := h.try(events.System, "acme", domain.AddMember{Member: user})
			acknowledged := time.Now()
			if err == nil {
				err = h.Wait(b.Context(), receipt.Position)
			}
			if err != nil {
				b.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(acknowledged))
		})
	}
	waiting.Wait()
	slices.Sort(took)
	b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "commands/s")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}
