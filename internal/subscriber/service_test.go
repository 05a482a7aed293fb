package subscriber_test

import (
	"context"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/natsserver"
	"github.com/seed-2026d078/roster/scheme"
)

// node is a server with a feed that answers subscribers.
type node struct {
	t        testing.TB
	server   *natsserver.Server
	nc       *nats.Conn
	desk     *bus.Desk[domain.Roster, domain.Command]
	registry *subscriber.Registry
	service  *subscriber.Service
	stream   jetstream.Stream
}

// start starts a node with the organizations acme, which ada owns, and other.
func start(t testing.TB) *node {
	t.Helper()
	server := bustest.Server(t)
	nc := bustest.Connect(t, server)
	ledger := bustest.Open(t, nc)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // it ends before the server does
	r, err := relay.Open(ctx, nc, ledger, relay.Config{Log: log})
	require.NoError(t, err)
	follower := bus.NewFollower[domain.Roster](events.Checkpoint{})
	desk, err := bus.NewDesk[domain.Roster, domain.Command](ctx, ledger, domain.Roster{}, bus.DeskConfig{}, follower)
	require.NoError(t, err)
	registry, err := subscriber.Open(ctx, nc, 1)
	require.NoError(t, err)
	service, err := subscriber.NewService(ctx, nc, subscriber.Config{
		Registry: registry, Ledger: ledger, View: desk.View, Entries: subscriber.LedgerEntries(ledger), Log: log,
	})
	require.NoError(t, err)
	ended := make(chan error, 3)
	go func() { ended <- desk.Run(ctx) }()
	go func() { ended <- r.Run(ctx, follower) }()
	go func() { ended <- service.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		for range cap(ended) {
			assert.NoError(t, <-ended)
		}
	})
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	n := &node{t, server, nc, desk, registry, service, stream}
	for _, org := range []events.OrganizationID{"acme", "other"} {
		n.createOrganization(org)
	}
	require.Eventually(t, func() bool { // until then nobody answers
		_, err := nc.Request(feed.SubscriberSubject("nobody", feed.Organizations), []byte("{}"), time.Second)
		return err == nil
	}, time.Minute, time.Millisecond)
	return n
}

func (n *node) give(org events.OrganizationID, c domain.Command) events.Position {
	n.t.Helper()
	receipt, err := n.desk.Do(n.t.Context(), bus.Request[domain.Command]{Organization: org, Command: c})
	require.NoError(n.t, err)
	return receipt.Position
}

func (n *node) createOrganization(org events.OrganizationID) {
	n.t.Helper()
	all, err := scheme.BuiltIn()
	require.NoError(n.t, err)
	n.give(org, domain.CreateOrganization{Name: "Acme", Scheme: all["github"], Owner: "ada"})
}

func (n *node) addMember(org events.OrganizationID, member string) events.Position {
	n.t.Helper()
	return n.give(org, domain.AddMember{Member: events.UserID(member)})
}

// subscriber registers a subscriber that may read organizations as they are now; none: all.
func (n *node) subscriber(name string, organizations ...events.OrganizationID) {
	n.t.Helper()
	s := subscriber.Subscriber{Name: name, PublicKey: publicKey(n.t)}
	for _, org := range organizations {
		s.Organizations = append(s.Organizations, subscriber.Organization{ID: org, Created: n.desk.View().State.Organization(org).Created().Version})
	}
	_, err := n.registry.Create(n.t.Context(), s)
	require.NoError(n.t, err)
}

func publicKey(t testing.TB) string {
	t.Helper()
	pair, err := nkeys.CreateUser()
	require.NoError(t, err)
	key, err := pair.PublicKey()
	require.NoError(t, err)
	return key
}

// ask sends a request and reads the answer.
func ask[T any](n *node, name, what string, request any) (answer T) {
	n.t.Helper()
	text, is := request.(string)
	if !is {
		encoded, err := json.Marshal(request)
		require.NoError(n.t, err)
		text = string(encoded)
	}
	m, err := n.nc.Request(feed.SubscriberSubject(name, what), []byte(text), 10*time.Second)
	require.NoError(n.t, err)
	require.NoError(n.t, json.Unmarshal(m.Data, &answer), "%s", m.Data)
	return answer
}

