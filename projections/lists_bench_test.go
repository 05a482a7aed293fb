package projections

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// large yields the events of an organization of 100,000 people, 10,000 projects and
// 1,000 teams. Project-00000 has a team of 10,000, each other project some 360 people:
// three teams of 100 and 60 direct grants.
func large(tb testing.TB) iter.Seq[events.Event] {
	tb.Helper()
	const people, projects, teams = 100_000, 10_000, 1_000
	user := func(i int) events.UserID { return events.UserID(fmt.Sprintf("user-%06d", i)) }
	project := func(i int) events.ProjectID { return events.ProjectID(fmt.Sprintf("project-%05d", i)) }
	team := func(i int) events.TeamID { return events.TeamID(fmt.Sprintf("team-%04d", i)) }
	return func(yield func(events.Event) bool) {
		chance := rand.New(rand.NewPCG(1, 2))
		yield(events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme(tb, "github").Scheme})
		for i := range people {
			role := events.RoleKey("member")
			if i < 10 {
				role = "admin"
			}
			name := fmt.Sprintf("Person %06d", (i*7919)%people)
			yield(events.MemberJoined{Member: user(i), Role: role, Name: sealed(name), Email: sealed(string(user(i)) + "@example.org")})
		}
		for i := range teams {
			yield(events.TeamCreated{Team: team(i), Name: string(team(i))})
			size := 100
			if i == 0 {
				size = 10_000
			}
			for j := range size {
				yield(events.TeamMemberAdded{Team: team(i), Member: user((i*100 + j*(1+i%7)) % people), Role: "member"})
			}
		}
		for i := range projects {
			yield(events.ProjectCreated{Project: project(i), Name: fmt.Sprintf("Project %05d", (i*6007)%projects)})
			if i == 0 {
				yield(events.TeamAssigned{Team: team(0), Project: project(0), Role: "write"})
			} else {
				for _, j := range chance.Perm(teams - 1)[:3] {
					yield(events.TeamAssigned{Team: team(j + 1), Project: project(i), Role: "read"})
				}
			}
			for _, j := range rand.Perm(people / 1000)[:60] {
				yield(events.ProjectMemberAdded{Project: project(i), Member: user((j*1000 + i*13) % people), Role: "write"})
			}
		}
	}
}

// loaded fills read models with the events of one organization, after some statements,
// and returns its state.
func loaded(b *testing.B, story iter.Seq[events.Event], before ...string) (*fixture, domain.Organization) {
	b.Helper()
	at := events.Instant(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	state := domain.Roster{}.Transient()
	version := events.Version(0)
	for e := range story {
		version++
		entry := events.Entry{Organization: "acme", Version: version, At: at, Events: events.Facts{e}}
		for recorded := range entry.Recorded() {
			state = state.Apply("acme", recorded)
		}
	}
	state = state.Persistent()
	f := benched(b)
	conn, err := f.connect(b.Context(), live)
	require.NoError(b, err)
	for _, statement := range before {
		_, err = conn.Exec(b.Context(), statement)
		require.NoError(b, err)
	}
	l := &loader{conn: conn, open: unsealed, sortNames: map[memberKey]sortKey{}}
	for _, m := range models {
		require.NoError(b, m.load(b.Context(), l, state))
	}
	require.NoError(b, conn.Close(b.Context()))
	return f, state.Organization("acme").At(time.Now())
}

// BenchmarkLists reads pages of an organization of 100,000 people. The floors are a
// statement that finds nothing and one that finds 50 people by key.
func BenchmarkLists(b *testing.B) {
	f, org := loaded(b, large(b))
	_, err := f.pool.Exec(b.Context(), `VACUUM (ANALYZE)`)
	require.NoError(b, err)
	const small, big = "project-05000", "project-00000"
	var users []events.UserID
	for user := range org.PeopleOnProject(big) {
		if users = append(users, user); len(users) == 50 {
			break
		}
	}
	pages := func(project events.ProjectID, q ProjectMemberFilter, pages int) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			q, n := q, 0
			for range pages {
				found, err := f.ListProjectMembers(ctx, org, project, q)
				n += len(found.Items)
				if q.After = found.Next; err != nil || q.After == "" {
					return n, err
				}
			}
			return n, nil
		}
	}
	all := Page{Limit: maxLimit}
	for _, bench := range []struct {
		name string
		ask  func(context.Context) (int, error)
	}{
		{"floor/select 1", func(ctx context.Context) (int, error) {
			var one int
			return one, f.pool.QueryRow(ctx, `SELECT 1`).Scan(&one)
		}},
		{"floor/50 people by key", func(ctx context.Context) (int, error) {
			found, err := f.People(ctx, "acme", users)
			return len(found), err
		}},
		{"project members/first page", pages(small, ProjectMemberFilter{}, 1)},
		{"project members/all", pages(small, ProjectMemberFilter{Page: all}, 100)},
		{"project members/search", pages(small, ProjectMemberFilter{Search: "person 0123"}, 1)},
		{"project members/by role", pages(small, ProjectMemberFilter{Role: "write"}, 1)},
		{"large project/first page", pages(big, ProjectMemberFilter{}, 1)},
		{"large project/all", pages(big, ProjectMemberFilter{Page: all}, 100)},
		{"large project/all, teams sorted", func(ctx context.Context) (int, error) {
			q, n := ProjectMemberFilter{Page: all}, 0
			for {
				found, err := f.listProjectMembers(ctx, org, big, q, few, 0)
				n += len(found.Items)
				if q.After = found.Next; err != nil || q.After == "" {
					return n, err
				}
			}
		}},
		{"large project/search for few", pages(big, ProjectMemberFilter{Search: "person 0123"}, 1)},
		{"large project/search for many", pages(big, ProjectMemberFilter{Search: "person"}, 1)},
		{"large project/search for two letters", pages(big, ProjectMemberFilter{Search: "12"}, 1)},
		{"large project/search for a role", pages(big, ProjectMemberFilter{Search: "admin"}, 1)},
		{"large project/by role", pages(big, ProjectMemberFilter{Role: "write"}, 1)},
		{"large project/by rare role", pages(big, ProjectMemberFilter{Role: "admin"}, 1)},
		{"large project/inactive", pages(big, ProjectMemberFilter{Inactive: true}, 1)},
		{"members/first page", func(ctx context.Context) (int, error) {
			found, err := f.ListMembers(ctx, org, MemberFilter{})
			return len(found.Items), err
		}},
		{"members/search for few", func(ctx context.Context) (int, error) {
			found, err := f.ListMembers(ctx, org, MemberFilter{Search: "person 0123"})
			return len(found.Items), err
		}},
		{"candidates", func(ctx context.Context) (int, error) {
			found, err := f.ListCandidates(ctx, org, small, CandidateFilter{})
			return len(found.Items), err
		}},
		{"projects/first page", func(ctx context.Context) (int, error) {
			found, err := f.ListProjects(ctx, org, ProjectFilter{})
			return len(found.Items), err
		}},
		{"projects/of a person", func(ctx context.Context) (int, error) {
			found, err := f.ListProjects(ctx, org, ProjectFilter{Of: "user-012345"})
			return len(found.Items), err
		}},
		{"projects/of an admin", func(ctx context.Context) (int, error) {
			found, err := f.ListProjects(ctx, org, ProjectFilter{Of: "user-000001"})
			return len(found.Items), err
		}},
	} {
		b.Run(bench.name, func(b *testing.B) { measure(b, bench.ask) })
	}
}

