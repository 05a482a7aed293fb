package soak

import (
	"context"
	"fmt"

	"github.com/anishathalye/porcupine"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// Check returns what was broken, as far as the answers show it; nothing if all was kept. It is
// called when Run has ended.
func (w *Workload) Check() []string {
	broken := w.broken
	switch porcupine.CheckOperationsTimeout(membership, w.history, checkTimeout) {
	case porcupine.Illegal:
		broken = append(broken, "no order of the commands and reads explains all answers")
	case porcupine.Unknown:
		broken = append(broken, fmt.Sprintf("within %s, no order of the commands and reads was found that explains all answers", checkTimeout))
	case porcupine.Ok:
	}
	return broken
}

// CheckLedger compares the acknowledged commands with a ledger, and returns what is not there
// once, or not where its answer said. It fails if the ledger cannot be read.
func (w *Workload) CheckLedger(ctx context.Context, ledger *bus.Ledger) (broken []string, err error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string][]events.Position{}
	err = ledger.Read(ctx, events.Checkpoint{}, end.Position, func(commits []events.Commit) error {
		for _, c := range commits {
			for _, entry := range c.Entries {
				found[entry.Key] = append(found[entry.Key], c.Position)
			}
		}
		return nil
	})
	for key, positions := range found {
		if len(positions) > 1 {
			broken = append(broken, fmt.Sprintf("the command with the key %s was recorded at the positions %v", key, positions))
		}
	}
	for key, position := range w.recorded {
		if at := found[key]; len(at) != 1 || uint64(at[0]) != position {
			broken = append(broken, fmt.Sprintf("the command with the key %s was acknowledged at position %d and is at %v", key, position, at))
		}
	}
	return broken, err
}
