package api

import (
	"context"
	"errors"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// commission puts an order into a request. Sealing makes keys, so where there is
// something to seal, a draft without it is judged first: what would be refused
// leaves no keys behind.
func (s *Server) commission(ctx context.Context, r *bus.Request[domain.Command], o order) (err error) {
	c := s.draftsman(r.Organization)
	r.Command, err = o.command(ctx, c)
	if err != nil || !*c.unsealed {
		return err
	}
	if err := s.foresee(*r); err != nil {
		r.Command = refused{err}
		return nil //nolint:nilerr // the desk says so
	}
	c.unsealed = nil
	r.Command, err = o.command(ctx, c)
	return err
}

// draftsman is a clerk who seals nothing.
func (s *Server) draftsman(org events.OrganizationID) clerk {
	return clerk{org: org, keyring: s.Keyring, schemes: s.Schemes, unsealed: new(bool)}
}

// foresee returns what the desk would refuse a request for as things stand, its
// key and version aside.
func (s *Server) foresee(r bus.Request[domain.Command]) error {
	state := s.Desk.View().State
	_, err := state.Decide(r.Organization, r.Command, momentOf(state, r))
	return err
}

// momentOf is when the desk would decide a request, were it asked now.
func momentOf(state domain.Roster, r bus.Request[domain.Command]) events.Moment {
	_, last := state.Last(r.Organization)
	m := moment(r.Actor, last)
	if !r.At.IsZero() {
		m.At = events.Instant(r.At)
	}
	return m
}

// moment is the present, as the desk has it where the last entry of an organization
// happened at last: time runs forward in each.
func moment(actor events.UserID, last time.Time) events.Moment {
	m := events.Moment{Actor: actor, At: events.Instant(time.Now())}
	m.Now = m.At
	if last.After(m.Now) {
		m.At = last
	}
	return m
}

// refused is a command that was refused before it came to the desk, which alone
// knows whether it is a repeated one.
type refused struct{ err error }

// Decide refuses.
func (r refused) Decide(domain.Organization, events.Moment) ([]events.Event, error) {
	return nil, r.err
}

// confide keeps from those who do not see an organization which version it has,
// and which keys were used in it: they hear what they would hear without.
func (s *Server) confide(ctx context.Context, r bus.Request[domain.Command], err error) error {
	stale := errors.As(err, new(*bus.StaleError))
	if !stale && !errors.Is(err, bus.ErrKeyReused) {
		return err
	}
	if _, _, unseen := s.seen(ctx, r.Organization); unseen == nil {
		return err
	}
	if foreseen := s.foresee(r); foreseen != nil {
		return foreseen
	}
	return err
}
