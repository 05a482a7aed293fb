package replica_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/clock/clocktest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/natsserver"
	"github.com/seed-2026d078/roster/replica"
)

// withProject creates an organization in which u0 may write on a project.
func (s *server) withProject(org events.OrganizationID) {
	s.t.Helper()
	s.create(org, "github", 2)
	s.give(org, domain.CreateProject{Project: "site", Name: "Site"})
	s.give(org, domain.AddProjectMember{Project: "site", Member: "u0", Role: "write"})
}

// check asks whether u0 may write on the project.
func check(r *replica.Replica, org events.OrganizationID) (bool, error) {
	return r.Check(org, "u0", "site", "code", "full")
}

// eventually waits until a replica answers something without an error.
func eventually(t *testing.T, r *replica.Replica, org events.OrganizationID, want bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		got, err := check(r, org)
		return err == nil && got == want
	}, time.Minute, 5*time.Millisecond)
}

func TestChecksEndWhenNothingIsHeard(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.withProject("acme")
	var m clocktest.Machine
	r := s.open(replica.Options{Now: m.Time, Elapsed: m.Elapsed})
	open := s.open(replica.Options{Now: m.Time, Elapsed: m.Elapsed, FailOpen: true})
	eventually(t, r, "acme", true)

	s.stopRelay()
	s.give("acme", domain.RemoveMember{Member: "u0"})
	m.Pass(10 * time.Second)
	for range 100 { // the last heartbeat may come now: it is late
		got, err := check(r, "acme")
		var stale *replica.StaleError
		require.ErrorAs(t, err, &stale)
		require.False(t, got)
		assert.Equal(t, 5*time.Second, stale.Max)
		assert.Greater(t, stale.For, stale.Max)
	}
	got, err := check(open, "acme")
	require.NoError(t, err, "the owner wants answers from what there is")
	assert.True(t, got)
	assert.Greater(t, open.Staleness(), 5*time.Second)

	s.startRelay()
	eventually(t, r, "acme", false)
	eventually(t, open, "acme", false)
}

func TestEndsAreJudgedByRostersClock(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.withProject("acme")
	s.give("acme", domain.ChangeProjectMemberEnd{Project: "site", Member: "u0", Until: time.Now().Add(time.Hour)})
	var m clocktest.Machine
	m.Set(1000 * 24 * time.Hour)
	r := s.open(replica.Options{Now: m.Time, Elapsed: m.Elapsed, FailOpen: true})
	eventually(t, r, "acme", true) // after two heartbeats, though the machine is years ahead

	s.stopRelay()
	m.Pass(2 * time.Hour)
	got, err := check(r, "acme")
	require.NoError(t, err)
	assert.False(t, got, "the grant has ended meanwhile, and nobody said so")
}

func TestAnotherOrganizationIsNotThere(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, org := range []events.OrganizationID{"a", "b", "c"} {
		s.withProject(org)
	}
	s.subscriber("few", "a", "b")
	few := s.open(replica.Options{Subscriber: "few"})
	named := s.open(replica.Options{Organizations: []events.OrganizationID{"a"}})
	all := s.open(replica.Options{})
	s.withProject("d")
	for _, org := range []events.OrganizationID{"a", "b"} {
		s.give(org, domain.ChangeProjectMemberRole{Project: "site", Member: "u0", To: "read"})
	}
	for _, r := range []*replica.Replica{few, named, all} {
		s.wait(r)
		eventually(t, r, "a", false)
	}
	for _, org := range []events.OrganizationID{"c", "d"} {
		eventually(t, all, org, true)
	}
	s.give("b", domain.DeleteOrganization{})
	s.wait(few)
	s.wait(all)
	for name, row := range map[string]struct {
		replica *replica.Replica
		org     events.OrganizationID
	}{
		"that the subscriber may not read":       {few, "c"},
		"created later, that it may not read":    {few, "d"},
		"that was deleted":                       {few, "b"},
		"that was deleted, among all":            {all, "b"},
		"that there never was":                   {all, "nowhere"},
		"without an id":                          {all, ""},
		"that is not named":                      {named, "c"},
		"that is not named, and was there never": {named, "nowhere"},
	} {
		for question, ask := range map[string]func() error{
			"Check": func() error {
				_, err := check(row.replica, row.org)
				return err
			},
			"CheckInOrganization": func() error {
				_, err := row.replica.CheckInOrganization(row.org, "u0", "members", "full")
				return err
			},
			"Explain": func() error {
				_, err := row.replica.Explain(row.org, "u0", "site", "code", "full")
				return err
			},
			"Members": func() error {
				_, err := row.replica.Members(row.org)
				return err
			},
			"Projects": func() error {
				_, err := row.replica.Projects(row.org)
				return err
			},
			"Organization": func() error {
				_, err := row.replica.Organization(row.org)
				return err
			},
		} {
			require.ErrorIs(t, ask(), replica.ErrNotReplicated, "%s of an organization %s", question, name)
		}
	}
	require.ErrorIs(t, named.WaitVersion(t.Context(), "c", 1), replica.ErrNotReplicated)
}

