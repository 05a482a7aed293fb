package bus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Report is what a ledger holds up to its end, or up to where it is broken.
type Report struct {
	// End is the checkpoint of the last commit that is not broken.
	End                            events.Checkpoint
	Entries, Events, Organizations int
}

// Verify reads the whole ledger. It fails with a [*BrokenError] that names the first
// position at which a commit is missing or altered, an event cannot be read, the
// versions of an organization have a gap, or its time runs backwards. It calls
// progress after every few commits and found with each one that is sound; both may be nil.
func (l *Ledger) Verify(ctx context.Context, found func(events.Commit), progress func(done, total events.Position)) (Report, error) {
	total, err := l.last(ctx)
	if err != nil {
		return Report{}, err
	}
	v := verification{found: found, histories: map[events.OrganizationID]history{}}
	err = l.Read(ctx, events.Checkpoint{}, total, func(commits []events.Commit) error {
		for _, c := range commits {
			if err := v.add(c); err != nil {
				return err
			}
		}
		if progress != nil {
			progress(v.report.End.Position, total)
		}
		return nil
	})
	v.report.Organizations = len(v.histories)
	return v.report, err
}

// VerifyMessages is like [Ledger.Verify] for messages that read hands over in their order,
// such as those in the files of a server that does not run. The ledger must have a commit
// that is known of it; the zero value stands for none. An error of read breaks the ledger at the position where
// it occurs.
func VerifyMessages(ctx context.Context, read func(take func(sequence uint64, message []byte) error) error, known events.Checkpoint, found func(events.Commit), progress func(done events.Position)) (Report, error) {
	v := verification{found: found, histories: map[events.OrganizationID]history{}}
	var c chain
	err := read(func(sequence uint64, message []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		commit, err := c.read(events.Position(sequence), message)
		if err != nil {
			return err
		}
		if commit.Position == known.Position && commit.Hash != known.Hash {
			return anotherCommit(known)
		}
		if progress != nil && commit.Position%1024 == 0 {
			progress(commit.Position)
		}
		return v.add(commit)
	})
	end := v.report.End.Position
	if _, broken := errors.AsType[*BrokenError](err); err != nil && !broken && ctx.Err() == nil {
		err = &BrokenError{Position: end + 1, Reason: unreadable, Err: err}
	}
	if err == nil && end < known.Position {
		err = endsBefore(end, known)
	}
	v.report.Organizations = len(v.histories)
	return v.report, err
}

// history is the last entry of an organization.
type history struct {
	version events.Version
	at      time.Time
}

type verification struct {
	report    Report
	found     func(events.Commit)
	histories map[events.OrganizationID]history
}

func (v *verification) add(c events.Commit) error {
	for i, e := range c.Entries {
		before := v.histories[e.Organization]
		switch {
		case e.Version != before.version+1:
			return versionGap(c.Position, e, before.version)
		case e.At.Before(before.at):
			return &BrokenError{Position: c.Position, Reason: fmt.Sprintf(
				"entry %d, version %d of %s, happened before the version before it", i, e.Version, e.Organization)}
		}
		v.histories[e.Organization] = history{e.Version, e.At}
		v.report.Entries++
		v.report.Events += len(e.Events)
	}
	v.report.End = c.Checkpoint()
	if v.found != nil {
		v.found(c)
	}
	return nil
}
