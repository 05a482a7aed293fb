package api

import (
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/events"
)

// instant is a moment as a query names it; its zero value is none.
type instant struct{ time.Time }

// endOf is when something ends; zero is never.
func endOf(until *time.Time) time.Time {
	if until == nil {
		return time.Time{}
	}
	return events.Instant(*until)
}

// UnmarshalText reads a moment: RFC 3339, or a date, which is where it begins in UTC.
func (i *instant) UnmarshalText(text []byte) error {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		at, err := time.Parse(form, string(text))
		if err == nil {
			i.Time = at
			return nil
		}
	}
	return fmt.Errorf("%q is no moment: write it as 2006-01-02T15:04:05Z, or as 2006-01-02", text)
}

// Schema says what the text looks like.
func (instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Examples: []any{"2006-01-02T15:04:05Z", "2006-01-02"}}
}
