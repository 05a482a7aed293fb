// Package diskspace tells how full a disk is.
package diskspace

import "syscall"

// Of returns how many bytes of the disk of a file or directory may still be written, and how many it has.
func Of(path string) (free, size uint64, err error) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(path, &disk); err != nil {
		return 0, 0, err
	}
	block := uint64(disk.Bsize) //nolint:gosec // no block has a negative size
	return disk.Bavail * block, disk.Blocks * block, nil
}