func (n *node) open(name string, request any) feed.OpenResponse {
	n.t.Helper()
	return ask[feed.OpenResponse](n, name, feed.Open, request)
}

// refused opens what is refused, and returns why.
func (n *node) refused(name string, request any) feed.ProblemCode {
	n.t.Helper()
	answer := n.open(name, request)
	require.NotNil(n.t, answer.Problem, "it was opened")
	assert.NotEmpty(n.t, answer.Problem.Detail)
	assert.Empty(n.t, answer.Consumer)
	return answer.Problem.Code
}

// opened opens a consumer, and returns what it has up to a position: ids, in the order of the stream.
func (n *node) opened(name string, request feed.OpenRequest, through events.Position) []string {
	n.t.Helper()
	answer := n.open(name, request)
	require.Nil(n.t, answer.Problem)
	return n.read(answer, through)
}

// read reads from a consumer until a heartbeat says that everything up to a position is out, and returns the ids.
func (n *node) read(answer feed.OpenResponse, through events.Position) (ids []string) {
	n.t.Helper()
	n.each(answer, through, func(m jetstream.Msg) { ids = append(ids, m.Headers().Get(feed.ID)) })
	return ids
}

// each calls take with the messages of a consumer until a heartbeat says that everything up to a position is out.
func (n *node) each(answer feed.OpenResponse, through events.Position, take func(jetstream.Msg)) {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), 30*time.Second)
	defer cancel()
	consumer, err := n.stream.Consumer(ctx, answer.Consumer)
	require.NoError(n.t, err)
	messages, err := consumer.Messages(jetstream.PullPriorityGroup(answer.Group))
	require.NoError(n.t, err)
	pin := ""
	defer func() {
		messages.Stop()
		name, _, _ := strings.Cut(answer.Consumer, "-")
		assert.Nil(n.t, ask[feed.CloseResponse](n, name, feed.Close, feed.CloseRequest{Consumer: answer.Consumer, Group: answer.Group, Pin: pin}).Problem)
	}()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		require.NoError(n.t, err)
		pin = m.Headers().Get("Nats-Pin-Id")
		if consumer.CachedInfo().Config.AckPolicy == jetstream.AckExplicitPolicy {
			require.NoError(n.t, m.DoubleAck(ctx))
		}
		if m.Subject() != feed.HeartbeatSubject {
			take(m)
			continue
		}
		position, err := strconv.ParseUint(m.Headers().Get(feed.Position), 10, 64)
		require.NoError(n.t, err)
		if position >= uint64(through) {
			return
		}
	}
}

// withPrefix returns the ids that begin with a prefix.
func withPrefix(ids []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !strings.HasPrefix(id, prefix) })
}

func TestStarts(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	before := n.addMember("acme", "bob")
	last := n.addMember("acme", "cyd")
	n.opened("search", feed.OpenRequest{}, last) // the stream has it
	info, err := n.stream.Info(t.Context())
	require.NoError(t, err)
	for name, row := range map[string]struct {
		start feed.Start
		has   []string // of the ids that begin with acme/
		not   string
	}{
		"now":                     {start: feed.Start{}, not: "acme/3/0"},
		"the beginning":           {start: feed.Start{Beginning: true}, has: []string{"acme/1/0", "acme/2/0", "acme/3/0"}},
		"after a position":        {start: feed.Start{After: &before}, has: []string{"acme/3/0"}},
		"after the last position": {start: feed.Start{After: &last}, not: "acme/3/0"},
		"a time long ago":         {start: feed.Start{Time: time.Unix(0, 0)}, has: []string{"acme/1/0", "acme/3/0"}},
		"a sequence":              {start: feed.Start{Sequence: 2}, has: []string{"acme/3/0"}},
		"the last sequence":       {start: feed.Start{Sequence: info.State.LastSeq}, not: "acme/3/0"},
	} {
		t.Run(name, func(t *testing.T) {
			got := n.opened("search", feed.OpenRequest{Start: row.start}, last)
			for _, id := range row.has {
				assert.Contains(t, got, id)
			}
			assert.NotContains(t, got, row.not)
		})
	}
}

