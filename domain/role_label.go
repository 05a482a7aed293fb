package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// RoleLabel returns what a role in the organization is called. A role without a label, and one that is not there any more, is called
// by its key; no role has an empty label.
func (o Organization) RoleLabel(key events.RoleKey) string {
	return o.label(key, func(s *Scheme) []events.Role { return s.Scheme.OrganizationRoles })
}

// ProjectRoleLabel is RoleLabel for roles on projects.
func (o Organization) ProjectRoleLabel(key events.RoleKey) string {
	return o.label(key, func(s *Scheme) []events.Role { return s.Scheme.ProjectRoles })
}

// TeamRoleLabel is RoleLabel for roles in teams.
func (o Organization) TeamRoleLabel(key events.RoleKey) string {
	return o.label(key, func(s *Scheme) []events.Role { return s.Teams.Roles })
}

// label looks for no role in no scheme: where there is no organization, there is none.
func (o Organization) label(key events.RoleKey, rolesOf func(*Scheme) []events.Role) string {
	if key == "" {
		return ""
	}
	roles := rolesOf(o.Scheme())
	if i := slices.IndexFunc(roles, func(r events.Role) bool { return r.Key == key }); i >= 0 {
		return cmp.Or(roles[i].Label, string(key))
	}
	return string(key)
}
