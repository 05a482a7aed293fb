package domain

import "github.com/seed-2026d078/roster/events"

// requireUnprotected fails if the scheme protects the person's role in the
// organization: only the system may then remove or change the person.
func (o Organization) requireUnprotected(actor, user events.UserID) error {
	member := o.members.At(user)
	if actor == events.System || member == nil || !o.scheme.Protects(member.Role) {
		return nil
	}
	return ErrProtected.Because("%q is %q of the organization, which is protected: nobody removes or changes them; the role passes on by a transfer of ownership.",
		user, member.Role)
}

// requireUnprotectedOn is requireUnprotected on a project, where the scheme may also
// protect the person who created it.
func (o Organization) requireUnprotectedOn(id events.ProjectID, actor, user events.UserID) error {
	if actor == events.System || !o.Protected(id, user) {
		return nil
	}
	if err := o.requireUnprotected(actor, user); err != nil {
		return err
	}
	return ErrProtected.Because("%q created the project and is protected there: nobody removes or changes them.", user)
}

// Protected reports whether nobody but the system may remove or change somebody on a
// project, or in the organization if the project is empty.
func (o Organization) Protected(id events.ProjectID, user events.UserID) bool {
	member := o.members.At(user)
	return member != nil && o.scheme.protectsOn(id, member)
}

// protectsOn is [Organization.Protected] for a member who was looked up.
func (s *Scheme) protectsOn(id events.ProjectID, member *Member) bool {
	if s.Protects(member.Role) {
		return true
	}
	grant := member.findGrant(id)
	return grant != nil && grant.Creator() && s.CreatorProtected
}
