package sending_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/mail"
)

// TestEncryption sends to servers with and without TLS, on an address that is not this machine's alone.
func TestEncryption(t *testing.T) {
	t.Parallel()
	host := ownAddress(t)
	config, roots := certificate(t, host)
	for _, tc := range []struct {
		name             string
		config           *tls.Config
		implied, trusted bool
		scheme           string
		withoutTLS       bool
		tls, refused     bool
	}{
		{name: "STARTTLS", config: config, trusted: true, scheme: "smtp", tls: true},
		{name: "from the beginning", config: config, implied: true, trusted: true, scheme: "smtps", tls: true},
		{name: "a server that has none", scheme: "smtp", trusted: true, refused: true},
		{name: "a server that has none, and needs none", scheme: "smtp", withoutTLS: true},
		{name: "a certificate of nobody known", config: config, scheme: "smtp", refused: true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := quiet(t)
			there := startMailServer(t, net.JoinHostPort(host, "0"), tc.config, tc.implied)
			server, err := mail.ParseSMTP(tc.scheme+"://ada@"+there.address, "right", tc.withoutTLS)
			require.NoError(t, err)
			if tc.trusted {
				server.Trust(roots)
			}
			sender := f.senderTo(server)
			background(t, sender.Run)
			invite(f.organization("acme"), "eve@example.org")
			if tc.refused {
				require.Eventually(t, func() bool { return sender.Counts().Failed > 0 }, time.Minute, 5*time.Millisecond)
				assert.Empty(t, there.mails())
				assert.Empty(t, there.logins, "the password is not sent")
				return
			}
			assert.Equal(t, tc.tls, there.wait(t, 1)[0].tls)
			assert.Equal(t, []string{"ada right"}, there.logins)
			assert.NotContains(t, f.log.String()+f.rows(), "right")
		})
	}
}

// TestWrongPassword is about the server, not about the mail: it is tried again, and is no dead letter.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	f := quiet(t)
	server, err := mail.ParseSMTP("smtp://ada@"+f.mails.address, "hunter2", false)
	require.NoError(t, err)
	wrong := f.senderTo(server)
	stop := background(t, wrong.Run)
	invite(f.organization("acme"), "eve@example.org")
	require.Eventually(t, func() bool { return wrong.Counts().Failed > 0 }, time.Minute, 5*time.Millisecond)
	stop()
	assert.Zero(t, wrong.Counts().Dead)
	assert.NotContains(t, f.log.String()+f.rows(), "hunter2")
	background(t, f.sender.Run)
	f.mails.wait(t, 1)
}

// ownAddress returns an address of this machine that others could reach.
func ownAddress(t *testing.T) string {
	t.Helper()
	all, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range all {
		if n, is := a.(*net.IPNet); is && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	t.Skip("this machine has no address but that of itself")
	return ""
}

// certificate makes a certificate for an address, which signs itself.
func certificate(t *testing.T, host string) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.ParseIP(host)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, roots
}
