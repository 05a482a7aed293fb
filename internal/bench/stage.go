package bench

import (
	"context"
	"errors"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"
)

// stage is what one measurement sets up, in a directory of its own. All of it is
// gone when the measurement is over.
type stage struct {
	Config

	dir    string
	parts  *errgroup.Group
	strike []func() error // in the order of setting up
}

// onStage measures; its context ends when a part of the stage fails.
func onStage(ctx context.Context, cfg Config, measure func(context.Context, *stage) ([]Row, error)) (rows []Row, err error) {
	dir, err := os.MkdirTemp("", "roster-bench-")
	if err != nil {
		return nil, err
	}
	parts, alive := errgroup.WithContext(ctx)
	s := &stage{Config: cfg, dir: dir, parts: parts}
	defer func() {
		for _, strike := range slices.Backward(s.strike) {
			err = errors.Join(err, strike())
		}
		err = errors.Join(err, parts.Wait(), os.RemoveAll(dir))
	}()
	return measure(alive, s)
}

// runs a part of the stage until it is struck.
func (s *stage) runs(ctx context.Context, part func(context.Context) error) {
	ctx, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	s.parts.Go(func() error {
		defer close(done)
		return part(ctx)
	})
	s.after(func() {
		stop()
		<-done
	})
}

// after leaves something to be done when the measurement is over.
func (s *stage) after(undo func()) {
	s.strike = append(s.strike, func() error {
		undo()
		return nil
	})
}
