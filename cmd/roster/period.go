package main

import (
	"fmt"
	"strconv"

	"github.com/seed-2026d078/roster/internal/personaldata"
)

// period is a length of time in parts of the calendar; the zero value is none.
type period personaldata.Period

// String writes it as it is given.
func (p period) String() string {
	switch {
	case p.Years > 0:
		return strconv.Itoa(p.Years) + "y"
	case p.Months > 0:
		return strconv.Itoa(p.Months) + "mo"
	}
	return strconv.Itoa(p.Days) + "d"
}

// maxPeriods is the most of a unit that a period has: 100 years in days.
const maxPeriods = 36_525

// UnmarshalText reads a number with a unit: 24mo, 2y or 90d.
func (p *period) UnmarshalText(text []byte) error {
	units := 0
	for units < len(text) && text[units] >= '0' && text[units] <= '9' {
		units++
	}
	n, err := strconv.Atoi(string(text[:units]))
	if err == nil && 0 < n && n <= maxPeriods {
		switch string(text[units:]) {
		case "d":
			*p = period{Days: n}
			return nil
		case "mo":
			*p = period{Months: n}
			return nil
		case "y":
			*p = period{Years: n}
			return nil
		}
	}
	return fmt.Errorf("%q is no period: write it as 24mo, 2y or 90d", text)
}
