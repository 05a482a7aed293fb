package api

import (
	"context"
	"errors"
	"time"
)

const (
	// listPatience is how long the read models have for a list.
	listPatience = 5 * time.Second
	// noticePatience is how long an answer from memory waits for what the read
	// models would add to it.
	noticePatience = 300 * time.Millisecond
)

// list registers a route that the read models answer.
func list[I, T any](s *Server, r route, handle func(context.Context, *I) (*answer[T], error)) {
	read(s, r, patiently(handle))
}

// patiently gives up on read models that hang. Waiting for the position that the
// sender has seen comes on top.
func patiently[I, T any](handle func(context.Context, *I) (*answer[T], error)) func(context.Context, *I) (*answer[T], error) {
	return func(ctx context.Context, in *I) (*answer[T], error) {
		from := time.Now()
		if q := asked(ctx); q.seen > 0 {
			from = q.patience
		}
		patient, cancel := context.WithDeadline(ctx, from.Add(listPatience))
		defer cancel()
		a, err := handle(patient, in)
		return a, unreached(ctx, err)
	}
}

// unreached says that the read models took too long, rather than whoever asked.
func unreached(ctx context.Context, err error) error {
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return errNoDatabase
	}
	return err
}
