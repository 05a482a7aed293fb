package domain

import (
	"maps"

	"github.com/seed-2026d078/roster/events"
)

// RedefineRole changes what a role of the organization's own is; its holders keep it. What is nil stays.
type RedefineRole struct {
	Kind events.RoleKind
	Role events.RoleKey
	Rank *int
	// Levels are all of the role's; a permission that is not listed is at its lowest.
	Levels *events.Levels
}

// Decide lets those whom the scheme allows redefine roles of the organization's own,
// from and to no more than the author has.
func (c RedefineRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	from, err := org.roleToRedefine(m.Actor, RedefiningRole, c.Kind, c.Role)
	if err != nil {
		return nil, err
	}
	to := from
	setIfGiven(&to.Rank, c.Rank)
	setIfGiven(&to.Levels, c.Levels)
	if from.Rank == to.Rank && maps.Equal(from.Levels, to.Levels) {
		return nil, nil // already so
	}
	for _, role := range []events.Role{from, to} {
		if err := org.validateDefinition(m.Actor, c.Kind, role); err != nil {
			return nil, err
		}
	}
	return []events.Event{events.RoleRedefined{Kind: c.Kind, From: from, To: to}}, nil
}

// roleToRedefine authorizes an action on one of the organization's own roles and
// returns the role.
func (o Organization) roleToRedefine(actor events.UserID, action events.Action, kind events.RoleKind, key events.RoleKey) (events.Role, error) {
	if err := o.Authorize(actor, action, About{}); err != nil {
		return events.Role{}, err
	}
	if err := o.validateRoleKind(kind); err != nil {
		return events.Role{}, err
	}
	if err := o.scheme.roleSet(kind).validateRole(key); err != nil {
		return events.Role{}, err
	}
	role := o.scheme.roleSet(kind).find(key).Role
	if !role.Custom {
		return events.Role{}, ErrBuiltInRole.Because("The role %q comes with the scheme: its label can be renamed, nothing else.", key)
	}
	return role, nil
}
