package bench

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// commands measures durable commands against publishing one message for each.
func commands(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.withDesk(ctx, organization{id: "acme"})
	if err != nil {
		return nil, err
	}
	var joined atomic.Int64
	join := func(ctx context.Context) error { return h.do(ctx, addMemberRequest(joined.Add(1))) }
	if err := join(ctx); err != nil {
		return nil, err
	}
	floor, err := h.publisher(ctx)
	if err != nil {
		return nil, err
	}

	var rows []Row
	for _, callers := range []int{1, 64} {
		side := func(do func(context.Context) error) func(context.Context) (load, error) {
			return func(ctx context.Context) (load, error) { return runLoad(ctx, callers, s.turn(), do) }
		}
		d, err := interleave(ctx, s.Rounds, side(join), side(floor.publish))
		if err != nil {
			return nil, err
		}
		what, raw := fmt.Sprintf("durable commands, %d at once", callers), fmt.Sprintf("raw publishes, %d at once", callers)
		speed, middle, slow := d.row(what, raw, "/s", rate), d.row(what+", p50", raw, "ms", p50), d.row(what+", p99", raw, "ms", p99)
		if callers == 1 {
			speed = speed.atLeast(0.8)
		} else {
			speed, middle = speed.atLeast(5), middle.atMost(1)
		}
		rows = append(rows, speed, middle, slow)
	}
	return rows, nil
}

// addMemberRequest returns a request like those of the API, with a key, a digest, and an
// id of 26 letters.
func addMemberRequest(n int64) bus.Request[domain.Command] {
	return bus.Request[domain.Command]{
		Organization: "acme",
		Command:      domain.AddMember{Member: events.UserID(fmt.Sprintf("01JD6Z2Q8W4X%014d", n))},
		Key:          fmt.Sprintf("3f2c9f6e-7d0b-4a51-9c57-%012d", n),
		Digest:       "GoxlNxLkSCTk5Eo4pu2pKkVJ2ghPZO8CkRzQyLrOIsc",
	}
}
