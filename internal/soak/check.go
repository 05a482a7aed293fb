package soak

import (
	"context"
	"fmt"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// Check returns what was broken, as far as the answers show it; nothing if all was kept. It is
// called when Run has ended.
func (w *Workload) Check() []string {
	broken := w.broken
	for _, part := range membership.Partition(w.history) {
		of := part[0].Input.(operation)
		switch porcupine.CheckOperationsTimeout(membership, part, checkTimeout) {
		case porcupine.Illegal:
			broken = append(broken, fmt.Sprintf("no order of the commands and reads of %s in %s explains all answers", of.user, of.organization))
		case porcupine.Unknown:
			broken = append(broken, fmt.Sprintf("within %s, no order of the commands and reads of %s in %s was found that explains all answers", checkTimeout, of.user, of.organization))
		case porcupine.Ok:
		}
	}
	return broken
}

// checkLedgerAt checks the ledger of a NATS server; see [Workload.CheckLedger].
func (w *Workload) checkLedgerAt(ctx context.Context, address string) (broken []string, err error) {
	nc, err := nats.Connect(address)
	if err != nil {
		return nil, fmt.Errorf("connect to the ledger: %w", err)
	}
	defer nc.Close()
	ledger, err := bus.Open(ctx, nc, bus.OpenConfig{Existing: true, Synced: true})
	if err != nil {
		return nil, err
	}
	return w.CheckLedger(ctx, ledger)
}

// CheckLedger compares the acknowledged commands with a ledger, and returns what is not there
// once, or not where its answer said, and organizations whose time runs backwards. It fails if the ledger cannot be read.
func (w *Workload) CheckLedger(ctx context.Context, ledger *bus.Ledger) (broken []string, err error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string][]events.Position{}
	latest := map[events.OrganizationID]time.Time{}
	err = ledger.Read(ctx, events.Checkpoint{}, end.Position, func(commits []events.Commit) error {
		for _, c := range commits {
			for _, entry := range c.Entries {
				if entry.Key != "" { // the end of something has none
					found[entry.Key] = append(found[entry.Key], c.Position)
				}
				if entry.At.Before(latest[entry.Organization]) {
					broken = append(broken, fmt.Sprintf("%s went back in time at position %d, to %s", entry.Organization, c.Position, entry.At))
				}
				latest[entry.Organization] = entry.At
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
