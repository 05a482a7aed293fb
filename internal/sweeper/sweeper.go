// Package sweeper records that starts and ends have passed: of memberships, grants and assignments, and the ends
// of invites. Access begins and ends at the instant itself, whether or not anything runs; the events are for
// those who read the ledger, and have no clock that they could ask.
//
//	err = sweeper.Run(ctx, desk, log)
//
// Several nodes may each run one: what another one has recorded is left out.
package sweeper

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/sethvargo/go-retry"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/backoff"
)

const (
	// checkEvery is how often the clock is read. It is not that of the machine alone, so no timer
	// knows when it will reach a start or an end.
	checkEvery = 250 * time.Millisecond
	// spread is the longest pause before something is recorded, chosen at random, so that one of several
	// nodes is first and the others need not try.
	spread = 500 * time.Millisecond
	// horizon is how far in the future starts and ends are looked out for. Those behind it are found when all
	// organizations are looked through, again after half of it.
	horizon = 24 * time.Hour
	// historyRest is how long the starts and ends of an organization wait after a command that happened that long before it was recorded, but
	// at most maxRest. Who writes history does so forwards, command after command: with what passed today recorded in between,
	// the next command of last year would be refused.
	historyRest = time.Minute
	maxRest     = time.Hour
	// old is how long ago the last event of an organization happened whose history may be being written when a sweeper begins.
	old = 24 * time.Hour
	// atOnce is how many organizations have theirs recorded at a time.
	atOnce = 32
)

// Pauses before it is tried again to record what could not be.
const (
	firstPause = 250 * time.Millisecond
	maxPause   = 10 * time.Second
)

// Desk decides the commands of the sweeper.
type Desk = bus.Desk[domain.Roster, domain.Command]

// Run records starts and ends, those that passed before it began, too, until the context ends, which returns
// nil, or until the ledger fails. While the clock is not trusted, it rests.
func Run(ctx context.Context, desk *Desk, log *slog.Logger) error {
	s := &sweeper{desk: desk, log: log}
	follower, after := desk.LiveFollower()
	sweeping, alive := errgroup.WithContext(ctx)
	sweeping.Go(func() error { return follower.Follow(alive, after, s.follow) })
	sweeping.Go(func() error { return s.run(alive) })
	if err := sweeping.Wait(); ctx.Err() == nil {
		return err
	}
	return nil // whoever ends the context wants no error of it
}

// Sweep records the starts and ends that have passed, once. Run does so all the time.
func Sweep(ctx context.Context, desk *Desk, log *slog.Logger) error {
	now, err := desk.Clock().Trusted()
	if err != nil {
		return err
	}
	s := &sweeper{desk: desk, log: log}
	s.lookThrough(now)
	return s.recordAll(ctx, s.takePassed(now))
}

type sweeper struct {
	desk *Desk
	log  *slog.Logger
	pending
}

// follow notes the starts and ends that the events of a step set, and who writes history.
func (s *sweeper) follow(step bus.Step[domain.Roster]) error {
	for i := range step.Commits {
		recorded := step.Commits[i].At
		for _, entry := range step.Commits[i].Entries {
			if recorded.Sub(entry.At) >= historyRest {
				s.rest(entry.Organization, recorded)
			}
			for _, e := range entry.Events {
				for _, of := range domain.NewBoundaries(e) {
					s.note(step.After.State, entry.Organization, of)
				}
			}
		}
	}
	return nil
}

// note notes a start or an end that the state has, if it is near.
func (s *sweeper) note(state domain.Roster, org events.OrganizationID, of domain.Boundary) {
	if at, found := state.Organization(org).TimeOf(of); found {
		s.add(boundary{at, org, of})
	}
}

// run looks through all organizations now and then, and records what has passed all the time.
func (s *sweeper) run(ctx context.Context) error {
	every := time.NewTicker(checkEvery)
	defer every.Stop()
	var looked time.Time
	for {
		if now, err := s.desk.Clock().Trusted(); err == nil {
			if now.Sub(looked).Abs() >= horizon/2 {
				s.lookThrough(now)
				if looked.IsZero() {
					s.restOld(now)
				}
				looked = now
			}
			if err := s.sweep(ctx, now); err != nil {
				return err
			}
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// lookThrough notes all starts and ends that are near.
func (s *sweeper) lookThrough(now time.Time) {
	s.begin(now.Add(horizon))
	for id, org := range s.desk.View().State.Organizations() {
		for of, at := range org.Boundaries() {
			s.add(boundary{at, id, of})
		}
	}
}

// restOld has the starts and ends of organizations wait whose last event happened long ago, and that have some that have passed: a sweeper that has just begun has not
// seen whether somebody is writing their history.
func (s *sweeper) restOld(now time.Time) {
	for id, org := range s.desk.View().State.Organizations() {
		if now.Sub(org.Last()) < old {
			continue
		}
		for _, at := range org.Boundaries() {
			if !now.Before(at) {
				s.rest(id, now)
				break
			}
		}
	}
}

// sweep records the starts and ends that have passed, after a pause.
func (s *sweeper) sweep(ctx context.Context, now time.Time) error {
	passed := s.takePassed(now)
	if len(passed) == 0 {
		return nil
	}
	select {
	case <-time.After(rand.N(spread)): //nolint:gosec // no secret
	case <-ctx.Done():
		return nil
	}
	return s.recordAll(ctx, passed)
}

// recordAll records starts and ends of organizations, several at a time.
func (s *sweeper) recordAll(ctx context.Context, passed map[events.OrganizationID][]domain.Boundary) error {
	var recording errgroup.Group
	recording.SetLimit(atOnce)
	for org, of := range passed {
		recording.Go(func() error { return s.record(ctx, org, of) })
	}
	return recording.Wait()
}

// record records starts and ends of an organization. If that fails, it is tried again until the context ends.
func (s *sweeper) record(ctx context.Context, org events.OrganizationID, all []domain.Boundary) error {
	for len(all) > 0 {
		part := all[:min(len(all), domain.MaxItems)]
		err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
			_, err := s.desk.Do(ctx, bus.Request[domain.Command]{
				Organization: org, Command: domain.RecordPassed{Of: part}, Actor: events.System, Cause: "the time has passed",
			})
			return false, s.again(ctx, err)
		})
		if err != nil {
			return err
		}
		all = all[len(part):]
	}
	return nil
}

// again marks the errors after which an attempt is made again, and passes over those that say that
// there is nothing to record.
func (s *sweeper) again(ctx context.Context, err error) error {
	var rejection *domain.Rejection
	var skew *clock.SkewError
	switch {
	case err == nil, errors.As(err, &rejection):
		return nil
	case errors.As(err, &skew):
	default:
		s.log.WarnContext(ctx, "starts and ends that have passed are not recorded, trying again", "error", err)
	}
	return retry.RetryableError(err)
}
