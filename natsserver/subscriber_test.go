package natsserver_test

import (
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/natsserver"
)

// subscriber is one with its seed.
type subscriber struct {
	natsserver.Subscriber

	pair nkeys.KeyPair
}

func newSubscriber(t *testing.T, name string) subscriber {
	t.Helper()
	pair, err := nkeys.CreateUser()
	require.NoError(t, err)
	key, err := pair.PublicKey()
	require.NoError(t, err)
	s := subscriber{natsserver.Subscriber{Name: name, Key: key}, pair}
	for _, service := range feed.Services(name) {
		s.Services = append(s.Services, natsserver.Service(service))
	}
	return s
}

// userJWT returns a user JWT for a key, which anybody can make.
func userJWT(t *testing.T, key string) string {
	t.Helper()
	issuer, err := nkeys.CreateAccount()
	require.NoError(t, err)
	token, err := jwt.NewUserClaims(key).Encode(issuer)
	require.NoError(t, err)
	return token
}

// withKey authenticates with the key alone, as with [nats.NkeyOptionFromSeed].
func (s subscriber) withKey() nats.Option { return nats.Nkey(s.Key, s.pair.Sign) }

// withJWT authenticates as a .creds file does.
func (s subscriber) withJWT(t *testing.T) nats.Option {
	t.Helper()
	token := userJWT(t, s.Key)
	return nats.UserJWT(func() (string, error) { return token, nil }, s.pair.Sign)
}

// pulls returns a stream EVENTS with a consumer for each of some subscribers.
func pulls(t *testing.T, js jetstream.JetStream, names ...string) {
	t.Helper()
	_, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: feed.StreamName, Subjects: []string{feed.SubjectPrefix + ">"}})
	require.NoError(t, err)
	for _, name := range names {
		_, err := js.CreateConsumer(t.Context(), feed.StreamName, jetstream.ConsumerConfig{Durable: name, FilterSubject: feed.SubjectPrefix + name + ".>"})
		require.NoError(t, err)
	}
}

func TestSubscriberReadsItsConsumer(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	own := streams(t, server)
	pulls(t, own, "acme")
	_, err := own.Publish(t.Context(), feed.SubjectPrefix+"acme.this", []byte("this"))
	require.NoError(t, err)
	acme := newSubscriber(t, "acme")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber}))

	for name, with := range map[string]nats.Option{"key": acme.withKey(), "JWT": acme.withJWT(t)} {
		nc, err := nats.Connect(server.URL(), with)
		require.NoError(t, err, name)
		defer nc.Close()
		js, err := jetstream.New(nc)
		require.NoError(t, err)
		consumer, err := js.Consumer(t.Context(), feed.StreamName, "acme")
		require.NoError(t, err, name)
		batch, err := consumer.Fetch(1, jetstream.FetchMaxWait(10*time.Second))
		require.NoError(t, err, name)
		m := <-batch.Messages()
		require.NotNil(t, m, "%s: %v", name, batch.Error())
		assert.Equal(t, "this", string(m.Data()))
		require.NoError(t, m.Nak(), name)
	}
}

// TestAnswersAreForgotten asks often. What the server keeps to bring an answer to who asked is gone with the answer, or else a flood
// of requests would fill its memory for minutes.
func TestAnswersAreForgotten(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	acme := newSubscriber(t, "acme")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber}))
	own, err := nats.Connect(server.URL(), nats.Token("secret"))
	require.NoError(t, err)
	defer own.Close()
	_, err = own.Subscribe(feed.SubscriberSubject("*", "*"), func(m *nats.Msg) { _ = m.Respond(nil) })
	require.NoError(t, err)
	require.NoError(t, own.Flush())
	nc, err := nats.Connect(server.URL(), acme.withKey())
	require.NoError(t, err)
	defer nc.Close()
	for range 100 {
		_, err := nc.Request(feed.SubscriberSubject("acme", feed.Open), nil, 10*time.Second)
		require.NoError(t, err)
	}
	assert.Zero(t, server.PendingAnswers())
}
