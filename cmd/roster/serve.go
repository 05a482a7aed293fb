package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/mail"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/internal/sweeper"
	"github.com/seed-2026d078/roster/notify"
	"github.com/seed-2026d078/roster/projections"
)

// serveCmd runs everything in one process.
type serveCmd struct {
	schemeFiles
	limitFlags
	feedFlags
	masterKeyFlags
	natsListenFlags
	mailFlags
	ephemeralFlags

	Listen              string        `default:"127.0.0.1:8080" help:"Address to serve HTTP on; port 0 takes any free one."`
	NATS                natsURL       `name:"nats" env:"ROSTER_NATS" placeholder:"URL" help:"NATS server with JetStream that keeps the ledger; without it one runs in this process."`
	Replicas            int           `default:"1" enum:"1,3,5" help:"Number of servers of a NATS cluster that keep a new ledger: 1, 3 or 5. Keys, the feed and subscribers are on as many as the ledger."`
	Database            string        `placeholder:"URL" help:"PostgreSQL database that keeps the read models; without it a private server runs."`
	MaxClockSkew        time.Duration `default:"5m" env:"ROSTER_MAX_CLOCK_SKEW" placeholder:"DURATION" help:"How far the clock of this machine may jump, or be from that of NATS, of PostgreSQL or of the ledger, before commands are refused."`
	AllowUnsyncedLedger bool          `help:"Accept a NATS server that may not sync every write: then a power failure can lose acknowledged commands."`
	Retain              period        `placeholder:"PERIOD" help:"Erase people who have belonged to no organization for so long, such as 24mo, 2y or 90d; without it nobody is erased."`
	LogLevel            slog.Level    `default:"info" help:"What to log: debug, info, warn or error."`
	Unsynced            bool          `hidden:"" help:"For tests: the servers in the data directory do not sync what they write, so a power failure may destroy it."`

	// machine returns the time of the machine's clock; nil is [time.Now].
	machine func() time.Time
}

// Validate fails if there are replicas but no servers for them, and for a skew that nothing
// can keep.
func (c *serveCmd) Validate(chosen *kong.Context) error {
	if c.MaxClockSkew <= 0 {
		return errors.New("--max-clock-skew is a duration such as 5m, not zero")
	}
	if c.Replicas > 1 && c.NATS == "" {
		return errors.New("the NATS server in this process is one alone: --replicas needs --nats")
	}
	if c.NATSListen != "" && c.NATS != "" {
		return errors.New("--nats-listen is about the NATS server in this process: with --nats, let subscribers in to that server with what `roster subscriber config` writes")
	}
	given := func(flag string) bool {
		return slices.ContainsFunc(chosen.Path, func(p *kong.Path) bool { return p.Flag != nil && p.Flag.Name == flag })
	}
	if c.NATSListen != "" && !c.Feed && given("feed") {
		return errors.New("--nats-listen lets subscribers of the feed in: leave --feed=false out, or --nats-listen")
	}
	for _, flag := range []string{"url", "key", "actor", "on-behalf-of"} {
		if given(flag) {
			return fmt.Errorf("--%s is for commands to a server that runs, and serve starts one: leave it out", flag)
		}
	}
	published := c.Feed || c.NATSListen != "" || c.Ephemeral
	return errors.Join(c.limitFlags.Validate(), c.feedFlags.Validate(published, given), c.natsListenFlags.Validate(), c.mailFlags.Validate(), c.validateEphemeral(given))
}

