package domain_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// large is an organization of people with a tenth as many projects and a
// hundredth as many teams: everybody in one team, a tenth in one large team as
// well, 17 direct grants for every 10 people, two assignments a project. For
// 100,000 people that is 300,000 sources. A person and a project have three
// sources when person and project are congruent.
func large(people, inLargeTeam int) iter.Seq[events.Entry] {
	projects, teams := max(people/10, 1), max(people/100, 1)
	return func(yield func(events.Entry) bool) {
		version := events.Version(0)
		give := func(happened ...events.Event) bool {
			version++
			return yield(events.Entry{Organization: "acme", Version: version, At: noon, Events: happened})
		}
		if !give(hub, joined("admin", "admin"), team("large", "")) {
			return
		}
		for i := range teams {
			if !give(team(teamID(i), "")) {
				return
			}
		}
		for i := range projects {
			if !give(created(projectID(i)), assigned(teamID(i%teams), projectID(i), "triage"), assigned("large", projectID(i), "write")) {
				return
			}
		}
		for i := range people {
			happened := []events.Event{
				joined(userID(i), "member"), entered(teamID(i%teams), userID(i), "member"), granted(projectID(i%projects), userID(i), "read"),
			}
			if i%10 < 7 {
				happened = append(happened, granted(projectID((i+1)%projects), userID(i), "maintain"))
			}
			if i < inLargeTeam {
				happened = append(happened, entered("large", userID(i), "member"))
			}
			if !give(happened...) {
				return
			}
		}
	}
}

func userID(i int) events.UserID       { return events.UserID(fmt.Sprintf("user-%06d", i)) }
func projectID(i int) events.ProjectID { return events.ProjectID(fmt.Sprintf("project-%05d", i)) }
func teamID(i int) events.TeamID       { return events.TeamID(fmt.Sprintf("team-%04d", i)) }

func build(entries iter.Seq[events.Entry]) domain.Roster {
	var all []events.Entry
	for entry := range entries {
		all = append(all, entry)
	}
	return domain.Roster{}.Evolve(all...)
}

// pairs is how many random questions a benchmark draws beforehand: too many for
// a cache to keep their answers.
const pairs = 1 << 17

// BenchmarkCheck asks for random pairs of a person and a project that have three
// sources; the floor is one random look-up in a Go map of as many keys.
func BenchmarkCheck(b *testing.B) {
	for _, people := range []int{100, 1_000, 10_000, 100_000} {
		org := build(large(people, people)).Organization("acme")
		users, projects := make([]events.UserID, pairs), make([]events.ProjectID, pairs)
		for i := range users {
			n := rand.IntN(people)
			users[i], projects[i] = userID(n), projectID(n%max(people/10, 1))
		}
		require.Len(b, org.Access(users[0], projects[0]).Sources, 3)
		b.Run(fmt.Sprintf("%d/map", people), func(b *testing.B) {
			floor := make(map[events.UserID]int, people)
			keys := make([]events.UserID, pairs)
			for i := range people {
				floor[userID(i)] = i
			}
			for i := range keys {
				keys[i] = userID(rand.IntN(people))
			}
			i, sum := 0, 0
			for b.Loop() {
				sum += floor[keys[i&(pairs-1)]]
				i++
			}
			runtime.KeepAlive(sum)
		})
		b.Run(fmt.Sprintf("%d/check", people), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if ok, err := org.Allows(users[i&(pairs-1)], projects[i&(pairs-1)], "code", "full"); !ok || err != nil {
					b.Fatal(ok, err)
				}
				i++
			}
		})
		b.Run(fmt.Sprintf("%d/access", people), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if org.Access(users[i&(pairs-1)], projects[i&(pairs-1)]).Role != "write" {
					b.Fatal("not a writer")
				}
				i++
			}
		})
	}
}

// BenchmarkReplay decodes and applies commits of 64 entries, 64 at a time, as the
// ledger hands them out, and reports what the state of 100,000 people takes in memory.
func BenchmarkReplay(b *testing.B) {
	const people = 100_000
	var messages [][]byte
	var c events.Commit
	total := 0
	flush := func() {
		message, err := events.Encode(c)
		require.NoError(b, err)
		messages, c = append(messages, message), events.Commit{}
	}
	for entry := range large(people, people/10) {
		total += len(entry.Events)
		if c.Entries = append(c.Entries, entry); len(c.Entries) == 64 {
			flush()
		}
	}
	flush()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var roster domain.Roster
	for b.Loop() {
		roster = domain.Roster{}
		for batch := range slices.Chunk(messages, 64) {
			var entries []events.Entry
			for _, message := range batch {
				read, err := events.Decode(message, 1)
				if err != nil {
					b.Fatal(err)
				}
				entries = append(entries, read.Entries...)
			}
			roster = roster.Evolve(entries...)
		}
	}
	b.ReportMetric(float64(total*b.N)/b.Elapsed().Seconds(), "events/s")
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	runtime.KeepAlive(roster)
	runtime.KeepAlive(messages)
}

// BenchmarkAvailableActions finds the available actions on 200 rows, as a page of a list
// has, in an organization of 100,000 people: on each alone, and with one finder.
func BenchmarkAvailableActions(b *testing.B) {
	const rows = 200
	org, m := build(large(100_000, 10_000)).Organization("acme").At(noon), at("admin")
	for i := range rows {
		org = org.Evolve(events.Recorded{Event: assigned(teamID(i), projectID(0), "triage")})
	}
	for _, list := range []struct {
		name   string
		alone  func(row int)
		finder func(f *domain.ActionFinder, row int)
	}{
		{"members", func(i int) { org.ActionsOnMember(m, userID(i)) }, func(f *domain.ActionFinder, i int) { f.OnMember(userID(i)) }},
		{
			"project-members", func(i int) { org.ActionsOnProjectMember(m, projectID(0), userID(i)) },
			func(f *domain.ActionFinder, i int) { f.OnProjectMember(projectID(0), userID(i)) },
		},
		{
			"assignments", func(i int) { org.ActionsOnAssignment(m, projectID(0), teamID(i)) },
			func(f *domain.ActionFinder, i int) { f.OnAssignment(projectID(0), teamID(i)) },
		},
		{
			"team-members", func(i int) { org.ActionsOnTeamMember(m, "large", userID(i)) },
			func(f *domain.ActionFinder, i int) { f.OnTeamMember("large", userID(i)) },
		},
		{"projects", func(i int) { org.ActionsOnProject(m, projectID(i)) }, func(f *domain.ActionFinder, i int) { f.OnProject(projectID(i)) }},
		{"teams", func(i int) { org.ActionsOnTeam(m, teamID(i)) }, func(f *domain.ActionFinder, i int) { f.OnTeam(teamID(i)) }},
	} {
		b.Run(list.name+"/alone", func(b *testing.B) {
			for b.Loop() {
				for i := range rows {
					list.alone(i)
				}
			}
		})
		b.Run(list.name+"/finder", func(b *testing.B) {
			for b.Loop() {
				finder := domain.NewActionFinder(org, m)
				for i := range rows {
					list.finder(finder, i)
				}
			}
		})
	}
}
