package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// instant is a time as a command line names it; its zero value is never.
type instant struct{ time.Time }

// UnmarshalText reads a time: RFC 3339, a date, never, or how long from now.
func (i *instant) UnmarshalText(text []byte) error {
	from := string(text)
	if from == "never" {
		i.Time = time.Time{}
		return nil
	}
	if at, ok := events.ParseInstant(from); ok {
		i.Time = at
		return nil
	}
	ahead, err := duration(from)
	if err != nil {
		return fmt.Errorf("%q is no time: write it as 2026-12-31T18:00:00Z, as 2026-12-31, or as what is left, in days or hours: 30d or 12h", from)
	}
	i.Time = time.Now().Add(ahead).UTC().Truncate(time.Second)
	return nil
}

// duration reads a length of time, which may be in days.
func duration(text string) (time.Duration, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

// past is a time that a command line looks back to; its zero value is none.
type past struct{ time.Time }

// UnmarshalText reads a time: RFC 3339, or a date.
func (p *past) UnmarshalText(text []byte) error {
	at, ok := events.ParseInstant(string(text))
	if !ok {
		return fmt.Errorf("%q is no time: write it as 2024-12-31T23:59:59Z, or as 2024-12-31, which is when that day begins in UTC", text)
	}
	p.Time = at
	return nil
}
