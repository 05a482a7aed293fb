package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// MissingHolders is a role that has fewer holders than the scheme requires.
type MissingHolders struct {
	// Project is where; empty is the organization itself.
	Project events.ProjectID
	Role    events.RoleKey
	// Held are the holders that last and that there are, AtLeast those that there must be.
	Held, AtLeast int
}

// WithoutOwner reports whether a role of the organization that must be held has too few
// holders. Commands keep them; an imported history may have lost them.
func (o Organization) WithoutOwner() bool {
	for range o.missingInOrganization() {
		return true
	}
	return false
}

// MissingHolders yields the roles with too few holders: those of the organization, then
// those on the projects of a range that are not archived, in the order of their ids. It looks
// at the people of each project until it has found enough holders.
func (o Organization) MissingHolders(r AccessRange) iter.Seq[MissingHolders] {
	return func(yield func(MissingHolders) bool) {
		for missing := range o.missingInOrganization() {
			if !yield(missing) {
				return
			}
		}
		if !slices.ContainsFunc(o.scheme.Scheme.ProjectRoles, mustBeHeld) {
			return
		}
		lasting, ids := o.onlyLasting(), o.projectIDs()
		first, _ := slices.BinarySearch(ids, r.Project)
		for _, id := range ids[first:] {
			if !r.Proceed() {
				return
			}
			if !r.Includes(id) || o.projects.At(id).Archived {
				continue
			}
			for _, role := range o.scheme.project.roles {
				if !mustBeHeld(role.Role) {
					continue
				}
				held := lasting.countProjectHolders(id, role.Key, role.AtLeast, r.Proceed)
				if !r.Proceed() || held < role.AtLeast && !yield(MissingHolders{id, role.Key, held, role.AtLeast}) {
					return
				}
			}
		}
	}
}

func (o Organization) missingInOrganization() iter.Seq[MissingHolders] {
	return func(yield func(MissingHolders) bool) {
		for _, role := range o.scheme.organization.roles {
			held := o.countHolders(role.Key, role.AtLeast)
			if held < role.AtLeast && !yield(MissingHolders{"", role.Key, held, role.AtLeast}) {
				return
			}
		}
	}
}
