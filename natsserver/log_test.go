package natsserver

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// syncedBuffer is written to by a server and read by a test.
type syncedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *syncedBuffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(text)
}

func (b *syncedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// TestClientsThatDoNotTrustTheServer has clients that do not know who has signed the certificate. The log tells of some, as warnings.
func TestClientsThatDoNotTrustTheServer(t *testing.T) {
	t.Parallel()
	dir, log := t.TempDir(), new(syncedBuffer)
	text, key := newPair(t, time.Now().Add(time.Hour))
	cfg := Config{
		Dir: filepath.Join(dir, "streams"), Certificate: filepath.Join(dir, "pem"), Key: filepath.Join(dir, "key"), Host: "127.0.0.1", Port: -1, Unsynced: true,
		Log: slog.New(slog.NewTextHandler(log, nil)),
	}
	require.NoError(t, os.WriteFile(cfg.Certificate, []byte(text), 0o600))
	require.NoError(t, os.WriteFile(cfg.Key, []byte(key), 0o600))
	s, err := Start(cfg)
	require.NoError(t, err)
	defer s.Shutdown()
	const clients = 50
	for range clients {
		_, err := nats.Connect(s.URL())
		require.ErrorContains(t, err, "certificate")
	}
	told := func() int { return strings.Count(log.String(), "TLS handshake error") }
	require.Eventually(t, func() bool { return told() > 0 && s.current.Load().NumClients() == 0 }, time.Minute, time.Millisecond)
	assert.Less(t, told(), clients/2)
	assert.Contains(t, log.String(), "level=WARN")
	assert.NotContains(t, log.String(), "level=ERROR")
}
