package natsserver_test

import (
	"encoding/base64"
	"io"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/natsserver"
)

func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	acme, b, stranger := newSubscriber(t, "acme"), newSubscriber(t, "b"), newSubscriber(t, "stranger")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber, b.Subscriber}))
	other := dialRaw(t, server.URL())

	type options = map[string]any
	for name, with := range map[string]func(c *rawClient) options{
		"no credentials":               func(*rawClient) options { return nil },
		"an empty token":               func(*rawClient) options { return options{"auth_token": ""} },
		"a guessed token":              func(*rawClient) options { return options{"auth_token": "secret1"} },
		"the token as a password":      func(*rawClient) options { return options{"user": "roster", "pass": "secret"} },
		"the token of a user":          func(*rawClient) options { return options{"user": "secret"} },
		"a key alone":                  func(*rawClient) options { return options{"nkey": acme.Key} },
		"a JWT alone":                  func(c *rawClient) options { return options{"jwt": userJWT(t, acme.Key)} },
		"a key that nobody registered": func(c *rawClient) options { return options{"nkey": stranger.Key, "sig": c.sign(stranger.pair)} },
		"a JWT for a key that nobody has": func(c *rawClient) options {
			return options{"jwt": userJWT(t, stranger.Key), "sig": c.sign(stranger.pair)}
		},
		"another's key, and the wrong seed":                func(c *rawClient) options { return options{"nkey": b.Key, "sig": c.sign(acme.pair)} },
		"another's JWT, and the wrong seed":                func(c *rawClient) options { return options{"jwt": userJWT(t, b.Key), "sig": c.sign(stranger.pair)} },
		"another's name, and a key that nobody registered": func(c *rawClient) options { return options{"name": "b", "sig": c.sign(stranger.pair)} },
		"another's key, one's own name and seed":           func(c *rawClient) options { return options{"name": "acme2", "nkey": b.Key, "sig": c.sign(acme.pair)} },
		"a signature of another nonce":                     func(*rawClient) options { return options{"nkey": acme.Key, "sig": other.sign(acme.pair)} },
		"a JWT and a signature of another one":             func(*rawClient) options { return options{"jwt": userJWT(t, acme.Key), "sig": other.sign(acme.pair)} },
		"no signature at all":                              func(*rawClient) options { return options{"nkey": acme.Key, "sig": "AAAA"} },
		"a signature that is no base64":                    func(*rawClient) options { return options{"nkey": acme.Key, "sig": "!"} },
		"an account of one's choice": func(c *rawClient) options {
			return options{"nkey": acme.Key, "sig": c.sign(acme.pair), "account": "$G"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := dialRaw(t, server.URL())
			assert.Contains(t, c.connect(with(c)), "Authorization Violation")
		})
	}
}

// TestEitherAlphabetOfBase64 signs in as clients in Go and in JavaScript do. Of so many signatures, hardly one is the same
// in both alphabets.
func TestEitherAlphabetOfBase64(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	acme := newSubscriber(t, "acme")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber}))
	for range 10 {
		for _, encoding := range []*base64.Encoding{base64.RawURLEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.StdEncoding} {
			c := dialRaw(t, server.URL())
			signature, err := base64.RawURLEncoding.DecodeString(c.sign(acme.pair))
			require.NoError(t, err)
			assert.Empty(t, c.connect(map[string]any{"jwt": userJWT(t, acme.Key), "sig": encoding.EncodeToString(signature)}))
		}
	}
}

// TestOneBadSubscriberKeepsNoOthersOut lets in whom it can.
func TestOneBadSubscriberKeepsNoOthersOut(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	acme, b := newSubscriber(t, "acme"), newSubscriber(t, "b")
	again := b.Subscriber
	again.Key = acme.Key
	require.ErrorContains(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber, again}), "in common")
	c := dialRaw(t, server.URL())
	assert.Empty(t, c.connect(map[string]any{"nkey": acme.Key, "sig": c.sign(acme.pair)}))
}

func TestTokenOnlyLetsNoSubscriberIn(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", TokenOnly: true, Unsynced: true})
	acme := newSubscriber(t, "acme")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber}))
	for _, with := range []nats.Option{acme.withKey(), acme.withJWT(t)} {
		_, err := nats.Connect(server.URL(), with)
		require.ErrorIs(t, err, nats.ErrAuthorization)
	}
	nc, err := nats.Connect(server.URL(), nats.Token("secret"))
	require.NoError(t, err)
	nc.Close()
}

