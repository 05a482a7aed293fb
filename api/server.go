package api

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/sync/semaphore"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// Desk is where commands are decided.
type Desk = bus.Desk[domain.Roster, domain.Command]

// minPositionWait is how long a request waits for a position where Config leaves it open.
const minPositionWait = 5 * time.Second

// Config is what the server stands on; what is not said to be optional must be there.
type Config struct {
	Desk     *Desk
	Ledger   *bus.Ledger
	Database *projections.Database
	Keyring  *keyring.Keyring
	// Schemes are what a new organization can choose from.
	Schemes scheme.Set
	// RootKeyHash is the SHA-256 of the key that every request must show.
	RootKeyHash [32]byte
	// Version is the program's, for the OpenAPI document; optional.
	Version string
	// Metrics counts what is served; nil counts for nobody.
	Metrics *Metrics
	// Log receives faults; nil drops them.
	Log *slog.Logger
	// MinPositionWait is how long a request waits for the position that its
	// sender has seen; zero is five seconds.
	MinPositionWait time.Duration
}

// Server answers requests. It is an [http.Handler].
type Server struct {
	Config

	mux    *http.ServeMux
	huma   huma.API
	costly *semaphore.Weighted
	// items are what an item of a bulk can be, by its type.
	items   map[string]itemType
	counts  *expirable.LRU[countedProject, domain.ProjectCount]
	closing chan struct{}
	close   sync.Once
}

// New returns a server that is ready to answer.
func New(cfg Config) (*Server, error) {
	if cfg.Desk == nil || cfg.Ledger == nil || cfg.Database == nil || cfg.Keyring == nil || cfg.Schemes == nil {
		return nil, errors.New("the server needs a desk, a ledger, a database, a keyring, and schemes")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Metrics == nil {
		cfg.Metrics = NewMetrics(nil)
	}
	if cfg.MinPositionWait == 0 {
		cfg.MinPositionWait = minPositionWait
	}
	s := newServer(cfg)
	s.Metrics.watch(s)
	return s, nil
}

// newServer registers everything that is served.
func newServer(cfg Config) *Server {
	s := &Server{
		Config: cfg, mux: http.NewServeMux(), costly: semaphore.NewWeighted(costlyAtOnce),
		items: map[string]itemType{}, counts: expirable.NewLRU[countedProject, domain.ProjectCount](maxCounted, nil, countsKept), closing: make(chan struct{}),
	}
	s.huma = newOpenAPI(s.mux, cfg.Version)
	s.organizationRoutes()
	s.schemeRoutes()
	s.roleRoutes()
	s.memberRoutes()
	s.inviteRoutes()
	s.projectRoutes()
	s.publicLinkRoutes()
	s.projectMemberRoutes()
	s.projectSearchRoutes()
	s.overrideRoutes()
	s.assignmentRoutes()
	s.accessRoutes()
	s.reportRoutes()
	s.teamRoutes()
	s.teamMemberRoutes()
	s.bulkRoute() // after all other commands
	s.checkRoutes()
	s.auditRoutes()
	s.notificationRoutes()
	s.replayRoutes()
	s.importRoutes()
	s.exportRoutes()
	s.healthRoutes()
	s.documentRoutes()
	s.mux.HandleFunc(everywhere, s.nowhere)
	return s
}

// CloseStreams ends the answers that would go on for ever, so that a graceful
// shutdown comes to its end: hand it to [http.Server.RegisterOnShutdown].
func (s *Server) CloseStreams() { s.close.Do(func() { close(s.closing) }) }