// Run brings the parts up, from the ledger to the API, and ends with the first
// signal or the first part that fails.
func (c *serveCmd) Run(ctx context.Context, sh *shell) (err error) {
	if c.Ephemeral {
		return c.serveEphemeral(ctx, sh)
	}
	began := time.Now()
	c.Feed = c.Feed || c.NATSListen != ""
	defer func() { err = explainFullDisk(sh.Data, err) }()
	tuneCollector()
	tuning, tuned := context.WithCancel(ctx)
	defer tuned()
	go tuneMemory(tuning)
	log := slog.New(slog.NewTextHandler(sh.err, &slog.HandlerOptions{Level: c.LogLevel}))

	schemes, err := c.load()
	if err != nil {
		return errSchemes(err)
	}
	if err := c.checkCertificate(); err != nil {
		return err
	}
	mailFiles := mail.NewDirectory(filepath.Join(sh.Data, "mail"))
	mails, err := c.transport(mailFiles)
	if err != nil {
		return err
	}
	directory, err := openDataDirectory(sh.Data)
	if err != nil {
		return err
	}
	defer directory.close()
	rootKey, err := directory.rootKeyHash()
	if err != nil {
		return err
	}
	if err := directory.warnOfKey(ctx, rootKey, log); err != nil {
		return err
	}
	master, err := c.masterKey(ctx, sh.Data)
	if err != nil {
		return err
	}
	marked, err := directory.mark()
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("%w: choose another address with --listen", err)
	}
	defer listener.Close()
	if err := c.checkNATS(ctx); err != nil {
		return err
	}

	store, err := c.store(ctx, directory, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close(ctx)) }()
	contents, err := projections.Inspect(ctx, store.url)
	if err != nil {
		return err
	}
	existing := marked.Position > 0 || contents.Newest.Position > 0
	broker, err := c.broker(directory, existing, log)
	if err != nil {
		return err
	}
	defer broker.close()

	ledger, err := broker.ledger(ctx, bus.OpenConfig{
		AllowUnsynced: c.AllowUnsyncedLedger, Existing: existing, Replicas: c.Replicas, Log: log,
	})
	if err != nil {
		return err
	}
	if err := checkMark(ctx, ledger, marked); err != nil {
		return err
	}
	keys, err := broker.keyring(ctx, ledger, master, log)
	if err != nil {
		return err
	}
	if contents.Outdated {
		if err := checkKeys(ctx, ledger, keys.Reader); err != nil {
			return err
		}
	}
	database, err := projections.Open(ctx, store.url, keys.Read, log)
	if err != nil {
		return err
	}
	defer database.Close()
	references := c.references(ledger, database)
	serverClock := clock.New(clock.Config{Machine: c.machine, MaxSkew: c.MaxClockSkew, Log: log})
	serverClock.Compare(ctx, references...)
	metrics := api.NewMetrics(nil)
	notifier, err := follower(ctx, ledger, database.Inbox().Checkpoint)
	if err != nil {
		return err
	}
	projector, err := mendedFollower(ctx, ledger, database, log)
	if err != nil {
		return err
	}
	relay, err := c.relay(ctx, broker, ledger, log)
	if err != nil {
		return err
	}
	mailing, err := mails.mailing(ctx, ledger, database, log)
	if err != nil {
		return err
	}
	desk, err := loadDesk(ctx, ledger, bus.DeskConfig{Clock: serverClock, Alone: broker.own != nil, Log: log, Meter: metrics.Meter()},
		append(slices.Concat(relay.followers(), mailing.followers()), projector, notifier)...)
	if err != nil {
		return err
	}
	if err := mailing.begin(&c.mailFlags, mails, desk, keys, address(listener)); err != nil {
		return err
	}
	subscribers, err := c.subscribers(ctx, broker, ledger, desk, database, log)
	if err != nil {
		return err
	}
	defer subscribers.close()
	server, err := api.New(api.Config{ //nolint:contextcheck // metrics are read with a context of their own
		Desk: desk, Ledger: ledger, Database: database, Keyring: keys, Schemes: schemes,
		RootKeyHash: rootKey, Version: version(), Feed: relay.publisher(), Subscribers: subscribers.registryOf(), SubscriberURL: broker.subscribersURL(), Receipts: subscribers.receiptsOf(), Metrics: metrics, Disk: directory.disk, Log: log,
		Streams: c.streams(), Rates: c.rates(), Organizations: c.organizations(), Mail: mailing.sender(), MailFiles: mailFiles,
	})
	if err != nil {
		return err
	}

	here := endpoints{PID: os.Getpid(), HTTP: address(listener), NATS: broker.url, NATSCertificate: broker.certificate, Database: store.url}
	if err := directory.announce(here); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, directory.withdraw()) }()

	// The followers outlive the signal until the last request is answered.
	parts, alive := errgroup.WithContext(context.WithoutCancel(ctx))
	following, stop := context.WithCancel(alive)
	newest := func() events.Checkpoint { return desk.View().Checkpoint }
	parts.Go(func() error { return desk.Run(following) })
	parts.Go(func() error { return database.Project(following, projector) })
	parts.Go(func() error { return notify.Run(following, notifier, database.Inbox(), log) })
	parts.Go(func() error { return mailing.follow(following) })
	parts.Go(func() error { return mailing.run(following) })
	parts.Go(func() error { return relay.run(following) })
	parts.Go(func() error { return subscribers.run(following) })
	parts.Go(func() error { return sweeper.Run(following, desk, log) })
	eraser := personaldata.NewEraser(desk, ledger, keys, database, mailFiles)
	if c.Retain != (period{}) {
		log.InfoContext(ctx, "people who have belonged to no organization for the period are erased, now and each day from now on: `roster person departed` lists them", "retain", c.Retain)
		parts.Go(func() error {
			eraser.Retain(following, personaldata.Period(c.Retain), log)
			return nil
		})
	}
	for _, watch := range []func(){ // these cannot fail
		func() { database.Mend(following, ledger) },
		func() { directory.keepMark(following, newest, log) },
		func() { directory.watchDisk(following, log) },
		func() { watchKeys(following, keys.Reader, func() domain.Roster { return desk.View().State }, log) },
		func() { serverClock.Watch(following, references...) },
		func() { mailing.remind(following, c.Remind) },
		func() { eraser.Resume(following, log) },
		func() { warnOfDrift(ctx, schemes, desk.View().State, log) },
	} {
		parts.Go(func() error {
			watch()
			return nil
		})
	}
	parts.Go(func() error {
		defer stop()
		return serveHTTP(ctx, alive, listener, server, log)
	})

	welcome(sh, here.HTTP, broker.subscribersURL(), mailing.place(), time.Since(began), newest().Position == 0)
	err = parts.Wait()
	return errors.Join(err, directory.setMark(newest()))
}
