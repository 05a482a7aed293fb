package relay_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/rostertest"
)

// create creates an organization with people u0, u1 and so on.
func create(roster *rostertest.Server, org events.OrganizationID, people int) {
	members := make([]domain.Command, people)
	for i := range members {
		members[i] = rostertest.Member(person(i), "")
	}
	roster.Organization(org, "github", "owner", members...)
}

func person(i int) events.UserID     { return events.UserID("u" + strconv.Itoa(i)) }
func project(i int) events.ProjectID { return events.ProjectID("p" + strconv.Itoa(i)) }
func team(i int) events.TeamID       { return events.TeamID("t" + strconv.Itoa(i)) }

// pair is somebody on a project of an organization.
type pair struct {
	org     events.OrganizationID
	user    events.UserID
	project events.ProjectID
}

// reader is somebody who knows the stream alone.
type reader struct {
	t        testing.TB
	messages jetstream.MessagesContext

	ids      map[string]bool
	versions map[string]uint64
	index    map[string]int
	complete uint64
	position uint64 // of the last heartbeat
	access   map[pair]feed.AccessLevel
	order    []string // the ids, in order
	// sequences are those of the messages in order, positions those of their commits.
	sequences []uint64
	positions []events.Position
}

func read(t testing.TB, nc *nats.Conn) *reader {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	consumer, err := js.OrderedConsumer(t.Context(), feed.StreamName, jetstream.OrderedConsumerConfig{})
	require.NoError(t, err)
	messages, err := consumer.Messages()
	require.NoError(t, err)
	t.Cleanup(messages.Stop)
	return &reader{t: t, messages: messages, ids: map[string]bool{}, versions: map[string]uint64{}, index: map[string]int{}, access: map[pair]feed.AccessLevel{}}
}

// through reads until a heartbeat says that everything up to a position is out.
func (r *reader) through(position events.Position) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 2*time.Minute)
	defer cancel()
	for r.position < uint64(position) {
		m, err := r.messages.Next(jetstream.NextContext(ctx))
		require.NoError(r.t, err, "at position %d of %d", r.position, position)
		r.take(m)
	}
}

func (r *reader) number(m jetstream.Msg, name string) uint64 {
	r.t.Helper()
	n, err := strconv.ParseUint(m.Headers().Get(name), 10, 64)
	require.NoError(r.t, err, name)
	return n
}

// take checks what is promised of every message.
func (r *reader) take(m jetstream.Msg) {
	h := m.Headers()
	complete := r.number(m, feed.Complete)
	assert.GreaterOrEqual(r.t, complete, r.complete, "complete never goes back")
	r.complete = complete
	if m.Subject() == "roster.heartbeat" {
		r.position = r.number(m, feed.Position)
		return
	}
	id, source := h.Get(feed.ID), h.Get(feed.Source)
	assert.False(r.t, r.ids[id], "%s is there twice", id)
	r.ids[id], r.order = true, append(r.order, id)
	about, err := m.Metadata()
	require.NoError(r.t, err)
	r.sequences, r.positions = append(r.sequences, about.Sequence.Stream), append(r.positions, events.Position(r.number(m, feed.Position)))
	version, index, count := r.number(m, feed.Version), int(r.number(m, feed.Index)), int(r.number(m, feed.Count))
	switch index {
	case 0:
		assert.Equal(r.t, r.versions[source], r.number(m, feed.PreviousVersion), "the version before %s", id)
	default:
		assert.Equal(r.t, r.versions[source], version, "the version of %s", id)
		assert.Equal(r.t, r.index[source]+1, index, "the index of %s", id)
	}
	assert.Less(r.t, index, count)
	r.versions[source], r.index[source] = version, index
	switch h.Get(feed.Type) {
	case string(feed.AccessGranted), string(feed.AccessChanged), string(feed.AccessRevoked):
		var body feed.AccessMessage
		require.NoError(r.t, json.Unmarshal(m.Data(), &body))
		at := pair{body.Organization, body.User, body.Project}
		has, had := r.access[at]
		if had {
			assert.Equal(r.t, &has, body.From, "the access before %s", id)
		} else {
			assert.Nil(r.t, body.From, "the access before %s", id)
		}
		delete(r.access, at)
		if body.To != nil {
			assert.NotEmpty(r.t, body.Sources)
			r.access[at] = *body.To
		}
		assert.True(r.t, r.ids[body.Cause], "the cause of %s was told before", id)
	}
}

// agrees holds what the reader has been told of access against the state.
func (r *reader) agrees(state domain.Roster) {
	r.t.Helper()
	want := map[pair]feed.AccessLevel{}
	for id, org := range state.Organizations() {
		for user := range org.Members() {
			for _, project := range org.ReachableProjects(user) {
				if access := org.Access(user, project); access.Role != "" {
					want[pair{id, user, project}] = feed.AccessLevel{Role: access.Role, Levels: access.Levels()}
				}
			}
		}
	}
	assert.NotEmpty(r.t, want)
	assert.Equal(r.t, want, r.access)
}

