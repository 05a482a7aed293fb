package natsserver

import (
	"crypto/tls"
	"fmt"
	"sync"
)

// certificate is a certificate and its key in files that may change.
type certificate struct {
	name, key string

	mu   sync.Mutex
	last *tls.Certificate // the last that could be read
}

// readCertificate reads a certificate for the first time.
func readCertificate(name, key string) (*certificate, error) {
	read, err := tls.LoadX509KeyPair(name, key)
	if err != nil {
		return nil, fmt.Errorf("read the certificate %s and its key %s: %w", name, key, err)
	}
	return &certificate{name: name, key: key, last: &read}, nil
}

// CheckCertificate fails if the files do not hold a certificate and its key, as [Start] would.
func CheckCertificate(name, key string) error {
	_, err := readCertificate(name, key)
	return err
}

// config returns what a server needs to present the certificate.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.newest(), nil },
	}
}

// newest returns what is in the files, or what was there before while they cannot be read, such as between
// the change of one and of the other.
func (c *certificate) newest() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if read, err := tls.LoadX509KeyPair(c.name, c.key); err == nil {
		c.last = &read
	}
	return c.last
}
