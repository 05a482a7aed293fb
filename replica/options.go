package replica

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscribername"
)

// DefaultMaxStaleness is for how long a replica answers without news if Options does not say.
const DefaultMaxStaleness = 5 * time.Second

// Options configures a replica. Only Subscriber is required.
type Options struct {
	// Subscriber is the name that Roster knows the service by.
	Subscriber string
	// Replica tells this process apart from others of the subscriber in Roster's list of replicas. It has letters,
	// digits, _ and -. Empty: the host's name, and something random.
	Replica string
	// Organizations are those that the replica has; none: all that the subscriber may read, also those that are created later.
	Organizations []events.OrganizationID
	// MaxStaleness is for how long the replica answers without having heard that it has everything; zero means
	// [DefaultMaxStaleness].
	MaxStaleness time.Duration
	// FailOpen lets the replica answer after that, from what it has. So somebody whose access was taken may keep it
	// for as long as the connection is lost.
	FailOpen bool
	// OnChange is called after a command was applied, in the order in which they are. The next one is
	// applied when it returns. It is not called for what was applied before Open returned, nor for what is different
	// after Roster's ledger was replaced.
	OnChange func(Change)
	// Log receives what keeps the replica from following, once as long as it does; nil drops it.
	Log *slog.Logger

	// Now is the machine's clock, and Elapsed the time since some moment, suspension of the machine included; nil are
	// those of the system. They are for tests.
	Now     func() time.Time
	Elapsed func() time.Duration
}

// complete returns the options with their defaults.
func (o Options) complete() (Options, error) {
	if o.Subscriber == "" {
		return o, errors.New("open a replica: name the subscriber")
	}
	if err := subscribername.Check(o.Subscriber); err != nil {
		return o, fmt.Errorf("open a replica: %w", err)
	}
	if o.Replica == "" {
		o.Replica = defaultName()
	}
	if !feed.ValidReplica(o.Replica) {
		return o, fmt.Errorf("open a replica: %q is no name for one: use letters, digits, _ and -, 64 at most", o.Replica)
	}
	if o.MaxStaleness <= 0 {
		o.MaxStaleness = DefaultMaxStaleness
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Elapsed == nil {
		o.Elapsed = clock.New(clock.Config{}).Elapsed
	}
	return o, nil
}

// notInName is what a replica's name must not have.
var notInName = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// defaultName makes a name of that of the host. A process that starts again has another one.
func defaultName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "replica"
	}
	host = notInName.ReplaceAllString(host, "-")
	return host[:min(len(host), 50)] + "-" + strings.ToLower(rand.Text()[:8])
}
