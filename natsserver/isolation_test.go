package natsserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// secret is in everything that acme must not hear.
const secret = "secret"

// scene is a server with a ledger, keys, the feed, and two subscribers: acme, which tries what it can, and b.
type scene struct {
	url     string
	account string     // Roster's own
	own     *nats.Conn // in it
	js      jetstream.JetStream
	acme, b subscriber
}

// furnish makes what there is to protect: b has one message that it has not acknowledged.
func (s scene) furnish(t *testing.T) {
	t.Helper()
	ledger, err := bus.Open(t.Context(), s.own, bus.OpenConfig{Synced: s.account == "$G"})
	require.NoError(t, err)
	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(t.Context(), s.own, keyring.Config{Master: master})
	require.NoError(t, err)
	_, err = keys.Seal(t.Context(), "b", "bob", secret)
	require.NoError(t, err)
	_, err = relay.Open(t.Context(), s.own, ledger, relay.Config{})
	require.NoError(t, err)
	for _, subject := range []string{"roster.ledger", "roster.events.b.one", "roster.events.b.two", "roster.events.acme.one", "roster.events.acme.two"} {
		body := secret
		if strings.Contains(subject, "acme") {
			body = "of acme"
		}
		_, err := s.js.Publish(t.Context(), subject, []byte(body))
		require.NoError(t, err)
	}
	for _, name := range []string{"acme", "b", "b-1"} {
		org, _, _ := strings.Cut(name, "-")
		consumer, err := s.js.CreateConsumer(t.Context(), feed.StreamName, jetstream.ConsumerConfig{
			Name: name, Durable: name, FilterSubject: "roster.events." + org + ".>", AckWait: time.Hour, MaxAckPending: 1000,
		})
		require.NoError(t, err)
		if name == "b" {
			_, err = consumer.Next(jetstream.FetchMaxWait(patience))
			require.NoError(t, err)
		}
	}
	answer := func(m *nats.Msg) {
		_ = m.Respond([]byte("answer on " + m.Subject + " " + secret))
	}
	_, err = s.own.Subscribe("roster.subscribers.b.>", answer)
	require.NoError(t, err)
	require.NoError(t, s.own.Flush())
}

// state is everything that acme must not change.
func (s scene) state(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	text := func(v any) string {
		line, err := json.Marshal(v)
		require.NoError(t, err)
		return string(line)
	}
	for stream := range s.js.ListStreams(t.Context()).Info() {
		name := stream.Config.Name
		stream.State.LastTime = time.Time{}
		all[name] = text(stream.Config) + text(stream.State)
		opened, err := s.js.Stream(t.Context(), name)
		require.NoError(t, err)
		for consumer := range opened.ListConsumers(t.Context()).Info() {
			if consumer.Name == "acme" {
				continue // its own
			}
			all[name+" "+consumer.Name] = text(consumer.Config) + text([]any{
				consumer.Delivered.Consumer, consumer.Delivered.Stream, consumer.AckFloor.Consumer, consumer.NumAckPending,
				consumer.NumRedelivered, consumer.NumWaiting, consumer.NumPending, consumer.PauseRemaining, consumer.Created,
			})
		}
	}
	return all
}

