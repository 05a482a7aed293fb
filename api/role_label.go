package api

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// What roles are called, for rows that name a role by its key. A role without a label, and one
// that is not there any more, is called by its key.

func organizationRoleLabel(org domain.Organization, key events.RoleKey) string {
	return roleLabel(org, key, func(s *domain.Scheme) []events.Role { return s.Scheme.OrganizationRoles })
}

func projectRoleLabel(org domain.Organization, key events.RoleKey) string {
	return roleLabel(org, key, func(s *domain.Scheme) []events.Role { return s.Scheme.ProjectRoles })
}

func teamRoleLabel(org domain.Organization, key events.RoleKey) string {
	return roleLabel(org, key, func(s *domain.Scheme) []events.Role { return s.Teams.Roles })
}

// roleLabel returns an empty label for no role: where there is no organization, there is no
// scheme to look in either.
func roleLabel(org domain.Organization, key events.RoleKey, rolesOf func(*domain.Scheme) []events.Role) string {
	if key == "" {
		return ""
	}
	roles := rolesOf(org.Scheme())
	if i := slices.IndexFunc(roles, func(r events.Role) bool { return r.Key == key }); i >= 0 {
		return cmp.Or(roles[i].Label, string(key))
	}
	return string(key)
}
