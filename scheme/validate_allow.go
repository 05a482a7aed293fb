package scheme

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// allowance validates who may take an action, and that it can be taken at all.
func (v validator) allowance(action events.Action, a events.Allowance) {
	at := below("/allow", action)
	if missing := domain.MissingFor(action, &v.Scheme); missing != "" {
		v.fail(at, "%s, so nobody can do this; leave it out", missing)
		return
	}
	v.rolesExist(below(at, "organization_roles"), a.OrganizationRoles, v.OrganizationRoles)
	v.rolesExist(below(at, "project_roles"), a.ProjectRoles, v.ProjectRoles)
	v.rolesExist(below(at, "team_roles"), a.TeamRoles, v.Teams.Roles)
	v.requiredLevels(below(at, "organization"), a.Organization, v.Permissions.Organization)
	v.requiredLevels(below(at, "project"), a.Project, v.Permissions.Project)
}

// requiredLevels validates levels that somebody must have. The lowest ones mean nothing here, since
// everybody has them.
func (v validator) requiredLevels(at jsontext.Pointer, levels events.Levels, catalogue []events.Permission) {
	v.levels(at, levels, catalogue)
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		if !levels[permission].Grants() {
			v.fail(below(at, permission), "everybody has %s; ask for more, or say anyone: true", levels[permission])
		}
	}
}
