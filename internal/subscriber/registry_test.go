package subscriber_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

func TestMain(m *testing.M) { bustest.Main(m) }

func TestRegistryKeepsSubscribers(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	registry, err := subscriber.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	got, err := registry.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, got)

	search, err := registry.Create(t.Context(), subscriber.Subscriber{Name: "search", PublicKey: publicKey(t), Organizations: []subscriber.Organization{{ID: "acme", Created: 1}}})
	require.NoError(t, err)
	assert.False(t, search.Created.IsZero())
	chat, err := registry.Create(t.Context(), subscriber.Subscriber{Name: "chat", PublicKey: publicKey(t)})
	require.NoError(t, err)

	again, err := subscriber.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	got, err = again.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []subscriber.Subscriber{chat, search}, got)

	key := publicKey(t)
	rotated, err := registry.Rotate(t.Context(), "search", key)
	require.NoError(t, err)
	assert.Equal(t, key, rotated.PublicKey)
	assert.False(t, rotated.Rotated.IsZero())
	found, err := again.Get(t.Context(), "search")
	require.NoError(t, err)
	assert.Equal(t, rotated, found)

	require.NoError(t, registry.Revoke(t.Context(), "search"))
	_, err = again.Get(t.Context(), "search")
	require.ErrorIs(t, err, subscriber.ErrUnknown)
	_, err = registry.Create(t.Context(), search)
	require.NoError(t, err, "the name can be given again")
}

func TestRegistryRefuses(t *testing.T) {
	t.Parallel()
	registry, err := subscriber.Open(t.Context(), bustest.New(t), 1)
	require.NoError(t, err)
	taken, err := registry.Create(t.Context(), subscriber.Subscriber{Name: "search", PublicKey: publicKey(t)})
	require.NoError(t, err)
	account, err := nkeys.CreateAccount()
	require.NoError(t, err)
	accountKey, err := account.PublicKey()
	require.NoError(t, err)
	for name, row := range map[string]struct {
		given subscriber.Subscriber
		err   error
	}{
		"a name that is taken":        {subscriber.Subscriber{Name: "search", PublicKey: publicKey(t)}, subscriber.ErrTaken},
		"a key that is taken":         {subscriber.Subscriber{Name: "chat", PublicKey: taken.PublicKey}, subscriber.ErrKeyTaken},
		"no name":                     {subscriber.Subscriber{PublicKey: publicKey(t)}, subscriber.ErrName},
		"a capital letter":            {subscriber.Subscriber{Name: "Chat", PublicKey: publicKey(t)}, subscriber.ErrName},
		"a name with a dot":           {subscriber.Subscriber{Name: "a.b", PublicKey: publicKey(t)}, subscriber.ErrName},
		"a name with a line break":    {subscriber.Subscriber{Name: "chat\n", PublicKey: publicKey(t)}, subscriber.ErrName},
		"the name of a reader":        {subscriber.Subscriber{Name: "search-1", PublicKey: publicKey(t)}, subscriber.ErrName},
		"no key":                      {subscriber.Subscriber{Name: "chat"}, subscriber.ErrKey},
		"the key of an account":       {subscriber.Subscriber{Name: "chat", PublicKey: accountKey}, subscriber.ErrKey},
		"more organizations than can": {subscriber.Subscriber{Name: "chat", PublicKey: publicKey(t), Organizations: make([]subscriber.Organization, 201)}, subscriber.ErrTooMany},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := registry.Create(t.Context(), row.given)
			require.ErrorIs(t, err, row.err)
		})
	}
	_, err = registry.Rotate(t.Context(), "search", taken.PublicKey)
	require.ErrorIs(t, err, subscriber.ErrKeyTaken)
	_, err = registry.Rotate(t.Context(), "search", accountKey)
	require.ErrorIs(t, err, subscriber.ErrKey)
	_, err = registry.Rotate(t.Context(), "nobody", publicKey(t))
	require.ErrorIs(t, err, subscriber.ErrUnknown)
	require.ErrorIs(t, registry.Revoke(t.Context(), "nobody"), subscriber.ErrUnknown)
	_, err = registry.Get(t.Context(), "*")
	require.ErrorIs(t, err, subscriber.ErrUnknown)
}

