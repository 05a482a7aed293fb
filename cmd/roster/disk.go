package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"syscall"
	"time"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/diskspace"
)

// diskEvery is how often the free space of the disk is looked at.
const diskEvery = 10 * time.Second

// disk returns the fullest disk on which the data directory is. Its parts may be on several.
func (d *dataDirectory) disk() api.Disk {
	var fullest api.Disk
	for _, path := range []string{d.dir, d.path("nats"), d.path("nats/jetstream"), d.path("postgres")} {
		free, size, err := diskspace.Of(path)
		if err != nil || size == 0 {
			continue // there is no such part
		}
		if disk := (api.Disk{Path: path, Free: free, Size: size}); fullest.Size == 0 || disk.Fuller(fullest) {
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

// neededRoom is what the servers need of a disk to start, about: PostgreSQL makes a file of 16 MiB.
const neededRoom = 32 << 20

// explainFullDisk adds to an error that a disk of the data directory is full, if it is.
func explainFullDisk(dir string, err error) error {
	if err == nil {
		return nil
	}
	disk := (&dataDirectory{dir: dir}).disk()
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
	if !full && (disk.Size == 0 || disk.Free >= neededRoom) {
		return err
	}
	return fmt.Errorf("%w\nThe disk of %s is full, or nearly so (%d MiB are free): make room, then start again", err, dir, disk.Free>>20)
}
