package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// The forms of times, for the help of flags. Every flag that takes a time reads it with
// readTime.
const (
	pastForms = "as 2026-12-31T18:00:00Z, as 2026-12-31, today or yesterday (where that day begins, in UTC), or how long ago, as 90m, 24h, 7d or 2w"
	endForms  = "as 2026-12-31T18:00:00Z, as 2026-12-31, today or tomorrow (where that day begins, in UTC), or from now, as 90m, 24h, 30d or 2w"
)

// direction says to which side of now a length of time leads.
type direction int

const (
	ago     direction = -1
	fromNow direction = 1
)

// readTime reads a time: RFC 3339; a date, today, yesterday or tomorrow, which mean where
// that day begins in UTC; now; or a length of time, to the named side of now. It fails for a
// day on the other side of now that is named by a word.
func readTime(text string, to direction) (time.Time, error) {
	if at, ok := events.ParseInstant(text); ok {
		return at, nil
	}
	now := time.Now().UTC().Truncate(time.Second)
	today := now.Truncate(24 * time.Hour)
	switch {
	case text == "now":
		return now, nil
	case text == "today":
		return today, nil
	case text == "yesterday" && to == ago:
		return today.AddDate(0, 0, -1), nil
	case text == "tomorrow" && to == fromNow:
		return today.AddDate(0, 0, 1), nil
	}
	length, err := duration(text)
	if err != nil {
		forms := map[direction]string{ago: pastForms, fromNow: endForms}
		return time.Time{}, fmt.Errorf("%q is no time: write it %s", text, forms[to])
	}
	return now.Add(time.Duration(to) * length), nil
}

// units are those of time that [time.ParseDuration] does not know.
var units = map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// duration reads a length of time, which may be in days or weeks. A day has 24 hours. It
// fails for a negative one.
func duration(text string) (time.Duration, error) {
	for unit, length := range units {
		count, found := strings.CutSuffix(text, unit)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(count, 10, 63) // a Duration has no more bits
		times := time.Duration(n)
		if err == nil && times > math.MaxInt64/length {
			err = strconv.ErrRange
		}
		return times * length, err
	}
	length, err := time.ParseDuration(text)
	if err == nil && length < 0 {
		err = strconv.ErrRange
	}
	return length, err
}

// instant is the time of an end as a command line names it; its zero value is never.
type instant struct{ time.Time }

// UnmarshalText reads a time as readTime does, from now on; or never.
func (i *instant) UnmarshalText(text []byte) (err error) {
	if i.Time = (time.Time{}); string(text) == "never" {
		return nil
	}
	i.Time, err = readTime(string(text), fromNow)
	return err
}

// MarshalJSONTo writes the time; never is null, if it is written at all.
func (i instant) MarshalJSONTo(out *jsontext.Encoder) error {
	if i.IsZero() {
		return out.WriteToken(jsontext.Null)
	}
	return json.MarshalEncode(out, i.Time)
}

// changedEnd is an end that replaces another; its zero value changes nothing.
type changedEnd struct {
	instant

	given bool
}

// UnmarshalText reads an end as instant does.
func (e *changedEnd) UnmarshalText(text []byte) error {
	e.given = true
	return e.instant.UnmarshalText(text)
}

// IsZero reports whether nothing changes. An end that becomes never is a change.
func (e changedEnd) IsZero() bool { return !e.given }

// deadline is the time of an end that cannot be never; its zero value is the one that the server chooses.
type deadline struct{ time.Time }

// UnmarshalText reads a time as readTime does, from now on.
func (d *deadline) UnmarshalText(text []byte) (err error) {
	if string(text) == "never" {
		return errors.New("never is not possible: name a time, " + endForms)
	}
	d.Time, err = readTime(string(text), fromNow)
	return err
}

// expiry is when an invite or a request ends; its zero value is what the scheme says.
type expiry struct{ deadline }

// UnmarshalText reads a time as deadline does.
func (e *expiry) UnmarshalText(text []byte) error {
	if string(text) == "never" {
		return errors.New("an invite, or a request, expires: within 90 days at most")
	}
	return e.deadline.UnmarshalText(text)
}

// minutes is a length of time in whole minutes; its zero value is none.
type minutes int

// UnmarshalText reads a length of time, as 90m, 4h or 2d.
func (m *minutes) UnmarshalText(text []byte) error {
	length, err := duration(string(text))
	if err != nil || length < time.Minute || length%time.Minute != 0 {
		return fmt.Errorf("%q is no length of time in whole minutes: write it as 90m, 4h or 2d", text)
	}
	*m = minutes(length / time.Minute)
	return nil
}

// start is the time of a start as a command line names it; its zero value is at once.
type start struct{ time.Time }

// UnmarshalText reads a time as readTime does, from now on.
func (s *start) UnmarshalText(text []byte) (err error) {
	s.Time, err = readTime(string(text), fromNow)
	return err
}

// at returns the time as a query names it; empty for none.
func (f atFlag) at() string {
	if f.At.IsZero() {
		return ""
	}
	return f.At.Format(time.RFC3339Nano)
}

// past is a time that a command line looks back to; its zero value is none.
type past struct{ time.Time }

// UnmarshalText reads a time as readTime does, as how long ago.
func (p *past) UnmarshalText(text []byte) (err error) {
	p.Time, err = readTime(string(text), ago)
	return err
}
