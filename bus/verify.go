package bus

import (
	"context"
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
// progress, which may be nil, after every few commits.
func (l *Ledger) Verify(ctx context.Context, progress func(done, total events.Position)) (Report, error) {
	total, err := l.last(ctx)
	if err != nil {
		return Report{}, err
	}
	v := verification{histories: map[events.OrganizationID]history{}}
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

// history is the last entry of an organization.
type history struct {
	version events.Version
	at      time.Time
}

type verification struct {
	report    Report
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
	return nil
}
