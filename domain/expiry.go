package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// maxExpiryDays is how long an invite, or a request for access, stays open at most that says when it ends.
const maxExpiryDays = 90

// expiry returns when an invite, or a request for access, expires that is made now, and is to expire at a time, or after the
// days of the scheme; the zero value is never. What is such as "An invite".
func expiry(m events.Moment, what string, days int, wanted time.Time) (time.Time, error) {
	switch {
	case wanted.IsZero() && days == 0:
		return time.Time{}, nil
	case wanted.IsZero():
		return m.Instant().Add(time.Duration(days) * 24 * time.Hour), nil
	case wanted.After(m.Instant().AddDate(0, 0, maxExpiryDays)):
		return time.Time{}, ErrBadEnd.Because("%s ends within %d days at most; state an earlier time.", what, maxExpiryDays)
	}
	return wanted, validateEnd(wanted, m)
}
