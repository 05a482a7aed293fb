package domain

import "github.com/seed-2026d078/roster/events"

// memberToChange authorizes a change to somebody's membership and returns the member.
// It fails if the person is protected or ranks above the actor. What people may do about
// themselves does not ask for that: changing their own profile, and leaving, if they are not
// protected.
func (o Organization) memberToChange(actor events.UserID, action events.Action, id events.UserID) (*Member, error) {
	if err := o.Authorize(actor, action, About{Member: id}); err != nil {
		return nil, err
	}
	member := o.members.At(id)
	if member == nil {
		return nil, ErrNoMember
	}
	if actor == id && action == ChangingProfile {
		return member, nil
	}
	if err := o.requireUnprotected(actor, id); err != nil {
		return nil, err
	}
	if actor == id && action == RemovingMember {
		return member, nil // everybody may leave, whatever their rank
	}
	return member, o.mayTake(actor, member.Role)
}
