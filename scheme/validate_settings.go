package scheme

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// settings validates the settings beside the roles.
func (v validator) settings() {
	v.roleExists("/project_creator", v.ProjectCreator, v.ProjectRoles)
	v.roleExists("/custom_roles/organization/up_to", v.CustomRoles.Organization.UpTo, v.OrganizationRoles)
	v.roleExists("/custom_roles/project/up_to", v.CustomRoles.Project.UpTo, v.ProjectRoles)
	v.levels("/public_link/levels", v.PublicLink.Levels, v.Permissions.Project)
	for _, needed := range []struct {
		at     jsontext.Pointer
		unmet  bool
		detail string
	}{
		{"/custom_roles/organization/up_to", v.CustomRoles.Organization.UpTo != "" && !v.CustomRoles.Organization.Allowed, "bounds what is not allowed; say allowed: true, or leave it out"},
		{"/custom_roles/project/up_to", v.CustomRoles.Project.UpTo != "" && !v.CustomRoles.Project.Allowed, "bounds what is not allowed; say allowed: true, or leave it out"},
		{"/overrides/may", v.Overrides.May != "" && !v.Overrides.On, "there are no overrides; say on: true, or leave it out"},
		{"/delegations", len(v.Delegations) > 0 && v.Teams.On, "they count for no team, by which one decision gives to many, and there are teams; leave one of them out"},
		{"/creator_protected", v.CreatorProtected && v.ProjectCreator == "", "creators have no role to protect; say project_creator, or leave it out"},
		{"/public_link/levels", len(v.PublicLink.Levels) > 0 && !v.PublicLink.Allowed, "there are no public links; say allowed: true, or leave them out"},
		{"/public_link/allowed", v.PublicLink.Allowed && !grantAny(v.PublicLink.Levels), "a link would show nothing; say in levels what its holder may do"},
	} {
		if needed.unmet {
			v.fail(needed.at, "%s", needed.detail)
		}
	}
}

func grantAny(levels events.Levels) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(levels)), func(l events.Level) bool { return l.Grants() })
}

func (v validator) teams() {
	if !v.Teams.On {
		for setting, said := range map[string]bool{
			"nested": v.Teams.Nested, "inherit": v.Teams.Inherit, "max_depth": v.Teams.MaxDepth != 0, "confer": v.Teams.Confer != "", "roles": len(v.Teams.Roles) > 0,
		} {
			if said {
				v.fail(below("/teams", setting), "there are no teams; say on: true, or leave it out")
			}
		}
		return
	}
	if len(v.Teams.Roles) == 0 {
		v.fail("/teams/roles", "there is no role in teams; say one at least")
	}
	if v.Teams.Inherit && !v.Teams.Nested {
		v.fail("/teams/inherit", "flat teams inherit nothing; say nested: true, or leave it out")
	}
	if v.Teams.MaxDepth != 0 && !v.Teams.Nested {
		v.fail("/teams/max_depth", "flat teams have one level; say nested: true, or leave it out")
	}
	if v.Teams.Confer != events.MembersDefault || slices.ContainsFunc(v.ProjectRoles, func(r events.Role) bool { return r.Default }) {
		return
	}
	for i, role := range v.OrganizationRoles {
		if role.DefaultProjectRole == "" {
			v.fail(below("/organization_roles", i, "default_project_role"), "is missing, and teams confer it; say it, or make a project role the default")
		}
	}
}
