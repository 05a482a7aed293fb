package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// broker is the NATS server that keeps the ledger: one inside this process, or
// another one.
type broker struct {
	// Conn reads the ledger. Commands have commits and keys over a connection of their own, so
	// that they do not wait behind what others read.
	*nats.Conn
	commands *nats.Conn
	// connect makes another connection.
	connect func(name nats.Option) (*nats.Conn, error)

	// url connects other processes, token included, and certificate names the file of the certificate that the
	// server presents; it may be empty.
	url, certificate string
	own              *natsserver.Server
	// listens says that subscribers are let in to the server in this process.
	listens bool
}

// startBroker starts a server inside this process. Processes on this machine that can read
// the data directory may connect. Where cfg has no port, they alone may, on a free one of the loopback interface. The rest of cfg is as it is given.
func startBroker(d *dataDirectory, cfg natsserver.Config) (*broker, error) {
	token := rand.Text()
	listens := cfg.Port != 0
	if !listens {
		cfg.Port, cfg.TokenOnly = -1, true
	}
	cfg.Dir, cfg.Token = d.path("nats"), token
	server, err := natsserver.Start(cfg)
	if errors.Is(err, natsserver.ErrDamaged) && slices.Contains(cfg.ReadFirst, keyring.StreamName) {
		return nil, fmt.Errorf("%w\nIf there is no copy, `roster rebuild --accept-missing-keys` keeps every key that can be read, "+
			"and goes on without the names behind the others", err)
	}
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(server.URL())
	if err != nil {
		server.Shutdown()
		return nil, err
	}
	address.User = url.User(token)
	b, err := newBroker(address.String(), func(name nats.Option) (*nats.Conn, error) { return server.Connect(name) })
	if err != nil {
		server.Shutdown()
		return nil, err
	}
	b.own, b.certificate, b.listens = server, cfg.Certificate, listens
	return b, nil
}

// reconnectWait is how long a connection that was lost waits before it tries the same server again.
const reconnectWait = 200 * time.Millisecond

// joinBroker connects to a server elsewhere. If certificate names a file, the server must present the certificate in it.
func joinBroker(address, certificate string) (*broker, error) {
	options := []nats.Option{nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait)}
	if certificate != "" {
		options = append(options, nats.Secure(onlyCertificate(certificate)))
	}
	b, err := newBroker(address, func(name nats.Option) (*nats.Conn, error) {
		return nats.Connect(address, append(options, name)...)
	})
	if err != nil {
		return nil, &unreachableError{fmt.Errorf("connect to NATS: %w", err)}
	}
	return b, nil
}

func newBroker(address string, connect func(name nats.Option) (*nats.Conn, error)) (*broker, error) {
	conn, err := connect(nats.Name("roster"))
	if err != nil {
		return nil, err
	}
	commands, err := connect(nats.Name("roster commands"))
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &broker{Conn: conn, commands: commands, connect: connect, url: address}, nil
}

// ledger opens the ledger.
func (b *broker) ledger(ctx context.Context, cfg bus.OpenConfig) (*bus.Ledger, error) {
	cfg.Appending = b.commands
	if b.own != nil {
		cfg.Synced, cfg.Writable = true, b.writable
	}
	ledger, err := oncePeersMeet(ctx, func() (*bus.Ledger, error) { return bus.Open(ctx, b.Conn, cfg) })
	if errors.Is(err, bus.ErrUnsynced) {
		return nil, fmt.Errorf("%w with --allow-unsynced-ledger", err)
	}
	if errors.Is(err, bus.ErrNoLedger) {
		return nil, &refusedError{fmt.Errorf("%w: name the server that does with --nats, or its data directory with --data; "+
			"if the ledger is lost, bring back its newest copy", err)}
	}
	return ledger, err
}

