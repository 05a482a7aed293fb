package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// costlyAtOnce is how many requests are answered at a time that read the ledger from
// its beginning, or play what a command would lead to.
const costlyAtOnce = 2

// turn waits, as long as the request has patience, until a costly one may be answered.
func (s *Server) turn(ctx context.Context) (end func(), err error) {
	patient, cancel := context.WithDeadline(ctx, asked(ctx).patience)
	defer cancel()
	if s.costly.Acquire(patient, 1) != nil {
		return nil, errBusy
	}
	return func() { s.costly.Release(1) }, nil
}

// past folds the ledger up to a moment: what had happened by then, whenever it
// was recorded. An organization of its own saves the others' work; empty is all.
func (s *Server) past(ctx context.Context, at time.Time, only events.OrganizationID) (domain.Roster, error) {
	if at.After(time.Now()) {
		return domain.Roster{}, domain.ErrBadTime
	}
	end, err := s.turn(ctx)
	if err != nil {
		return domain.Roster{}, err
	}
	defer end()
	var state domain.Roster
	var entries []events.Entry
	err = s.Ledger.Read(ctx, events.Checkpoint{}, s.Desk.View().Position, func(commits []events.Commit) error {
		entries = entries[:0]
		for i := range commits {
			for _, entry := range commits[i].Entries {
				if !entry.At.After(at) && (only == "" || entry.Organization == only) {
					entries = append(entries, entry)
				}
			}
		}
		state = state.Evolve(entries...)
		return nil
	})
	return state, err
}
