package soak

import (
	"fmt"
	"syscall"
)

// mountMemory mounts a file system in memory, of a size in MiB.
func mountMemory(dir string, size int) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", size))
}

func unmount(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }
