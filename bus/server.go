package bus

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
	maxPayload   = 8 << 20
	startTimeout = 30 * time.Second
	loopback     = "127.0.0.1"
)

// ServerConfig describes a NATS server inside this process.
type ServerConfig struct {
	// Dir holds the streams. One server at a time may use it.
	Dir string
	// Host is the address to listen on; empty is the loopback interface.
	Host string
	// Port is where to listen for other processes; 0 does not listen, -1 takes
	// any free port.
	Port int
	// Token is what clients must show; it may be empty on the loopback interface.
	Token string
	// Log receives what the server has to say; nil drops it.
	Log *slog.Logger
}

// Server is a NATS server with JetStream that syncs every write to disk.
type Server struct {
	nats    *server.Server
	token   string
	log     *slog.Logger
	running sync.WaitGroup
}

// StartServer starts a server and waits until it serves.
func StartServer(cfg ServerConfig) (*Server, error) {
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
		SyncAlways:             true,
		MaxPayload:             maxPayload,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the NATS server: %w", err)
	}
	started := &Server{nats: s, token: cfg.Token, log: logOrDiscard(cfg.Log)}
	s.SetLoggerV2(serverLog{started.log}, false, false, false)
	started.running.Go(s.Start)
	if !s.ReadyForConnections(startTimeout) || !s.JetStreamEnabled() {
		started.Shutdown()
		return nil, errors.New("the NATS server did not start; its log says why")
	}
	return started, nil
}

// Connect opens a connection within the process. It reconnects without end until
// it is closed.
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

// URL returns where other processes connect to, without the token; it is empty
// where the server does not listen.
func (s *Server) URL() string {
	if s.nats.Addr() == nil {
		return ""
	}
	return s.nats.ClientURL()
}

// Shutdown stops the server and waits until its files are closed. Connections
// are the business of those who opened them.
func (s *Server) Shutdown() {
	s.nats.Shutdown()
	s.nats.WaitForShutdown()
	s.running.Wait()
}
