package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// readTime reads when a membership starts or ends: a time, or a date, which is the beginning of that day.
func readTime(text string) (time.Time, error) {
	at, ok := events.ParseInstant(text)
	if !ok {
		return at, fmt.Errorf("%q is no time: write it as 2026-12-31T18:00:00Z or as 2026-12-31", text)
	}
	return at, nil
}

// timeText writes a start or an end as a date where it is the beginning of a day.
func timeText(at time.Time) string {
	return strings.TrimSuffix(at.UTC().Format(time.RFC3339), "T00:00:00Z")
}

// startOf writes a start that there may be.
func startOf(at *time.Time) string {
	if at == nil {
		return "at once"
	}
	return timeText(*at)
}

// endOf writes an end that there may be.
func endOf(at *time.Time) string {
	if at == nil {
		return "never"
	}
	return timeText(*at)
}