// api returns a request for each subject of JetStream's API: about the ledger, the keys, the feed, and the consumers of b.
func api() (all []request) {
	bodies := map[string][]string{
		server.JSApiStreamCreateT:       {`{"name":"%[1]s","subjects":["roster.>"]}`, `{"name":"STOLEN","sources":[{"name":"%[1]s"}]}`, `{"name":"STOLEN","mirror":{"name":"%[1]s"}}`},
		server.JSApiStreamUpdateT:       {`{"name":"%[1]s","subjects":["stolen.>"],"republish":{"src":">","dest":"stolen.>"}}`},
		server.JSApiStreamPurgeT:        {``, `{"filter":"roster.>"}`},
		server.JSApiStreamSnapshotT:     {`{"deliver_subject":"_INBOX.attack.snapshot"}`},
		server.JSApiStreamRestoreT:      {`{"config":{"name":"%[1]s","subjects":["roster.>"],"retention":"limits","storage":"file","num_replicas":1},"state":{}}`},
		server.JSApiMsgDeleteT:          {`{"seq":1}`},
		server.JSApiMsgGetT:             {`{"seq":1}`, `{"last_by_subj":"roster.ledger"}`},
		server.JSDirectMsgGetT:          {`{"seq":1}`, `{"multi_last":[">"]}`},
		server.JSApiConsumerCreateT:     {`{"stream_name":"%[1]s","config":{"deliver_subject":"_INBOX.attack.push","ack_policy":"none"}}`, `{"stream_name":"%[1]s","config":{"deliver_subject":"roster.ledger","ack_policy":"none"}}`},
		server.JSApiConsumerCreateExT:   {`{"stream_name":"%[1]s","config":{"name":"%[2]s","filter_subject":"roster.events.b.>","deliver_subject":"_INBOX.attack.push","ack_policy":"none"}}`},
		server.JSApiDurableCreateT:      {`{"stream_name":"%[1]s","config":{"durable_name":"%[2]s","ack_policy":"explicit"}}`},
		server.JSApiConsumerPauseT:      {`{"pause_until":"2100-01-01T00:00:00Z"}`},
		server.JSApiConsumerResetT:      {`{"seq":1}`},
		server.JSApiConsumerUnpinT:      {`{"group":"readers"}`},
		server.JSApiRequestNextT:        {`{"batch":10,"no_wait":true}`, `1`, ``},
		server.JSApiLeaderStepDown:      {`{}`},
		server.JSApiServerStreamMoveT:   {`{"server":"roster"}`},
		server.JSApiStreamRemovePeerT:   {`{"peer":"roster"}`},
		server.JSApiConsumerRemovePeerT: {`{"peer":"roster"}`},
		server.JSApiRemoveServer:        {`{"peer":"roster"}`},
	}
	for _, template := range []string{
		server.JSApiAccountInfo, server.JSApiStreamCreateT, server.JSApiStreamUpdateT, server.JSApiStreams, server.JSApiStreamList, server.JSApiStreamInfoT,
		server.JSApiStreamDeleteT, server.JSApiStreamPurgeT, server.JSApiStreamSnapshotT, server.JSApiStreamRestoreT, server.JSApiMsgDeleteT, server.JSApiMsgGetT,
		server.JSDirectMsgGetT, server.JSDirectGetLastBySubjectT, server.JSApiConsumerCreateT, server.JSApiConsumerCreateExT, server.JSApiDurableCreateT,
		server.JSApiConsumersT, server.JSApiConsumerListT, server.JSApiConsumerInfoT, server.JSApiConsumerDeleteT, server.JSApiConsumerPauseT,
		server.JSApiRequestNextT, server.JSApiConsumerResetT, server.JSApiConsumerUnpinT, server.JSApiStreamRemovePeerT, server.JSApiStreamEvacuatePeerT,
		server.JSApiStreamCancelMoveT, server.JSApiStreamLeaderStepDownT, server.JSApiConsumerLeaderStepDownT, server.JSApiConsumerRemovePeerT,
		server.JSApiConsumerEvacuatePeerT, server.JSApiLeaderStepDown, server.JSApiRemoveServer, server.JSApiEvacuateServer, server.JSApiMetaRescue,
		server.JSApiAccountPurgeT, server.JSApiServerStreamMoveT, server.JSApiServerStreamCancelMoveT,
	} {
		for _, stream := range []string{bus.StreamName, keyring.StreamName, feed.StreamName, "STOLEN"} {
			for _, consumer := range []string{"b", "b-1", "stolen"} {
				at := []any{stream, consumer, "roster.events.b.>"}
				if template == server.JSDirectGetLastBySubjectT {
					at[1] = "roster.events.b.two"
				}
				subject := fmt.Sprintf(template, at[:strings.Count(template, "%s")]...)
				texts := bodies[template]
				if texts == nil {
					texts = []string{"", "{}"}
				}
				for _, text := range texts {
					if strings.Contains(text, "%[") {
						text = fmt.Sprintf(text, at...)
					}
					text, _, _ = strings.Cut(text, "%!(EXTRA")
					all = append(all, request{subject: strings.ReplaceAll(subject, ">", "x"), reply: "_INBOX.attack.api", body: text})
				}
			}
		}
	}
	return all
}