func TestMissingMessagesAreReadFromHistory(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.create("acme", "github", 1)
	r := s.open(replica.Options{})
	var consumer jetstream.ConsumerConfig
	require.Eventually(t, func() bool {
		found, err := s.stream().Consumer(t.Context(), "tester-1")
		if err == nil {
			consumer = found.CachedInfo().Config
		}
		return err == nil
	}, time.Minute, 5*time.Millisecond)
	consumer.FilterSubjects = []string{feed.HeartbeatSubject, feed.Subject("*", 0, "membership.>")}
	_, err := s.stream().UpdateConsumer(t.Context(), consumer)
	require.NoError(t, err)
	s.give("acme", domain.CreateProject{Project: "site", Name: "Site"})
	s.give("acme", domain.AddProjectMember{Project: "site", Member: "u0", Role: "write"})
	s.give("acme", domain.AddMember{Member: "u1"})
	eventually(t, r, "acme", true)
	assert.Equal(t, s.desk.View().State.Organization("acme").Version(), r.Version("acme"))
}

// TestRetentionOvertakesAReplica has the stream drop a message that the replica's consumer has not got. NATS goes on behind it,
// and the numbers of the consumer have no gap.
func TestRetentionOvertakesAReplica(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*server){
		"and heartbeats say so": func(*server) {},
		"and Roster deletes the consumer": func(s *server) {
			if err := s.stream().DeleteConsumer(s.t.Context(), "tester-1"); !errors.Is(err, jetstream.ErrConsumerNotFound) {
				require.NoError(s.t, err) // heartbeats may have said so before
			}
		},
		"and another relay begins": func(s *server) {
			s.stopRelay()
			s.startRelay()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			s.withProject("acme")
			r := s.open(replica.Options{})
			s.wait(r)
			s.give("acme", domain.AddMember{Member: "u7"})
			s.wait(r)
			require.Eventually(t, func() bool {
				_, err := s.stream().Consumer(t.Context(), "tester-1")
				return err == nil
			}, time.Minute, 5*time.Millisecond)
			_, err := s.stream().PauseConsumer(t.Context(), "tester-1", time.Now().Add(time.Minute))
			require.NoError(t, err)
			s.give("acme", domain.RemoveMember{Member: "u0"})
			removed := s.desk.View().Position
			require.Eventually(t, func() bool { return s.heartbeat() >= removed }, time.Minute, 5*time.Millisecond)
			require.NoError(t, s.stream().Purge(t.Context(), jetstream.WithPurgeSubject(feed.Subject("*", 0, ">"))))
			_, err = s.stream().ResumeConsumer(t.Context(), "tester-1")
			require.NoError(t, err)
			end(s)
			eventually(t, r, "acme", false)
		})
	}
}

// heartbeat returns the position of the last heartbeat.
func (s *server) heartbeat() events.Position {
	s.t.Helper()
	m, err := s.stream().GetLastMsgForSubject(s.t.Context(), feed.HeartbeatSubject)
	require.NoError(s.t, err)
	position, err := strconv.ParseUint(m.Header.Get(feed.Position), 10, 64)
	require.NoError(s.t, err)
	return events.Position(position)
}

// TestAnotherOrganizationWithTheSameID deletes an organization and creates another one with its id.
func TestAnotherOrganizationWithTheSameID(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.withProject("acme")
	all := s.open(replica.Options{})
	s.give("acme", domain.DeleteOrganization{})
	s.withProject("acme")
	s.subscriber("second", "acme")
	second := s.open(replica.Options{Subscriber: "second"})
	for _, r := range []*replica.Replica{all, second} {
		s.wait(r)
		got, err := check(r, "acme")
		require.NoError(t, err)
		assert.True(t, got)
	}
}

