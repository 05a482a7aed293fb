package personaldata

import (
	"context"
	"log/slog"
)

// RetainOnce is one run of [Eraser.Retain].
func (e *Eraser) RetainOnce(ctx context.Context, keep Period, log *slog.Logger) (bool, error) {
	return e.retain(ctx, keep, gone{}, log)
}

// ResumeOnce is one try of [Eraser.Resume] with all erasures that began. It reports whether none is left.
func (e *Eraser) ResumeOnce(ctx context.Context, log *slog.Logger) (bool, error) {
	waiting := retries{}
	err := e.resume(ctx, log, waiting)
	return len(waiting) == 0, err
}
