package projections

import (
	"fmt"
	"slices"
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
		f := benched(b)
		conn, err := f.connect(b.Context(), live)
		require.NoError(b, err)
		p := &projector{conn: conn, open: unsealed, reached: func(events.Position) {}}
		var nothing bus.View[domain.Roster]
		began := time.Now()
		end, err := nothing.Fold(commits)
		require.NoError(b, err)
		require.NoError(b, p.take(b.Context(), bus.Step[domain.Roster]{Before: nothing, Commits: commits, After: end}))
		projecting += time.Since(began)
		require.NoError(b, conn.Close(b.Context()))
		for _, table := range []string{"member", "project", "project_member", "team", "team_ancestor", "team_member", "project_team", "audit", "audit_subject"} {
			rows += f.count(`SELECT count(*) FROM ` + table)
		}

		f = benched(b)
		conn, err = f.connect(b.Context(), live)
		require.NoError(b, err)
		var log auditLog
		log.addCommits(domain.Roster{}, commits)
		l := &loader{conn: conn, open: unsealed, sortNames: map[memberKey]sortKey{}}
		began = time.Now()
		for _, m := range models {
			require.NoError(b, m.load(b.Context(), l, end.State))
		}
		require.NoError(b, log.copy(b.Context(), l))
		copying += time.Since(began)
		require.NoError(b, conn.Close(b.Context()))
	}
	b.ReportMetric(float64(rows)/projecting.Seconds(), "rows/s")
	b.ReportMetric(float64(rows)/copying.Seconds(), "COPY-rows/s")
	b.ReportMetric(copying.Seconds()/projecting.Seconds(), "of-COPY")
	b.ReportMetric(0, "ns/op")
}

// benched is read models without ledger and desk.
func benched(b *testing.B) *fixture {
	b.Helper()
	f := &fixture{t: b, logs: new(lines)}
	f.Database = open(b, pgtest.New(b), f.logs)
	return f
}

// recorded writes a history into a ledger.
func recorded(b *testing.B, commits []events.Commit) *bus.Ledger {
	b.Helper()
	ledger := bustest.Ledger(b)
	var at events.Checkpoint
	for _, c := range commits {
		var err error
		at, err = ledger.Append(b.Context(), at, c)
		require.NoError(b, err)
	}
	return ledger
}

func BenchmarkRebuild(b *testing.B) {
	commits := history(b, 60_000)
	ledger := recorded(b, commits)
	f := benched(b)
	n := 0
	for b.Loop() {
		require.NoError(b, f.Rebuild(b.Context(), ledger, nil))
		for _, c := range commits {
			n += len(c.Entries)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkAudit asks for the events about one of 20,000 people.
func BenchmarkAudit(b *testing.B) {
	f := benched(b)
	require.NoError(b, f.Rebuild(b.Context(), recorded(b, history(b, 20_000)), nil))
	for b.Loop() {
		found, err := f.Audit(b.Context(), "acme", AuditFilter{Subject: "user-000001"})
		require.NoError(b, err)
		require.NotEmpty(b, found.Items)
	}
}

// BenchmarkVisible gives 1,000 commands a second and measures how long after its
// acknowledgement each shows in the database.
func BenchmarkVisible(b *testing.B) {
	f := newFixture(b)
	f.give("acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(b, "github"), Owner: "ada"})
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
			receipt, err := f.try(events.System, "acme", domain.AddMember{Member: user})
			acknowledged := time.Now()
			if err == nil {
				err = f.Wait(b.Context(), receipt.Position)
			}
			assert.NoError(b, err)
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
