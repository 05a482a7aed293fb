package domain

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// allowance judges who may take an action, and whether it can be taken at all.
func (j judge) allowance(action events.Action, a events.Allowance) {
	at := below("/allow", action)
	if missing := MissingFor(action, &j.Scheme); missing != "" {
		j.fail(at, "%s, so nobody can do this; leave it out", missing)
		return
	}
	j.knowsAll(below(at, "organization_roles"), a.OrganizationRoles, j.OrganizationRoles)
	j.knowsAll(below(at, "project_roles"), a.ProjectRoles, j.ProjectRoles)
	j.knowsAll(below(at, "team_roles"), a.TeamRoles, j.Teams.Roles)
	j.asks(below(at, "organization"), a.Organization, j.Permissions.Organization)
	j.asks(below(at, "project"), a.Project, j.Permissions.Project)
}

// asks refuses besides to ask for the lowest level, which everybody has.
func (j judge) asks(at jsontext.Pointer, levels events.Levels, catalogue []events.Permission) {
	j.levels(at, levels, catalogue)
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		if parseLevel(levels[permission]) == 0 {
			j.fail(below(at, permission), "everybody has %s; ask for more, or say anyone: true", levels[permission])
		}
	}
}
