package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// diskSize is that of the file system that is filled, in MiB. PostgreSQL takes a good part of it.
	diskSize = 512
	// fullFor is how long the disk stays full, once commands are refused.
	fullFor = 2 * time.Second
	// noticeTimeout is how long a server may take to notice a fault.
	noticeTimeout = 15 * time.Second
)

// fullDisk is a server whose data directory is on a small file system that runs full.
type fullDisk struct {
	process

	disk string // where it is mounted; empty if it is not
}

func (f *fullDisk) start(ctx context.Context, dir string) error {
	disk := filepath.Join(dir, "disk")
	if err := os.Mkdir(disk, 0o700); err != nil {
		return err
	}
	if err := mountMemory(disk, diskSize); err != nil {
		return &skipError{fmt.Sprintf("no file system can be mounted here, which takes root on Linux: %v", err)}
	}
	f.disk = disk
	f.data = filepath.Join(disk, "data")
	return f.begin(ctx)
}

// disturb fills the disk. Commands are refused, and reads go on.
func (f *fullDisk) disturb(ctx context.Context, w *Workload) (ended time.Time, err error) {
	name := filepath.Join(f.disk, "full")
	err = fill(name)
	if err == nil {
		w.goOn(ctx, "commands refused with no_space on a full disk", noticeTimeout, refused("no_space"))
		w.goOn(ctx, "reads on a full disk", fullFor, reads)
		sleep(ctx, fullFor)
	}
	err = errors.Join(err, os.Remove(name))
	return time.Now(), err
}

// fill writes a file until there is no room left.
func fill(name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, zeros{})
	if errors.Is(err, syscall.ENOSPC) {
		err = nil
	}
	return errors.Join(err, file.Close())
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func (f *fullDisk) stop() error {
	err := f.process.stop()
	if f.disk != "" {
		err = errors.Join(err, unmount(f.disk))
		f.disk = ""
	}
	return err
}
