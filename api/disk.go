package api

import "fmt"

// Disk is how full a disk is.
type Disk struct {
	// Path is a directory on the disk.
	Path string
	// Free and Size are in bytes. A Size of zero says that they are unknown.
	Free, Size uint64
}

// lowRatio is the part of a disk below which little is free.
const lowRatio = 0.1

func (d Disk) ratio() float64 {
	if d.Size == 0 {
		return 1
	}
	return float64(d.Free) / float64(d.Size)
}

// Low reports whether less than a tenth of the disk is free.
func (d Disk) Low() bool { return d.ratio() < lowRatio }

// Fuller reports whether less of the disk is free than of another one.
func (d Disk) Fuller(than Disk) bool { return d.ratio() < than.ratio() }

// String says how full the disk is, and what to do.
func (d Disk) String() string {
	return fmt.Sprintf("The disk of %s has %d MiB of %d left (%.1f%%); make room before commands are refused.", d.Path, d.Free>>20, d.Size>>20, 100*d.ratio())
}
