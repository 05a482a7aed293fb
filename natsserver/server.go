package natsserver

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	maxPayload   = 8 << 20 // bytes of one message
	startTimeout = 30 * time.Second
	loopback     = "127.0.0.1"
)

// Config describes a server. Only Dir is required.
type Config struct {
	// Dir is the directory of the streams. Only one server at a time may use it.
	Dir string
	// Host is the address to listen on; empty means the loopback interface.
	Host string
	// Port is the port to listen on; 0 does not listen, -1 takes any free port.
	Port int
	// Token is what clients must present. It may be empty if the server does not
	// listen, or listens on the loopback interface.
	Token string
	// Unsynced acknowledges writes before they are on the disk. A power failure
	// may lose the last two minutes; a crash of the process loses nothing. It is
	// for tests.
	Unsynced bool
	// Log receives the server's log; nil drops it.
	Log *slog.Logger
}

// Server is a running NATS server with JetStream.
type Server struct {
	nats    *server.Server
	token   string
	log     *slog.Logger
	running sync.WaitGroup
}

// Start starts a server and waits until it accepts connections.
func Start(cfg Config) (*Server, error) {
	host := cfg.Host
	if host == "" {
		host = loopback
	}
	if ip := net.ParseIP(host); cfg.Port != 0 && cfg.Token == "" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("listening on %s without a token would open the ledger to the network: set a token", host)
	}
	s, err := server.NewServer(&server.Options{
		ServerName:             "roster",
		Host:                   host,
		Port:                   cfg.Port,
		DontListen:             cfg.Port == 0,
		Authorization:          cfg.Token,
		JetStream:              true,
		StoreDir:               cfg.Dir,
		SyncAlways:             !cfg.Unsynced,
		MaxPayload:             maxPayload,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the NATS server: %w", err)
	}
	started := &Server{nats: s, token: cfg.Token, log: cfg.Log}
	if started.log == nil {
		started.log = slog.New(slog.DiscardHandler)
	}
	s.SetLoggerV2(serverLog{started.log}, false, false, false)
	started.running.Go(s.Start)
	if !s.ReadyForConnections(startTimeout) || !s.JetStreamEnabled() {
		started.Shutdown()
		return nil, errors.New("the NATS server did not start; its log says why")
	}
	return started, nil
}

// Connect opens a connection within the process, without the network. It
// reconnects until it is closed. Options are applied after the defaults.
func (s *Server) Connect(options ...nats.Option) (*nats.Conn, error) {
	options = append([]nats.Option{
		nats.InProcessServer(s.nats),
		nats.Token(s.token),
		nats.MaxReconnects(-1),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { s.log.Warn("nats", "error", err) }),
	}, options...)
	nc, err := nats.Connect("", options...)
	if err != nil {
		return nil, fmt.Errorf("connect to the NATS server in this process: %w", err)
	}
	return nc, nil
}

// URL returns the address for other processes, without the token. It is empty if
// the server does not listen.
func (s *Server) URL() string {
	if s.nats.Addr() == nil {
		return ""
	}
	return s.nats.ClientURL()
}

// Shutdown stops the server and waits until its files are closed. It does not
// close the connections that Connect returned: close them first.
func (s *Server) Shutdown() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
	s.running.Wait()
}
