package domain

import "time"

// instant is a time as the ledger keeps it, in whole microseconds, but in 8 bytes in place of 24: those since the year 1 began. The zero value is
// the zero time.
type instant int64

// beforeUnix is how many seconds of the year 1 and later were before the first that Unix counts.
const beforeUnix = 62_135_596_800

func instantOf(t time.Time) instant {
	return instant((t.Unix()+beforeUnix)*1e6 + int64(t.Nanosecond()/1e3))
}

// time returns it in UTC.
func (i instant) time() time.Time {
	if i == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(i) - beforeUnix*1e6).UTC()
}
