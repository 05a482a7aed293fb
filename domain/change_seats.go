package domain

import "github.com/seed-2026d078/roster/events"

// ChangeSeats limits how many members the organization can have.
type ChangeSeats struct {
	// To is the number of seats; 0 leaves it to the scheme.
	To int
	// BlockNew accepts fewer seats than are in use. Nobody loses a seat then, and none is given
	// until there is room.
	BlockNew bool
}

// maxSeats is the highest limit.
const maxSeats = 1_000_000_000

// Decide lets those whom the scheme allows change the number of seats. It does not fall below
// the seats in use, unless new ones are to be blocked.
func (c ChangeSeats) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, ChangingSeats, About{}); err != nil {
		return nil, err
	}
	switch {
	case c.To < 0 || c.To > maxSeats:
		return nil, ErrBadSeats
	case c.To == org.seats:
		return nil, nil // already so
	}
	changed := []events.Event{events.SeatsChanged{From: org.seats, To: c.To}}
	if !c.BlockNew {
		if err := org.checkSeatsAfter(org.afterEvents(m, changed)); err != nil {
			return nil, err
		}
	}
	return changed, nil
}