func TestRegistryTellsOfChanges(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	registry, err := subscriber.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	heard, ended := make(chan []string, 10), make(chan error, 1)
	go func() {
		ended <- registry.Watch(ctx, func(all []subscriber.Subscriber) error {
			names := []string{}
			for _, s := range all {
				names = append(names, s.Name)
			}
			heard <- names
			return nil
		})
	}()
	assert.Empty(t, <-heard)
	for _, name := range []string{"search", "chat"} {
		_, err := registry.Create(t.Context(), subscriber.Subscriber{Name: name, PublicKey: publicKey(t)})
		require.NoError(t, err)
	}
	assert.Equal(t, []string{"search"}, <-heard)
	assert.Equal(t, []string{"chat", "search"}, <-heard)
	require.NoError(t, registry.Revoke(t.Context(), "search"))
	assert.Equal(t, []string{"chat"}, <-heard)
	cancel()
	require.NoError(t, <-ended)
}

// TestRevokeLeavesNothing has consumers of a subscriber, and gives the name again.
func TestRevokeLeavesNothing(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search", "acme")
	n.subscriber("search2", "acme")
	for _, name := range []string{"search", "search2"} {
		require.Nil(t, n.open(name, feed.OpenRequest{Durable: true}).Problem)
		require.Nil(t, n.open(name, feed.OpenRequest{}).Problem)
	}
	require.NoError(t, n.registry.Revoke(t.Context(), "search"))
	assert.Equal(t, feed.Forbidden, n.refused("search", feed.OpenRequest{Durable: true}))
	for _, name := range []string{"search", "search-1"} {
		_, err := n.stream.Consumer(t.Context(), name)
		require.ErrorIs(t, err, jetstream.ErrConsumerNotFound)
	}
	for _, name := range []string{"search2", "search2-1"} {
		_, err := n.stream.Consumer(t.Context(), name)
		require.NoError(t, err)
	}
	n.subscriber("search", "other")
	answer := n.open("search", feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}})
	require.Nil(t, answer.Problem)
	assert.Empty(t, withPrefix(n.read(answer, n.addMember("acme", "bob")), "acme/"))
}

// TestAnotherOrganizationWithTheSameID deletes an organization that a subscriber reads, and creates another one.
func TestAnotherOrganizationWithTheSameID(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search", "acme")
	n.subscriber("both", "acme", "other")
	acme := feed.OpenRequest{Organizations: []events.OrganizationID{"acme"}}
	require.Nil(t, n.open("search", acme).Problem)
	n.give("acme", domain.DeleteOrganization{})
	require.Nil(t, n.open("search", acme).Problem, "its end can be read")
	n.createOrganization("acme")
	assert.Equal(t, feed.Forbidden, n.refused("search", acme))
	assert.Equal(t, feed.Forbidden, n.refused("search", feed.OpenRequest{}))
	assert.Equal(t, feed.Forbidden, n.refused("both", acme))
	page := ask[feed.HistoryResponse](n, "both", feed.History, feed.HistoryRequest{Organization: "acme"})
	require.NotNil(t, page.Problem)
	assert.Equal(t, feed.Forbidden, page.Problem.Code)
	n.subscriber("later", "acme")
	page = ask[feed.HistoryResponse](n, "later", feed.History, feed.HistoryRequest{Organization: "acme"})
	require.Nil(t, page.Problem)
	require.Len(t, page.Entries, 1, "what was there before is left out")
	assert.Equal(t, events.Type("organization.created.v1"), page.Entries[0].Events[0].Type)
	answer := n.open("both", feed.OpenRequest{Start: feed.Start{Beginning: true}})
	require.Nil(t, answer.Problem)
	got := n.read(answer, n.addMember("acme", "bob"))
	assert.Empty(t, withPrefix(got, "acme/"))
	assert.NotEmpty(t, withPrefix(got, "other/"))
}

// TestCreatedIsTold creates subscribers while somebody watches: each was told of when it is there.
func TestCreatedIsTold(t *testing.T) {
	t.Parallel()
	registry, err := subscriber.Open(t.Context(), bustest.New(t), 1)
	require.NoError(t, err)
	var known sync.Map
	begun := make(chan struct{}, 10)
	go func() {
		assert.NoError(t, registry.Watch(t.Context(), func(all []subscriber.Subscriber) error {
			for _, s := range all {
				known.Store(s.Name+s.PublicKey, true)
			}
			begun <- struct{}{}
			return nil
		}))
	}()
	<-begun
	for _, name := range []string{"search", "billing"} {
		s, err := registry.Create(t.Context(), subscriber.Subscriber{Name: name, PublicKey: publicKey(t)})
		require.NoError(t, err)
		_, is := known.Load(name + s.PublicKey)
		assert.True(t, is, "%s is there", name)
		s, err = registry.Rotate(t.Context(), name, publicKey(t))
		require.NoError(t, err)
		_, is = known.Load(name + s.PublicKey)
		assert.True(t, is, "%s has another key", name)
	}
}

