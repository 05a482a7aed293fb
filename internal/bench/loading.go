package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// loadingConnections is how many bulks are under way at a time.
const loadingConnections = 4

// loading measures how fast a server takes in a large organization through bulks over
// HTTP, against COPY of the rows that the lists are read from, and how much memory the
// server takes with it. The server is a process of its own.
func loading(ctx context.Context, s *setup) ([]Row, error) {
	schemes, err := scheme.BuiltIn()
	if err != nil {
		return nil, err
	}
	acme := listedOrganization(s.People)
	acme.largeTeamEvery = acme.projects() // it is on the first project alone
	parts, err := acme.bulks(schemes["github"].Scheme)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(s.dir, "data")
	server, err := s.serve(ctx, data)
	if err != nil {
		return nil, err
	}
	started := time.Now()
	last, err := server.load(ctx, acme.id, parts)
	if err != nil {
		return nil, err
	}
	loaded := time.Now()
	if err := server.waitForLists(ctx, acme, last); err != nil {
		return nil, err
	}
	listed := time.Now()
	copied, err := copyTime(ctx, server.Database, acme.id)
	if err != nil {
		return nil, err
	}
	commands := commandsIn(parts)
	seconds := func(d time.Duration) float64 { return d.Seconds() }
	rows := []Row{
		figure("load "+grouped(commands)+" commands in bulks", seconds(loaded.Sub(started)), "s").against("COPY of the rows", seconds(copied)).within(5),
		figure("commands in bulks", float64(commands)/seconds(loaded.Sub(started)), "/s"),
		figure("lists show all of it after", seconds(listed.Sub(loaded)), "s").within(1),
	}
	memory, err := s.memory(ctx, server, data, acme, last)
	return append(rows, memory...), err
}

// memory measures the resident memory of a server that has loaded an organization, and of
// one that has read it from its ledger.
func (s *setup) memory(ctx context.Context, server *process, data string, acme organization, last events.Position) ([]Row, error) {
	loaded, postgres := server.resident()
	if loaded == 0 {
		return nil, nil // this system does not say
	}
	server.Stop()
	server, err := s.serve(ctx, data)
	if err != nil {
		return nil, err
	}
	if err := server.waitForLists(ctx, acme, last); err != nil {
		return nil, err
	}
	restarted, _ := server.resident()
	return []Row{
		figure("resident memory, loaded", loaded, "MB").atMost(400),
		figure("the private Postgres beside it", postgres, "MB"),
		figure("resident memory, started again", restarted, "MB").atMost(400),
	}, nil
}

// load sends bulks, several at a time, and returns the position of the last one.
func (p *process) load(ctx context.Context, org events.OrganizationID, parts [][]bulk) (events.Position, error) {
	var last atomic.Uint64
	for i, bulks := range parts {
		work, ctx := errgroup.WithContext(ctx)
		work.SetLimit(loadingConnections)
		for j, b := range bulks {
			work.Go(func() error {
				answer, err := p.do(ctx, http.MethodPost, "/v1/organizations/"+string(org)+"/commands", b.body,
					http.Header{"Idempotency-Key": {fmt.Sprintf("load-%d-%d", i, j)}})
				if err != nil {
					return err
				}
				if answer.status >= http.StatusMultipleChoices {
					return fmt.Errorf("%d: %s", answer.status, answer.text)
				}
				position, err := strconv.ParseUint(answer.position, 10, 64)
				for seen := last.Load(); position > seen && !last.CompareAndSwap(seen, position); seen = last.Load() {
				}
				return err
			})
		}
		if err := work.Wait(); err != nil {
			return 0, err
		}
	}
	return events.Position(last.Load()), nil
}

// waitForLists returns when the lists show what was recorded up to a position.
func (p *process) waitForLists(ctx context.Context, acme organization, position events.Position) error {
	return p.waitFor(ctx, fmt.Sprintf("/v1/organizations/%s/projects/%s/members?limit=50", acme.id, acme.project(0)), position)
}

// waitFor returns when what is at a path shows what was recorded up to a position.
func (p *process) waitFor(ctx context.Context, path string, position events.Position) error {
	for {
		answer, err := p.do(ctx, http.MethodGet, path, nil, http.Header{"Roster-Min-Position": {strconv.FormatUint(uint64(position), 10)}})
		switch {
		case err != nil:
			return err
		case answer.status == http.StatusOK:
			return nil
		case answer.status != http.StatusServiceUnavailable: // it is behind
			return fmt.Errorf("%d: %s", answer.status, answer.text)
		}
	}
}

// copyTime returns how long COPY takes to write the rows of an organization.
func copyTime(ctx context.Context, database string, org events.OrganizationID) (took time.Duration, err error) {
	copied, err := openTwin(ctx, database)
	if err != nil {
		return 0, err
	}
	defer copied.close(ctx)
	if took, err = copied.copy(ctx, org); err == nil && copied.rows == 0 {
		err = errors.New("the read models are empty")
	}
	return took, err
}
