package personaldata

import (
	"context"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/projections"
)

const (
	// resumeEvery is how long after it has found nothing to go on with [Eraser.Resume] looks again.
	resumeEvery = time.Minute
	// minResumePause and maxResumePause are how long it pauses after it could not go on, at first and at most: each try reads the ledger twice.
	minResumePause, maxResumePause = time.Second, time.Hour
)

// Resume goes on with erasures that began and did not end, since a process was killed, or something failed: at once, and whenever there are any, until the
// context ends. Of several processes on one database, one does it at a time.
func (e *Eraser) Resume(ctx context.Context, log *slog.Logger) {
	longer := minResumePause
	for {
		pause := resumeEvery
		complete, err := e.resume(ctx, log)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.WarnContext(ctx, "erasures that were interrupted are not complete, trying again", "error", err)
		}
		if complete {
			longer = minResumePause
		} else {
			pause, longer = longer, min(2*longer, maxResumePause)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// resume reports whether nothing is left to go on with.
func (e *Eraser) resume(ctx context.Context, log *slog.Logger) (complete bool, err error) {
	begun, err := e.database.Erasures(ctx, "", atOnce)
	if err != nil || len(begun) == 0 {
		return err == nil, err
	}
	err = e.database.InTurn(ctx, func(ctx context.Context) error {
		begun, err := e.database.Erasures(ctx, "", atOnce) // whoever had the turn has ended some
		if err != nil || len(begun) == 0 {
			complete = err == nil
			return err
		}
		if _, err := e.desk.Clock().Trusted(); err != nil {
			return err
		}
		log.InfoContext(ctx, "going on with erasures that were interrupted", "people", len(begun))
		people, err := e.find(ctx, requests(begun)...)
		if err != nil {
			return err
		}
		var free []*person
		for _, p := range people {
			if p.refused() && !e.returned(p) {
				p.warn(ctx, log)
			} else {
				free = append(free, p)
			}
		}
		if len(free) == 0 {
			return nil
		}
		if err := e.erase(ctx, free); err != nil {
			return err
		}
		log.InfoContext(ctx, "erasures that were interrupted are complete", "people", len(free))
		complete = len(free) == len(begun)
		return nil
	})
	return complete, err
}

// requests returns what was asked for.
func requests(begun []projections.Erasure) []Request {
	all := make([]Request, len(begun))
	for i, b := range begun {
		all[i] = Request{
			User: b.User, TransferTo: b.TransferTo, Template: bus.Request[domain.Command]{OnBehalfOf: b.OnBehalfOf, Cause: b.Cause}, retention: b.Retention,
		}
	}
	return all
}

// warn says which rules stand in the way.
func (p *person) warn(ctx context.Context, log *slog.Logger) {
	for i := range p.Organizations {
		if of := &p.Organizations[i]; of.Refusal != nil {
			log.WarnContext(ctx, "an erasure that was interrupted cannot go on, trying again", "user", p.User, "organization", of.ID, "error", of.Refusal)
		}
	}
}
