package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// newCertificate writes a certificate for nats.example.org that has ended, and its key.
func newCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "nats"}, DNSNames: []string{"nats.example.org"},
		NotAfter: time.Now().Add(-time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	require.NoError(t, err)
	encoded, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "nats.pem"), filepath.Join(dir, "nats.key")
	require.NoError(t, os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}), 0o600))
	return certificate, key
}

// TestNATSListensWithTLS lets strangers reach the server, with a certificate that clients refuse. Commands on
// the same data directory go on.
func TestNATSListensWithTLS(t *testing.T) {
	t.Parallel()
	certificate, key := newCertificate(t)
	server := serve(t, t.TempDir(), "--database", pgtest.New(t), "--nats-listen", "127.0.0.1:0", "--nats-tls-cert", certificate, "--nats-tls-key", key)
	server.must("org", "create", "acme", "--owner", "ada")
	assert.Contains(t, server.must("verify"), "1 organization")

	here, err := locate(server.data)
	require.NoError(t, err)
	assert.Equal(t, certificate, here.NATSCertificate)
	own, err := joinBroker(here.NATS, certificate)
	require.NoError(t, err)
	defer own.close()
	js, err := jetstream.New(own.Conn)
	require.NoError(t, err)
	_, err = js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err, "the feed is implied")

	_, err = nats.Connect(own.ConnectedAddr())
	require.ErrorContains(t, err, "certificate", "no client trusts it")
	_, err = nats.Connect(own.ConnectedAddr(), nats.Secure(onlyCertificate(certificate)))
	require.ErrorIs(t, err, nats.ErrAuthorization, "without the token")
	another, _ := newCertificate(t)
	_, err = joinBroker(here.NATS, another)
	require.ErrorContains(t, err, "does not present the certificate")

	newer, newerKey := newCertificate(t)
	require.NoError(t, os.Rename(newerKey, key))
	require.NoError(t, os.Rename(newer, certificate))
	assert.Contains(t, server.must("verify"), "1 organization", "with a new certificate")
}

// TestFilesAreReadFirst starts servers with files that cannot be used: they end before they have made anything.
func TestFilesAreReadFirst(t *testing.T) {
	t.Parallel()
	certificate, _ := newCertificate(t)
	_, anotherKey := newCertificate(t)
	for name, row := range map[string]struct {
		flags []string
		says  string
	}{
		"a certificate that is not there": {[]string{"--nats-listen", "127.0.0.1:0", "--nats-tls-cert", "nowhere.pem", "--nats-tls-key", anotherKey}, "nowhere.pem"},
		"a key of another certificate":    {[]string{"--nats-listen", "127.0.0.1:0", "--nats-tls-cert", certificate, "--nats-tls-key", anotherKey}, "read the certificate"},
		"schemes that are not there":      {[]string{"--schemes", "nowhere"}, "name the folder with --schemes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			_, said, code := roster(append([]string{"--data", data, "serve", "--listen", "127.0.0.1:0"}, row.flags...)...)
			assert.Equal(t, exitError, code, said)
			assert.Contains(t, said, row.says)
			assert.NoDirExists(t, data)
		})
	}
}

func TestNATSListenFlagsRefuse(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() }) // after the parallel tests below
	certificate, key := newCertificate(t)
	database := pgtest.New(t)
	for _, test := range []struct {
		name  string
		flags []string
		code  int
		says  string
	}{
		{"other machines reach the address", []string{"--nats-listen", "0.0.0.0:0"}, 2, "--nats-tls-cert and --nats-tls-key, or"},
		{"every address is meant", []string{"--nats-listen", ":4222"}, 2, "--nats-tls-cert and --nats-tls-key, or"},
		{"a name", []string{"--nats-listen", "nats.example.org:4222"}, 2, "--nats-tls-cert and --nats-tls-key, or"},
		{"no port", []string{"--nats-listen", "127.0.0.1"}, 2, "write it as in 0.0.0.0:4222"},
		{"a certificate without a key", []string{"--nats-listen", "127.0.0.1:0", "--nats-tls-cert", certificate}, 2, "are used together"},
		{"a certificate and nowhere to listen", []string{"--nats-tls-cert", certificate, "--nats-tls-key", key}, 2, "name an address with --nats-listen"},
		{"a server elsewhere", []string{"--nats-listen", "127.0.0.1:0", "--nats", "nats://127.0.0.1:1"}, 2, "roster subscriber config"},
		{"no certificate in the file", []string{"--nats-listen", "127.0.0.1:0", "--nats-tls-cert", key, "--nats-tls-key", key}, exitError, "read the certificate"},
		{"the port is taken", []string{"--nats-listen", taken.Addr().String()}, exitError, "address already in use"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, said, code := roster(append([]string{"--data", t.TempDir(), "serve", "--listen", "127.0.0.1:0", "--database", database}, test.flags...)...)
			assert.Equal(t, test.code, code, said)
			assert.Contains(t, said, test.says)
		})
	}
}

// TestServeLooksBeforeItStarts has addresses of which it is known at once that they do not serve. No database is made.
func TestServeLooksBeforeItStarts(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() }) // after the parallel tests below
	for _, test := range []struct {
		name  string
		flags []string
		code  int
		says  string
	}{
		{"HTTP on a port that is taken", []string{"--listen", taken.Addr().String()}, exitError, "choose another address with --listen"},
		{"subscribers on a port that is taken", []string{"--nats-listen", taken.Addr().String()}, exitError, "choose another address with --nats-listen"},
		{"no NATS server", []string{"--nats", "nats://127.0.0.1:1"}, exitUnreachable, "connect to NATS"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			data := t.TempDir()
			_, said, code := roster(append([]string{"--data", data, "serve", "--listen", "127.0.0.1:0"}, test.flags...)...)
			assert.Equal(t, test.code, code, said)
			assert.Contains(t, said, test.says)
			assert.NoDirExists(t, filepath.Join(data, "postgres"))
		})
	}
}