// TestOneKeyForOneSubscriber creates subscribers, and rotates their keys, at the same time and with the same key, on two nodes. One of
// them has it.
func TestOneKeyForOneSubscriber(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	var nodes []*subscriber.Registry
	for range 2 {
		registry, err := subscriber.Open(t.Context(), nc, 1)
		require.NoError(t, err)
		nodes = append(nodes, registry)
	}
	const at, rounds = 4, 20
	for i := range at {
		_, err := nodes[0].Create(t.Context(), subscriber.Subscriber{Name: fmt.Sprint("old", i), PublicKey: publicKey(t)})
		require.NoError(t, err)
	}
	for round := range rounds {
		key := publicKey(t)
		taken := make(chan error, 2*at)
		for i := range at {
			go func() {
				_, err := nodes[i%2].Create(t.Context(), subscriber.Subscriber{Name: fmt.Sprintf("new%d_%d", round, i), PublicKey: key})
				taken <- err
			}()
			go func() {
				_, err := nodes[i%2].Rotate(t.Context(), fmt.Sprint("old", i), key)
				taken <- err
			}()
		}
		won := 0
		for range 2 * at {
			if err := <-taken; err == nil {
				won++
			} else {
				assert.ErrorIs(t, err, subscriber.ErrKeyTaken)
			}
		}
		assert.Equal(t, 1, won)
	}
	all, err := nodes[0].List(t.Context())
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, one := range all {
		assert.False(t, seen[one.PublicKey], one.Name)
		seen[one.PublicKey] = true
	}
}

// TestKeyIsFreeAgain gives a key again whose subscriber was revoked, has another one, or could not be created.
func TestKeyIsFreeAgain(t *testing.T) {
	t.Parallel()
	registry, err := subscriber.Open(t.Context(), bustest.New(t), 1)
	require.NoError(t, err)
	first, second := publicKey(t), publicKey(t)
	_, err = registry.Create(t.Context(), subscriber.Subscriber{Name: "search", PublicKey: first})
	require.NoError(t, err)
	_, err = registry.Rotate(t.Context(), "search", second)
	require.NoError(t, err)
	_, err = registry.Rotate(t.Context(), "search", first)
	require.NoError(t, err, "the one before is free")
	require.NoError(t, registry.Revoke(t.Context(), "search"))
	_, err = registry.Create(t.Context(), subscriber.Subscriber{Name: "chat", PublicKey: first})
	require.NoError(t, err, "it is revoked")
	_, err = registry.Create(t.Context(), subscriber.Subscriber{Name: "chat", PublicKey: second})
	require.ErrorIs(t, err, subscriber.ErrTaken)
	_, err = registry.Create(t.Context(), subscriber.Subscriber{Name: "search", PublicKey: second})
	require.NoError(t, err, "its subscriber could not be created")
}

// TestKeyOfACreationThatWasCutOff has a public key that is kept for a subscriber without it. That one can be created again at once; another one waits.
func TestKeyOfACreationThatWasCutOff(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	registry, err := subscriber.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	kv, err := js.KeyValue(t.Context(), "SUBSCRIBERS")
	require.NoError(t, err)
	first, second := publicKey(t), publicKey(t)
	for _, key := range []string{first, second} {
		_, err = kv.Create(t.Context(), "key."+key, []byte("search"))
		require.NoError(t, err)
	}
	_, err = registry.Create(t.Context(), subscriber.Subscriber{Name: "chat", PublicKey: first})
	require.ErrorIs(t, err, subscriber.ErrKeyTaken)
	_, err = registry.Create(t.Context(), subscriber.Subscriber{Name: "search", PublicKey: first})
	require.NoError(t, err)
	_, err = registry.Rotate(t.Context(), "search", second)
	require.NoError(t, err)

	_, err = kv.Put(t.Context(), "key."+second, []byte("chat"))
	require.NoError(t, err)
	require.NoError(t, registry.Revoke(t.Context(), "search"))
	claim, err := kv.Get(t.Context(), "key."+second)
	require.NoError(t, err, "it is kept for another one now")
	assert.Equal(t, "chat", string(claim.Value()))
}

// TestOpenDeletesWhatIsNamedByNothing opens the subscribers where a build before the first release kept dead letters.
func TestOpenDeletesWhatIsNamedByNothing(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "DEAD_LETTERS", Subjects: []string{"roster.dead_letters.*.*"}})
	require.NoError(t, err)
	_, err = subscriber.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	_, err = js.Stream(t.Context(), "DEAD_LETTERS")
	require.ErrorIs(t, err, jetstream.ErrStreamNotFound)
}