// measure asks again and again, and reports the median in milliseconds.
func measure(b *testing.B, ask func(context.Context) (rows int, err error)) {
	b.Helper()
	var took []time.Duration
	rows := 0
	for b.Loop() {
		began := time.Now()
		n, err := ask(b.Context())
		took = append(took, time.Since(began))
		require.NoError(b, err)
		rows = n
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(0, "ns/op")
}

// team yields the events of an organization of some people, of whom every tenth is in a
// team on a project.
func team(tb testing.TB, people int) iter.Seq[events.Event] {
	tb.Helper()
	return func(yield func(events.Event) bool) {
		yield(events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme(tb, "github").Scheme})
		yield(events.TeamCreated{Team: "crew", Name: "Crew"})
		yield(events.ProjectCreated{Project: "apollo", Name: "Apollo"})
		yield(events.TeamAssigned{Team: "crew", Project: "apollo", Role: "write"})
		for i := range people {
			user := events.UserID(fmt.Sprintf("user-%06d", i))
			yield(events.MemberJoined{Member: user, Role: "member", Name: sealed(fmt.Sprintf("Person %06d", i)), Email: sealed(string(user) + "@example.org")})
			if i%10 == 0 {
				yield(events.TeamMemberAdded{Team: "crew", Member: user, Role: "member"})
			}
		}
	}
}

// BenchmarkPlans reads a page of a project of 2,000 people with one plan for each
// connection, as lists do, and with a plan for each page, which Postgres would choose.
func BenchmarkPlans(b *testing.B) {
	f, org := loaded(b, team(b, 20_000))
	_, err := f.pool.Exec(b.Context(), `VACUUM (ANALYZE)`)
	require.NoError(b, err)
	for _, mode := range []string{"force_generic_plan", "auto"} {
		b.Run(mode, func(b *testing.B) {
			config := f.pool.Config()
			config.ConnConfig.RuntimeParams["plan_cache_mode"] = mode
			pool, err := pgxpool.NewWithConfig(b.Context(), config)
			require.NoError(b, err)
			defer pool.Close()
			db := *f.Database
			db.checkpointWaiter = newCheckpointWaiter(&tables{pool: pool}, "checkpoint")
			measure(b, func(ctx context.Context) (int, error) {
				found, err := db.ListProjectMembers(ctx, org, "apollo", ProjectMemberFilter{})
				return len(found.Items), err
			})
		})
	}
}

// BenchmarkSearchAfterLoad searches among 20,000 people right after they were loaded,
// with the list of unsorted entries that the index on texts has, and with the usual one.
func BenchmarkSearchAfterLoad(b *testing.B) {
	for _, bench := range []struct{ name, before string }{
		{"256 kB", `SELECT 1`},
		{"4 MB", `ALTER INDEX member_search SET (gin_pending_list_limit = 4096)`},
	} {
		f, org := loaded(b, team(b, 20_000), bench.before)
		_, err := f.pool.Exec(b.Context(), `ANALYZE`)
		require.NoError(b, err)
		b.Run(bench.name, func(b *testing.B) {
			measure(b, func(ctx context.Context) (int, error) {
				found, err := f.ListMembers(ctx, org, MemberFilter{Search: "person 0123"})
				return len(found.Items), err
			})
		})
	}
}
