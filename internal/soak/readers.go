package soak

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/internal/postgres"
)

// readers are services that read the feed, each in a process of its own that is killed, paused and started again; and a load
// whose changes of access they hear of.
type readers struct {
	program string
	// server returns the server for the nth attempt.
	server func(n int) (Server, bool)

	dir      string
	database *postgres.Cluster
	load     accessLoad
	all      []*child

	mu       sync.Mutex
	silences []silence
}

const (
	// slowly is how long a slow reader takes over a message, in milliseconds.
	slowly = 10
	// longestRun and longestStop bound how long a reader runs before it is killed or paused, and for how long it is.
	longestRun  = 12 * time.Second
	longestStop = 4 * time.Second
	// rebuildEvery is about the time between two rebuilds of the feed.
	rebuildEvery = 15 * time.Second
)

// start makes the organizations of the load, and starts the readers. They connect to the NATS server at an address, with
// credentials if they need some.
func (r *readers) start(ctx context.Context, dir, address string, credentials bool) (err error) {
	r.dir = dir
	if r.database, err = postgres.Start(ctx, postgres.Config{Dir: filepath.Join(dir, "readers"), Disposable: true}); err != nil {
		return err
	}
	r.load.server = r.server
	if err := r.load.create(ctx); err != nil {
		return err
	}
	for _, p := range []part{
		{Does: noteJob, Subscriber: "noting"}, // reads everything
		{Does: noteJob, Subscriber: "slow", Organizations: loadedOrganizations(), Pause: slowly},
		{Does: tableJob, Subscriber: "table", Organizations: loadedOrganizations(), Database: r.database.URL()},
		{Does: replicaJob, Subscriber: "replica", Organizations: loadedOrganizations()},
	} {
		p.NATS, p.File = address, filepath.Join(dir, p.Subscriber)
		if credentials {
			p.Credentials = p.File + ".creds"
		}
		if err := r.register(ctx, "/v1/subscribers", fmt.Sprintf(`{"name":%q}`, p.Subscriber), p.Credentials); err != nil {
			return err
		}
		c := &child{program: r.program, part: p}
		r.all = append(r.all, c)
		if err := c.begin(ctx); err != nil {
			return err
		}
	}
	return nil
}

// register creates a subscriber, or gives it another key, and writes its credentials into a file unless that is empty.
func (r *readers) register(ctx context.Context, path, body, file string) error {
	last := errors.New("there was no server")
	for n, deadline := 0, time.Now().Add(answerTimeout); time.Now().Before(deadline); n++ {
		server, there := r.server(n)
		if !there {
			time.Sleep(pause)
			continue
		}
		status, text, err := r.load.send(ctx, server, command{http.MethodPost, path, body}, "")
		var access struct {
			Credentials string `json:"credentials"`
		}
		switch {
		case err != nil:
			last = err
		case status >= http.StatusMultipleChoices:
			last = fmt.Errorf("%d: %s", status, text)
		case json.Unmarshal(text, &access) != nil:
			return fmt.Errorf("POST %s is answered %s", path, text)
		case file == "":
			return nil
		default:
			return writeWhole(file, access.Credentials)
		}
		time.Sleep(pause)
	}
	return fmt.Errorf("POST %s %w: %w", path, errUnanswered, last)
}

