package bench

import (
	"context"
	"errors"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"
)

// setup is what one measurement has started, in a directory of its own. Everything is
// stopped and deleted after the measurement.
type setup struct {
	Config

	dir      string
	parts    *errgroup.Group
	cleanups []func() error // run in reverse order
}

// withSetup makes a measurement. Its context ends when a part that it runs fails.
func withSetup(ctx context.Context, cfg Config, measure func(context.Context, *setup) ([]Row, error)) (rows []Row, err error) {
	dir, err := os.MkdirTemp("", "roster-bench-")
	if err != nil {
		return nil, err
	}
	parts, alive := errgroup.WithContext(ctx)
	s := &setup{Config: cfg, dir: dir, parts: parts}
	defer func() {
		for _, cleanups := range slices.Backward(s.cleanups) {
			err = errors.Join(err, cleanups())
		}
		err = errors.Join(err, parts.Wait(), os.RemoveAll(dir))
	}()
	return measure(alive, s)
}

// run runs a part until the measurement ends.
func (s *setup) run(ctx context.Context, part func(context.Context) error) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	s.parts.Go(func() error {
		defer close(done)
		return part(ctx)
	})
	s.cleanup(func() {
		stop()
		<-done
	})
}

// cleanup registers what is to be done after the measurement.
func (s *setup) cleanup(undo func()) {
	s.cleanups = append(s.cleanups, func() error {
		undo()
		return nil
	})
}
