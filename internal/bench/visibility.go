package bench

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// pace is how many commands a second are given.
const pace = 1000

// visibility measures the time from a command's acknowledgement until the database
// shows what it did.
func visibility(ctx context.Context, s *stage) ([]Row, error) {
	h, err := s.house(ctx, company{id: "acme"})
	if err != nil {
		return nil, err
	}
	_, database, err := s.readModels(ctx)
	if err != nil {
		return nil, err
	}
	s.runs(ctx, func(ctx context.Context) error { return database.Project(ctx, h.ledger) })
	if err := database.Wait(ctx, h.desk.View().Position); err != nil {
		return nil, err
	}

	var mu sync.Mutex
	var took []time.Duration
	given, err := steadily(ctx, s.Time, func(ctx context.Context, n int64) error {
		receipt, err := h.desk.Do(ctx, joining(n))
		if err != nil {
			return err
		}
		acknowledged := time.Now()
		if err := database.Wait(ctx, receipt.Position); err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		took = append(took, time.Since(acknowledged))
		return nil
	})
	if err != nil {
		return nil, err
	}
	seen := summary(took, given)
	const what = "acknowledged to visible"
	return []Row{
		figure("commands given meanwhile", seen.rate, "/s"),
		figure(what+", p50", seen.p50, "ms"),
		figure(what+", p99", seen.p99, "ms").atMost(25),
	}, nil
}

// steadily begins something at a steady pace, whatever it takes, and returns how
// long it was until all of it was done.
func steadily(ctx context.Context, length time.Duration, do func(ctx context.Context, n int64) error) (time.Duration, error) {
	work, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for n := range int64(length.Seconds()*pace) + 1 {
		due := began.Add(time.Duration(n) * time.Second / pace)
		time.Sleep(time.Until(due)) // a millisecond at most
		if ctx.Err() != nil {
			break
		}
		work.Go(func() error { return do(ctx, n) })
	}
	err := work.Wait()
	return time.Since(began), err
}