// acknowledgements returns a message for each acknowledgement of b's message, in both forms.
func (s scene) acknowledgements() (all []request) {
	hash := natsserver.AccountHash(s.account)
	for _, subject := range []string{
		"$JS.ACK.EVENTS.b.1.2.1.1.0", "$JS.ACK._." + hash + ".EVENTS.b.1.2.1.1.0", "$JS.ACK._." + hash + ".EVENTS.b.1.2.1.1.0.x",
		"$JS.ACK._.subscriber_acme.EVENTS.b.1.2.1.1.0", "$JS.ACK.EVENTS.acme.EVENTS.b.1.2.1.1.0", "$JS.ACK.EVENTS.b.acme.1.2.1.1.0", "$JS.FC.EVENTS.b.x",
	} {
		for _, body := range []string{"", "+ACK", "-NAK", "+WPI", "+TERM", "+NXT", `+NXT {"batch":10}`} {
			all = append(all, request{subject: subject, reply: "_INBOX.attack.ack", body: body})
		}
	}
	return all
}

// elsewhere returns messages on subjects of others.
func elsewhere() (all []request) {
	for _, subject := range []string{
		"roster.ledger", "roster.events.b.one", "roster.events.acme.one", feed.HeartbeatSubject, "$KV.roster_keys.b", "$KV.SUBSCRIBERS.b", "roster.nowhere",
		"roster.subscribers.b.open", "roster.subscribers.b.history", "roster.subscribers.b.progress", "roster.subscribers.b.dead_letter.one", "roster.subscribers.open", "roster.subscribers.acme",
		"$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.PING.CONNZ", "$SYS.REQ.ACCOUNT.PING.CONNZ", "$SYS.REQ.ACCOUNT.subscriber_b.CONNZ", "$SYS.REQ.ACCOUNT.$G.JSZ", "$SYS.REQ.USER.INFO",
		"$SYS.REQ.CLAIMS.UPDATE", "$SYS.REQ.USER.AUTH", "_INBOX.of.b", "_R_.one", "_GR_.one.two.three", "$NRG.V.one", "$MQTT.msgs.one", "$JS.EVENT.ADVISORY.one",
	} {
		all = append(all, request{subject: subject, reply: "_INBOX.attack.elsewhere", body: `{"durable":true}`})
	}
	return all
}

