package replica

import (
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// errDiverged says that Roster tells something else than it did before: its ledger was replaced.
var errDiverged = errors.New("the stream tells something else than what was applied: Roster's ledger was replaced")

// state is what was applied. One goroutine at a time uses it.
type state struct {
	roster domain.Roster
	// position is that up to which everything was applied.
	position events.Position
	// positions are those of the last commit of each organization.
	positions map[events.OrganizationID]events.Position
	// changes are those since the last view; none if nobody asks for them.
	changes []Change
	// record says that changes are kept.
	record bool
}

func newState(record bool) *state {
	return &state{positions: map[events.OrganizationID]events.Position{}, record: record}
}

func (s *state) version(org events.OrganizationID) events.Version {
	version, _ := s.roster.Last(org)
	return version
}

// entry is what a command did, with the position of its commit.
type entry struct {
	events.Entry

	position events.Position
}

// creates reports whether the entry creates its organization.
func (e *entry) creates() bool {
	if len(e.Events) == 0 {
		return false
	}
	_, is := e.Events[0].(events.OrganizationCreated)
	return is
}

// apply applies entries of an organization, which follow the version that it has. The first of all may have any version if it
// creates the organization: a subscriber may not read an earlier one with the same id.
func (s *state) apply(entries ...entry) error {
	if len(entries) == 0 {
		return nil
	}
	all := make([]events.Entry, len(entries))
	has := s.version(entries[0].Organization)
	for i, e := range entries {
		if e.Version != has+1 && (has > 0 || !e.creates()) {
			return fmt.Errorf("version %d of %s follows version %d: %w", e.Version, e.Organization, has, errDiverged)
		}
		all[i], has = e.Entry, e.Version
	}
	if !s.record {
		s.roster = s.roster.Evolve(all...)
	}
	for _, e := range entries {
		s.positions[e.Organization] = e.position
		if s.record {
			before := s.roster.Organization(e.Organization)
			s.roster = s.roster.Evolve(e.Entry)
			s.changes = append(s.changes, Change{e.Organization, e.Version, e.position, e.Entry, before, s.roster.Organization(e.Organization)})
		}
	}
	return nil
}

// has reports whether a version of an organization was applied. It fails if another commit had it.
func (s *state) has(org events.OrganizationID, version events.Version, position events.Position) (bool, error) {
	has, at := s.version(org), s.positions[org]
	if version > has {
		return false, nil
	}
	if version == has && position != at || version < has && position > at {
		return true, fmt.Errorf("version %d of %s at position %d, and %d at %d: %w", version, org, position, has, at, errDiverged)
	}
	return true, nil
}
