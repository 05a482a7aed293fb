package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// leads are how long before something it is announced; none says that it is not.
type leads []time.Duration

const (
	day = 24 * time.Hour
	// maxLeads is how many there are, minLead and maxLead the shortest and the longest.
	maxLeads         = 5
	minLead, maxLead = time.Hour, 60 * day
)

// UnmarshalText reads times in days or hours: 7d,12h; or none.
func (l *leads) UnmarshalText(text []byte) error {
	*l = nil
	if string(text) == "none" {
		return nil
	}
	parts := strings.Split(string(text), ",")
	for _, part := range parts {
		lead, err := time.ParseDuration(part)
		if number, inDays := strings.CutSuffix(part, "d"); inDays {
			var days uint64
			days, err = strconv.ParseUint(number, 10, 8)
			lead = time.Duration(days) * day
		}
		if err != nil || lead < minLead || lead > maxLead || len(parts) > maxLeads {
			return fmt.Errorf("%q are no times before an end: write up to five between 1h and 60d, as in 7d,1d or 12h, or none", text)
		}
		if slices.Contains(*l, lead) {
			return fmt.Errorf("%q names %s twice: leave one out", text, parts[slices.Index(*l, lead)])
		}
		*l = append(*l, lead)
	}
	return nil
}