// replies returns requests that acme may send, with answers that would go where it cannot send.
func (s scene) replies() (all []request) {
	next, info := "$JS.API.CONSUMER.MSG.NEXT.EVENTS.acme", "$JS.API.CONSUMER.INFO.EVENTS.acme"
	for _, subject := range []string{next, info, "$JS.ACK.EVENTS.acme.1.4.1.1.0", "roster.subscribers.acme.open"} {
		for _, reply := range []string{
			"roster.ledger", "roster.events.b.one", feed.HeartbeatSubject, "$KV.roster_keys.b", "roster.subscribers.b.open", "$JS.API.STREAM.PURGE.EVENTS",
			"$JS.API.CONSUMER.DELETE.EVENTS.b", "$JS.ACK.EVENTS.b.1.2.1.1.0", "$JS.ACK._." + natsserver.AccountHash(s.account) + ".EVENTS.b.1.2.1.1.0",
			"$JS.ACK.EVENTS.b.1.2.1.1.0@roster.ledger", "$JS.ACK.EVENTS.acme.1.4.1.1.0@roster.ledger", "_INBOX.of.b", "_R_.one", "_GR_.one.two.three",
			"$SYS.REQ.SERVER.PING", "$JS.FC.EVENTS.b.x",
		} {
			for _, body := range []string{"", `{"batch":1,"no_wait":true}`, `{"batch":`, "+NXT"} {
				all = append(all, request{subject: subject, reply: reply, body: body})
			}
		}
		for _, header := range []string{
			"Nats-Trace-Dest: roster.ledger", "Nats-Trace-Dest: roster.ledger\r\nNats-Trace-Only: true", "Nats-Trace-Dest: _INBOX.attack.trace",
			"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", `Nats-Request-Info: {"acc":"` + s.account + `","svc":"` + s.account + `"}`,
			"Nats-Rollup: all", "Nats-Schedule: @every 1s\r\nNats-Schedule-Target: roster.ledger", "Nats-Batch-Id: one\r\nNats-Batch-Sequence: 1",
		} {
			all = append(all, request{subject: subject, reply: "_INBOX.attack.header", header: header, body: `{"no_wait":true}`})
		}
	}
	return all
}

// attack has acme try everything. Nothing of b or of Roster is heard or changed.
func (s scene) attack(t *testing.T) {
	t.Helper()
	s.furnish(t)
	before := s.state(t)
	require.Len(t, before, 5, "three streams and the two consumers of b")
	listener := dialAs(t, s.url, s.acme)
	for i, subject := range []string{">", "roster.>", "$JS.>", "$SYS.>", "$KV.>", "_INBOX.>", "_R_.>", "*.*.*.>", "$JS.ACK.>", "$JS.EVENT.>"} {
		listener.send("SUB %s %d\r\n", subject, i+1)
	}
	listener.sync() // some of them may be refused

	// What acme may not send is refused, each time.
	for _, group := range [][]request{api(), s.acknowledgements(), elsewhere()} {
		c := dialAs(t, s.url, s.acme)
		c.send("SUB _INBOX.attack.> 1\r\n")
		for _, r := range group {
			c.publish(r)
			got := c.sync()
			assert.Empty(t, got.messages, "%+v", r)
			assert.NotEmpty(t, got.errors, "%+v", r)
		}
		assert.Empty(t, gocmp.Diff(before, s.state(t)))
	}
	for _, r := range s.replies() {
		c := listener
		c.publish(r)
		for _, m := range c.sync().messages {
			assert.NotContains(t, m, secret, "%+v", r)
		}
	}
	// b and Roster talk, and acme listens.
	nc, err := nats.Connect(s.url, s.b.withKey(), nats.CustomInboxPrefix("_INBOX.of"))
	require.NoError(t, err)
	defer nc.Close()
	answer, err := nc.Request("roster.subscribers.b.open", []byte(secret), patience)
	require.NoError(t, err)
	assert.Contains(t, string(answer.Data), secret)
	require.NoError(t, s.own.Publish("_INBOX.of.b", []byte(secret)))
	require.NoError(t, s.own.Flush())
	for range 3 {
		for _, m := range listener.sync().messages {
			assert.NotContains(t, m, secret)
		}
	}
	assert.Empty(t, gocmp.Diff(before, s.state(t)))
}

