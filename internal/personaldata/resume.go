package personaldata

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

const (
	// resumeEvery is how long after it has found nothing to go on with [Eraser.Resume] looks again.
	resumeEvery = time.Minute
	// minRetryPause and maxRetryPause are how long an erasure waits that could not go on, at first and at most: each try reads the ledger twice.
	minRetryPause, maxRetryPause = time.Second, time.Hour
)

// Resume goes on with erasures that began and did not end, since a process was killed, or something failed: at once, and whenever there are any, until the
// context ends. Of several processes on one database, one does it at a time.
func (e *Eraser) Resume(ctx context.Context, log *slog.Logger) {
	waiting := retries{}
	for {
		err := e.resume(ctx, log, waiting)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.WarnContext(ctx, "erasures that were interrupted are not complete, trying again", "error", err)
		}
		select {
		case <-time.After(max(minRetryPause, min(resumeEvery, waiting.next(time.Now())))):
		case <-ctx.Done():
			return
		}
	}
}

// ResumeOnce is one try of [Eraser.Resume] with all erasures that began. It reports whether none is left.
func (e *Eraser) ResumeOnce(ctx context.Context, log *slog.Logger) (complete bool, err error) {
	waiting := retries{}
	err = e.resume(ctx, log, waiting)
	return len(waiting) == 0, err
}

// resume goes on with those that do not wait. Those that are not complete then wait.
func (e *Eraser) resume(ctx context.Context, log *slog.Logger, waiting retries) error {
	begun, err := e.database.Erasures(ctx, nil, 0)
	if err != nil || len(waiting.due(begun, time.Now())) == 0 {
		return err
	}
	return e.database.InTurn(ctx, func(ctx context.Context) error {
		begun, err := e.database.Erasures(ctx, nil, 0) // whoever had the turn has ended some
		if err != nil {
			return err
		}
		begun = waiting.due(begun, time.Now())
		if begun = begun[:min(len(begun), AtOnce)]; len(begun) == 0 {
			return nil
		}
		ended := map[events.UserID]bool{}
		defer func() { waiting.tried(begun, ended, time.Now()) }()
		if _, err := e.desk.Clock().Trusted(); err != nil {
			return err
		}
		log.InfoContext(ctx, "going on with erasures that were interrupted", "people", len(begun))
		erased, givenUp, failed := e.destroyBegun(ctx, log, begun)
		for _, user := range givenUp {
			ended[user] = true
		}
		if len(erased) == 0 {
			return failed
		}
		if _, err := e.removeCopies(ctx, erased); err != nil {
			return errors.Join(failed, err)
		}
		for _, user := range erased {
			ended[user] = true
		}
		log.InfoContext(ctx, "erasures that were interrupted are complete", "people", len(erased))
		return failed
	})
}

// destroyBegun does for each person what is left to do before copies are removed. It returns of whom copies alone are left then, and whose erasures were
// given up. What fails for one holds up no other.
func (e *Eraser) destroyBegun(ctx context.Context, log *slog.Logger, begun []projections.Erasure) (erased, givenUp []events.UserID, failed error) {
	var left []Request
	for i := range begun {
		if keysWereLeft(begun[i]) {
			left = append(left, request(&begun[i]))
		} else {
			erased = append(erased, begun[i].User)
		}
	}
	if len(left) == 0 {
		return erased, nil, nil
	}
	people, err := e.find(ctx, left...)
	if err != nil {
		return erased, nil, err
	}
	var destroyed []events.UserID
	for _, p := range people {
		var err error
		recorded := p.recorded()
		if !p.retention {
			e.spare(ctx, log, p)
		}
		switch {
		case !p.refused() || e.returned(p):
			if err = e.destroy(ctx, p); err == nil {
				destroyed = append(destroyed, p.User)
			}
		case recorded:
			p.warn(ctx, log, "it is tried again")
		default:
			p.warn(ctx, log, "nothing was done, and it is given up: give the command again")
			if err = e.database.EndErasures(ctx, []events.UserID{p.User}); err == nil {
				givenUp = append(givenUp, p.User)
			}
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("go on with the erasure of %q: %w", p.User, err))
		}
	}
	if len(destroyed) > 0 {
		if err := e.destroyed(ctx, destroyed, true); err != nil {
			return erased, givenUp, errors.Join(failed, err)
		}
	}
	return append(erased, destroyed...), givenUp, failed
}

// request returns what was asked for.
func request(b *projections.Erasure) Request {
	return Request{
		User: b.User, TransferTo: b.TransferTo, Template: bus.Request[domain.Command]{OnBehalfOf: b.OnBehalfOf, Cause: b.Cause},
		retention: b.Retention, position: b.Position,
	}
}

// recorded reports whether an organization has recorded the erasure since it began.
func (p *person) recorded() bool {
	for _, in := range p.found {
		if in.Erased > p.position {
			return true
		}
	}
	return false
}

// spare leaves out the organizations that the person came to since the erasure began: nobody asked to erase what is there now.
func (e *Eraser) spare(ctx context.Context, log *slog.Logger, p *person) {
	state, now := e.desk.View().State, e.desk.Clock().Now()
	for id, in := range p.found {
		if !belongs(state, slices.Values([]events.OrganizationID{id}), p.User, now) {
			continue
		}
		came := in.Joined
		if _, member := state.Organization(id).At(now).Member(p.User); !member {
			came = in.Invited
		}
		if came <= p.position {
			continue
		}
		log.WarnContext(ctx, "an erasure that was interrupted leaves out an organization that the person came to since: give the command again if they are to be erased there",
			"user", p.User, "organization", id)
		delete(p.found, id)
		p.Organizations = slices.DeleteFunc(p.Organizations, func(of OrganizationReport) bool { return of.ID == id })
	}
}

// warn logs which rules stand in the way, and what comes of it.
func (p *person) warn(ctx context.Context, log *slog.Logger, what string) {
	for i := range p.Organizations {
		if of := &p.Organizations[i]; of.Refusal != nil {
			log.WarnContext(ctx, "a rule stands in the way of an erasure that was interrupted", "user", p.User, "organization", of.ID, "rule", of.Refusal, "so", what)
		}
	}
}
