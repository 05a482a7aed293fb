package api

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// Description returns the OpenAPI document that servers show, without a server: clients
// are generated from it.
func Description() ([]byte, error) {
	s, err := New(Config{
		Desk: new(Desk), Ledger: new(bus.Ledger), Database: new(projections.Database), Keyring: new(keyring.Keyring), Schemes: scheme.Set{},
	})
	if err != nil {
		return nil, err
	}
	return s.huma.OpenAPI().MarshalJSON()
}

// New returns a server that is ready to answer.
func New(cfg Config) (*Server, error) {
	if cfg.Desk == nil || cfg.Ledger == nil || cfg.Database == nil || cfg.Keyring == nil || cfg.Schemes == nil {
		return nil, errors.New("the server needs a desk, a ledger, a database, a keyring, and schemes")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.MinPositionWait == 0 {
		cfg.MinPositionWait = minPositionWait
	}
	if cfg.BriefWait == 0 {
		cfg.BriefWait = briefWait
	}
	if cfg.ClientTimeout == 0 {
		cfg.ClientTimeout = clientTimeout
	}
	s := newServer(cfg)
	s.Metrics.watch(s.Desk, s.Database, s.Keyring, s.streams, s.Feed, s.Disk)
	if s.Mail != nil {
		s.Metrics.watchMail(s.Desk, s.Database.Outbox(), s.Mail)
	}
	return s, nil
}

// newServer returns a server with all its routes.
func newServer(cfg Config) *Server {
	if cfg.Metrics == nil {
		cfg.Metrics = NewMetrics(nil)
	}
	s := &Server{
		Config: cfg, mux: new(mux), recent: new(recentRequests), pastSlots: newSlots(), walkSlots: newSlots(), streamSlots: newSlots(), bodySlots: newSlots(), listSlots: newShares(),
		routes: map[string]commandRoute{}, items: map[string]itemType{}, counts: newProjectCounter(), pasts: newPastKeeper(), tries: newTokenTries(cfg.Metrics.limited.WithLabelValues("wrong_tokens")), summaries: newSummaryKeeper(), streams: newFanout(cfg.Desk, cfg.Streams), rates: newRateLimiter(cfg.Rates),
	}
	if cfg.Rates != (RateLimits{}) {
		for _, of := range []*slots{s.pastSlots, s.walkSlots, s.streamSlots, s.bodySlots, s.listSlots} {
			of.others = s.recent.besides
		}
	}
	s.eraser = personaldata.NewEraser(cfg.Desk, cfg.Ledger, cfg.Keyring, cfg.Database, cfg.MailFiles)
	s.huma = newOpenAPI(s.mux, cfg.Version)
	s.checkLimits = sync.OnceValue(func() *bodyLimits { return s.limitsOf(http.MethodPost, checkPath) })
	isFirst := false
	firstServer.Do(func() {
		isFirst = true
		s.registerRoutes()
	})
	if !isFirst {
		s.registerRoutes()
	}
	return s
}

// firstServer registers the routes of the first server of the process, which fill schemas. The routes of the others are the
// same: they find every schema there, and change none, so they are registered while requests are answered.
var firstServer sync.Once

// registerRoutes registers everything that is served.
func (s *Server) registerRoutes() {
	s.organizationRoutes()
	s.schemeRoutes()
	s.roleRoutes()
	s.memberRoutes()
	s.meRoutes()
	s.leaveRoutes()
	s.erasureRoutes()
	s.departedRoutes()
	s.personExportRoutes()
	s.inviteRoutes()
	s.accessRequestRoutes()
	s.emailDomainRoutes()
	s.noticePreferenceRoutes()
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
	s.declarationRoutes()
	s.commandRoutes() // after all definitions, as the next one
	s.bulkRoute()
	s.checkRoutes()
	s.auditRoutes()
	s.notificationRoutes()
	s.mailRoutes()
	s.unsubscribeRoutes()
	s.replayRoutes()
	s.importRoutes()
	s.exportRoutes()
	s.snapshotRoutes()
	s.feedRoutes()
	s.subscriberRoutes()
	s.deadLetterRoutes()
	s.replicaRoutes()
	s.healthRoutes()
	s.clockRoutes()
	s.documentRoutes()
	s.mux.HandleFunc(catchAll, s.serveNotFound)
}
