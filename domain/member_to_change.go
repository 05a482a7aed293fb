package domain

import "github.com/seed-2026d078/roster/events"

// memberToChange authorizes a change to somebody's membership and returns the member.
// It fails if the person is protected or ranks above the actor. People change their own
// profile whatever their role is.
func (o Organization) memberToChange(actor events.UserID, action events.Action, id events.UserID) (*Member, error) {
	member, err := o.authorizedMember(actor, action, id)
	if err != nil || actor == id && action == ChangingProfile {
		return member, err
	}
	if err := o.requireUnprotected(actor, id); err != nil {
		return nil, err
	}
	return member, o.mayTake(actor, member.Role)
}

// memberToStop authorizes the removal, the suspension or the end of a membership and returns
// the member. People may stop those whose role they may take, and whoever ranks below
// them in the organization, whatever else those have there or on projects. Everybody may
// leave. It fails if the person is protected.
func (o Organization) memberToStop(actor events.UserID, action events.Action, id events.UserID) (*Member, error) {
	member, err := o.authorizedMember(actor, action, id)
	if err != nil {
		return nil, err
	}
	if err := o.requireUnprotected(actor, id); err != nil {
		return nil, err
	}
	if actor == id && action == RemovingMember || o.outranks(actor, member.Role) {
		return member, nil
	}
	return member, o.mayTake(actor, member.Role)
}

func (o Organization) authorizedMember(actor events.UserID, action events.Action, id events.UserID) (*Member, error) {
	if err := o.Authorize(actor, action, About{Member: id}); err != nil {
		return nil, err
	}
	member := o.members.At(id)
	if member == nil {
		return nil, NoMember(id)
	}
	return member, nil
}
