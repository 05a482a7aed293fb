package natsserver

import (
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"
)

// certificate is a certificate and its key in files that may change.
type certificate struct {
	name, key string
	log       *slog.Logger

	mu   sync.Mutex
	last *tls.Certificate // the last that could be read
	// found is the hash of what was found in the files the last time, err why it cannot be used, looks how often it was
	// looked at since.
	found [sha256.Size]byte
	err   error
	looks int
	// ended says that the log tells that the last is not valid.
	ended bool
}

// readCertificate reads a certificate for the first time.
func readCertificate(name, key string, log *slog.Logger) (*certificate, error) {
	c := &certificate{name: name, key: key, log: log}
	if c.read(); c.err != nil {
		return nil, c.err
	}
	return c, nil
}

// CheckCertificate fails if the files do not hold a certificate and its key, as [Start] would.
func CheckCertificate(name, key string) error {
	_, err := readCertificate(name, key, slog.New(slog.DiscardHandler))
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
	c.read()
	return c.last
}

// look logs, once per change, that the files cannot be used, and once that the certificate is not valid. Between the
// change of one file and of the other they cannot be used either: only what is there the second time counts.
func (c *certificate) look(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read()
	if c.looks++; c.looks == 2 && c.err != nil {
		c.log.Error("the new certificate of the NATS server cannot be used: the one before stays in use, and without it the server would not start", "error", c.err)
	}
	if leaf := c.last.Leaf; !c.ended && (now.Before(leaf.NotBefore) || now.After(leaf.NotAfter)) {
		c.ended = true
		c.log.Warn("the certificate of the NATS server is not valid now, so subscribers refuse it: replace it; that needs no restart",
			"certificate", c.name, "from", leaf.NotBefore, "until", leaf.NotAfter)
	}
}

// read reads the files, if they have changed.
func (c *certificate) read() {
	text, err := os.ReadFile(c.name)
	key, keyErr := os.ReadFile(c.key)
	err = errors.Join(err, keyErr)
	textHash, keyHash := sha256.Sum256(text), sha256.Sum256(key)
	found := sha256.Sum256(slices.Concat(textHash[:], keyHash[:], fmt.Append(nil, err)))
	if found == c.found {
		return
	}
	c.found, c.looks = found, 0
	var pair tls.Certificate
	if err == nil {
		pair, err = tls.X509KeyPair(text, key)
	}
	if err != nil {
		c.err = fmt.Errorf("read the certificate %s and its key %s: %w", c.name, c.key, err)
		return
	}
	c.last, c.err, c.ended = &pair, nil, false
}
