package natsserver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newPair returns a certificate and its key, as files hold them.
func newPair(t *testing.T, until time.Time) (text, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: until}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	require.NoError(t, err)
	encoded, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}))
}

// TestCertificatesAreTold puts other files in the place of a certificate and its key.
func TestCertificatesAreTold(t *testing.T) {
	t.Parallel()
	now := time.Now()
	first, firstKey := newPair(t, now.Add(time.Hour))
	second, secondKey := newPair(t, now.Add(time.Hour))
	past, pastKey := newPair(t, now.Add(-time.Hour))
	const refused, notValid = "cannot be used", "is not valid now"
	for name, test := range map[string]struct {
		text, key string
		later     time.Duration
		says      string // in the only line of the log; empty: there is none
		replaced  bool
	}{
		"another pair":              {second, secondKey, 0, "", true},
		"a key of another":          {first, secondKey, 0, refused, false},
		"a certificate of another":  {second, firstKey, 0, refused, false},
		"something else":            {"garbage", "garbage", 0, refused, false},
		"nothing":                   {"", "", 0, refused, false},
		"no certificate":            {firstKey, firstKey, 0, refused, false},
		"one that has ended":        {past, pastKey, 0, notValid, true},
		"the same, which ends then": {first, firstKey, 2 * time.Hour, notValid, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			put := func(text, key string) {
				require.NoError(t, os.WriteFile(filepath.Join(dir, "pem"), []byte(text), 0o600))
				require.NoError(t, os.WriteFile(filepath.Join(dir, "key"), []byte(key), 0o600))
			}
			put(first, firstKey)
			var log strings.Builder
			c, err := readCertificate(filepath.Join(dir, "pem"), filepath.Join(dir, "key"), slog.New(slog.NewTextHandler(&log, nil)))
			require.NoError(t, err)
			before := c.newest()
			c.look(now)
			require.Empty(t, log.String())

			put(test.text, test.key)
			for range 4 {
				c.look(now.Add(test.later))
				assert.Equal(t, test.replaced, c.newest() != before)
			}
			if test.says == "" {
				assert.Empty(t, log.String())
				return
			}
			assert.Equal(t, 1, strings.Count(log.String(), "\n"), log.String())
			assert.Contains(t, log.String(), test.says)

			log.Reset()
			put(second, secondKey)
			for range 4 {
				c.look(now)
			}
			assert.Empty(t, log.String(), "with a good one")
			assert.NotSame(t, before, c.newest())

			put(first, secondKey)
			for range 4 {
				c.look(now)
			}
			assert.Equal(t, 1, strings.Count(log.String(), refused), "each change is told")
		})
	}
}

// TestServerTellsOfItsCertificate starts with a certificate that has ended.
func TestServerTellsOfItsCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text, key := newPair(t, time.Now().Add(-time.Hour))
	cfg := Config{Dir: filepath.Join(dir, "streams"), Certificate: filepath.Join(dir, "pem"), Key: filepath.Join(dir, "key"), Unsynced: true}
	require.NoError(t, os.WriteFile(cfg.Certificate, []byte(text), 0o600))
	require.NoError(t, os.WriteFile(cfg.Key, []byte(key), 0o600))
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	defer write.Close()
	lines := make(chan string, 1)
	cfg.Log = slog.New(slog.NewTextHandler(write, nil))
	go func() {
		found := make([]byte, 4096)
		n, _ := read.Read(found)
		lines <- string(found[:n])
	}()
	s, err := Start(cfg)
	require.NoError(t, err)
	defer s.Shutdown()
	assert.Contains(t, <-lines, "is not valid now")
}