// anyCommand draws a command.
func anyCommand(t *rand.Rand) domain.Command {
	user, place, group := person(t.IntN(6)), project(t.IntN(4)), team(t.IntN(4))
	role := []events.RoleKey{"read", "write", "admin"}[t.IntN(3)]
	all := []domain.Command{
		domain.AddMember{Member: user},
		domain.AddMember{Member: user},
		domain.RemoveMember{Member: user},
		domain.DeactivateMember{Member: user},
		domain.ReactivateMember{Member: user},
		domain.ChangeMemberRole{Member: user, To: []events.RoleKey{"admin", "member"}[t.IntN(2)]},
		domain.CreateProject{Project: place, Name: "P"},
		domain.CreateProject{Project: place, Name: "P"},
		domain.DeleteProject{Project: place},
		domain.ArchiveProject{Project: place},
		domain.RestoreProject{Project: place},
		domain.AddProjectMember{Project: place, Member: user, Role: role},
		domain.AddProjectMember{Project: place, Member: user, Role: role},
		domain.ChangeProjectMemberRole{Project: place, Member: user, To: role},
		domain.RemoveProjectMember{Project: place, Member: user},
		domain.CreateTeam{Team: group, Name: string(group)},
		domain.CreateTeam{Team: group, Name: string(group), Parent: team(t.IntN(4))},
		domain.RemoveTeam{Team: group},
		domain.MoveTeam{Team: group, To: team(t.IntN(4))},
		domain.AddTeamMember{Team: group, Member: user},
		domain.AddTeamMember{Team: group, Member: user},
		domain.RemoveTeamMember{Team: group, Member: user},
		domain.AssignTeam{Team: group, Project: place, Role: role},
		domain.AssignTeam{Team: group, Project: place, Role: role},
		domain.UnassignTeam{Team: group, Project: place},
		domain.ArchiveOrganization{},
		domain.RestoreOrganization{},
		domain.RestoreOrganization{},
	}
	return all[t.IntN(len(all))]
}

// TestStreamTellsAllAccess plays random commands in a few organizations, with relays that end and
// begin anew, and reads the stream alone.
func TestStreamTellsAllAccess(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 2))
	orgs := []events.OrganizationID{"a", "b", "c"}
	n := rostertest.Start(t)
	for _, org := range orgs {
		create(n, org, 6)
	}
	for i := range 900 {
		org := orgs[chance.IntN(len(orgs))]
		if chance.IntN(3) == 0 {
			var several domain.Batch
			for range 2 + chance.IntN(4) {
				several = append(several, anyCommand(chance))
			}
			_, _ = n.Try(org, several) // it may be refused
		} else {
			_, _ = n.Try(org, anyCommand(chance))
		}
		if i%300 == 299 {
			n.Stop()
			n = n.StartAnother()
		}
	}
	for _, org := range orgs {
		_, _ = n.Try(org, domain.RestoreOrganization{})
		_, _ = n.Try(org, domain.CreateProject{Project: "last", Name: "L"}) // all owners are on it
	}
	r := read(t, n.Conn())
	r.through(n.Position())
	r.agrees(n.State())
	t.Log(len(r.ids), "messages")
}

// TestManyHoldUpNobody assigns a team of many in one organization, and then changes another one:
// that is told before the former is told to its end.
func TestManyHoldUpNobody(t *testing.T) {
	t.Parallel()
	const people = 3000
	n := rostertest.Start(t)
	create(n, "large", people)
	create(n, "small", 1)
	n.Do("large", domain.CreateTeam{Team: "t", Name: "T"})
	var joins domain.Batch
	for i := range people {
		joins = append(joins, domain.AddTeamMember{Team: "t", Member: person(i)})
	}
	for part := range slices.Chunk(joins, domain.MaxItems) {
		n.Do("large", part)
	}
	n.Do("large", domain.CreateProject{Project: "p", Name: "P"})
	n.Do("large", domain.AssignTeam{Team: "t", Project: "p", Role: "read"})
	n.Do("small", domain.CreateProject{Project: "p", Name: "P"})
	n.Do("large", domain.UnassignTeam{Team: "t", Project: "p"})
	n.Do("large", domain.AssignTeam{Team: "t", Project: "p", Role: "write"})
	r := read(t, n.Conn())
	r.through(n.Position())
	r.agrees(n.State())
	view := n.State()
	small := slices.IndexFunc(r.order, func(id string) bool { return id == fmt.Sprintf("small/%d/0", view.Organization("small").Version()) })
	last := slices.IndexFunc(r.order, func(id string) bool { return id == fmt.Sprintf("large/%d/0", view.Organization("large").Version()) })
	require.Positive(t, small)
	assert.Less(t, small, last, "the small organization is told of between the changes of the large one")
}

// TestAnotherRelayGoesOn has two nodes, of which the one that publishes is stopped.
func TestAnotherRelayGoesOn(t *testing.T) {
	t.Parallel()
	one := rostertest.Start(t)
	create(one, "acme", 3)
	two := one.StartAnother()
	for i := range 20 {
		one.Do("acme", domain.CreateProject{Project: project(i), Name: "P"})
	}
	one.Stop()
	for i := range 20 {
		two.Do("acme", domain.AddProjectMember{Project: project(i), Member: person(1), Role: "read"})
	}
	r := read(t, two.Conn())
	r.through(two.Position())
	r.agrees(two.State())
	assert.Len(t, slices.Collect(maps.Keys(r.ids)), len(r.order))
}

// TestStreamOfAnotherLedger has a stream that tells of a ledger which is gone.
func TestStreamOfAnotherLedger(t *testing.T) {
	t.Parallel()
	n := rostertest.Start(t)
	create(n, "old", 3)
	read(t, n.Conn()).through(n.Position())
	n.Stop()
	js, err := jetstream.New(n.Conn())
	require.NoError(t, err)
	require.NoError(t, js.DeleteStream(t.Context(), bus.StreamName))
	before, err := js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)

	n = n.StartAnother()
	create(n, "new", 3)
	n.Do("new", domain.CreateProject{Project: "p", Name: "P"})
	r := read(t, n.Conn())
	r.through(n.Position())
	r.agrees(n.State())
	after, err := js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	assert.Equal(t, before.CachedInfo().Created, after.CachedInfo().Created, "the stream is the same")
	assert.Greater(t, after.CachedInfo().State.FirstSeq, before.CachedInfo().State.LastSeq, "its sequence goes on")
}