func TestWhatIsRead(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("everything")
	n.subscriber("one", "acme")
	last := n.addMember("other", "bob")
	beginning := feed.Start{Beginning: true}
	for name, row := range map[string]struct {
		subscriber string
		request    feed.OpenRequest
		acme       int
		other      int
	}{
		"all":                             {"everything", feed.OpenRequest{Start: beginning}, 2, 3},
		"one organization of all":         {"everything", feed.OpenRequest{Start: beginning, Organizations: []events.OrganizationID{"other"}}, 0, 3},
		"one type of all organizations":   {"everything", feed.OpenRequest{Start: beginning, Types: []events.Type{"organization.created.v1"}}, 1, 1},
		"one organization named twice":    {"everything", feed.OpenRequest{Start: beginning, Organizations: []events.OrganizationID{"acme", "acme"}}, 2, 0},
		"the only organization":           {"one", feed.OpenRequest{Start: beginning}, 2, 0},
		"a type of the only organization": {"one", feed.OpenRequest{Start: beginning, Types: []events.Type{"membership.joined.v1", "access.granted.v1"}}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := n.opened(row.subscriber, row.request, last)
			assert.Len(t, withPrefix(got, "acme/"), row.acme, "%v", got)
			assert.Len(t, withPrefix(got, "other/"), row.other, "%v", got)
		})
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("everything")
	n.subscriber("one", "acme")
	position := events.Position(1)
	toCome := events.Position(1000)
	var many []events.OrganizationID
	for i := range 1001/len(events.Types()) + 1 {
		many = append(many, events.OrganizationID("org"+strconv.Itoa(i)))
	}
	for name, row := range map[string]struct {
		subscriber string
		request    any
		code       feed.ProblemCode
	}{
		"nobody":                     {"stranger", feed.OpenRequest{}, feed.Forbidden},
		"no name":                    {"One", feed.OpenRequest{}, feed.Forbidden},
		"another organization":       {"one", feed.OpenRequest{Organizations: []events.OrganizationID{"acme", "other"}}, feed.Forbidden},
		"all organizations by a dot": {"one", feed.OpenRequest{Organizations: []events.OrganizationID{"*"}}, feed.Forbidden},
		"subjects as organization":   {"one", feed.OpenRequest{Organizations: []events.OrganizationID{"acme.>"}}, feed.Forbidden},
		"a wildcard as type":         {"one", feed.OpenRequest{Types: []events.Type{"membership.*"}}, feed.Invalid},
		"more types than can be":     {"everything", feed.OpenRequest{Organizations: many, Types: events.Types()}, feed.Invalid},
		"a type that there is not":   {"one", feed.OpenRequest{Types: []events.Type{"membership.joined.v1", "no.such_event.v1"}}, feed.Invalid},
		"a position to come":         {"one", feed.OpenRequest{Start: feed.Start{After: &toCome}}, feed.SnapshotNeeded},
		"a time to come":             {"one", feed.OpenRequest{Start: feed.Start{Time: time.Now().Add(time.Hour)}}, feed.Invalid},
		"two starts":                 {"one", feed.OpenRequest{Start: feed.Start{Beginning: true, After: &position}}, feed.Invalid},
		"a sequence behind the end":  {"one", feed.OpenRequest{Start: feed.Start{Sequence: math.MaxUint64 - 1}}, feed.SnapshotNeeded},
		"no JSON":                    {"one", "{", feed.Invalid},
		"an unknown field":           {"one", `{"deliver_subject": "x"}`, feed.Invalid},
		"a large request":            {"one", `{"organizations": ["` + strings.Repeat("a", 64<<10) + `"]}`, feed.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, row.code, n.refused(row.subscriber, row.request))
		})
	}
}

