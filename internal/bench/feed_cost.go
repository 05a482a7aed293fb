package bench

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/seed-2026d078/roster/internal/relay"
)

// feedCost measures durable commands while the relay publishes them, against the same without it.
func feedCost(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.withDesk(ctx, organization{id: "acme"})
	if err != nil {
		return nil, err
	}
	var joined atomic.Int64
	join := func(ctx context.Context) error { return h.do(ctx, addMemberRequest(joined.Add(1))) }
	if err := join(ctx); err != nil {
		return nil, err
	}
	var rows []Row
	for _, callers := range []int{1, 64} {
		without := func(ctx context.Context) (load, error) { return runLoad(ctx, callers, s.turn(), join) }
		with := func(ctx context.Context) (load, error) {
			r, err := relay.Open(ctx, h.conn, h.ledger, relay.Config{})
			if err != nil {
				return load{}, err
			}
			running, stop := context.WithCancel(ctx)
			defer stop()
			ended := make(chan error, 1)
			go func() { ended <- r.Run(running, h.desk.Follower()) }()
			if err := caughtUp(ctx, r, h); err != nil {
				return load{}, err
			}
			measured, err := without(ctx)
			stop()
			return measured, errors.Join(err, <-ended)
		}
		d, err := interleave(ctx, s.Rounds, with, without)
		if err != nil {
			return nil, err
		}
		what, bare := fmt.Sprintf("durable commands with the feed, %d at once", callers), "without it"
		rows = append(rows, d.row(what, bare, "/s", rate), d.row(what+", p99", bare, "ms", p99))
	}
	return rows, nil
}
