package personaldata

import (
	"context"
	"log/slog"
)

// RetainOnce is one run of [Eraser.Retain].
func (e *Eraser) RetainOnce(ctx context.Context, keep Period, log *slog.Logger) (bool, error) {
	return e.retain(ctx, keep, log)
}

// ResumeOnce is one try of [Eraser.Resume].
func (e *Eraser) ResumeOnce(ctx context.Context, log *slog.Logger) (bool, error) {
	return e.resume(ctx, log)
}
