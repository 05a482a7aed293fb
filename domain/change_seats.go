package domain

import "github.com/seed-2026d078/roster/events"

// ChangeSeats limits how many members the organization can have.
type ChangeSeats struct {
	// To is the number of seats; 0 leaves it to the scheme.
	To int
}

// maxSeats is the highest limit.
const maxSeats = 1_000_000_000

// Decide lets those whom the scheme allows change the number of seats. Members stay, even
// if there are more of them than seats.
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
	return []events.Event{events.SeatsChanged{From: org.seats, To: c.To}}, nil
}
