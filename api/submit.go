package api

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// submit builds the command of a request and gives it to the desk. Encrypting personal data
// creates keys, so a command with such data is decided before they are stored: a refused command
// creates no keys. If nothing but the keys is missing then, the desk takes that decision, unless the organization has moved on.
//
// What is wrong may depend on the state, and on whether something can be written now. So a
// request under a key goes to the desk all the same, which knows whether it is a repetition of one
// that was right.
func (s *Server) submit(ctx context.Context, r bus.Request[domain.Command], build unbuilt) (bus.Receipt, error) {
	b := s.draftBuilder(r.Organization)
	var err error
	if r.Command, err = build(ctx, b); err != nil {
		if r.Err = s.withRefusals(ctx, r, err); r.Key == "" {
			return bus.Receipt{}, r.Err
		}
	}
	if b.leftOut && r.Err == nil {
		decided, on, err := s.decide(ctx, r)
		if r.Err = firstError(err, s.Ledger.Writable()); r.Err == nil { // keys could not be made either
			b.finish()
			r.Command, r.Err = build(ctx, b)
			if r.Err == nil && b.newKeys { // its texts are those that were decided on
				r.Command, r.Decided = decided.As(r.Command), on
			}
		}
	}
	receipt, err := s.Desk.Do(ctx, r)
	return receipt, s.hideFromOutsiders(ctx, r, err)
}

// draftBuilder returns a builder that encrypts nothing.
func (s *Server) draftBuilder(org events.OrganizationID) *commandBuilder {
	return &commandBuilder{org: org, keys: s.Keyring, schemes: s.Schemes, organizations: s.Organizations, state: s.Desk.View().State, now: s.now(), draft: true, resolver: s.Resolver, tries: s.tries}
}

// refusal returns the error with which the desk would refuse a request now, without regard
// to its idempotency key and version; nil if it would accept it.
func (s *Server) refusal(ctx context.Context, r bus.Request[domain.Command]) error {
	_, _, err := s.decide(ctx, r)
	return err
}

// decide decides a request as the desk would now, without regard to its idempotency key and version, and returns on what.
func (s *Server) decide(ctx context.Context, r bus.Request[domain.Command]) (domain.Decided, bus.DecidedOn, error) {
	if _, err := s.Desk.Clock().Trusted(); err != nil {
		return domain.Decided{}, bus.DecidedOn{}, err
	}
	state := s.Desk.View().State
	m := s.requestMoment(state, r)
	version, _ := state.Last(r.Organization)
	decided, err := state.DecideAhead(r.Organization, r.Command, m, func() bool { return ctx.Err() == nil })
	return decided, bus.DecidedOn{Version: version, Now: m.Now}, err
}

// withRefusals adds to the error of a batch with items that are wrong by themselves how the
// others would be refused now.
func (s *Server) withRefusals(ctx context.Context, r bus.Request[domain.Command], err error) error {
	unbuilt, ok := errors.AsType[*unbuiltError](err)
	if !ok {
		return err
	}
	r.Command = unbuilt.batch
	return unbuilt.join(s.refusal(ctx, r))
}

// hideFromOutsiders returns the error that an actor may see. An actor who does not see the
// organization must learn neither its version nor which keys were used, so they get the
// error that they would get without a version and a key.
func (s *Server) hideFromOutsiders(ctx context.Context, r bus.Request[domain.Command], err error) error {
	stale := errors.As(err, new(*bus.StaleError))
	if !stale && !errors.Is(err, bus.ErrKeyReused) {
		return err
	}
	if _, _, hidden := s.visibleOrganization(ctx, r.Organization); hidden == nil {
		return err
	}
	if r.Err != nil {
		return r.Err
	}
	if refusal := s.refusal(ctx, r); refusal != nil {
		return refusal
	}
	return err
}
