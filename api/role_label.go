package api

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// What roles are called, for rows that name a role by its key.

func organizationRoleLabel(org domain.Organization, key events.RoleKey) string {
	return org.RoleLabel(key)
}

func projectRoleLabel(org domain.Organization, key events.RoleKey) string {
	return org.ProjectRoleLabel(key)
}

func teamRoleLabel(org domain.Organization, key events.RoleKey) string { return org.TeamRoleLabel(key) }
