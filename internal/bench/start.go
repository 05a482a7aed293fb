package bench

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// eventsPerCommand is about how many events a commit holds where clients give one command after the other,
// some at a time.
const eventsPerCommand = 8

// start measures how long a server with a long history needs until it serves, after it was stopped in order
// and after it was killed, and the memory that it has then. Its read models are up to date. For 100,000 people there
// are a million events in 112,000 commits.
func start(ctx context.Context, s *setup) ([]Row, error) {
	acme := organization{id: "acme", people: s.People * 13 / 5, largeTeam: max(s.People/10, 1)}
	acme.largeTeamEvery = max(acme.projects()/largeTeamProjects, 1)
	data := filepath.Join(s.dir, "data")
	last, count, err := acme.recordIn(ctx, data)
	if err != nil {
		return nil, err
	}
	server, err := s.serve(ctx, data)
	if err != nil {
		return nil, err
	}
	if err := server.waitForLists(ctx, acme, last); err != nil {
		return nil, err
	}
	var rows []Row
	for _, ended := range []struct {
		how string
		end func(*process)
	}{{"a stop", func(p *process) { p.Stop() }}, {"a kill", func(p *process) { p.Kill() }}} {
		ended.end(server)
		began := time.Now()
		if server, err = s.serve(ctx, data); err != nil {
			return nil, err
		}
		rows = append(rows, figure("start with "+grouped(count)+" events after "+ended.how, time.Since(began).Seconds(), "s"))
		if err := server.waitFor(ctx, "/readyz", last); err != nil {
			return nil, err
		}
	}
	if own, _ := server.resident(); own > 0 {
		rows = append(rows, figure("resident memory after it", own, "MB"))
	}
	return rows, nil
}

// recordIn writes the organization's history into a new ledger of a data directory, in small commits, and the keys
// that belong to it, with the master key. It returns where the ledger ends, and how many events it holds.
func (c organization) recordIn(ctx context.Context, dir string) (last events.Position, count int, err error) {
	server, err := natsserver.Start(natsserver.Config{Dir: filepath.Join(dir, "nats"), Unsynced: true})
	if err != nil {
		return 0, 0, err
	}
	defer server.Shutdown()
	conn, err := server.Connect()
	if err != nil {
		return 0, 0, err
	}
	defer conn.Close()
	ledger, err := bus.Open(ctx, conn, bus.OpenConfig{Synced: true})
	if err != nil {
		return 0, 0, err
	}
	master, text := keyring.NewMasterKey()
	if err := os.WriteFile(filepath.Join(dir, "master.key"), []byte(text), 0o600); err != nil {
		return 0, 0, err
	}
	if _, err := keyring.Open(ctx, conn, keyring.Config{Master: master}); err != nil {
		return 0, 0, err
	}
	happened, err := c.history()
	if err != nil {
		return 0, 0, err
	}
	var at events.Checkpoint
	for commit := range commitsOf(happened, eventsPerCommand) {
		if at, err = ledger.Append(ctx, at, commit); err != nil {
			return 0, 0, err
		}
		for i := range commit.Entries {
			count += len(commit.Entries[i].Events)
		}
	}
	return at.Position, count, nil
}
