package soak

import (
	"context"
	"path/filepath"
	"time"
)

// kills is a server with its data directory that is killed, and started again.
type kills struct{ process }

func (k *kills) start(ctx context.Context, dir string) error {
	k.data = filepath.Join(dir, "data")
	return k.begin(ctx)
}

func (k *kills) disturb(ctx context.Context, _ *Workload) (ended time.Time, err error) {
	k.kill()
	return time.Now(), k.begin(ctx)
}
