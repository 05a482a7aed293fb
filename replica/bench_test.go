package replica

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/scheme"
)

func userID(i int) events.UserID       { return events.UserID(fmt.Sprintf("user-%06d", i)) }
func projectID(i int) events.ProjectID { return events.ProjectID(fmt.Sprintf("project-%05d", i)) }
func teamID(i int) events.TeamID       { return events.TeamID(fmt.Sprintf("team-%04d", i)) }

// large is the organization of domain's BenchmarkCheck: people with a tenth as many projects and a hundredth as many teams,
// everybody in one team and in one large team, 17 direct grants for every 10 people, two assignments a project.
func large(t testing.TB, people int) iter.Seq[entry] {
	t.Helper()
	all, err := scheme.BuiltIn()
	require.NoError(t, err)
	projects, teams, at := people/10, people/100, time.Now()
	return func(yield func(entry) bool) {
		version := events.Version(0)
		give := func(happened ...events.Event) bool {
			version++
			return yield(entry{events.Entry{Organization: "acme", Version: version, At: at, Events: happened}, events.Position(version)})
		}
		give(events.OrganizationCreated{Name: "Acme", Scheme: all["github"].Scheme}, events.TeamCreated{Team: "large", Name: "large"})
		for i := range teams {
			give(events.TeamCreated{Team: teamID(i), Name: string(teamID(i))})
		}
		for i := range projects {
			give(events.ProjectCreated{Project: projectID(i), Name: "P"}, events.TeamAssigned{Team: teamID(i % teams), Project: projectID(i), Role: "triage"},
				events.TeamAssigned{Team: "large", Project: projectID(i), Role: "write"})
		}
		for i := range people {
			happened := []events.Event{
				events.MemberJoined{Member: userID(i), Role: "member"},
				events.TeamMemberAdded{Team: teamID(i % teams), Member: userID(i), Role: "member"},
				events.ProjectMemberAdded{Project: projectID(i % projects), Member: userID(i), Role: "read"},
				events.TeamMemberAdded{Team: "large", Member: userID(i), Role: "member"},
			}
			if i%10 < 7 {
				happened = append(happened, events.ProjectMemberAdded{Project: projectID((i + 1) % projects), Member: userID(i), Role: "maintain"})
			}
			if !give(happened...) {
				return
			}
		}
	}
}

// replicaOf returns a replica of entries that follows nothing.
func replicaOf(t testing.TB, entries iter.Seq[entry]) *Replica {
	t.Helper()
	options, err := Options{Subscriber: "bench", MaxStaleness: time.Hour}.complete()
	require.NoError(t, err)
	r := &Replica{options: options, state: newState(false), epochs: map[string]struct{}{}}
	r.view.Store(&view{next: make(chan struct{})})
	for e := range entries {
		require.NoError(t, r.state.apply(e))
	}
	r.refresh(time.Now())
	return r
}

// pairs is how many random questions a benchmark draws beforehand: too many for a cache to keep their answers.
const pairs = 1 << 17

// BenchmarkCheck asks for random pairs of a person and a project that have three sources, among 100,000 members and 1,000 teams.
// The floor is one random look-up in a Go map of as many keys. Run it with -cpu 1,2.
func BenchmarkCheck(b *testing.B) {
	const people = 100_000
	r := replicaOf(b, large(b, people))
	users, projects, keys := make([]events.UserID, pairs), make([]events.ProjectID, pairs), make([]events.UserID, pairs)
	floor := make(map[events.UserID]int, people)
	for i := range people {
		floor[userID(i)] = i
	}
	for i := range pairs {
		n := rand.IntN(people)
		users[i], projects[i], keys[i] = userID(n), projectID(n%(people/10)), userID(rand.IntN(people))
	}
	var started atomic.Int64 // so that readers ask differently
	b.Run("map", func(b *testing.B) {
		b.RunParallel(func(p *testing.PB) {
			i, sum := int(started.Add(1))*7919, 0
			for p.Next() {
				sum += floor[keys[i&(pairs-1)]]
				i++
			}
			runtime.KeepAlive(sum)
		})
	})
	b.Run("check", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(p *testing.PB) {
			i := int(started.Add(1)) * 7919
			for p.Next() {
				if ok, err := r.Check("acme", users[i&(pairs-1)], projects[i&(pairs-1)], "code", "full"); !ok || err != nil {
					b.Error(ok, err)
				}
				i++
			}
		})
	})
}

func TestCheckAllocatesNothing(t *testing.T) {
	r := replicaOf(t, large(t, 1000))
	var allowed bool
	var err error
	allocated := testing.AllocsPerRun(100, func() { allowed, err = r.Check("acme", "user-000007", "project-00007", "code", "full") })
	require.NoError(t, err)
	require.True(t, allowed)
	require.Zero(t, allocated)
}

// fake is a message as a consumer delivers it.
type fake struct {
	jetstream.Msg

	header   nats.Header
	sequence uint64
}

func (f *fake) Headers() nats.Header { return f.header }
func (f *fake) Data() []byte         { return nil }
func (f *fake) Metadata() (*jetstream.MsgMetadata, error) {
	return &jetstream.MsgMetadata{Sequence: jetstream.SequencePair{Consumer: f.sequence}}, nil
}

// BenchmarkSkip skips messages of access.
func BenchmarkSkip(b *testing.B) {
	r := replicaOf(b, large(b, 1000))
	version := r.Version("acme")
	m := &fake{header: nats.Header{
		feed.Type: {string(feed.AccessGranted)}, feed.Source: {feed.SourcePrefix + "acme"}, feed.ID: {"acme/1/0/access/x"}, feed.Epoch: {"e"}, feed.Position: {fmt.Sprint(version)},
		feed.Complete: {"1"}, feed.Version: {fmt.Sprint(version)}, feed.PreviousVersion: {fmt.Sprint(version - 1)}, feed.Index: {"5"}, feed.Count: {"1000"},
	}}
	reading := reading{Replica: r, entries: map[events.OrganizationID]*partial{}}
	b.ReportAllocs()
	for b.Loop() {
		m.sequence++
		if err := reading.take(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkApply applies commands of which each adds a person, and publishes each.
func BenchmarkApply(b *testing.B) {
	r := replicaOf(b, large(b, 10_000))
	version := r.state.version("acme")
	b.ReportAllocs()
	for b.Loop() {
		version++
		e := entry{events.Entry{Organization: "acme", Version: version, At: time.Now(), Events: events.Facts{events.MemberJoined{Member: events.UserID(fmt.Sprint("new-", version)), Role: "member"}}}, events.Position(version)}
		if err := r.state.apply(e); err != nil {
			b.Fatal(err)
		}
		r.publish(func(*view) {})
	}
}
