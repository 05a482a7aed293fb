package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// instant is a moment as a command line names it; its zero value is never.
type instant struct{ time.Time }

// UnmarshalText reads a moment: RFC 3339, a date, never, or how long from now.
func (i *instant) UnmarshalText(text []byte) error {
	from := string(text)
	if from == "never" {
		i.Time = time.Time{}
		return nil
	}
	if at, ok := fixed(from); ok {
		i.Time = at
		return nil
	}
	ahead, err := span(from)
	if err != nil {
		return fmt.Errorf("%q is no moment: write it as 2026-12-31T18:00:00Z, as 2026-12-31, or as what is left, in days or hours: 30d or 12h", from)
	}
	i.Time = time.Now().Add(ahead).UTC().Truncate(time.Second)
	return nil
}

// span reads a length of time, which may be in days.
func span(text string) (time.Duration, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}
