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
	if key == "" {
		return ""
	}
	return labelOf(org.Scheme().Scheme.OrganizationRoles, key)
}

func projectRoleLabel(org domain.Organization, key events.RoleKey) string {
	if key == "" {
		return ""
	}
	return labelOf(org.Scheme().Scheme.ProjectRoles, key)
}

func teamRoleLabel(org domain.Organization, key events.RoleKey) string {
	if key == "" {
		return ""
	}
	return labelOf(org.Scheme().Teams.Roles, key)
}

func labelOf(roles []events.Role, key events.RoleKey) string {
	if i := slices.IndexFunc(roles, func(r events.Role) bool { return r.Key == key }); i >= 0 {
		return cmp.Or(roles[i].Label, string(key))
	}
	return string(key)
}
