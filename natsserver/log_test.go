package natsserver

import (
	"bytes"
	"crypto/tls"
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

// TestClientsThatDoNotGetIn has clients that do not know who has signed the certificate, and clients without credentials. The log tells of some, as warnings.
func TestClientsThatDoNotGetIn(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		options []nats.Option
		refused string // what the client hears
		told    string // by the log
	}{
		"they do not trust the server": {nil, "certificate", "TLS handshake error"},
		"they have no credentials":     {[]nats.Option{nats.Secure(&tls.Config{InsecureSkipVerify: true})}, "Authorization Violation", "authentication error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, log := t.TempDir(), new(syncedBuffer)
			text, key := newPair(t, time.Now().Add(time.Hour))
			cfg := Config{
				Dir: filepath.Join(dir, "streams"), Certificate: filepath.Join(dir, "pem"), Key: filepath.Join(dir, "key"), Host: "127.0.0.1", Port: -1, Unsynced: true,
				Token: "secret", Log: slog.New(slog.NewTextHandler(log, nil)),
			}
			require.NoError(t, os.WriteFile(cfg.Certificate, []byte(text), 0o600))
			require.NoError(t, os.WriteFile(cfg.Key, []byte(key), 0o600))
			s, err := Start(cfg)
			require.NoError(t, err)
			defer s.Shutdown()
			const clients = 50
			for range clients {
				_, err := nats.Connect(s.URL(), row.options...)
				require.ErrorContains(t, err, row.refused)
			}
			told := func() int { return strings.Count(log.String(), row.told) }
			require.Eventually(t, func() bool { return told() > 0 && s.current.Load().NumClients() == 0 }, time.Minute, time.Millisecond)
			assert.Less(t, told(), clients/2)
			assert.Contains(t, log.String(), "level=WARN")
			assert.NotContains(t, log.String(), "level=ERROR")
		})
	}
}
