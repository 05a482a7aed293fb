package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/seed-2026d078/roster/internal/soak"
)

// soakCmd kills this program under load, and checks what it kept.
type soakCmd struct {
	Duration  time.Duration `default:"2m" help:"How long commands and reads are given."`
	KillEvery time.Duration `default:"4s" help:"About how long a server lives."`
}

// Help is printed with the command's flags.
func (soakCmd) Help() string {
	return `Serves a temporary directory, and touches no other. Several clients give commands and read,
each with the newest position that was answered, while the server is killed and started again and
again. Then it is checked that every acknowledged command is in the ledger once, that no read was
older than it asked for, that one order explains all answers, and that the ledger is sound. The
exit code is 0 if all of that is so.

    roster soak --duration 10m`
}

// Run runs a soak test, and fails if the server broke a promise.
func (c *soakCmd) Run(ctx context.Context, sh *shell) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	began := time.Now()
	result, err := soak.Run(ctx, soak.Config{
		Program: program, Duration: c.Duration, KillEvery: c.KillEvery,
		Progress: func(now soak.Counts, kills int) {
			fmt.Fprintf(sh.err, "%3.0fs  %d commands, %d reads, %d attempts repeated, %d kills\n",
				time.Since(began).Seconds(), now.Commands, now.Reads, now.Repeated, kills)
		},
	})
	if err != nil {
		return err
	}
	for _, broken := range result.Broken {
		fmt.Fprintln(sh.err, "broken:", broken)
	}
	if err := c.print(sh, result); err != nil {
		return err
	}
	if len(result.Broken) > 0 {
		return errors.New("the server did not keep what it promises; see above")
	}
	return nil
}

func (c *soakCmd) print(sh *shell, r soak.Result) error {
	if sh.Output == "json" {
		return printJSON(sh.out, r)
	}
	rounded := func(d time.Duration) string { return d.Round(time.Millisecond).String() }
	return printTable(sh.out, []row{
		{"what": "commands answered", "figure": strconv.Itoa(r.Commands)},
		{"what": "reads answered", "figure": strconv.Itoa(r.Reads)},
		{"what": "attempts repeated", "figure": strconv.Itoa(r.Repeated)},
		{"what": "slowest answer", "figure": rounded(r.Longest)},
		{"what": "kills", "figure": strconv.Itoa(r.Kills)},
		{"what": "slowest start after one", "figure": rounded(r.Slowest)},
		{"what": "broken", "figure": strconv.Itoa(len(r.Broken))},
	}, columns("WHAT=what FIGURE=figure"))
}
