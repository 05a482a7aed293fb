package bench

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// pace is the number of commands a second.
const pace = 1000

// visibility measures the time from a command's acknowledgement until the read models
// show it.
func visibility(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.withDesk(ctx, organization{id: "acme"})
	if err != nil {
		return nil, err
	}
	_, database, err := s.readModels(ctx)
	if err != nil {
		return nil, err
	}
	s.run(ctx, func(ctx context.Context) error { return database.Project(ctx, h.desk.Follower()) })
	if err := database.Wait(ctx, h.desk.View().Position); err != nil {
		return nil, err
	}

	var mu sync.Mutex
	var took []time.Duration
	given, err := steadily(ctx, s.Time, func(ctx context.Context, n int64) error {
		receipt, err := h.desk.Do(ctx, addMemberRequest(n))
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

// steadily calls do at a steady pace, however long the calls take, and returns the time
// until all calls have returned.
func steadily(ctx context.Context, length time.Duration, do func(ctx context.Context, n int64) error) (time.Duration, error) {
	work, ctx := errgroup.WithContext(ctx)
	started := time.Now()
	for n := range int64(length.Seconds()*pace) + 1 {
		due := started.Add(time.Duration(n) * time.Second / pace)
		time.Sleep(time.Until(due)) // a millisecond at most
		if ctx.Err() != nil {
			break
		}
		work.Go(func() error { return do(ctx, n) })
	}
	err := work.Wait()
	return time.Since(started), err
}