// use has acme read and acknowledge its own messages with a new consumer, as a client library does, in both forms.
func (s scene) use(t *testing.T, name string) {
	t.Helper()
	nc, err := nats.Connect(s.url, s.acme.withKey())
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = s.js.CreateConsumer(t.Context(), feed.StreamName, jetstream.ConsumerConfig{
		Durable: name, FilterSubject: "roster.events.acme.>", AckWait: time.Hour,
	})
	require.NoError(t, err)
	consumer, err := js.Consumer(t.Context(), feed.StreamName, name)
	require.NoError(t, err)
	for range 2 {
		m, err := consumer.Next(jetstream.FetchMaxWait(patience))
		require.NoError(t, err)
		assert.Equal(t, "of acme", string(m.Data()))
		about, err := m.Metadata()
		require.NoError(t, err)
		for _, form := range []string{"$JS.ACK.", "$JS.ACK._." + natsserver.AccountHash(s.account) + "."} {
			subject := fmt.Sprintf("%sEVENTS.%s.%d.%d.%d.%d.0", form, name, about.NumDelivered, about.Sequence.Stream, about.Sequence.Consumer, about.Timestamp.UnixNano())
			_, err = nc.Request(subject, []byte("+WPI"), patience)
			require.NoError(t, err, subject)
		}
		require.NoError(t, m.DoubleAck(t.Context()))
	}
	info, err := consumer.Info(t.Context())
	require.NoError(t, err)
	assert.Zero(t, info.NumAckPending)
}

func TestSubscribersAreApart(t *testing.T) {
	t.Parallel()
	embedded := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "root", Unsynced: true})
	s := scene{url: embedded.URL(), account: "$G", js: streams(t, embedded), acme: newSubscriber(t, "acme"), b: newSubscriber(t, "b")}
	s.own = s.js.Conn()
	require.NoError(t, embedded.SetSubscribers([]natsserver.Subscriber{s.acme.Subscriber, s.b.Subscriber}))
	s.attack(t)
	s.use(t, "acme-1")
}

// external is a server elsewhere, with the configuration that Roster writes.
type external struct {
	*server.Server

	dir string
}

// startExternal starts a server whose files are in dir, for some subscribers.
func startExternal(t *testing.T, dir string, secondAcks bool, subscribers ...natsserver.Subscriber) external {
	t.Helper()
	s := external{dir: dir}
	s.write(t, subscribers...)
	file := filepath.Join(dir, "nats.conf")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `
listen: "127.0.0.1:-1"
max_payload: 8MB
jetstream { store_dir: %q, sync_interval: always }
feature_flags { js_ack_fc_v2: %v }
include "roster.conf"
`, dir, secondAcks), 0o600))
	options, err := server.ProcessConfigFile(file)
	require.NoError(t, err)
	options.NoSigs, options.NoLog = true, true
	s.Server, err = server.NewServer(options)
	require.NoError(t, err)
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(patience))
	return s
}

// write writes the accounts into the file that the server's configuration includes.
func (s external) write(t *testing.T, subscribers ...natsserver.Subscriber) {
	t.Helper()
	var written bytes.Buffer
	require.NoError(t, natsserver.WriteAccounts(&written, natsserver.AccountsConfig{Subscribers: subscribers}))
	accounts := strings.Replace(written.String(), "$ROSTER_NATS_PASSWORD", "root", 1) // the environment is that of all tests
	require.NoError(t, os.WriteFile(filepath.Join(s.dir, "roster.conf"), []byte(accounts), 0o600))
}

// roster connects as Roster.
func (s external) roster(t *testing.T) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(s.ClientURL(), nats.UserInfo("roster", "root"))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return js
}

func TestConfigurationKeepsSubscribersApart(t *testing.T) {
	t.Parallel()
	for _, second := range []bool{false, true} {
		t.Run(fmt.Sprint("second form of acknowledgements ", second), func(t *testing.T) {
			t.Parallel()
			s := scene{account: "ROSTER", acme: newSubscriber(t, "acme"), b: newSubscriber(t, "b")}
			elsewhere := startExternal(t, t.TempDir(), second, s.acme.Subscriber, s.b.Subscriber)
			s.url, s.js = elsewhere.ClientURL(), elsewhere.roster(t)
			s.own = s.js.Conn()
			s.attack(t)
			s.use(t, "acme-1")
			_, err := nats.Connect(s.url)
			require.ErrorIs(t, err, nats.ErrAuthorization)

			removed, kept := dialAs(t, s.url, s.b), dialAs(t, s.url, s.acme)
			elsewhere.write(t, s.acme.Subscriber)
			require.NoError(t, elsewhere.Reload())
			_, err = io.Copy(io.Discard, removed.in)
			require.NoError(t, err, "the server ends the connection of one that was removed")
			kept.sync()
			assert.True(t, s.own.IsConnected())
			s.use(t, "acme-2")
		})
	}
}