// writeWhole replaces a file, so that nobody reads a part of it.
func writeWhole(name, text string) error {
	if err := os.WriteFile(name+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(name+".new", name)
}

// run gives the commands of the load, kills and pauses readers, gives them other keys, and has the feed made again, until ctx
// ends.
func (r *readers) run(ctx context.Context) error {
	failed := make([]error, 2+len(r.all))
	var working sync.WaitGroup
	working.Go(func() { failed[0] = r.load.run(ctx) })
	working.Go(func() { failed[1] = r.rebuild(ctx) })
	for i, c := range r.all {
		working.Go(func() { failed[2+i] = r.disturb(ctx, c) })
	}
	working.Wait()
	return errors.Join(failed...)
}

// disturb kills a reader, pauses it, or gives it another key, again and again.
func (r *readers) disturb(ctx context.Context, c *child) error {
	for sleep(ctx, mathrand.N(longestRun)) { //nolint:gosec // chance, no secret
		if died := c.died(); died != nil {
			return died
		}
		switch mathrand.IntN(4) { //nolint:gosec // likewise
		case 0:
			c.signal(syscall.SIGSTOP)
			sleep(ctx, mathrand.N(longestStop)) //nolint:gosec // chance, no secret
			c.signal(syscall.SIGCONT)
		case 1:
			if c.part.Credentials != "" {
				err := r.register(context.WithoutCancel(ctx), "/v1/subscribers/"+c.part.Subscriber+"/rotate", "{}", c.part.Credentials)
				if err != nil {
					return err
				}
				break
			}
			fallthrough
		default:
			c.kill()
			sleep(ctx, mathrand.N(longestStop/4)) //nolint:gosec // chance, no secret
			if err := c.begin(ctx); err != nil {
				return err
			}
		}
	}
	return c.died()
}

// rebuild has the feed made again, again and again. One that is refused is left out.
func (r *readers) rebuild(ctx context.Context) error {
	for sleep(ctx, mathrand.N(2*rebuildEvery)) { //nolint:gosec // chance, no secret
		server, there := r.server(mathrand.Int()) //nolint:gosec // likewise
		if !there {
			continue
		}
		status, text, err := r.load.send(ctx, server, command{method: http.MethodPost, path: "/v1/feed/rebuild"}, "")
		if err == nil && status >= http.StatusBadRequest && status != http.StatusServiceUnavailable {
			return fmt.Errorf("a rebuild of the feed is answered %d: %s", status, text)
		}
	}
	return nil
}

// silent notes that nobody could tell a reader anything from a moment until now.
func (r *readers) silent(from time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silences = append(r.silences, silence{from, time.Now()})
}

// check waits until every reader has read everything, now that there are no faults, and returns what was broken.
func (r *readers) check(ctx context.Context, address string) (broken []string, err error) {
	var f findings
	for _, c := range r.all { // the slow one is slow no more
		c.stop()
		c.part.Pause = 0
		if err := c.begin(ctx); err != nil {
			return nil, err
		}
	}
	nc, err := nats.Connect(address)
	if err != nil {
		return nil, err
	}
	defer nc.Close()
	ledger, err := bus.Open(ctx, nc, bus.OpenConfig{Existing: true, Synced: true})
	if err != nil {
		return nil, err
	}
	history, err := r.rest(ctx, nc, ledger, &f)
	if err != nil {
		return nil, err
	}
	for _, c := range r.all {
		if died := c.died(); died != nil {
			f.add("a reader", "%v", died)
		}
		c.stop()
		if err := r.checkReader(ctx, &f, c, history); err != nil {
			return nil, err
		}
	}
	return f.broken, nil
}

func (r *readers) checkReader(ctx context.Context, f *findings, c *child, history *accessHistory) error {
	who, reads := c.part.Subscriber, history.only(c.part.Organizations)
	switch c.part.Does {
	case noteJob:
		return checkNotes(f, who, c.part.File, reads)
	case tableJob:
		conn, err := pgx.Connect(ctx, c.part.Database)
		if err != nil {
			return err
		}
		defer conn.Close(context.WithoutCancel(ctx))
		return checkTables(ctx, f, who, conn, reads)
	case replicaJob:
		return checkAnswers(f, who, c.part.File, history, r.load.answered, r.silences)
	case natsJob:
	}
	return nil
}

// stop ends the readers and their database.
func (r *readers) stop() error {
	for _, c := range r.all {
		c.signal(syscall.SIGCONT)
		c.stop()
	}
	if r.database == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	return r.database.Stop(ctx)
}
