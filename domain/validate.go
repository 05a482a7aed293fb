package domain

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// judge finds what a scheme says twice, or says of something that it lacks.
type judge struct {
	*schemeText
	events.Scheme
}

func (j judge) scheme() {
	j.catalogue("/permissions/organization", j.Permissions.Organization)
	j.catalogue("/permissions/project", j.Permissions.Project)
	j.roles("/organization_roles", j.OrganizationRoles, j.Permissions.Organization)
	j.roles("/project_roles", j.ProjectRoles, j.Permissions.Project)
	j.roles("/teams/roles", j.Teams.Roles, nil)
	j.ranks()
	for i, role := range j.OrganizationRoles {
		j.reach(below("/organization_roles", i), role)
	}
	j.settings()
	j.teams()
	for _, action := range slices.Sorted(maps.Keys(j.Allow)) {
		j.allowance(action, j.Allow[action])
	}
}

func (j judge) catalogue(at jsontext.Pointer, list []events.Permission) {
	for i, permission := range list {
		if slices.ContainsFunc(list[:i], func(p events.Permission) bool { return p.Key == permission.Key }) {
			j.fail(below(at, i, "key"), "another permission has the key %q; choose one for each", permission.Key)
		}
	}
}

func (j judge) roles(at jsontext.Pointer, list []events.Role, catalogue []events.Permission) {
	var fallback events.RoleKey
	for i, role := range list {
		under := below(at, i)
		if slices.ContainsFunc(list[:i], func(r events.Role) bool { return r.Key == role.Key }) {
			j.fail(below(under, "key"), "another role has the key %q; choose one for each", role.Key)
		}
		if role.Default && fallback != "" {
			j.fail(below(under, "default"), "%q is the default already; leave one of them out", fallback)
		}
		if role.Default {
			fallback = role.Key
		}
		j.levels(below(under, "levels"), role.Levels, catalogue)
		j.knowsAll(below(under, "handed_out_by"), role.HandedOutBy, list)
		for n, hand := range role.HandedOutBy {
			if i := indexOf(list, hand); i >= 0 && list[i].Rank < role.Rank {
				j.fail(below(under, "handed_out_by", n), "%q ranks below %q, and nobody hands out a role ranked above their own; name roles of rank %d or more",
					hand, role.Key, role.Rank)
			}
		}
	}
}

// ranks refuses ties where it must be clear which role is the highest.
func (j judge) ranks() {
	for i, role := range j.ProjectRoles {
		if n := slices.IndexFunc(j.ProjectRoles[:i], func(r events.Role) bool { return r.Rank == role.Rank }); n >= 0 {
			j.fail(below("/project_roles", i, "rank"), "%q has the rank %d too; give each project role its own, so that one is the highest of several",
				j.ProjectRoles[n].Key, role.Rank)
		}
	}
	top := 0
	for _, role := range j.OrganizationRoles {
		top = max(top, role.Rank)
	}
	var first events.RoleKey
	for i, role := range j.OrganizationRoles {
		switch {
		case role.Rank < top:
		case first == "":
			first = role.Key
		default:
			j.fail(below("/organization_roles", i, "rank"), "%q has the highest rank too, %d; let one be the highest, for whoever creates an organization",
				first, role.Rank)
		}
	}
}

// reach judges what a role of the organization says of projects, and how it is kept.
func (j judge) reach(at jsontext.Pointer, role events.Role) {
	j.knows(below(at, "all_projects"), role.AllProjects, j.ProjectRoles)
	j.knows(below(at, "default_project_role"), role.DefaultProjectRole, j.ProjectRoles)
	if role.Bypass && role.AllProjects == "" {
		j.fail(below(at, "bypass"), "needs all_projects: say as which role %q reaches the projects", role.Key)
	}
	if role.Bypass && role.OwnLevels != "" {
		j.fail(below(at, "own_levels"), "no level restricts a role with bypass; leave one of them out")
	}
	if _, transferable := j.Allow[TransferringOwnership]; role.Protected && role.AtLeast == 0 && !transferable {
		j.fail(below(at, "protected"), "needs a way for the role to stay or to pass on: say at_least, or allow transfer_ownership")
	}
}

// knows refuses a role that there is not; none is no question.
func (j judge) knows(at jsontext.Pointer, key events.RoleKey, list []events.Role) {
	if key != "" && indexOf(list, key) < 0 {
		j.fail(at, "there is no role %q; %s", key, rolesOf(list))
	}
}

func (j judge) knowsAll(at jsontext.Pointer, keys []events.RoleKey, list []events.Role) {
	for i, key := range keys {
		j.knows(below(at, i), key, list)
	}
}

func indexOf(list []events.Role, key events.RoleKey) int {
	return slices.IndexFunc(list, func(r events.Role) bool { return r.Key == key })
}

func rolesOf(list []events.Role) string {
	if len(list) == 0 {
		return "there are none here"
	}
	keys := make([]events.RoleKey, len(list))
	for i, role := range list {
		keys[i] = role.Key
	}
	return "there are " + listed(keys, " and ")
}

// levels refuses permissions and levels that there are not.
func (j judge) levels(at jsontext.Pointer, levels events.Levels, catalogue []events.Permission) {
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		i := slices.IndexFunc(catalogue, func(p events.Permission) bool { return p.Key == permission })
		if i < 0 {
			j.fail(below(at, permission), "there is no such permission; %s", permissionsOf(catalogue))
			continue
		}
		if known := levelsOf(catalogue[i].Kind); !slices.Contains(known, levels[permission]) {
			j.fail(below(at, permission), "there is no level %q; there are %s", levels[permission], listed(known, " and "))
		}
	}
}

func permissionsOf(catalogue []events.Permission) string {
	if len(catalogue) == 0 {
		return "there are none here"
	}
	keys := make([]events.PermissionKey, len(catalogue))
	for i, permission := range catalogue {
		keys[i] = permission.Key
	}
	return "there are " + listed(keys, " and ")
}

func levelsOf(kind events.PermissionKind) []events.Level {
	if kind == events.ByToggle {
		return []events.Level{"off", "on"}
	}
	return []events.Level{"none", "view", "full"}
}
