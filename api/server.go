package api

import (
	"log/slog"
	"net"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/mail"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/internal/receipt"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// Desk is where commands are decided.
type Desk = bus.Desk[domain.Roster, domain.Command]

// minPositionWait and briefWait are how long a request waits for a position if Config does not say.
const (
	minPositionWait = 5 * time.Second
	briefWait       = 250 * time.Millisecond
)

// Config is what a server needs. Fields are required unless they say otherwise.
type Config struct {
	Desk     *Desk
	Ledger   *bus.Ledger
	Database *projections.Database
	Keyring  *keyring.Keyring
	// Schemes are those that organizations can choose from.
	Schemes scheme.Set
	// RootKeyHash is the SHA-256 of the key that every request must have.
	RootKeyHash [32]byte
	// Version is the program's, for the OpenAPI document; optional.
	Version string
	// Feed publishes events for other services; nil means that nobody does.
	Feed *relay.Relay
	// Metrics counts what is served; nil means that nobody collects it.
	Metrics *Metrics
	// Disk returns how full the disk of the ledger and the read models is; nil means that it is
	// unknown.
	Disk func() Disk
	// Log receives faults; nil drops them.
	Log *slog.Logger
	// MinPositionWait is how long a request waits for the position that its client has
	// seen; zero means five seconds.
	MinPositionWait time.Duration
	// BriefWait is how long a list waits for the newest position if its client names none; zero means 250 milliseconds. What follows
	// the ledger is usually one millisecond behind.
	BriefWait time.Duration
	// ClientTimeout is how long a client may take to send a body, or to receive what was
	// written, besides a second for each 64 KiB of it; zero means 30 seconds.
	ClientTimeout time.Duration
	// Streams are how many event streams may be open at a time.
	Streams StreamLimits
	// Rates are how many requests are answered; the zero value has no limit.
	Rates RateLimits
	// Subscribers are who may read the feed; nil means that there is none. SubscriberURL is where they connect; empty if that is
	// unknown.
	Subscribers   *subscriber.Registry
	SubscriberURL string
	// Receipts know how far replicas in other services have come; required with Feed.
	Receipts *receipt.Receipts
	// Resolver asks the DNS for the records that prove whose a domain is; nil means that of the machine.
	Resolver *net.Resolver
	// Organizations says who may create organizations, and how many.
	Organizations OrganizationLimits
	// Mail sends mails; nil means that none are sent.
	Mail *mail.Sender
	// MailFiles are where mails were written to files instead of sending them, now or by an earlier process; nil for nowhere.
	MailFiles *mail.Directory
}

// Server answers requests. It is an [http.Handler].
type Server struct {
	Config

	mux  *mux
	huma huma.API
	// pastSlots are for those who read the ledger from its beginning, walkSlots for those who
	// walk over a large organization, streamSlots for the pages of streams, bodySlots for those
	// with a large body, listSlots for lists.
	pastSlots, walkSlots, streamSlots, bodySlots, listSlots *slots
	recent                                                  *recentRequests
	// routes are those of the commands, by the ids of their operations.
	routes map[string]commandRoute
	// items are what an item of a bulk can be, by its type.
	items  map[string]itemType
	counts projectCounter
	pasts  pastKeeper
	tries  *tokenTries
	// summaries are those of reports that are read page by page.
	summaries summaryKeeper
	streams   *fanout
	rates     *rateLimiter
	eraser    *personaldata.Eraser
	// checkLimits are those of the body of a check.
	checkLimits func() *bodyLimits
}

// CloseStreams ends the answers that would never end, so that a graceful shutdown can
// finish: pass it to [http.Server.RegisterOnShutdown].
func (s *Server) CloseStreams() { s.streams.close() }

// OrganizationLimits say who may create organizations, and how many.
type OrganizationLimits struct {
	// SystemOnly lets the system alone create organizations.
	SystemOnly bool
	// PerActor is how many of the organizations that there are an actor may have created;
	// zero means that there is no limit.
	PerActor int
}
