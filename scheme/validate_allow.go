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
	v.who(at, a)
}

// who validates the conditions of an allowance.
func (v validator) who(at jsontext.Pointer, a events.Allowance) {
	v.rolesExist(below(at, "organization_roles"), a.OrganizationRoles, v.OrganizationRoles)
	v.rolesExist(below(at, "project_roles"), a.ProjectRoles, v.ProjectRoles)
	v.rolesExist(below(at, "team_roles"), a.TeamRoles, v.Teams.Roles)
	v.requiredLevels(below(at, "organization"), a.Organization, v.Permissions.Organization)
	v.requiredLevels(below(at, "project"), a.Project, v.Permissions.Project)
}

// delegation validates who may give what. Its roles must be known, and so must its permissions.
func (v validator) delegation(at jsontext.Pointer, d events.Delegation) {
	v.who(below(at, "who"), d.Who)
	v.rolesExist(below(at, "roles"), d.Roles, v.ProjectRoles)
	for i, permission := range d.Permissions {
		if !slices.ContainsFunc(v.Permissions.Project, func(p events.Permission) bool { return p.Key == permission }) {
			v.fail(below(at, "permissions", i), "there is no permission %q; %s", permission, permissionsOf(v.Permissions.Project))
		}
	}
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
