package domain

import "github.com/seed-2026d078/roster/events"

// ImportHistory imports lines of another system's history, all or nothing. The
// organization keeps the number of the last line, so that repeating it changes nothing.
type ImportHistory struct {
	// Source names the history.
	Source string
	// Through is the number of the last of these lines.
	Through  uint64
	Commands Batch
}

// Decide lets the system, and nobody else, import history. Lines that were imported
// before change nothing. What happened, happened: a history may leave a role without its
// last holder, or a project without its owner, and have more members than there are seats;
// [Organization.MissingHolders] finds what it left.
func (c ImportHistory) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if m.Actor != events.System {
		return nil, ErrNotAllowed.Because("Only the system actor imports history.")
	}
	if org.Imported(c.Source) >= c.Through {
		return nil, nil
	}
	org.importing = true
	happened, err := c.Commands.Decide(org, m)
	if err != nil {
		return nil, err
	}
	return append(happened, events.HistoryImported{Source: c.Source, Through: c.Through}), nil
}
