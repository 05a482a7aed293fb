package bus

import (
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Evolver is a state that the ledger folds to: an immutable value.
type Evolver[S any] interface {
	// Evolve returns the state after entries. It may change a transient state in
	// place, and never changes a persistent one.
	Evolve(entries ...events.Entry) S
	// Last returns the version and the time of an organization's last entry.
	Last(org events.OrganizationID) (events.Version, time.Time)
}

// State is a state that commands of type C are decided against.
type State[S, C any] interface {
	Evolver[S]
	// Decide returns the events that a command leads to, or why it is refused. It
	// is pure: it has no effect, and the same arguments give the same result. A decision that
	// takes long calls proceed now and then; once that returns false nobody waits for it
	// any more, and it fails.
	Decide(org events.OrganizationID, command C, m events.Moment, proceed func() bool) ([]events.Event, error)
	// Transient returns a state with the same content that Evolve may change in place,
	// for a run of changes of which each is applied to the state before it. The state
	// that Transient was called on never changes.
	Transient() S
	// Persistent returns the state after such a run. It never changes again.
	Persistent() S
}

// View is a state with the checkpoint of the last commit that it contains.
type View[S Evolver[S]] struct {
	State S
	events.Checkpoint
}

// Fold returns the view after the commits that follow. It fails with a
// [*BrokenError] if the versions of an organization are not consecutive. It does
// not check the hash chain: whoever reads from a [Ledger] has it checked.
func (v View[S]) Fold(commits []events.Commit) (View[S], error) {
	last := map[events.OrganizationID]events.Version{}
	var entries []events.Entry
	for i := range commits {
		c := &commits[i]
		for _, e := range c.Entries {
			before, ok := last[e.Organization]
			if !ok {
				before, _ = v.State.Last(e.Organization)
			}
			if e.Version != before+1 {
				return v, versionGap(c.Position, e, before)
			}
			last[e.Organization] = e.Version
		}
		entries = append(entries, c.Entries...)
		v.Checkpoint = c.Checkpoint()
	}
	if len(entries) > 0 {
		v.State = v.State.Evolve(entries...)
	}
	return v, nil
}

// Step is consecutive commits with the views before and after them. Followers
// share what it holds, so nobody may change it.
type Step[S Evolver[S]] struct {
	Before  View[S]
	Commits []events.Commit
	After   View[S]
}

// after returns the part of a step behind a position.
func (s Step[S]) after(position events.Position) (Step[S], error) {
	n := through(s.Commits, position)
	switch n {
	case 0:
		return s, nil
	case len(s.Commits):
		return Step[S]{Before: s.After, After: s.After}, nil
	}
	before, err := s.Before.Fold(s.Commits[:n])
	return Step[S]{Before: before, Commits: s.Commits[n:], After: s.After}, err
}

// through returns how many of the commits are not behind a position.
func through(commits []events.Commit, position events.Position) int {
	n := 0
	for n < len(commits) && commits[n].Position <= position {
		n++
	}
	return n
}

func versionGap(position events.Position, e events.Entry, last events.Version) error {
	return &BrokenError{Position: position, Reason: fmt.Sprintf(
		"version %d of %s follows version %d", e.Version, e.Organization, last)}
}
