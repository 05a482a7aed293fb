package bus_test

import (
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
)

func TestMain(m *testing.M) { bustest.Main(m) }

func TestOpenRefusesAStreamThatMayChange(t *testing.T) {
	t.Parallel()
	for setting, change := range map[string]func(*jetstream.StreamConfig){
		"subjects":          func(c *jetstream.StreamConfig) { c.Subjects = []string{"roster.>"} },
		"storage":           func(c *jetstream.StreamConfig) { c.Storage = jetstream.MemoryStorage },
		"max_msgs":          func(c *jetstream.StreamConfig) { c.MaxMsgs = 10 },
		"deny_purge":        func(c *jetstream.StreamConfig) { c.DenyPurge = false },
		"allow_rollup_hdrs": func(c *jetstream.StreamConfig) { c.AllowRollup, c.DenyPurge = true, false },
		"allow_msg_ttl":     func(c *jetstream.StreamConfig) { c.AllowMsgTTL = true },
	} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			nc := bustest.New(t)
			js, err := jetstream.New(nc)
			require.NoError(t, err)
			cfg := jetstream.StreamConfig{
				Name: "LEDGER", Subjects: []string{"roster.ledger"}, AllowDirect: true, DenyDelete: true, DenyPurge: true,
			}
			change(&cfg)
			_, err = js.CreateStream(t.Context(), cfg)
			require.NoError(t, err)
			_, err = bus.Open(t.Context(), nc, bus.OpenConfig{Synced: true})
			var refused *bus.SettingError
			require.ErrorAs(t, err, &refused)
			if setting != "allow_rollup_hdrs" {
				assert.Equal(t, setting, refused.Setting)
			}
		})
	}
}

func TestOpenMakesNoLedgerWhereOneMustBe(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	_, err := bus.Open(t.Context(), nc, bus.OpenConfig{Synced: true, Existing: true})
	require.ErrorIs(t, err, bus.ErrNoLedger)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.Stream(t.Context(), bus.StreamName)
	require.ErrorIs(t, err, jetstream.ErrStreamNotFound, "a stream was made")

	bustest.Open(t, nc)
	_, err = bus.Open(t.Context(), nc, bus.OpenConfig{Synced: true, Existing: true})
	require.NoError(t, err)
}

// operated starts a server as an operator does, its system account open to
// clients of the ledger or not.
func operated(t *testing.T, synced, open bool) *nats.Conn {
	t.Helper()
	system, users := server.NewAccount("SYS"), server.NewAccount("USERS")
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: t.TempDir(), SyncAlways: synced,
		Accounts: []*server.Account{system, users}, SystemAccount: "SYS",
		Users: []*server.User{{Username: "u", Password: "p", Account: users}},
	})
	require.NoError(t, err)
	go s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	require.True(t, s.ReadyForConnections(10*time.Second), "the server did not start")
	account, err := s.LookupAccount("USERS")
	require.NoError(t, err)
	require.NoError(t, account.EnableJetStream(nil, nil))
	if open {
		const question = "$SYS.REQ.SERVER.PING.JSZ"
		require.NoError(t, s.SystemAccount().AddServiceExport(question, nil))
		require.NoError(t, account.AddServiceImport(s.SystemAccount(), question, question))
	}
	nc, err := nats.Connect(s.ClientURL(), nats.UserInfo("u", "p"))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc
}

func TestOpenRefusesAServerThatMayLoseWrites(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		synced, open, allow, refused bool
	}{
		"it says that it syncs":        {synced: true, open: true},
		"it says that it does not":     {open: true, refused: true},
		"it does not say":              {synced: true, refused: true},
		"it need not, on our own risk": {allow: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := bus.Open(t.Context(), operated(t, c.synced, c.open), bus.OpenConfig{AllowUnsynced: c.allow})
			assert.Equal(t, c.refused, errors.Is(err, bus.ErrUnsynced))
			assert.False(t, !c.refused && err != nil, "got %v", err)
		})
	}
}