// TestKeyDecidesWhoItIs connects with the JWT of another subscriber, and twice on one connection.
func TestKeyDecidesWhoItIs(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	acme, b := newSubscriber(t, "acme"), newSubscriber(t, "b")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber, b.Subscriber}))
	own, err := server.Connect()
	require.NoError(t, err)
	defer own.Close()
	_, err = own.Subscribe("roster.subscribers.*.open", func(m *nats.Msg) { _ = m.Respond([]byte(m.Subject)) })
	require.NoError(t, err)
	require.NoError(t, own.Flush())

	answered := func(c *rawClient, name string) bool {
		c.send("SUB _INBOX.one 1\r\n")
		c.publish(request{subject: "roster.subscribers." + name + ".open", reply: "_INBOX.one"})
		for {
			got := c.sync()
			if len(got.messages) > 0 {
				return assert.Contains(t, got.messages[0], "roster.subscribers."+name+".open")
			}
			if len(got.errors) > 0 {
				assert.Contains(t, got.errors[0], "Permissions Violation")
				return false
			}
		}
	}
	c := dialRaw(t, server.URL())
	require.Empty(t, c.connect(map[string]any{"jwt": userJWT(t, b.Key), "sig": c.sign(acme.pair)}))
	assert.True(t, answered(c, "acme"))
	assert.False(t, answered(c, "b"), "the JWT of b opens nothing of b")

	c = dialAs(t, server.URL(), acme)
	assert.Contains(t, c.connect(map[string]any{"nkey": b.Key, "sig": c.sign(acme.pair)}), "Authorization Violation")
	c = dialAs(t, server.URL(), acme)
	assert.Contains(t, c.connect(map[string]any{"nkey": "", "sig": ""}), "Authorization Violation", "the second CONNECT of a connection is looked at, too")
}

func TestSubscribersAreCut(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	acme, b := newSubscriber(t, "acme"), newSubscriber(t, "b")
	early, err := nats.Connect(server.URL(), acme.withKey(), nats.MaxReconnects(-1), nats.RetryOnFailedConnect(true), nats.ReconnectWait(50*time.Millisecond))
	require.NoError(t, err, "it comes back until the subscribers are known")
	defer early.Close()
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber, b.Subscriber}))
	require.Eventually(t, early.IsConnected, patience, 50*time.Millisecond)

	cut := make(chan struct{})
	kept := dialAs(t, server.URL(), b)
	nc, err := nats.Connect(server.URL(), acme.withJWT(t), nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { close(cut) }))
	require.NoError(t, err)
	defer nc.Close()
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{b.Subscriber, acme.Subscriber}))
	require.NoError(t, nc.Flush(), "nothing has changed")

	rotated := newSubscriber(t, "acme")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{rotated.Subscriber, b.Subscriber}))
	<-cut
	_, err = nats.Connect(server.URL(), acme.withKey())
	require.ErrorIs(t, err, nats.ErrAuthorization, "the old key opens nothing")
	gone := dialAs(t, server.URL(), rotated)
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{b.Subscriber}))
	_, err = io.Copy(io.Discard, gone.in)
	require.NoError(t, err, "the server ends the connection of one that was removed")
	again := dialRaw(t, server.URL())
	assert.Contains(t, again.connect(map[string]any{"nkey": rotated.Key, "sig": again.sign(rotated.pair)}), "Authorization Violation")
	assert.Empty(t, kept.sync(), "the other one is still connected")
	dialAs(t, server.URL(), b)
}

func TestSubscribersAreBounded(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	acme, b := newSubscriber(t, "acme"), newSubscriber(t, "b")
	require.NoError(t, server.SetSubscribers([]natsserver.Subscriber{acme.Subscriber, b.Subscriber}))
	var first *rawClient
	for range 64 {
		first = dialAs(t, server.URL(), acme)
	}
	c := dialRaw(t, server.URL())
	assert.Contains(t, c.connect(map[string]any{"nkey": acme.Key, "sig": c.sign(acme.pair)}), "maximum account active connections exceeded")
	dialAs(t, server.URL(), b)

	first.send("PUB roster.subscribers.acme.open %d\r\n", 1<<20+1)
	assert.Contains(t, first.refusal(), "Maximum Payload Violation")
	c = dialAs(t, server.URL(), b)
	for i := range 1001 {
		c.send("SUB one.%d %d\r\n", i, i+1)
	}
	assert.Contains(t, c.refusal(), "maximum subscriptions exceeded")
}

func TestSetSubscribersRefuses(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Token: "secret", Unsynced: true})
	acme, same := newSubscriber(t, "acme"), newSubscriber(t, "same")
	same.Key = acme.Key
	account, err := nkeys.CreateAccount()
	require.NoError(t, err)
	key, err := account.PublicKey()
	require.NoError(t, err)
	for name, refused := range map[string][]natsserver.Subscriber{
		"a name with a dot":     {{Name: "acme.b", Key: acme.Key}},
		"a name with a star":    {{Name: "*", Key: acme.Key}},
		"no name":               {{Key: acme.Key}},
		"no key":                {{Name: "acme"}},
		"the key of an account": {{Name: "acme", Key: key}},
		"a name twice":          {acme.Subscriber, {Name: "acme", Key: newSubscriber(t, "b").Key}},
		"a key twice":           {acme.Subscriber, same.Subscriber},
	} {
		assert.Error(t, server.SetSubscribers(refused), name)
	}
}
