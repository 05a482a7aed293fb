package domain

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// settings judges what stands beside the roles.
func (j judge) settings() {
	j.knows("/project_creator", j.ProjectCreator, j.ProjectRoles)
	j.knows("/custom_roles/organization/up_to", j.CustomRoles.Organization.UpTo, j.OrganizationRoles)
	j.knows("/custom_roles/project/up_to", j.CustomRoles.Project.UpTo, j.ProjectRoles)
	j.levels("/public_link/levels", j.PublicLink.Levels, j.Permissions.Project)
	for _, needed := range []struct {
		at     jsontext.Pointer
		unmet  bool
		detail string
	}{
		{"/custom_roles/organization/up_to", j.CustomRoles.Organization.UpTo != "" && !j.CustomRoles.Organization.Allowed, "bounds what is not allowed; say allowed: true, or leave it out"},
		{"/custom_roles/project/up_to", j.CustomRoles.Project.UpTo != "" && !j.CustomRoles.Project.Allowed, "bounds what is not allowed; say allowed: true, or leave it out"},
		{"/overrides/may", j.Overrides.May != "" && !j.Overrides.On, "there are no overrides; say on: true, or leave it out"},
		{"/creator_protected", j.CreatorProtected && j.ProjectCreator == "", "creators have no role to protect; say project_creator, or leave it out"},
		{"/public_link/levels", len(j.PublicLink.Levels) > 0 && !j.PublicLink.Allowed, "there are no public links; say allowed: true, or leave them out"},
		{"/public_link/allowed", j.PublicLink.Allowed && !opens(j.PublicLink.Levels), "a link would show nothing; say in levels what its holder may do"},
	} {
		if needed.unmet {
			j.fail(needed.at, "%s", needed.detail)
		}
	}
}

func opens(levels events.Levels) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(levels)), func(l events.Level) bool { return parseLevel(l) > 0 })
}

func (j judge) teams() {
	if !j.Teams.On {
		for setting, said := range map[string]bool{
			"nested": j.Teams.Nested, "inherit": j.Teams.Inherit, "confer": j.Teams.Confer != "", "roles": len(j.Teams.Roles) > 0,
		} {
			if said {
				j.fail(below("/teams", setting), "there are no teams; say on: true, or leave it out")
			}
		}
		return
	}
	if len(j.Teams.Roles) == 0 {
		j.fail("/teams/roles", "there is no role in teams; say one at least")
	}
	if j.Teams.Inherit && !j.Teams.Nested {
		j.fail("/teams/inherit", "flat teams inherit nothing; say nested: true, or leave it out")
	}
	if j.Teams.Confer != events.MembersDefault || slices.ContainsFunc(j.ProjectRoles, func(r events.Role) bool { return r.Default }) {
		return
	}
	for i, role := range j.OrganizationRoles {
		if role.DefaultProjectRole == "" {
			j.fail(below("/organization_roles", i, "default_project_role"), "is missing, and teams confer it; say it, or make a project role the default")
		}
	}
}
