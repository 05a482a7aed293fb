package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"github.com/seed-2026d078/roster/natsserver"
)

// natsListenFlags say whether, and how, subscribers reach the NATS server in this process.
type natsListenFlags struct {
	NATSListen     string `name:"nats-listen" env:"ROSTER_NATS_LISTEN" placeholder:"ADDR" help:"Address on which the NATS server in this process lets subscribers in, as 0.0.0.0:4222; port 0 takes any free one. It implies --feed. Without it nobody is let in but processes that can read the data directory."`
	NATSTLSCert    string `name:"nats-tls-cert" env:"ROSTER_NATS_TLS_CERT" type:"path" placeholder:"FILE" help:"Certificate (PEM, with those between it and its root) that the NATS server presents there. A new one in the file needs no restart."`
	NATSTLSKey     string `name:"nats-tls-key" env:"ROSTER_NATS_TLS_KEY" type:"path" placeholder:"FILE" help:"Private key of that certificate."`
	NATSWithoutTLS bool   `name:"nats-without-tls" env:"ROSTER_NATS_WITHOUT_TLS" help:"Listen without TLS on an address that other machines reach: whoever is between reads what subscribers read, and can send in their name."`
}

// Validate fails for an address that is none, and for one that other machines reach if the
// connections are not encrypted.
func (f *natsListenFlags) Validate() error {
	encrypted := f.NATSTLSCert != ""
	if encrypted != (f.NATSTLSKey != "") {
		return errors.New("--nats-tls-cert and --nats-tls-key are used together")
	}
	if encrypted && f.NATSWithoutTLS {
		return errors.New("--nats-without-tls says that connections are not encrypted, and --nats-tls-cert with what they are: leave one of them out")
	}
	if f.NATSListen == "" {
		if encrypted || f.NATSWithoutTLS {
			return errors.New("how the NATS server listens is said without where: name an address with --nats-listen")
		}
		return nil
	}
	host, _, err := f.address()
	if err != nil {
		return err
	}
	ip := net.ParseIP(host)
	if local := host == "localhost" || ip != nil && ip.IsLoopback(); !local && !encrypted && !f.NATSWithoutTLS {
		return fmt.Errorf("--nats-listen %s: other machines reach this address, and what subscribers read would pass in clear: "+
			"name a certificate with --nats-tls-cert and --nats-tls-key, or, if something else encrypts the connections, say --nats-without-tls", f.NATSListen)
	}
	return nil
}

// checkCertificate fails if the files do not hold a certificate and its key.
func (f *natsListenFlags) checkCertificate() error {
	if f.NATSTLSCert == "" {
		return nil
	}
	return natsserver.CheckCertificate(f.NATSTLSCert, f.NATSTLSKey)
}

// address returns the host and port to listen on.
func (f *natsListenFlags) address() (host string, port int, err error) {
	host, text, err := net.SplitHostPort(f.NATSListen)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil || port < 0 {
		return "", 0, fmt.Errorf("--nats-listen %q is no address: write it as in 0.0.0.0:4222", f.NATSListen)
	}
	if host == "" {
		host = "0.0.0.0"
	}
	return host, port, nil
}

// listen lets the server of cfg listen as the flags say.
func (f *natsListenFlags) listen(cfg *natsserver.Config) error {
	if f.NATSListen == "" {
		return nil
	}
	var err error
	if cfg.Host, cfg.Port, err = f.address(); err != nil {
		return err
	}
	if cfg.Port == 0 {
		cfg.Port = -1 // any free one
	}
	if f.NATSTLSCert == "" {
		return nil
	}
	cfg.Key = f.NATSTLSKey
	cfg.Certificate, err = filepath.Abs(f.NATSTLSCert) // other processes read it, too
	return err
}

// subscribersURL returns the address for subscribers; empty if they are not let in.
func (b *broker) subscribersURL() string {
	if !b.listens {
		return ""
	}
	return b.own.URL()
}

// onlyCertificate returns what a client needs to accept a server that presents the certificate in a
// file, whatever its names and its end are: commands on this machine must reach the server even with a certificate
// that other clients refuse.
func onlyCertificate(file string) *tls.Config {
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection is stricter
		VerifyConnection: func(state tls.ConnectionState) error {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			block, _ := pem.Decode(text)
			if block == nil || len(state.PeerCertificates) == 0 || !bytes.Equal(block.Bytes, state.PeerCertificates[0].Raw) {
				return fmt.Errorf("the NATS server does not present the certificate in %s", file)
			}
			return nil
		},
	}
}
