package main

import (
	"fmt"
	"time"
)

// past is a moment that a command line looks back to; its zero value is none.
type past struct{ time.Time }

// UnmarshalText reads a moment: RFC 3339, or a date.
func (p *past) UnmarshalText(text []byte) error {
	at, ok := fixed(string(text))
	if !ok {
		return fmt.Errorf("%q is no moment: write it as 2024-12-31T23:59:59Z, or as 2024-12-31, which is when that day begins in UTC", text)
	}
	p.Time = at
	return nil
}

// moment writes a time for a query; the zero value is left out of it.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// fixed reads a moment that is the same whenever it is read.
func fixed(text string) (at time.Time, ok bool) {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		at, err := time.Parse(form, text)
		if err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}
