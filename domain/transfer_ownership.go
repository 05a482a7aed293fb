package domain

import "github.com/seed-2026d078/roster/events"

// TransferOwnership passes the actor's own role in the organization on to another
// member.
type TransferOwnership struct {
	To events.UserID
	// Role is what the actor becomes; empty takes the role that the other one had.
	Role events.RoleKey
}

// Decide lets holders of the highest role, and nobody else, pass it on, even if it is
// protected or reserved for others. They get the role that is stated, or the one that the
// new owner had. Neither gets more by it than the actor has.
func (c TransferOwnership) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, TransferringOwnership, About{Member: c.To}); err != nil {
		return nil, err
	}
	owner, newOwner := org.active(m.Actor), org.active(c.To)
	switch {
	case owner == nil || owner.Role != org.scheme.organization.highest():
		return nil, ErrNotAllowed.Because("Only a holder of the role %q passes it on.", org.scheme.organization.highest())
	case newOwner == nil:
		return nil, NoMember(c.To)
	case !org.lasts(newOwner):
		return nil, ErrMembershipEnds
	case newOwner.Role == owner.Role && (c.Role == "" || c.Role == owner.Role):
		return nil, nil // already so
	}
	role := c.Role
	if role == "" {
		role = newOwner.Role
	}
	if err := org.scheme.organization.validateRole(role); err != nil {
		return nil, err
	}
	if org.scheme.Protects(role) {
		return nil, ErrProtected.Because("The role %q is protected: who passes it on takes another one.", role)
	}
	if err := org.mayTransfer(m.Actor, c.To, role); err != nil {
		return nil, err
	}
	stepsDown, _ := org.changeRole(m.Actor, role)
	if newOwner.Role == owner.Role {
		if err := org.checkLastHolder(m.Actor); err != nil {
			return nil, err
		}
		return org.withHoldersKept(m, append(org.clearOldOverridesFor(m.Actor, role), stepsDown)...)
	}
	if role != newOwner.Role || !org.lasts(owner) {
		if err := org.checkLastHolder(c.To); err != nil {
			return nil, err
		}
	}
	takesOver, _ := org.changeRole(c.To, owner.Role)
	happened := append(org.clearOldOverridesFor(c.To, owner.Role), takesOver)
	if role != owner.Role {
		happened = append(happened, org.clearOldOverridesFor(m.Actor, role)...)
		happened = append(happened, stepsDown)
	}
	return org.withHoldersKept(m, happened...)
}

// mayTransfer refuses an actor who would give more than they have: to the new owner by the
// role that passes on, or to themselves by the role that they get.
func (o Organization) mayTransfer(actor, to events.UserID, role events.RoleKey) error {
	passedOn := o.members.At(actor).Role
	if held := o.members.At(to).Role; held != passedOn {
		_, own := o.changeRole(to, passedOn)
		if err := o.mayGiveRights(actor, passedOn, own, nil); err != nil {
			return err
		}
		if err := o.mayChangeDefault(actor, to, held, passedOn); err != nil {
			return err
		}
	}
	if role == passedOn {
		return nil
	}
	_, own := o.changeRole(actor, role)
	if err := o.mayGiveRights(actor, role, own, nil); err != nil {
		return err
	}
	return o.mayChangeDefault(actor, actor, passedOn, role)
}
