// Package bench measures Roster against floors of the same run.
//
// A floor is the same work with as little code as possible: a bare publish, a look-up
// in a Go map, COPY. Absolute figures depend on the machine and its load; ratios to a
// floor that is measured in turn with them depend on it much less.
//
//	rows, err := bench.Run(ctx, bench.Config{Only: []string{"check"}})
package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Config says what to measure; the zero value measures everything.
type Config struct {
	// Only names the measurements to make, see [Names]; empty means all.
	Only []string
	// Time is how long the system, and its floor, are measured in all; zero is 3
	// seconds. Work that ends earlier is repeated.
	Time time.Duration
	// Rounds is how often a system and its floor are measured in turn, of which the median
	// counts; zero is 5.
	Rounds int
	// People is the number of members of the large organization; zero is 100,000, for
	// which the wanted figures are stated.
	People int
	// Program is the file of the program roster, for measurements of a whole server.
	// They are left out if it is empty.
	Program string
	// Started is called with the name of each measurement when it starts; nil will do.
	Started func(name string)
}

// measurement sets up what it needs and returns rows.
type measurement struct {
	name    string
	measure func(context.Context, *setup) ([]Row, error)
	// program says that it needs Config.Program.
	program bool
}

// all measurements, in the order in which a command passes the parts.
var all = []measurement{
	{name: "commands", measure: commands},
	{name: "team", measure: team},
	{name: "check", measure: check},
	{name: "ends", measure: ends},
	{name: "http", measure: checkOverHTTP},
	{name: "http-commands", measure: commandsOverHTTP},
	{name: "invites", measure: invites},
	{name: "lists", measure: lists},
	{name: "projection", measure: projection},
	{name: "visibility", measure: visibility},
	{name: "feed", measure: deliveries},
	{name: "relay", measure: relaySpeed},
	{name: "feed-cost", measure: feedCost},
	{name: "streams", measure: streams, program: true},
	{name: "subscribers", measure: subscribers, program: true},
	{name: "loading", measure: loading, program: true},
	{name: "neighbours", measure: neighbours, program: true},
	{name: "notices", measure: noticesOfLoad, program: true},
	{name: "replay", measure: replay},
	{name: "sealed", measure: sealed},
	{name: "erase", measure: erase},
	{name: "start", measure: start, program: true},
}

// Names returns the names of the measurements.
func Names() []string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.name
	}
	return names
}

// Run makes one measurement after the other. It uses a temporary directory and deletes
// it afterwards. It fails if Only names a measurement that does not exist.
func Run(ctx context.Context, cfg Config) ([]Row, error) {
	for _, name := range cfg.Only {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("there is no measurement %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	if cfg.Time <= 0 {
		cfg.Time = 3 * time.Second
	}
	if cfg.Rounds <= 0 {
		cfg.Rounds = 5
	}
	if cfg.People <= 0 {
		cfg.People = 100_000
	}
	var rows []Row
	for _, m := range all {
		if len(cfg.Only) > 0 && !slices.Contains(cfg.Only, m.name) || m.program && cfg.Program == "" {
			continue
		}
		if cfg.Started != nil {
			cfg.Started(m.name)
		}
		measured, err := withSetup(ctx, cfg, m.measure)
		if err != nil {
			return nil, fmt.Errorf("measure %s: %w", m.name, err)
		}
		for i := range measured {
			measured[i].Measurement = m.name
		}
		rows = append(rows, measured...)
	}
	return rows, nil
}
