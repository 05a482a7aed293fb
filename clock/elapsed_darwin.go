package clock

import (
	"time"

	"golang.org/x/sys/unix"
)

// elapsed returns the time since the machine was started.
func elapsed() time.Duration { return readClock(unix.CLOCK_MONOTONIC_RAW) }
