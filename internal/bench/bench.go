// Package bench measures Roster against floors of the same run.
//
// A floor is the same work with as little as possible in between: a bare publish,
// a look-up in a Go map, COPY. Floors vary with the machine and its mood, ratios
// to them hardly do.
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
	// Only names measurements as [Names] does; none is all of them.
	Only []string
	// Time is how long each side of a comparison works in all; zero is 3 seconds.
	// Work that comes to an end is done as often as it takes.
	Time time.Duration
	// People is the size of the large organization; zero is 100,000, which is what
	// the wanted figures are about.
	People int
	// Began is told the name of each measurement as it begins; nil is told nothing.
	Began func(name string)
}

// measurement makes rows out of what it sets up on a stage.
type measurement struct {
	name    string
	measure func(context.Context, *stage) ([]Row, error)
}

// all measurements, in the order of the way of a command.
var all = []measurement{
	{"commands", commands},
	{"team", team},
	{"check", check},
	{"http", overHTTP},
	{"projection", projection},
	{"visibility", visibility},
	{"replay", replay},
}

// Names lists the measurements.
func Names() []string {
	names := make([]string, len(all))
	for i, m := range all {
		names[i] = m.name
	}
	return names
}

// Run measures one thing after the other. It needs a temporary directory, which
// it leaves as it was.
func Run(ctx context.Context, cfg Config) ([]Row, error) {
	for _, name := range cfg.Only {
		if !slices.Contains(Names(), name) {
			return nil, fmt.Errorf("there is no measurement %q; there are %s", name, strings.Join(Names(), ", "))
		}
	}
	if cfg.Time <= 0 {
		cfg.Time = 3 * time.Second
	}
	if cfg.People <= 0 {
		cfg.People = 100_000
	}
	var rows []Row
	for _, m := range all {
		if len(cfg.Only) > 0 && !slices.Contains(cfg.Only, m.name) {
			continue
		}
		if cfg.Began != nil {
			cfg.Began(m.name)
		}
		measured, err := onStage(ctx, cfg, m.measure)
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
