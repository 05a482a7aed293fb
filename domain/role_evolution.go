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

func (s *state) defineRole(kind events.RoleKind, role events.Role) {
	role.Custom = true
	s.scheme = s.scheme.withRoles(kind, func(list []events.Role) []events.Role { return append(list, role) })
}

func (s *state) redefineRole(kind events.RoleKind, to events.Role) {
	to.Custom = true
	s.scheme = s.scheme.withRoles(kind, func(list []events.Role) []events.Role {
		list[slices.IndexFunc(list, func(r events.Role) bool { return r.Key == to.Key })] = to
		return list
	})
}

func (s *state) renameRole(e events.RoleRenamed) {
	s.scheme = s.scheme.withRoles(e.Kind, func(list []events.Role) []events.Role {
		list[slices.IndexFunc(list, func(r events.Role) bool { return r.Key == e.Role })].Label = e.To
		return list
	})
}

func (s *state) retireRole(e events.RoleRetired) {
	s.scheme = s.scheme.withRoles(e.Kind, func(list []events.Role) []events.Role {
		return slices.DeleteFunc(list, func(r events.Role) bool { return r.Key == e.Role })
	})
}
