package bench

import (
	"context"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/scheme"
)

// largeTeamProjects is the number of projects that the large team is on where notices are
// measured.
const largeTeamProjects = 20

// sampleEvery is how often the memory of a server is looked at.
const sampleEvery = 100 * time.Millisecond

// noticesOfLoad measures how far the notices fall behind while a large organization is loaded
// through bulks, against the lists, and the most memory that the server takes meanwhile. Its
// large team is on several projects, so that the access of everybody in it has many sources.
func noticesOfLoad(ctx context.Context, s *setup) ([]Row, error) {
	schemes, err := scheme.BuiltIn()
	if err != nil {
		return nil, err
	}
	acme := organization{id: "acme", people: s.People * 3 / 4, largeTeam: max(s.People/10, 1)}
	acme.largeTeamEvery = max(acme.projects()/largeTeamProjects, 1)
	parts, err := acme.bulks(schemes["github"].Scheme)
	if err != nil {
		return nil, err
	}
	server, err := s.serve(ctx, filepath.Join(s.dir, "data"))
	if err != nil {
		return nil, err
	}
	peak := server.samplePeak()
	last, err := server.load(ctx, acme.id, parts)
	if err != nil {
		return nil, err
	}
	loaded := time.Now()
	var noticed, listed time.Duration
	waiting, waitingCtx := errgroup.WithContext(ctx)
	waiting.Go(func() error {
		defer func() { noticed = time.Since(loaded) }()
		return server.waitFor(waitingCtx, "/v1/users/owner/notifications", last)
	})
	waiting.Go(func() error {
		defer func() { listed = time.Since(loaded) }()
		return server.waitForLists(waitingCtx, acme, last)
	})
	if err := waiting.Wait(); err != nil {
		return nil, err
	}
	rows := []Row{figure("notices of "+grouped(commandsIn(parts))+" commands are made after", noticed.Seconds(), "s").against("the lists show them after", listed.Seconds())}
	if most := peak(); most > 0 {
		rows = append(rows, figure("most resident memory meanwhile", most, "MB").atMost(500))
	}
	return rows, nil
}

// samplePeak begins to look at the resident memory of the process. The function that it
// returns ends that, and returns the most that there was, in MB.
func (p *process) samplePeak() (end func() float64) {
	done, most := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		peak := 0.0
		for {
			select {
			case <-tick.C:
				peak = max(peak, proportional(p.PID))
			case <-done:
				most <- peak
				return
			}
		}
	}()
	return func() float64 {
		close(done)
		return <-most
	}
}
