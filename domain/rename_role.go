package domain

import "github.com/seed-2026d078/roster/events"

// RenameRole changes the label of a role, built in or not; its key stays.
type RenameRole struct {
	Kind events.RoleKind
	Role events.RoleKey
	To   string
}

// Decide lets those whom the scheme allows rename roles.
func (c RenameRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RenamingRole, About{}); err != nil {
		return nil, err
	}
	if c.Kind != events.OrganizationRoleKind && c.Kind != events.ProjectRoleKind {
		return nil, ErrUnknownRole.Because("There are roles of the kinds %q and %q, not %q.", events.OrganizationRoleKind, events.ProjectRoleKind, c.Kind)
	}
	if err := org.scheme.roleSet(c.Kind).validateRole(c.Role); err != nil {
		return nil, err
	}
	if err := validateName(c.To); err != nil {
		return nil, err
	}
	from := org.scheme.roleSet(c.Kind).find(c.Role).Label
	if from == c.To {
		return nil, nil // already so
	}
	if err := org.scheme.roleSet(c.Kind).requireFreeLabel(c.Role, c.To); err != nil {
		return nil, err
	}
	return []events.Event{events.RoleRenamed{Kind: c.Kind, Role: c.Role, From: from, To: c.To}}, nil
}
