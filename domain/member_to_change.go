package domain

import "github.com/seed-2026d078/roster/events"

// memberFor returns the member of an authorized action that changes somebody else's
// place in the organization: nobody changes who is protected, nor who is ranked above
// them.
func (o Organization) memberToChange(actor events.UserID, action events.Action, id events.UserID) (*Member, error) {
	if err := o.Authorize(actor, action, About{Member: id}); err != nil {
		return nil, err
	}
	member := o.members.At(id)
	if member == nil {
		return nil, ErrNoMember
	}
	if err := o.requireUnprotected(actor, id); err != nil {
		return nil, err
	}
	if actor == id && action == RemovingMember {
		return member, nil // leaving is not taking
	}
	return member, o.mayTake(actor, member.Role)
}
