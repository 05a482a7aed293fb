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
func check(ctx context.Context, s *stage) ([]Row, error) {
	var rows []Row
	for _, people := range []int{s.People / 100, s.People / 10, s.People} {
		size := company{id: "acme", people: max(people, 1), crowd: max(people, 1)}
		asked, err := questionsOf(size)
		if err != nil {
			return nil, err
		}
		d, err := turns(ctx,
			func(context.Context) (repeated, error) { return repeat(s.Time/rounds, asked.check) },
			func(context.Context) (repeated, error) { return repeat(s.Time/rounds, asked.lookUp) })
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

// drawn is how many questions are drawn beforehand: too many for a processor's
// cache to keep their answers.
const drawn = 1 << 17

func questionsOf(c company) (*questions, error) {
	happened, err := c.history()
	if err != nil {
		return nil, err
	}
	q := &questions{org: folded(happened).Organization(c.id), numbers: make(map[events.UserID]int, c.people)}
	for i := range c.people {
		q.numbers[c.user(i)] = i
	}
	for range drawn {
		n := rand.IntN(c.people) //nolint:gosec // who is asked about is no secret
		q.users, q.projects = append(q.users, c.user(n)), append(q.projects, c.project(n))
	}
	if found := q.org.Access(q.users[0], q.projects[0]).Sources; len(found) != 3 {
		return nil, fmt.Errorf("%s has %d sources on %s, not 3", q.users[0], len(found), q.projects[0])
	}
	return q, nil
}

func (q *questions) check(i int) error {
	allowed, err := q.org.Allows(q.users[i%drawn], q.projects[i%drawn], "code", "full")
	if err != nil || !allowed {
		return fmt.Errorf("%s may not write to %s: %w", q.users[i%drawn], q.projects[i%drawn], err)
	}
	return nil
}

func (q *questions) lookUp(i int) error {
	if _, found := q.numbers[q.users[i%drawn]]; !found {
		return fmt.Errorf("%s is not in the map", q.users[i%drawn])
	}
	return nil
}

// repeated is what doing something once took.
type repeated struct{ time, allocations float64 }

func each(r repeated) float64      { return r.time } // ns
func allocated(r repeated) float64 { return r.allocations }

// repeat does something over and over for a time, looking at the clock now and then.
func repeat(length time.Duration, do func(int) error) (repeated, error) {
	const unwatched = 4096
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, began := 0, time.Now()
	for n == 0 || time.Since(began) < length {
		for range unwatched {
			if err := do(n); err != nil {
				return repeated{}, err
			}
			n++
		}
	}
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	return repeated{
		time: float64(took) / float64(n),
		// What the runtime allocates for itself is less than one each, and falls away.
		allocations: float64((after.Mallocs - before.Mallocs) / uint64(n)),
	}, nil
}
