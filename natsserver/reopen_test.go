package natsserver

import (
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/require"
)

// TestSubscribersOutliveTheServer puts a new server in the place of the one that runs, as after a full disk.
func TestSubscribersOutliveTheServer(t *testing.T) {
	t.Parallel()
	s, err := Start(Config{Dir: t.TempDir(), Port: -1, Token: "secret", Unsynced: true})
	require.NoError(t, err)
	defer s.Shutdown()
	pair, err := nkeys.CreateUser()
	require.NoError(t, err)
	key, err := pair.PublicKey()
	require.NoError(t, err)
	require.NoError(t, s.SetSubscribers([]Subscriber{{Name: "acme", Key: key}}))
	back := make(chan struct{})
	nc, err := nats.Connect(s.URL(), nats.Nkey(key, pair.Sign), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait),
		nats.ReconnectHandler(func(*nats.Conn) { close(back) }))
	require.NoError(t, err)
	defer nc.Close()
	s.reopen()
	<-back
	require.NoError(t, nc.Flush())
}