// TestConfigurationLetsANewSubscriberIn reloads a configuration to which a subscriber was added. NATS makes the imports of an account that is
// new at a reload only at the next one.
func TestConfigurationLetsANewSubscriberIn(t *testing.T) {
	t.Parallel()
	elsewhere := startExternal(t, t.TempDir(), false)
	own := elsewhere.roster(t).Conn()
	_, err := own.Subscribe(feed.SubscriberSubject("acme", feed.Open), func(m *nats.Msg) { assert.NoError(t, m.Respond(nil)) })
	require.NoError(t, err)
	require.NoError(t, own.Flush())
	acme := newSubscriber(t, "acme")
	elsewhere.write(t, acme.Subscriber)
	for range 2 {
		require.NoError(t, elsewhere.Reload())
	}
	nc, err := nats.Connect(elsewhere.ClientURL(), acme.withKey())
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	_, err = nc.Request(feed.SubscriberSubject("acme", feed.Open), nil, patience)
	require.NoError(t, err)
	assert.True(t, own.IsConnected())
}

// TestConfigurationWithoutSubscribers is one that a server takes, for Roster alone.
func TestConfigurationWithoutSubscribers(t *testing.T) {
	t.Parallel()
	js := startExternal(t, t.TempDir(), false).roster(t)
	_, err := bus.Open(t.Context(), js.Conn(), bus.OpenConfig{})
	require.NoError(t, err)
}

// TestStreamsMoveIntoAnAccount renames the directory of the account that servers without accounts have.
func TestStreamsMoveIntoAnAccount(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	before := start(t, natsserver.Config{Dir: dir, Unsynced: true})
	js := streams(t, before)
	pulls(t, js, "acme")
	_, err := js.Publish(t.Context(), "roster.events.acme.this", []byte("this"))
	require.NoError(t, err)
	js.Conn().Close()
	before.Shutdown()
	require.NoError(t, os.Rename(filepath.Join(dir, "jetstream", "$G"), filepath.Join(dir, "jetstream", "ROSTER")))

	js = startExternal(t, dir, false).roster(t)
	consumer, err := js.Consumer(t.Context(), feed.StreamName, "acme")
	require.NoError(t, err)
	m, err := consumer.Next(jetstream.FetchMaxWait(patience))
	require.NoError(t, err)
	assert.Equal(t, "this", string(m.Data()))
}

// TestCredentialsFileWorksEverywhere connects with one file to a server of either kind.
func TestCredentialsFileWorksEverywhere(t *testing.T) {
	t.Parallel()
	acme := newSubscriber(t, "acme")
	embedded := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "root", Unsynced: true})
	require.NoError(t, embedded.SetSubscribers([]natsserver.Subscriber{acme.Subscriber}))
	elsewhere := startExternal(t, t.TempDir(), false, acme.Subscriber)
	seed, err := acme.pair.Seed()
	require.NoError(t, err)
	text, err := jwt.FormatUserConfig(userJWT(t, acme.Key), seed)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "acme.creds")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	asKey, err := nats.NkeyOptionFromSeed(file)
	require.NoError(t, err)
	for url, with := range map[string][]nats.Option{embedded.URL(): {nats.UserCredentials(file), asKey}, elsewhere.ClientURL(): {asKey}} {
		for _, option := range with {
			nc, err := nats.Connect(url, option)
			require.NoError(t, err)
			nc.Close()
		}
	}
}
