package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// withRoles returns the same rules with another list of roles of one kind.
func (s *Scheme) withRoles(kind events.RoleKind, change func([]events.Role) []events.Role) *Scheme {
	definition := s.Scheme
	list := &definition.OrganizationRoles
	if kind == events.ProjectRoleKind {
		list = &definition.ProjectRoles
	}
	*list = change(slices.Clone(*list))
	return NewScheme(definition)
}

// roleSet returns the roles of one kind.
func (s *Scheme) roleSet(kind events.RoleKind) roleSet {
	if kind == events.ProjectRoleKind {
		return s.project
	}
	return s.organization
}

func (o Organization) defineRole(kind events.RoleKind, role events.Role) Organization {
	role.Custom = true
	o.scheme = o.scheme.withRoles(kind, func(list []events.Role) []events.Role { return append(list, role) })
	return o
}

func (o Organization) redefineRole(kind events.RoleKind, to events.Role) Organization {
	to.Custom = true
	o.scheme = o.scheme.withRoles(kind, func(list []events.Role) []events.Role {
		list[slices.IndexFunc(list, func(r events.Role) bool { return r.Key == to.Key })] = to
		return list
	})
	return o
}

func (o Organization) renameRole(e events.RoleRenamed) Organization {
	o.scheme = o.scheme.withRoles(e.Kind, func(list []events.Role) []events.Role {
		list[slices.IndexFunc(list, func(r events.Role) bool { return r.Key == e.Role })].Label = e.To
		return list
	})
	return o
}

func (o Organization) retireRole(e events.RoleRetired) Organization {
	o.scheme = o.scheme.withRoles(e.Kind, func(list []events.Role) []events.Role {
		return slices.DeleteFunc(list, func(r events.Role) bool { return r.Key == e.Role })
	})
	return o
}
