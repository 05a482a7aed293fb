package domain

import (
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// Batch gives several commands as one, all or nothing. Each is decided on the state after
// those before it.
type Batch []Command

// BatchError says what is wrong with which items of a batch.
type BatchError struct{ Items []ItemError }

// ItemError is what is wrong with one item.
type ItemError struct {
	// Index counts from 0.
	Index int
	Err   error
}

func (e *BatchError) Error() string {
	first := e.Items[0]
	return fmt.Sprintf("item %d: %s (%s refused, nothing was done)", first.Index, first.Err, phrase.Count(len(e.Items), "item", "items"))
}

// Unwrap returns what is wrong with the first refused item.
func (e *BatchError) Unwrap() error { return e.Items[0].Err }

// Decide decides the items in order, each on the state after those before it. It goes
// on after an item that was refused, so that the caller gets every refusal at once.
func (b Batch) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	asked := seatsAsked{}
	all, refused, err := b.decide(org, m, &asked)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return nil, &BatchError{asked.restate(refused)}
	}
	return all, nil
}

// DecidePart decides the items as Decide does, but leaves out those that are refused: it returns
// them beside the events that the others lead to.
func (b Batch) DecidePart(org Organization, m events.Moment) ([]events.Event, []ItemError, error) {
	return b.decide(org, m, &seatsAsked{})
}

func (b Batch) decide(org Organization, m events.Moment, asked *seatsAsked) (all []events.Event, refused []ItemError, err error) {
	if len(b) > MaxItems {
		return nil, nil, ErrTooMany.Because("A bulk command takes at most %d items, not %d; send several.", MaxItems, len(b))
	}
	if schemes := b.countSchemeChanges(); schemes > 1 {
		return nil, nil, ErrTooMany.Because("A bulk command changes the scheme once, not %d times; leave all but one out.", schemes)
	}
	// The state between two items is used for the next item alone. The last one may be handed over.
	transient := new(champ.Transient)
	for i, item := range b {
		if !org.spendOnItem(i, len(b)) {
			return nil, nil, org.budget.err()
		}
		happened, err := item.Decide(org, m)
		asked.add(org, item, err)
		if err != nil {
			refused = append(refused, ItemError{i, err})
			continue
		}
		org = org.evolveAll(transient, m, len(all), happened)
		all = append(all, happened...)
	}
	if org.budget != nil {
		org.budget.built = built{all, org.state}
	}
	return all, refused, nil
}

// seatsAsked counts the items of a batch that take a seat.
type seatsAsked struct {
	given, all int
	// free is how many seats there were for all of them up to the last that got none, with those that
	// items before it free or add.
	free int
}

// add counts an item that is decided on a state; the error is why it was refused.
func (s *seatsAsked) add(org Organization, item Command, err error) {
	if errors.Is(err, ErrNoSeat) {
		limit, taken := org.Seats()
		s.free = max(limit-taken+s.given, 0)
	}
	if !org.takesSeat(item) {
		return
	}
	s.all++
	if err == nil {
		s.given++
	}
}

// restate corrects the refusals for lack of a seat: each says how many seats are free for all items
// together, and how many these ask for.
func (s *seatsAsked) restate(refused []ItemError) []ItemError {
	for i := range refused {
		if errors.Is(refused[i].Err, ErrNoSeat) {
			refused[i].Err = errNoSeat(s.free, s.all)
		}
	}
	return refused
}

// countSchemeChanges counts the changes of scheme. Each one converts the whole
// organization.
func (b Batch) countSchemeChanges() int {
	n := 0
	for _, item := range b {
		if _, ok := item.(ChangeScheme); ok {
			n++
		}
	}
	return n
}

// takesSeat reports whether a command would take a seat.
func (o Organization) takesSeat(c Command) bool {
	if !o.Exists() {
		return false
	}
	switch c := c.(type) {
	case InviteMember:
		return o.scheme.Seats.InvitesHold
	case AcceptInvite:
		return !o.scheme.Seats.InvitesHold
	case JoinOrganization:
		known := o.emailDomains.At(c.Domain)
		return known != nil && known.Mode == events.JoinAtOnce && o.members.At(c.Member) == nil
	case ApproveAccessRequest:
		request := o.accessRequests.At(c.Request)
		return request != nil && request.Closed == nil && request.joins()
	case AddMember:
		return o.members.At(c.Member) == nil || !c.UpdateProfile && o.givesUpSeat(c.Member)
	case ChangeMemberEnd:
		return o.givesUpSeat(c.Member)
	case ReactivateMember:
		return true
	}
	return false
}

// givesUpSeat reports whether a membership has ended: it takes a seat when it begins again.
func (o Organization) givesUpSeat(id events.UserID) bool {
	member := o.members.At(id)
	if member == nil {
		return false
	}
	_, deactivated := member.Deactivated()
	return !deactivated && member.ended(o.at)
}
