package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// pastsAtOnce is how many requests read the ledger from its beginning at a time.
const pastsAtOnce = 2

// past folds the ledger up to a moment: what had happened by then, whenever it
// was recorded. An organization of its own saves the others' work; empty is all.
func (s *Server) past(ctx context.Context, at time.Time, only events.OrganizationID) (domain.Roster, error) {
	if at.After(time.Now()) {
		return domain.Roster{}, domain.ErrBadTime
	}
	patient, cancel := context.WithDeadline(ctx, asked(ctx).patience)
	defer cancel()
	if s.pasts.Acquire(patient, 1) != nil {
		return domain.Roster{}, errBusy
	}
	defer s.pasts.Release(1)
	var state domain.Roster
	var entries []events.Entry
	err := s.Ledger.Read(ctx, events.Checkpoint{}, s.Desk.View().Position, func(commits []events.Commit) error {
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
