package natsserver

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	maxPayload = 8 << 20 // bytes of one message
	// maxAllConnections bounds how many file descriptors strangers can take from the process.
	maxAllConnections = 4096
	startTimeout      = 30 * time.Second
	// reconnectWait is how long connections within the process wait before they try again.
	reconnectWait = 100 * time.Millisecond
	loopback      = "127.0.0.1"
)

// Config describes a server. Only Dir is required.
type Config struct {
	// Dir is the directory of the streams. Only one server at a time may use it.
	Dir string
	// Streams names streams that the directory must hold. If it does not, Start changes
	// nothing and fails with a [*StoreError].
	Streams []string
	// ReadFirst names streams that are read completely before the server touches them, where the
	// directory holds them. A server drops what follows a damaged record; Start fails with a
	// [*StoreError] instead. The time that it takes grows with their size.
	ReadFirst []string
	// Host is the address to listen on; empty means the loopback interface.
	Host string
	// Port is the port to listen on; 0 does not listen, -1 takes any free port.
	Port int
	// Token gives all rights to whoever presents it. It may be empty if the server does not
	// listen, or listens on the loopback interface; then everybody who connects has all rights. Subscribers present none,
	// see [Server.SetSubscribers].
	Token string
	// TokenOnly refuses everybody who does not present the token: [Server.SetSubscribers] lets nobody in.
	TokenOnly bool
	// Certificate and Key name files in PEM format. With them, connections to the port use TLS. They are read anew for
	// each connection, so that a new certificate needs no restart. While new ones cannot be used, those before stay in
	// use, and the log says so; it also tells of a certificate that is not valid.
	Certificate, Key string
	// Unsynced acknowledges writes before they are on the disk. A power failure
	// may lose the last two minutes; a crash of the process loses nothing. It is
	// for tests.
	Unsynced bool
	// Log receives the server's log; nil drops it.
	Log *slog.Logger
}

// Server is a running NATS server with JetStream.
type Server struct {
	cfg Config // with the host and, once it listens, the port
	log *slog.Logger
	tls *tls.Config // nil without a certificate
	// certificate is nil without one.
	certificate *certificate

	auth    authenticator
	current atomic.Pointer[server.Server]
	running sync.WaitGroup

	fault    atomic.Pointer[error] // why it cannot write; nil if it can
	stopping chan struct{}
	stop     sync.Once
	watching sync.WaitGroup
}

