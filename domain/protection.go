package domain

import "github.com/seed-2026d078/roster/events"

// protected refuses everybody but the system to remove or change a member whose
// role in the organization is protected.
func (o Organization) requireUnprotected(actor, user events.UserID) error {
	member := o.members.At(user)
	if actor == events.System || member == nil || !o.scheme.Protects(member.Role) {
		return nil
	}
	return ErrProtected.because("%q is %q of the organization, which is protected: nobody removes or changes them; the role passes on by a transfer of ownership.",
		user, member.Role)
}

// protectedOn refuses everybody but the system to remove or change, on a project,
// who is protected in the organization, or created the project where the scheme
// protects its creator.
func (o Organization) requireUnprotectedOn(id events.ProjectID, actor, user events.UserID) error {
	if actor == events.System || !o.Protected(id, user) {
		return nil
	}
	if err := o.requireUnprotected(actor, user); err != nil {
		return err
	}
	return ErrProtected.because("%q created the project and is protected there: nobody removes or changes them.", user)
}

// Protected tells whether nobody removes or changes somebody on a project, or in
// the organization where the project is empty.
func (o Organization) Protected(id events.ProjectID, user events.UserID) bool {
	member := o.members.At(user)
	if member == nil {
		return false
	}
	if o.scheme.Protects(member.Role) {
		return true
	}
	grant := member.findGrant(id)
	return grant != nil && grant.Creator() && o.scheme.CreatorProtected
}