func TestProgramOlderThanTheStream(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	answer := func(what string, response any) {
		_, err := nc.Subscribe(feed.SubscriberSubject("tester", what), func(m *nats.Msg) {
			body, err := json.Marshal(response)
			assert.NoError(t, err)
			assert.NoError(t, m.Respond(body))
		})
		require.NoError(t, err)
	}
	answer(feed.Organizations, feed.OrganizationsResponse{Organizations: []events.OrganizationID{"acme"}, Position: 1})
	answer(feed.History, feed.HistoryResponse{Position: 1, Entries: []feed.HistoryEntry{
		{Position: 1, Version: 1, Events: []feed.HistoryEvent{{Type: "organization.painted.v1", Data: jsontext.Value("{}")}}},
	}})
	_, err := replica.Open(t.Context(), nc, replica.Options{Subscriber: "tester"})
	require.ErrorIs(t, err, events.ErrNewer)
}

func TestStrangersOpenNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	_, err := replica.Open(t.Context(), s.nc, replica.Options{Subscriber: "stranger"})
	var problem *feed.Problem
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, feed.Forbidden, problem.Code)
	_, err = replica.Open(t.Context(), s.nc, replica.Options{Subscriber: "*"})
	require.ErrorContains(t, err, `"*" is no name of a subscriber`)
}

func TestNoAnswerEndsOpen(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	_, err := nc.Subscribe(feed.SubscriberSubject("tester", ">"), func(*nats.Msg) {}) // nothing answers
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = replica.Open(ctx, nc, replica.Options{Subscriber: "tester"})
	require.ErrorContains(t, err, "no answer after 5s: does Roster run, with the feed?")
	require.NoError(t, ctx.Err())
}

func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.withProject("acme")
	changes := make(chan replica.Change, 10)
	r := s.open(replica.Options{OnChange: func(c replica.Change) { changes <- c }})
	last := r.Version("acme")
	s.give("acme", domain.AddMember{Member: "u7"})
	s.give("acme", domain.RemoveMember{Member: "u0"})

	c := <-changes
	assert.Equal(t, last+1, c.Version)
	c = <-changes
	assert.Equal(t, last+2, c.Version)
	assert.Equal(t, s.desk.View().Position, c.Position)
	got, err := check(r, "acme")
	require.NoError(t, err)
	assert.False(t, got, "the change is visible when it is told")
	lost, all := c.Access(10)
	require.True(t, all)
	require.Equal(t, 1, lost.Len())
	assert.Equal(t, events.UserID("u0"), lost.At(0).User)
	assert.Equal(t, events.RoleKey("write"), lost.At(0).From.Role)
}

func TestRestartOfNATS(t *testing.T) {
	t.Parallel()
	cfg := natsserver.Config{Dir: t.TempDir(), Port: -1, Unsynced: true}
	server, err := natsserver.Start(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { server.Shutdown() })
	s := newServerOn(t, bustest.Dial(t, server.URL()))
	s.withProject("acme")
	r := s.open(replica.Options{})
	server.Shutdown()
	cfg.Port = portOf(t, server.URL())
	server, err = natsserver.Start(cfg)
	require.NoError(t, err)
	require.Eventually(t, func() bool { return s.try("acme", domain.RemoveMember{Member: "u0"}) == nil }, time.Minute, 10*time.Millisecond)
	s.wait(r)
	eventually(t, r, "acme", false)
}

func TestReplicaTellsItsProgress(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.withProject("acme")
	told, err := s.nc.SubscribeSync(feed.SubscriberSubject("tester", feed.Progress))
	require.NoError(t, err)
	r := s.open(replica.Options{Replica: "one", MaxStaleness: 3 * time.Second})
	next := func() (report feed.ProgressReport) {
		m, err := told.NextMsg(time.Minute)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(m.Data, &report))
		return report
	}
	want := feed.ProgressReport{Replica: "one", Number: 1, Position: s.desk.View().Position, Closed: true, Bound: 3}
	first := next()
	require.NotEmpty(t, first.Instance)
	want.Instance = first.Instance
	require.Equal(t, want, first)

	r.Close()
	_, err = check(r, "acme")
	require.ErrorIs(t, err, replica.ErrClosed)
	require.ErrorIs(t, r.Wait(t.Context(), 1000), replica.ErrClosed)
	last := next()
	for ; !last.Ended; last = next() {
		want.Number++
		require.Equal(t, want, last)
	}
	want.Number, want.Ended = want.Number+1, true
	require.Equal(t, want, last)
}
