package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/internal/bench"
)

// benchCmd measures this program on this machine.
type benchCmd struct {
	What   []string      `arg:"" optional:"" name:"name" help:"What to measure, by name; without one everything."`
	Only   []string      `placeholder:"NAME" help:"The same as names, divided by commas."`
	Time   time.Duration `default:"3s" help:"How long each side of a comparison works in all."`
	Rounds int           `default:"5" help:"How often the sides of a comparison take turns; the median counts."`
	People int           `default:"100000" help:"Members of the large organization; what is wanted is about 100,000."`
}

// Help is printed with the command's flags.
func (benchCmd) Help() string {
	return `Measures with servers of its own in temporary directories, and touches no data
directory. Each figure stands beside that of a floor, the same work with as little as
possible in between, with which it took turns. Nothing else should run meanwhile.
There is: ` + strings.Join(bench.Names(), ", ") + `.

    roster bench commands check --time 10s`
}

// Run measures and prints a row for each figure.
func (c *benchCmd) Run(ctx context.Context, sh *shell) error {
	tuneCollector() // as serve does
	program, err := os.Executable()
	if err != nil {
		return err
	}
	measured, err := bench.Run(ctx, bench.Config{
		Only: slices.Concat(c.What, c.Only), Time: c.Time, Rounds: c.Rounds, People: c.People, Program: program,
		Started: func(name string) { fmt.Fprintf(sh.err, "measuring %s\n", name) },
	})
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, measured)
	}
	rows := make([]row, len(measured))
	for i, m := range measured {
		rows[i] = row{"what": m.What, "figure": bench.Quantity(m.Figure, m.Unit), "wanted": m.Wanted}
		if m.Floor != "" {
			rows[i]["floor"], rows[i]["by"] = m.Floor, bench.Quantity(m.FloorFigure, m.Unit)
			rows[i]["ratio"] = fmt.Sprintf("%.2f", m.Ratio)
		}
		if m.Missed {
			rows[i]["missed"] = "missed"
		}
	}
	return printTable(sh.out, rows, columns("WHAT=what FIGURE=figure FLOOR=floor FIGURE=by RATIO=ratio WANTED=wanted =missed"))
}

// repeatCmd makes the requests of a neighbour for the measurement of that name.
type repeatCmd struct{}

// Run reads what to send from the standard input, and sends it until that ends.
func (repeatCmd) Run(ctx context.Context, sh *shell) error { return bench.Repeat(ctx, sh.in, sh.out) }
