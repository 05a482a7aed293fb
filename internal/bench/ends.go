package bench

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"syscall"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/sweeper"
)

// ends measures what it costs that grants and memberships have ends: a check that rests on a grant, against one of the same organization without
// ends, and the processor time that the sweeper takes while nothing is due, though all of it ends within the hours that it looks ahead.
func ends(ctx context.Context, s *setup) ([]Row, error) {
	now := events.Instant(time.Now())
	plain := organization{id: "acme", people: s.People, largeTeam: 1, largeTeamEvery: s.People}
	grants := plain
	grants.until = now.Add(12 * time.Hour)
	both := grants
	both.membersToo = true

	without, err := plain.grantQuestions(now)
	if err != nil {
		return nil, err
	}
	row := func(c organization, what string) (Row, error) {
		with, err := c.grantQuestions(now)
		if err != nil {
			return Row{}, err
		}
		d, err := interleave(ctx, s.Rounds,
			func(context.Context) (repeated, error) { return repeat(s.turn(), with.check) },
			func(context.Context) (repeated, error) { return repeat(s.turn(), without.check) })
		return d.row("check from memory, "+what, "without ends", "ns", each).atMost(1.1), err
	}
	ofGrants, err := row(grants, grouped(plain.grants())+" timed grants")
	if err != nil {
		return nil, err
	}
	ofBoth, err := row(both, grouped(plain.people)+" timed memberships, too")
	if err != nil {
		return nil, err
	}
	swept, err := s.sweeping(ctx, both)
	return []Row{ofGrants, ofBoth, swept}, err
}

// grants returns how many grants people have.
func (c organization) grants() int { return c.people + c.people*3/5 }

// grantQuestions returns random people, each with a project on which nothing but a grant lets them do what is asked.
func (c organization) grantQuestions(now time.Time) (*questions, error) {
	happened, err := c.history()
	if err != nil {
		return nil, err
	}
	q := &questions{org: stateAfter(happened).Organization(c.id).At(now)}
	for n := range questionCount {
		n = n * 7919 % c.people // they lie apart
		n -= n % 5
		q.users, q.projects = append(q.users, c.user(n)), append(q.projects, c.project(n+1))
	}
	counted := 0
	for _, source := range q.org.Access(q.users[0], q.projects[0]).Sources {
		if source.Kind == domain.Direct {
			counted++
		}
	}
	if counted != 1 {
		return nil, fmt.Errorf("%s has %d grants on %s, not 1", q.users[0], counted, q.projects[0])
	}
	return q, nil
}

// sweeping measures which part of one core the process takes while nothing happens, without a sweeper and with one.
func (s *setup) sweeping(ctx context.Context, acme organization) (Row, error) {
	h, err := s.withDesk(ctx, acme)
	if err != nil {
		return Row{}, err
	}
	without, err := idle(ctx, s.Time)
	if err != nil {
		return Row{}, err
	}
	s.run(ctx, func(ctx context.Context) error { return sweeper.Run(ctx, h.desk, slog.New(slog.DiscardHandler)) })
	if _, err := idle(ctx, s.Time); err != nil { // at first it looks through all of it
		return Row{}, err
	}
	with, err := idle(ctx, s.Time)
	what := fmt.Sprintf("one core, while a sweeper waits for %s ends", grouped(acme.people+acme.grants()))
	return figure(what, with, "%").against("without a sweeper", without).within(without + 1), err
}

// idle returns which part of one core the process takes for a time, in percent.
func idle(ctx context.Context, length time.Duration) (float64, error) {
	runtime.GC() // not that of what was done before
	before, started := processorTime(), time.Now()
	select {
	case <-time.After(length):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	return 100 * float64(processorTime()-before) / float64(time.Since(started)), nil
}

// processorTime returns the processor time that this process has taken.
func processorTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // it never fails
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
