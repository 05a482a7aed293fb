package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// broker returns the NATS server that the flags name. If there has been a ledger, as far as the data
// directory or the database knows, a server in the directory must have a ledger and its keys. Keys that are damaged are
// left as they are: the server would drop those behind them, too.
func (c *serveCmd) broker(d *dataDirectory, existing bool, log *slog.Logger) (*broker, error) {
	if c.NATS != "" {
		return joinBroker(string(c.NATS), "")
	}
	cfg := natsserver.Config{ReadFirst: []string{keyring.StreamName}, Unsynced: c.Unsynced, Log: log}
	if existing {
		cfg.Streams = []string{bus.StreamName, keyring.StreamName}
	}
	if err := c.listen(&cfg); err != nil {
		return nil, err
	}
	return startBroker(d, cfg)
}

// checkNATS fails if subscribers cannot be let in on the address that the flags name, or if the server that they name cannot be reached. It is called
// before anything is started.
func (c *serveCmd) checkNATS(ctx context.Context) error {
	if c.NATS != "" {
		conn, err := nats.Connect(string(c.NATS), nats.Name("roster"))
		if err != nil {
			return &unreachableError{fmt.Errorf("connect to NATS: %w", err)}
		}
		conn.Close()
	}
	if c.NATSListen == "" {
		return nil
	}
	host, port, err := c.address()
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("%w: choose another address with --nats-listen", err)
	}
	return listener.Close()
}

// store returns the PostgreSQL server that the flags name.
func (c *serveCmd) store(ctx context.Context, d *dataDirectory, log *slog.Logger) (*store, error) {
	if c.Database != "" {
		return &store{url: c.Database}, nil
	}
	return startStore(ctx, d, c.Unsynced, log)
}

// follower returns a follower that begins at a checkpoint. It fails if the ledger ends
// before it, or has another commit there: answers from such a ledger would contradict
// earlier ones.
func follower(ctx context.Context, ledger *bus.Ledger, checkpoint func(context.Context) (events.Checkpoint, error)) (*bus.Follower[domain.Roster], error) {
	at, err := checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	err = ledger.Check(ctx, at)
	if _, broken := errors.AsType[*bus.BrokenError](err); broken {
		return nil, fmt.Errorf("%w\nThe ledger and the database do not belong together, so nothing is served. "+
			"Look at the ledger with `roster verify`. Bring back its newest copy if it is the one that is wrong; "+
			"if it is right, make the read models anew from it with `roster rebuild`", err)
	}
	if err != nil {
		return nil, err
	}
	return bus.NewFollower[domain.Roster](at), nil
}

// mendedFollower returns the follower that projects. If not even the checkpoint of the read models can be read,
// it makes them anew first.
func mendedFollower(ctx context.Context, ledger *bus.Ledger, database *projections.Database, log *slog.Logger) (*bus.Follower[domain.Roster], error) {
	projector, err := follower(ctx, ledger, database.Checkpoint)
	if _, damaged := errors.AsType[*projections.DamageError](err); !damaged {
		return projector, err
	}
	log.WarnContext(ctx, "the read models are damaged, and are made anew from the ledger before anything is served")
	if err := database.Rebuild(ctx, ledger, nil); err != nil {
		return nil, err
	}
	return follower(ctx, ledger, database.Checkpoint)
}

// references returns the clocks of the servers that the flags name. Those in the data
// directory have the machine's.
func (c *serveCmd) references(ledger *bus.Ledger, database *projections.Database) (all []clock.Reference) {
	if c.NATS != "" {
		all = append(all, clock.Reference{Name: "NATS", Time: ledger.ServerTime})
	}
	if c.Database != "" {
		all = append(all, clock.Reference{Name: "PostgreSQL", Time: database.ServerTime})
	}
	return all
}

// loadDesk folds the whole ledger into memory, once for the desk and the followers.
func loadDesk(ctx context.Context, ledger *bus.Ledger, cfg bus.DeskConfig, followers ...*bus.Follower[domain.Roster]) (*api.Desk, error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return nil, err
	}
	cfg.Log.InfoContext(ctx, "loading the ledger", "commits", end.Position)
	cfg.Loaded = loading(ctx, end.Position, cfg.Log)
	return bus.NewDesk[domain.Roster, domain.Command](ctx, ledger, domain.Roster{}, cfg, followers...)
}

// loading logs every few seconds, and at the end, how far the ledger is loaded.
func loading(ctx context.Context, end events.Position, log *slog.Logger) func(events.Position) {
	next := time.Now().Add(lineEvery)
	return func(at events.Position) {
		if at < end && time.Now().Before(next) {
			return
		}
		next = time.Now().Add(lineEvery)
		log.InfoContext(ctx, "loaded", "commits", at, "of", end)
	}
}

// warnOfDrift logs the schemes of which an organization has recorded other rules under
// the same version. Such an organization keeps the rules that it recorded.
func warnOfDrift(ctx context.Context, schemes scheme.Set, state domain.Roster, log *slog.Logger) {
	warned, compared := map[string]bool{}, map[*domain.Scheme]bool{}
	for id, org := range state.Organizations() {
		has := org.Scheme()
		offered := schemes[has.Key]
		if warned[has.Key] || compared[has] || offered == nil || offered.Version != has.Version {
			continue
		}
		compared[has] = true
		if drift := scheme.Drift(has, offered); drift != nil {
			warned[has.Key] = true
			log.WarnContext(ctx, "a scheme has changed, its version has not: organizations keep the rules they have; give the file a higher version and move them with `roster org scheme`",
				"scheme", has.Key, "version", has.Version, "organization", id, "setting", drift[0].Where, "from", drift[0].From, "to", drift[0].To)
		}
	}
}