// TestReadersHaveConsumersOfTheirOwn opens as many as can be, and has one that is gone pull with what it knew.
func TestReadersHaveConsumersOfTheirOwn(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	names := map[string]bool{}
	var first feed.OpenResponse
	for i := range feed.MaxReaders {
		answer := n.open("search", feed.OpenRequest{})
		require.Nil(t, answer.Problem)
		names[answer.Consumer] = true
		if i == 0 {
			first = answer
		}
	}
	assert.Len(t, names, feed.MaxReaders)
	assert.Equal(t, feed.TooManyReaders, n.refused("search", feed.OpenRequest{}))
	require.NoError(t, n.stream.DeleteConsumer(t.Context(), first.Consumer))
	again := n.open("search", feed.OpenRequest{})
	assert.Equal(t, first.Consumer, again.Consumer)
	assert.NotEqual(t, first.Group, again.Group)

	consumer, err := n.stream.Consumer(t.Context(), first.Consumer)
	require.NoError(t, err)
	batch, err := consumer.Fetch(1, jetstream.FetchPriorityGroup(first.Group), jetstream.FetchMaxWait(2*time.Second))
	require.NoError(t, err)
	for m := range batch.Messages() {
		assert.Fail(t, "a reader that was gone got a message", m.Subject())
	}
	require.Error(t, batch.Error())
}

func TestDurableGoesOn(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search", "acme")
	last := n.addMember("acme", "bob")
	beginning := feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}}
	got := n.opened("search", beginning, last)
	assert.Contains(t, got, "acme/1/0")
	last = n.addMember("acme", "cyd")
	assert.Equal(t, []string{"acme/3/0"}, n.opened("search", beginning, last), "it goes on")
	last = n.addMember("acme", "dan")
	narrow := beginning
	narrow.Types = []events.Type{"organization.created.v1"}
	assert.Empty(t, n.opened("search", narrow, last), "with another filter")
	narrow.Restart = true
	assert.Equal(t, []string{"acme/1/0"}, n.opened("search", narrow, last), "anew")
}

func TestOneSubscriberIsAnsweredOnlySoOften(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	n.subscriber("other")
	require.Eventually(t, func() bool {
		answer := n.open("search", "{")
		return answer.Problem.Code == feed.Unavailable
	}, 30*time.Second, time.Nanosecond)
	assert.Nil(t, n.open("other", feed.OpenRequest{}).Problem, "another one is answered")
}

// TestRequestThatThereIsNot has one ask what nobody can answer. It is told what there is.
func TestRequestThatThereIsNot(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	for _, what := range []string{"opens", "Open", "problem"} {
		problem := ask[feed.OpenResponse](n, "search", what, "{}").Problem
		require.NotNil(t, problem, what)
		assert.Equal(t, feed.Invalid, problem.Code)
		assert.Contains(t, problem.Detail, `"roster.subscribers.search.`+what+`"`)
		assert.Contains(t, problem.Detail, "send on roster.subscribers.search. and one of close, dead_letter, history, open, ")
	}
}

// TestEachOfManyRequestsIsAnswered has one send far more requests at once than it may. Each one gets an answer.
func TestEachOfManyRequestsIsAnswered(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	const requests = 500
	inbox := n.nc.NewInbox()
	answers, err := n.nc.SubscribeSync(inbox)
	require.NoError(t, err)
	for i := range requests {
		what := []string{feed.Organizations, feed.DeadLetter, "opens"}[i%3]
		require.NoError(t, n.nc.PublishRequest(feed.SubscriberSubject("search", what), inbox, []byte("{}")))
	}
	codes := map[feed.ProblemCode]int{}
	for range requests {
		m, err := answers.NextMsg(30 * time.Second)
		require.NoError(t, err)
		var answer feed.DeadLetterResponse
		require.NoError(t, json.Unmarshal(m.Data, &answer))
		if answer.Problem != nil {
			codes[answer.Problem.Code]++
		}
	}
	assert.Greater(t, codes[feed.Unavailable], requests/2)
}

