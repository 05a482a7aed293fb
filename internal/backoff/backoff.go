// Package backoff repeats work that can fail for a while.
package backoff

import (
	"context"
	"time"

	"github.com/sethvargo/go-retry"
)

// Do calls attempt until it returns nil or an error that [retry.RetryableError] does not
// mark, or until the context ends. The pause between two attempts begins with first, and
// doubles up to longest. It begins with first again after an attempt that advanced: one
// that did a part of the work before it failed.
func Do(ctx context.Context, first, longest time.Duration, attempt func(context.Context) (advanced bool, err error)) error {
	begin := func() retry.Backoff { return retry.WithCappedDuration(longest, retry.NewExponential(first)) }
	pauses := begin()
	next := retry.BackoffFunc(func() (time.Duration, bool) { return pauses.Next() })
	return retry.Do(ctx, next, func(ctx context.Context) error {
		advanced, err := attempt(ctx)
		if advanced {
			pauses = begin()
		}
		return err
	})
}
