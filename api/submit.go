package api

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// submit builds the command of a request and gives it to the desk. Encrypting personal data
// creates keys, so a command with such data is decided without it first: a refused command
// creates no keys.
func (s *Server) submit(ctx context.Context, r bus.Request[domain.Command], build unbuilt) (bus.Receipt, error) {
	b := s.draftBuilder(r.Organization)
	var err error
	if r.Command, err = build(ctx, b); err != nil {
		return bus.Receipt{}, s.withRefusals(r, err)
	}
	if b.leftOut {
		if r.Err = s.refusal(r); r.Err == nil {
			b.finish()
			if r.Command, err = build(ctx, b); err != nil {
				return bus.Receipt{}, err
			}
		}
	}
	receipt, err := s.Desk.Do(ctx, r)
	return receipt, s.hideFromOutsiders(ctx, r, err)
}

// draftBuilder returns a builder that encrypts nothing.
func (s *Server) draftBuilder(org events.OrganizationID) *commandBuilder {
	return &commandBuilder{org: org, keys: s.Keyring, schemes: s.Schemes, state: s.Desk.View().State, draft: true}
}

// refusal returns the error with which the desk would refuse a request now, without regard
// to its idempotency key and version; nil if it would accept it.
func (s *Server) refusal(r bus.Request[domain.Command]) error {
	state := s.Desk.View().State
	_, err := state.Decide(r.Organization, r.Command, requestMoment(state, r))
	return err
}

// withRefusals adds to the error of a batch with items that are wrong by themselves how the
// others would be refused now.
func (s *Server) withRefusals(r bus.Request[domain.Command], err error) error {
	unbuilt, ok := errors.AsType[*unbuiltError](err)
	if !ok {
		return err
	}
	r.Command = unbuilt.batch
	return unbuilt.join(s.refusal(r))
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
	if refusal := s.refusal(r); refusal != nil {
		return refusal
	}
	return err
}

// dryRun answers with what the desk would do with a request now. The desk does nothing.
func (s *Server) dryRun(ctx context.Context, r bus.Request[domain.Command], build unbuilt) (*answer[Receipt], error) {
	var err error
	if r.Command, err = build(ctx, s.draftBuilder(r.Organization)); err != nil {
		return nil, s.withRefusals(r, err)
	}
	view := s.Desk.View()
	version, _ := view.State.Last(r.Organization)
	if r.IfVersion != 0 && r.IfVersion != version {
		return nil, s.hideFromOutsiders(ctx, r, &bus.StaleError{Current: version})
	}
	end, err := s.acquireSlot(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	result, err := view.State.DryRun(r.Organization, r.Command, requestMoment(view.State, r))
	if err != nil {
		return nil, err
	}
	a := &answer[Receipt]{Position: view.Position, Body: Receipt{
		Position: view.Position, Version: version, Events: []ReceiptEvent{}, DryRun: visibleTo(r.Actor, result),
	}}
	if version > 0 {
		a.ETag = etag(version)
	}
	return a, nil
}

// visibleTo returns the part of a dry run that an actor may know.
func visibleTo(actor events.UserID, result domain.DryRun) *dryRun {
	visible := &dryRun{Events: make([]dryRunEvent, len(result.Events)), Changes: []accessChange{}}
	for i, e := range result.Events {
		visible.Events[i].Type = e.Type()
	}
	for _, c := range result.Changes {
		if seesChange(result.Before, actor, c) || seesChange(result.After, actor, c) {
			visible.Changes = append(visible.Changes, changeOf(c))
		}
	}
	return visible
}

// seesChange reports whether an actor may know what somebody may do. Everybody may know
// what they may do themselves.
func seesChange(org domain.Organization, actor events.UserID, c domain.AccessChange) bool {
	view := domain.SeeingAccessOfOthers
	if c.Project == "" {
		view = domain.SeeingMembers
	}
	return actor == events.System || actor == c.User ||
		org.Authorize(actor, view, domain.About{Project: c.Project, Member: c.User}) == nil
}

func changeOf(c domain.AccessChange) accessChange {
	change := accessChange{User: c.User, Project: c.Project, From: c.From, To: c.To, Effect: changes}
	switch {
	case c.From == "" && c.To != "":
		change.Effect = gains
	case c.From != "" && c.To == "":
		change.Effect = loses
	}
	for _, level := range c.Levels {
		change.Levels = append(change.Levels, levelChange(level))
	}
	return change
}