// TestFloodOfOneSubscriber has one ask as fast as it can. Another one is answered.
func TestFloodOfOneSubscriber(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	n.subscriber("other")
	flood := bustest.Connect(t, n.server)
	inbox := flood.NewInbox()
	_, err := flood.Subscribe(inbox, func(*nats.Msg) {})
	require.NoError(t, err)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		body := make([]byte, 1000)
		for {
			select {
			case <-stop:
				return
			default:
			}
			time.Sleep(200 * time.Microsecond) // some 10,000 requests a second, and not all of the processors
			for _, what := range []string{feed.Open, feed.Progress, feed.DeadLetter, feed.History} {
				_ = flood.PublishRequest(feed.SubscriberSubject("search", what), inbox, body)
			}
		}
	}()
	for what, body := range map[string]string{feed.Organizations: "{}", feed.Progress: `{"replica":"one","instance":"a","number":1}`, feed.Open: "{}"} {
		require.Eventually(t, func() bool {
			m, err := n.nc.Request(feed.SubscriberSubject("other", what), []byte(body), 5*time.Second)
			return err == nil && !strings.Contains(string(m.Data), "problem")
		}, time.Minute, time.Millisecond, what)
	}
	close(stop)
	<-ended
}

func TestNeverASilentGap(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	last := n.addMember("acme", "bob")
	n.opened("search", feed.OpenRequest{}, last) // so that now is behind it
	n.opened("search", feed.OpenRequest{Durable: true}, last)
	info, err := n.stream.Info(t.Context())
	require.NoError(t, err)
	require.NoError(t, n.stream.Purge(t.Context(), jetstream.WithPurgeSequence(info.State.LastSeq)))
	position := events.Position(1)
	for name, start := range map[string]feed.Start{
		"the beginning": {Beginning: true}, "a position": {After: &position}, "a time": {Time: time.Unix(0, 0)}, "a sequence": {Sequence: 1},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, feed.SnapshotNeeded, n.refused("search", feed.OpenRequest{Start: start}))
			assert.Equal(t, feed.SnapshotNeeded, n.refused("search", feed.OpenRequest{Durable: true, Restart: true, Start: start}))
		})
	}
	assert.Nil(t, n.open("search", feed.OpenRequest{Start: feed.Start{After: &last}}).Problem, "nothing was dropped behind it")
	assert.Nil(t, n.open("search", feed.OpenRequest{Durable: true}).Problem, "a restart that was refused has changed nothing")
}

func TestClosingIsForOneReader(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	n.subscriber("other")
	closing := func(name string, request feed.CloseRequest) *feed.Problem {
		return ask[feed.CloseResponse](n, name, feed.Close, request).Problem
	}
	answer := n.open("search", feed.OpenRequest{})
	require.Nil(t, answer.Problem)
	assert.Equal(t, feed.Forbidden, closing("other", feed.CloseRequest{Consumer: answer.Consumer, Group: answer.Group}).Code)
	assert.Nil(t, closing("search", feed.CloseRequest{Consumer: answer.Consumer, Group: "another"}))
	_, err := n.stream.Consumer(t.Context(), answer.Consumer)
	require.NoError(t, err, "it is still there")
	for range 2 { // twice is no problem
		assert.Nil(t, closing("search", feed.CloseRequest{Consumer: answer.Consumer, Group: answer.Group}))
	}
	_, err = n.stream.Consumer(t.Context(), answer.Consumer)
	require.ErrorIs(t, err, jetstream.ErrConsumerNotFound)
	durable := n.open("search", feed.OpenRequest{Durable: true})
	require.Nil(t, durable.Problem)
	assert.Nil(t, closing("search", feed.CloseRequest{Consumer: durable.Consumer, Group: durable.Group}))
	_, err = n.stream.Consumer(t.Context(), durable.Consumer)
	require.NoError(t, err, "a durable one stays")
}

