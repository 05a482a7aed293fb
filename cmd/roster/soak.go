package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/internal/soak"
)

// soakCmd makes faults under load, and checks what this program kept.
type soakCmd struct {
	Duration time.Duration `default:"2m" help:"How long commands and reads are given, in all."`
	Faults   []string      `placeholder:"KIND,..." help:"Kinds of faults to make, one after the other: kill, disk, clock, network, upgrade, feed or failover; left out, all."`
	Every    time.Duration `default:"1s" help:"About how long there is no fault between two."`
	Previous string        `placeholder:"FILE" help:"The program of an earlier version, to run beside this one; without it, the fault upgrade is skipped."`
}

// Help is printed with the command's flags.
func (soakCmd) Help() string {
	return `Serves temporary directories, and touches no other. Several clients give commands and read,
each with the newest position that was answered, while one kind of fault after the other is made:

    kill     the server is killed and started again
    disk     its disk is full; a file system in memory is mounted, which takes root on Linux
    clock    the clock of the machine, as the server sees it, is set back and ahead
    network  what goes between clients, the server, NATS and PostgreSQL is cut, paused or delayed
    upgrade  this version takes the place of the one in --previous, and the other way round
    feed     a server with its NATS inside is killed and paused, and so is each of several readers of its feed
    failover two servers on one NATS; each of the three is killed and paused, and so is each reader

After each kind it is checked that every acknowledged command is in the ledger once, that no read was
older than it asked for, that one order explains all answers, and that the ledger is sound. The
exit code is 0 if all of that is so.

    roster soak --duration 10m --faults kill,network`
}

// Run runs a soak test, and fails if the server broke a promise.
func (c *soakCmd) Run(ctx context.Context, sh *shell) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	began := time.Now()
	phases, err := soak.Run(ctx, soak.Config{
		Program: program, Previous: c.Previous, Serve: serveByClock, Duration: c.Duration, Faults: c.Faults, Every: c.Every,
		Progress: func(p soak.Phase) {
			fmt.Fprintf(sh.err, "%3.0fs  %s: %d faults, %d commands, %d reads, %d attempts repeated\n",
				time.Since(began).Seconds(), p.Fault, p.Faults, p.Commands, p.Reads, p.Repeated)
		},
	})
	if err != nil {
		return err
	}
	if err := c.print(sh, phases); err != nil {
		return err
	}
	broken := false
	for _, p := range phases {
		for _, what := range p.Broken {
			broken = true
			fmt.Fprintf(sh.err, "broken: %s: %s\n", p.Fault, what)
		}
	}
	if broken {
		return errors.New("the server did not keep what it promises; see above")
	}
	return nil
}

// soakPartCmd is what the soak test has in a process of its own, to kill it.
type soakPartCmd struct{}

// Run does what the standard input says, until that ends.
func (soakPartCmd) Run(ctx context.Context, sh *shell) error { return soak.RunPart(ctx, sh.in) }

// serveByClock serves within this process, by the clock of another machine.
func serveByClock(ctx context.Context, args []string, machine func() time.Time, log io.Writer) error {
	var c commands
	c.out, c.err = io.Discard, log
	parser, err := newParser(&c)
	if err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	c.Serve.machine = machine
	return c.execute(ctx, chosen)
}

func (c *soakCmd) print(sh *shell, phases []soak.Phase) error {
	if sh.Output == "json" {
		return printJSON(sh.out, phases)
	}
	rounded := func(d time.Duration) string { return d.Round(time.Millisecond).String() }
	var rows []row
	for _, p := range phases {
		if p.Skipped != "" {
			rows = append(rows, row{"fault": p.Fault, "note": "skipped: " + p.Skipped})
			continue
		}
		var refused []string
		for _, code := range slices.Sorted(maps.Keys(p.Refused)) {
			refused = append(refused, fmt.Sprintf("%s %d", code, p.Refused[code]))
		}
		rows = append(rows, row{
			"fault": p.Fault, "times": strconv.Itoa(p.Faults), "commands": strconv.Itoa(p.Commands), "reads": strconv.Itoa(p.Reads),
			"repeated": strconv.Itoa(p.Repeated), "slowest": rounded(p.Longest), "recovery": rounded(p.Recovery),
			"broken": strconv.Itoa(len(p.Broken)), "note": strings.Join(refused, ", "),
		})
	}
	return printTable(sh.out, rows, columns("FAULT=fault TIMES=times COMMANDS=commands READS=reads REPEATED=repeated SLOWEST=slowest RECOVERY=recovery BROKEN=broken REFUSED=note"))
}
