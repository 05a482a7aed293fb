//go:build !linux && !darwin

package clock

import "time"

var started = time.Now()

// elapsed returns the time since the program was started. Whether it goes on while the
// machine is suspended depends on the system. Where it does not, a suspension looks as if the machine's
// clock was set ahead.
func elapsed() time.Duration { return time.Since(started) }
