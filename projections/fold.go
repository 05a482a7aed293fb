package projections

import (
	"context"
	"slices"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// fold is the state of every organization at a checkpoint.
type fold struct {
	state domain.Roster
	at    events.Checkpoint
}

// reach returns the fold at a checkpoint, going on from this one where it can. It
// fails with a [*bus.BrokenError] where the ledger is not the one that the
// checkpoint is from.
func (f fold) reach(ctx context.Context, ledger *bus.Ledger, at events.Checkpoint) (fold, error) {
	if f.at == at {
		return f, nil
	}
	if err := ledger.Check(ctx, at); err != nil {
		return f, err
	}
	if at.Position < f.at.Position {
		f = fold{}
	}
	if at.Position == 0 {
		return f, nil
	}
	err := ledger.Read(ctx, f.at, at.Position, func(commits []events.Commit) error {
		for i := range commits {
			f.state = f.state.Evolve(commits[i].Entries...)
			f.at = commits[i].Checkpoint()
		}
		return nil
	})
	return f, err
}

// step returns the fold after commits, with the keys that they touch and what they
// add to the audit log.
func (f fold) step(commits []events.Commit) (fold, *touched, []auditRow) {
	keys := newTouched()
	var log []auditRow
	f.state = f.state.Transient()
	for i := range commits {
		c := &commits[i]
		for j := range c.Entries {
			entry := &c.Entries[j]
			for recorded := range entry.Recorded() {
				// An event ends what was there before it, and begins what is there after.
				keys.touch(f.state.Organization(entry.Organization), recorded.Event)
				f.state = f.state.Apply(entry.Organization, recorded)
				keys.touch(f.state.Organization(entry.Organization), recorded.Event)
				log = append(log, auditOf(entry.Organization, c.Position, recorded))
			}
		}
		f.at = c.Checkpoint()
	}
	f.state = f.state.Persistent()
	return f, keys, log
}

// portion is about how many events are written at once: more is hardly faster.
const portion = 1000

// portions cuts commits into slices of about as many events.
func portions(commits []events.Commit) [][]events.Commit {
	var cut [][]events.Commit
	begin, n := 0, 0
	for i := range commits {
		for _, entry := range commits[i].Entries {
			n += len(entry.Events)
		}
		if n >= portion {
			cut = append(cut, commits[begin:i+1])
			begin, n = i+1, 0
		}
	}
	if begin < len(commits) {
		cut = append(cut, slices.Clip(commits[begin:]))
	}
	return cut
}
