package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// A delegation of the scheme lets those who manage people give others more on a project than
// they have there, and take what others have. Nobody gives or takes for themselves by it.
// It counts for grants alone, and not for overrides. A scheme with teams has no delegations:
// one decision about a team may give to many, the actor among them.

// delegations returns the delegations by which an actor manages somebody's grant on a project.
func (o Organization) delegations(actor, user events.UserID, id events.ProjectID) []events.Delegation {
	if len(o.scheme.Delegations) == 0 || actor == user {
		return nil
	}
	member := o.active(actor)
	if member == nil {
		return nil
	}
	var met []events.Delegation
	for _, d := range o.scheme.Delegations {
		if o.meets(actor, member, d.Who, About{Member: user, Project: id}) {
			met = append(met, d)
		}
	}
	return met
}

// delegatedEverywhere reports whether an actor may give something on every project by a
// delegation, whatever they have there.
func (o Organization) delegatedEverywhere(actor events.UserID) bool {
	return len(o.delegations(actor, "", "")) > 0
}

// mayTakeGrant is mayTakeOn for somebody's grant, where delegations count.
func (o Organization) mayTakeGrant(id events.ProjectID, actor, user events.UserID, role events.RoleKey) error {
	if len(o.delegations(actor, user, id)) > 0 {
		return nil
	}
	return o.mayTakeOn(id, actor, role)
}

// mayGrant is mayGiveOn for somebody's grant, where delegations count. Had are the levels that
// the person has by the grant already: nobody gives them.
func (o Organization) mayGrant(id events.ProjectID, actor, user events.UserID, key events.RoleKey, own events.Levels, had []level) error {
	if actor == events.System {
		return nil
	}
	role, levels := o.rightsOn(actor, id)
	held := make([]level, len(o.scheme.project.permissions))
	copy(held, levels)
	delegated := false
	for _, d := range o.delegations(actor, user, id) {
		if !slices.Contains(d.Roles, key) {
			continue
		}
		delegated = true
		for _, permission := range d.Permissions {
			held[o.scheme.project.index(permission)] = full
		}
	}
	if !delegated {
		if err := o.mayAssignOn(actor, id, role, key); err != nil {
			return err
		}
	}
	given := o.scheme.project.find(key).levelsWith(o.scheme.project.compile(own))
	if permission, more := o.scheme.project.exceeds(given, highestOf(held, had)); more {
		return errTooMuch(permission)
	}
	return nil
}

// grantLevels returns the level that a grant gives of every permission.
func (s *Scheme) grantLevels(g Grant) []level {
	return s.project.find(g.Role).levelsWith(g.compiledLevels())
}