func TestOrganizationsThatMayBeRead(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("all")
	n.subscriber("one", "acme")
	for name, row := range map[string]struct {
		subscriber string
		after      events.OrganizationID
		want       []events.OrganizationID
	}{
		"all":               {"all", "", []events.OrganizationID{"acme", "other"}},
		"all but the first": {"all", "acme", []events.OrganizationID{"other"}},
		"one":               {"one", "", []events.OrganizationID{"acme"}},
		"none behind it":    {"one", "acme", []events.OrganizationID{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask[feed.OrganizationsResponse](n, row.subscriber, feed.Organizations, feed.OrganizationsRequest{After: row.after})
			require.Nil(t, got.Problem)
			assert.Equal(t, row.want, got.Organizations)
			assert.Equal(t, n.desk.View().Position, got.Position)
			assert.False(t, got.More)
		})
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("one", "acme")
	last := n.addMember("acme", "bob")
	n.addMember("other", "cyd")
	page := ask[feed.HistoryResponse](n, "one", feed.History, feed.HistoryRequest{Organization: "acme"})
	require.Nil(t, page.Problem)
	require.Len(t, page.Entries, 2)
	assert.False(t, page.More)
	assert.Equal(t, n.desk.View().Position, page.Position)
	assert.Equal(t, last, page.Entries[1].Position)
	assert.Equal(t, events.Version(2), page.Entries[1].Version)
	assert.Equal(t, events.Type("membership.joined.v1"), page.Entries[1].Events[0].Type)
	for name, row := range map[string]struct {
		request feed.HistoryRequest
		want    int
		problem feed.ProblemCode
	}{
		"behind a version":               {feed.HistoryRequest{Organization: "acme", After: 1}, 1, ""},
		"behind a version that is found": {feed.HistoryRequest{Organization: "acme", After: 1, Position: page.Entries[0].Position}, 1, ""},
		"behind the last version":        {feed.HistoryRequest{Organization: "acme", After: 2, Position: last}, 0, ""},
		"behind what is to come":         {feed.HistoryRequest{Organization: "acme", After: 9}, 0, ""},
		"a version at a wrong position":  {feed.HistoryRequest{Organization: "acme", After: 1, Position: last}, 0, feed.Invalid},
		"a position that is to come":     {feed.HistoryRequest{Organization: "acme", After: 1, Position: 1000}, 0, feed.Invalid},
		"another organization":           {feed.HistoryRequest{Organization: "other"}, 0, feed.Forbidden},
		"no organization":                {feed.HistoryRequest{}, 0, feed.Forbidden},
	} {
		t.Run(name, func(t *testing.T) {
			got := ask[feed.HistoryResponse](n, "one", feed.History, row.request)
			if row.problem != "" {
				require.NotNil(t, got.Problem)
				assert.Equal(t, row.problem, got.Problem.Code)
				return
			}
			require.Nil(t, got.Problem)
			assert.Len(t, got.Entries, row.want)
		})
	}
}

// TestHistoryInPages reads one that is larger than a page, and holds it against the stream.
func TestHistoryInPages(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("all")
	large := strings.Repeat("x", 10_000)
	count := 0
	for size := 0; size < 1<<20; size += len(large) {
		n.give("acme", domain.CreateProject{Project: events.ProjectID("p" + strconv.Itoa(count)), Name: "P", Description: large})
		count++
	}
	last := n.desk.View().Position
	type message struct{ id, data string }
	var told, found []message
	answer := n.open("all", feed.OpenRequest{Start: feed.Start{Beginning: true}, Organizations: []events.OrganizationID{"acme"}})
	n.each(answer, last, func(m jetstream.Msg) {
		if id := m.Headers().Get(feed.ID); !strings.Contains(id, "access") {
			told = append(told, message{id, string(m.Data())})
		}
	})
	request, pages := feed.HistoryRequest{Organization: "acme"}, 0
	for more := true; more; pages++ {
		page := ask[feed.HistoryResponse](n, "all", feed.History, request)
		require.Nil(t, page.Problem)
		require.NotEmpty(t, page.Entries)
		for _, entry := range page.Entries {
			for i, e := range entry.Events {
				found = append(found, message{events.Origin{Version: entry.Version, Index: i}.ID("acme"), string(e.Data)})
			}
			request.After, request.Position = entry.Version, entry.Position
		}
		more = page.More
	}
	assert.Greater(t, pages, 1)
	assert.Equal(t, told, found)
}