// writable fails if the server in this process cannot write.
func (b *broker) writable() error {
	err := b.own.Writable()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, natsserver.ErrNoSpace):
		return fmt.Errorf("%w: %w", bus.ErrNoSpace, err)
	}
	return fmt.Errorf("%w: %w", bus.ErrNotWritable, err)
}

// keyring opens the keys of a ledger. Only an empty ledger gets new ones: those that a
// commit needs cannot be made again. If nothing is wrapped yet, it makes the file of the master key where there is none.
func (b *broker) keyring(ctx context.Context, ledger *bus.Ledger, master masterKey, log *slog.Logger) (*keyring.Keyring, error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return nil, err
	}
	by, err := keyring.WrappedBy(ctx, b.commands)
	if errors.Is(err, keyring.ErrNoKeys) && end.Position == 0 {
		err = nil
	}
	if err == nil {
		err = master.complete(ctx, by, log)
	}
	if err != nil {
		return nil, refuseKeys(err, end)
	}
	cfg := keyring.Config{Master: master.key, Replicas: ledger.Replicas(), Progress: wrapping(ctx, log)}
	if end.Position == 0 {
		keys, err := oncePeersMeet(ctx, func() (*keyring.Keyring, error) { return keyring.Open(ctx, b.commands, cfg) })
		return keys, master.explain(err)
	}
	keys, err := keyring.OpenExisting(ctx, b.commands, cfg)
	return keys, refuseKeys(master.explain(err), end)
}

// reader opens the keys of a ledger for reading. It writes nothing.
func (b *broker) reader(ctx context.Context, ledger *bus.Ledger, master masterKey) (*keyring.Reader, error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := keyring.OpenReader(ctx, b.commands, master.key)
	return keys, refuseKeys(master.explain(err), end)
}

// refuseKeys says of missing keys what to do. Every other error stays as it is.
func refuseKeys(err error, end events.Checkpoint) error {
	if !errors.Is(err, keyring.ErrNoKeys) {
		return err
	}
	return &refusedError{fmt.Errorf("%w\nThe ledger has %s, so nothing is served: "+
		"bring back the newest copy of the ledger and the keys together", err, phrase.Count(int(end.Position), "commit", "commits"))} //nolint:gosec // no ledger has so many
}

// wrapping logs every few seconds how many of the keys that an earlier version stored are wrapped.
func wrapping(ctx context.Context, log *slog.Logger) func(done, total int) {
	next := time.Now()
	return func(done, total int) {
		if now := time.Now(); now.After(next) {
			next = now.Add(lineEvery)
			log.InfoContext(ctx, "wrapping the keys to personal data by the master key; an earlier version of Roster cannot read them from now on", "keys", done, "of", total)
		}
	}
}

const (
	// noPeers is the code of NATS for a stream with more replicas than servers that have met.
	noPeers jetstream.ErrorCode = 10005
	// peersTime is how long the servers of a cluster may take to meet, peersPause how often
	// they are asked.
	peersTime  = 15 * time.Second
	peersPause = 200 * time.Millisecond
)

// oncePeersMeet opens what is kept by several servers. They may have started just now.
func oncePeersMeet[T any](ctx context.Context, open func() (T, error)) (opened T, err error) {
	err = retry.Do(ctx, retry.WithMaxDuration(peersTime, retry.NewConstant(peersPause)), func(context.Context) (err error) {
		opened, err = open()
		if ctx.Err() == nil && peersMissing(err) {
			return retry.RetryableError(err)
		}
		return err
	})
	return opened, err
}

// peersMissing reports whether a request failed as it does while the servers of a cluster have not met: one refuses since it knows too
// few others, the stream has no leader yet, or nobody answers within the client's five seconds.
func peersMissing(err error) bool {
	refused, is := errors.AsType[*jetstream.APIError](err)
	return is && refused.ErrorCode == noPeers || errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, context.DeadlineExceeded)
}

func (b *broker) close() {
	b.commands.Close()
	b.Close()
	if b.own != nil {
		b.own.Shutdown()
	}
}
