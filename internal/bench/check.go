package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// check measures a check from memory against one look-up in a Go map, as the
// organization grows.
func check(ctx context.Context, s *setup) ([]Row, error) {
	var rows []Row
	for _, people := range []int{s.People / 100, s.People / 10, s.People} {
		size := organization{id: "acme", people: max(people, 1), largeTeam: max(people, 1)}
		randomQuestions, err := questionsOf(size)
		if err != nil {
			return nil, err
		}
		d, err := interleave(ctx, s.Rounds,
			func(context.Context) (repeated, error) { return repeat(s.turn(), randomQuestions.check) },
			func(context.Context) (repeated, error) { return repeat(s.turn(), randomQuestions.lookUp) })
		if err != nil {
			return nil, err
		}
		what := fmt.Sprintf("check from memory, %s members", grouped(size.people))
		rows = append(rows,
			d.row(what, "a look-up in a Go map", "ns", each).atMost(8),
			figure(what+", allocations", median(d.system, allocated), "").atMost(2))
	}
	return rows, nil
}

// questions are random people, each with a project on which they have three sources.
type questions struct {
	org      domain.Organization
	users    []events.UserID
	projects []events.ProjectID
	numbers  map[events.UserID]int
}

// questionCount is the number of prepared questions. It is so large that a processor's
// cache does not hold all that they read.
const questionCount = 1 << 17

func questionsOf(c organization) (*questions, error) {
	happened, err := c.history()
	if err != nil {
		return nil, err
	}
	q := &questions{org: stateAfter(happened).Organization(c.id), numbers: make(map[events.UserID]int, c.people)}
	for i := range c.people {
		q.numbers[c.user(i)] = i
	}
	for range questionCount {
		n := rand.IntN(c.people) //nolint:gosec // who is asked about is no secret
		q.users, q.projects = append(q.users, c.user(n)), append(q.projects, c.project(n))
	}
	if found := q.org.Access(q.users[0], q.projects[0]).Sources; len(found) != 3 {
		return nil, fmt.Errorf("%s has %d sources on %s, not 3", q.users[0], len(found), q.projects[0])
	}
	return q, nil
}

func (q *questions) check(i int) error {
	allowed, err := q.org.Allows(q.users[i%questionCount], q.projects[i%questionCount], "code", "full")
	if err != nil || !allowed {
		return fmt.Errorf("%s may not write to %s: %w", q.users[i%questionCount], q.projects[i%questionCount], err)
	}
	return nil
}

func (q *questions) lookUp(i int) error {
	if _, found := q.numbers[q.users[i%questionCount]]; !found {
		return fmt.Errorf("%s is not in the map", q.users[i%questionCount])
	}
	return nil
}

// repeated is the cost of one call.
type repeated struct{ time, allocations float64 }

func each(r repeated) float64      { return r.time } // ns
func allocated(r repeated) float64 { return r.allocations }

// repeat calls do again and again for a time, and looks at the clock now and then.
func repeat(length time.Duration, do func(int) error) (repeated, error) {
	const unwatched = 4096
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, started := 0, time.Now()
	for n == 0 || time.Since(started) < length {
		for range unwatched {
			if err := do(n); err != nil {
				return repeated{}, err
			}
			n++
		}
	}
	took := time.Since(started)
	runtime.ReadMemStats(&after)
	return repeated{
		time: float64(took) / float64(n),
		// What the runtime allocates for itself is less than one each, and falls away.
		allocations: float64((after.Mallocs - before.Mallocs) / uint64(n)),
	}, nil
}
