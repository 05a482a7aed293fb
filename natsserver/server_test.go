package natsserver_test

import (
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/natsserver"
)

func start(t *testing.T, cfg natsserver.Config) *natsserver.Server {
	t.Helper()
	server, err := natsserver.Start(cfg)
	require.NoError(t, err)
	t.Cleanup(server.Shutdown)
	return server
}

// streams connects within the process.
func streams(t *testing.T, server *natsserver.Server) jetstream.JetStream {
	t.Helper()
	nc, err := server.Connect()
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return js
}

func TestServerKeepsStreamsAndDoesNotListen(t *testing.T) {
	t.Parallel()
	cfg := natsserver.Config{Dir: t.TempDir()}
	server := start(t, cfg)
	assert.Empty(t, server.URL())
	js := streams(t, server)
	_, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "KEPT", Subjects: []string{"kept"}})
	require.NoError(t, err)
	_, err = js.Publish(t.Context(), "kept", []byte("this"))
	require.NoError(t, err)
	server.Shutdown()

	stream, err := streams(t, start(t, cfg)).Stream(t.Context(), "KEPT")
	require.NoError(t, err)
	message, err := stream.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, "this", string(message.Data))
}

func TestServerRequiresItsToken(t *testing.T) {
	t.Parallel()
	server := start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret"})
	streams(t, server) // within the process the token is added

	_, err := nats.Connect(server.URL())
	require.ErrorIs(t, err, nats.ErrAuthorization)
	nc, err := nats.Connect(server.URL(), nats.Token("secret"))
	require.NoError(t, err)
	nc.Close()
}

func TestServerOpensToTheNetworkOnlyWithAToken(t *testing.T) {
	t.Parallel()
	_, err := natsserver.Start(natsserver.Config{Dir: t.TempDir(), Host: "0.0.0.0", Port: -1})
	require.ErrorContains(t, err, "set a token")
}