// Start starts a server and waits until it accepts connections. It fails with a
// [*StoreError], and leaves the files as they are, if the directory holds a file that no
// server leaves behind, or a stream that the server cannot recover.
func Start(cfg Config) (*Server, error) {
	if cfg.Host == "" {
		cfg.Host = loopback
	}
	if ip := net.ParseIP(cfg.Host); cfg.Port != 0 && cfg.Token == "" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("listening on %s without a token would open the ledger to the network: set a token", cfg.Host)
	}
	s := &Server{cfg: cfg, log: cfg.Log, auth: authenticator{token: cfg.Token, tokenOnly: cfg.TokenOnly}, stopping: make(chan struct{})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if cfg.Certificate != "" {
		var err error
		if s.certificate, err = readCertificate(cfg.Certificate, cfg.Key, s.log); err != nil {
			return nil, err
		}
		s.tls = s.certificate.config()
		s.certificate.look(time.Now())
	}
	if err := s.canListen(); err != nil {
		return nil, err
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	s.watching.Go(s.watch)
	return s, nil
}

// canListen fails if the server cannot listen on its port. The server itself would only log that.
func (s *Server) canListen() error {
	if s.cfg.Port <= 0 {
		return nil
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(s.cfg.Host, strconv.Itoa(s.cfg.Port))) //nolint:noctx // it takes no time
	if err != nil {
		return fmt.Errorf("the NATS server needs another address to listen on: %w", err)
	}
	return listener.Close()
}

// open looks at the directory, then starts a server on it.
func (s *Server) open() error {
	cfg := s.cfg
	second := secondNamesIn(cfg.Dir)
	if err := second.restore(); err != nil {
		return err
	}
	held, err := inspect(cfg.Dir)
	if err != nil {
		return err
	}
	if err := unfinished(cfg.Dir, held); err != nil {
		return err
	}
	for _, name := range cfg.Streams {
		if !slices.Contains(held, name) {
			return &StoreError{Path: filepath.Join(cfg.Dir, streamsDirectory, name), Problem: "held a stream, and is gone or empty: " +
				"mount the disk that it is on, or bring back the newest copy of the directory; if there is none, begin anew in an empty data directory with an empty database"}
		}
	}
	if err := s.readFirst(); err != nil {
		return err
	}
	if err := keepReplaced(cfg.Dir); err != nil {
		return err
	}
	if err := removeTemporary(cfg.Dir); err != nil {
		return err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return err
	}
	if err := second.link(held); err != nil {
		return err
	}
	err = s.run()
	if err == nil {
		err = s.recovered(held)
	}
	if err != nil {
		s.end()
		return errors.Join(err, second.restore())
	}
	if err := second.remove(); err != nil {
		s.end()
		return err
	}
	if s.cfg.Port < 0 {
		s.cfg.Port = s.current.Load().Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
	}
	return nil
}

// readFirst reads the streams that are to be read first, as far as there are such.
func (s *Server) readFirst() error {
	for _, name := range s.cfg.ReadFirst {
		err := Read(s.cfg.Dir, name, func(uint64, string, []byte) error { return nil })
		if err != nil && !errors.Is(err, ErrNoStream) {
			return err
		}
	}
	return nil
}

// run starts a server and waits until it accepts connections.
func (s *Server) run() error {
	nats, err := server.NewServer(&server.Options{
		ServerName:             "roster",
		Host:                   s.cfg.Host,
		Port:                   s.cfg.Port,
		DontListen:             s.cfg.Port == 0,
		Cluster:                server.ClusterOpts{NoAdvertise: true}, // clients use the address that they were given
		TLS:                    s.tls != nil,
		TLSConfig:              s.tls,
		MaxConn:                maxAllConnections,
		JetStream:              true,
		StoreDir:               s.cfg.Dir,
		SyncAlways:             !s.cfg.Unsynced,
		MaxPayload:             maxPayload,
		NoSigs:                 true,
		DisableJetStreamBanner: true,

		CustomClientAuthentication: &s.auth,
		AlwaysEnableNonce:          true,
	})
	if err != nil {
		return fmt.Errorf("set up the NATS server: %w", err)
	}
	nats.SetLoggerV2(newServerLog(s.log), false, false, false)
	s.current.Store(nats)
	s.auth.goOnWith(nats)
	s.running.Go(nats.Start)
	if !nats.ReadyForConnections(startTimeout) || !nats.JetStreamEnabled() {
		return errors.New("the NATS server did not start; its log says why")
	}
	return s.auth.begin()
}

// recovered fails if the server has not recovered a stream that its directory holds.
func (s *Server) recovered(held []string) error {
	has, err := s.current.Load().Jsz(&server.JSzOptions{Accounts: true, Streams: true})
	if err != nil {
		return fmt.Errorf("list the streams after the start: %w", err)
	}
	for _, name := range held {
		isIt := func(stream server.StreamDetail) bool { return stream.Name == name }
		if !slices.ContainsFunc(has.AccountDetails, func(a *server.AccountDetail) bool { return slices.ContainsFunc(a.Streams, isIt) }) {
			return &StoreError{Path: filepath.Join(s.cfg.Dir, streamsDirectory, name), Problem: "holds a stream that the server cannot recover; " +
				"its log says why, above. If the disk is full or fails, mend that and start again; else bring back the newest copy of the directory"}
		}
	}
	return nil
}

// Connect opens a connection within the process, without the network. It
// reconnects until it is closed. Options are applied after the defaults.
func (s *Server) Connect(options ...nats.Option) (*nats.Conn, error) {
	options = append([]nats.Option{
		nats.InProcessServer(inProcess{s}),
		nats.Token(s.cfg.Token),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { s.log.Warn("nats", "error", err) }),
	}, options...)
	nc, err := nats.Connect("", options...)
	if err != nil {
		return nil, fmt.Errorf("connect to the NATS server in this process: %w", err)
	}
	return nc, nil
}

// inProcess connects to whichever server runs now.
type inProcess struct{ to *Server }

// InProcessConn implements [nats.InProcessConnProvider].
func (c inProcess) InProcessConn() (net.Conn, error) { return c.to.current.Load().InProcessConn() }

// URL returns the address for other processes on this machine, without the token: tls://... with a certificate, else
// nats://... It is empty if the server does not listen.
func (s *Server) URL() string {
	if s.cfg.Port == 0 {
		return ""
	}
	host := s.cfg.Host
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = loopback // also where it listens on [::], which takes both
	}
	scheme := "nats://"
	if s.tls != nil {
		scheme = "tls://"
	}
	return scheme + net.JoinHostPort(host, strconv.Itoa(s.cfg.Port))
}

// SetSubscribers lets these subscribers in, and no others. When it returns, the connections of those that are no
// longer among them, or have another key, have been told to end. Until it is called, connections of subscribers end without
// a word, so that they try again. It fails if a name or a key is not valid or used twice, and then changes nothing.
func (s *Server) SetSubscribers(subscribers []Subscriber) error { return s.auth.set(subscribers) }

// Shutdown stops the server and waits until its files are closed. It does not
// close the connections that Connect returned: close them first.
func (s *Server) Shutdown() {
	s.stop.Do(func() { close(s.stopping) })
	s.watching.Wait()
	s.end()
}

// end stops the server that runs now.
func (s *Server) end() {
	if nats := s.current.Load(); nats != nil {
		nats.Shutdown()
		nats.WaitForShutdown()
	}
	s.running.Wait()
}
