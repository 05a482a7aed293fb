package api

import (
	"context"
	"errors"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// submit builds the command of a request and gives it to the desk. Sealing makes keys, so
// where there is something to seal, the command is decided without it first: what would
// be refused leaves no keys behind.
func (s *Server) submit(ctx context.Context, r bus.Request[domain.Command], build unbuilt) (bus.Receipt, error) {
	b := s.draftBuilder(r.Organization)
	var err error
	if r.Command, err = build(ctx, b); err != nil {
		return bus.Receipt{}, err
	}
	if b.leftOut {
		if r.Err = s.refusal(r); r.Err == nil {
			b.draft = false
			if r.Command, err = build(ctx, b); err != nil {
				return bus.Receipt{}, err
			}
		}
	}
	receipt, err := s.Desk.Do(ctx, r)
	return receipt, s.hideFromOutsiders(ctx, r, err)
}

// draftBuilder returns a builder that seals nothing.
func (s *Server) draftBuilder(org events.OrganizationID) *commandBuilder {
	return &commandBuilder{org: org, keys: s.Keyring, schemes: s.Schemes, draft: true}
}

// refusal returns why the desk would refuse a request now, its key and its version aside;
// nil where it would not.
func (s *Server) refusal(r bus.Request[domain.Command]) error {
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

// hideFromOutsiders keeps the version of an organization, and the keys that were used in
// it, from those who do not see it: they get the refusal that they would get without.
func (s *Server) hideFromOutsiders(ctx context.Context, r bus.Request[domain.Command], err error) error {
	stale := errors.As(err, new(*bus.StaleError))
	if !stale && !errors.Is(err, bus.ErrKeyReused) {
		return err
	}
	if _, _, unseen := s.seen(ctx, r.Organization); unseen == nil {
		return err
	}
	if refusal := s.refusal(r); refusal != nil {
		return refusal
	}
	return err
}
