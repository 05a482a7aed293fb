package main

import (
	"context"
	"log/slog"
	"syscall"
	"time"

	"github.com/seed-2026d078/roster/api"
)

// diskEvery is how often the free space of the disk is looked at.
const diskEvery = 10 * time.Second

// disk returns the fullest disk on which the data directory is. Its parts may be on several.
func (d *dataDirectory) disk() api.Disk {
	var fullest api.Disk
	for _, path := range []string{d.dir, d.path("nats"), d.path("nats/jetstream"), d.path("postgres")} {
		var found syscall.Statfs_t
		if syscall.Statfs(path, &found) != nil || found.Blocks == 0 {
			continue // there is no such part
		}
		block := uint64(found.Bsize) //nolint:gosec // no block has a negative size
		if disk := (api.Disk{Path: path, Free: found.Bavail * block, Size: found.Blocks * block}); fullest.Size == 0 || disk.Fuller(fullest) {
			fullest = disk
		}
	}
	return fullest
}

// watchDisk warns when little of the disk is free, until ctx ends.
func (d *dataDirectory) watchDisk(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(diskEvery)
	defer tick.Stop()
	for low := false; ; {
		disk := d.disk()
		switch {
		case disk.Low() && !low:
			log.WarnContext(ctx, "little room is left on the disk", "path", disk.Path, "free_mib", disk.Free>>20, "size_mib", disk.Size>>20)
		case low && !disk.Low():
			log.InfoContext(ctx, "there is room on the disk again", "path", disk.Path, "free_mib", disk.Free>>20)
		}
		low = disk.Low()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
