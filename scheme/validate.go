package scheme

import (
	"cmp"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// validator finds what a scheme says twice, or says of something that it lacks. It adds
// what it finds to the faults of the file.
type validator struct {
	*file
	events.Scheme
}

func (v validator) catalogue(at jsontext.Pointer, list []events.Permission) {
	for i, permission := range list {
		if slices.ContainsFunc(list[:i], func(p events.Permission) bool { return p.Key == permission.Key }) {
			v.fail(below(at, i, "key"), "another permission has the key %q; choose one for each", permission.Key)
		}
	}
}

func (v validator) roles(at jsontext.Pointer, list []events.Role, catalogue []events.Permission) {
	var fallback events.RoleKey
	for i, role := range list {
		under := below(at, i)
		for _, other := range list[:i] {
			switch {
			case same(string(other.Key), string(role.Key)):
				v.fail(below(under, "key"), "another role has the key %q; choose keys that differ in more than case", other.Key)
			case same(nameOf(other), nameOf(role)):
				v.fail(below(under, "label"), "people would see %q and %q as one role; choose labels that differ in more than case", nameOf(other), nameOf(role))
			}
		}
		if role.Default && fallback != "" {
			v.fail(below(under, "default"), "%q is the default already; leave one of them out", fallback)
		}
		if role.Default {
			fallback = role.Key
		}
		v.levels(below(under, "levels"), role.Levels, catalogue)
		v.rolesExist(below(under, "handed_out_by"), role.HandedOutBy, list)
		for n, hand := range role.HandedOutBy {
			if i := indexOf(list, hand); i >= 0 && list[i].Rank < role.Rank {
				v.fail(below(under, "handed_out_by", n), "%q ranks below %q, and nobody assigns a role ranked above their own; name roles of rank %d or more",
					hand, role.Key, role.Rank)
			}
		}
	}
}

// nameOf is what people see of a role.
func nameOf(r events.Role) string { return cmp.Or(r.Label, string(r.Key)) }

// same reports whether two names are one to people, who do not tell them apart by case.
func same(a, b string) bool { return collation.FoldCase(a) == collation.FoldCase(b) }

// ranks fails on equal ranks where one role must be the highest.
func (v validator) ranks() {
	for i, role := range v.ProjectRoles {
		if n := slices.IndexFunc(v.ProjectRoles[:i], func(r events.Role) bool { return r.Rank == role.Rank }); n >= 0 {
			v.fail(below("/project_roles", i, "rank"), "%q has the rank %d too; give each project role its own, so that one is the highest of several",
				v.ProjectRoles[n].Key, role.Rank)
		}
	}
	top := 0
	for _, role := range v.OrganizationRoles {
		top = max(top, role.Rank)
	}
	var first events.RoleKey
	for i, role := range v.OrganizationRoles {
		switch {
		case role.Rank < top:
		case first == "":
			first = role.Key
		default:
			v.fail(below("/organization_roles", i, "rank"), "%q has the highest rank too, %d; let one be the highest, for whoever creates an organization",
				first, role.Rank)
		}
	}
}

// reach validates what a role of the organization says of projects, and how it is kept.
func (v validator) reach(at jsontext.Pointer, role events.Role) {
	v.roleExists(below(at, "all_projects"), role.AllProjects, v.ProjectRoles)
	v.roleExists(below(at, "default_project_role"), role.DefaultProjectRole, v.ProjectRoles)
	if role.Bypass && role.AllProjects == "" {
		v.fail(below(at, "bypass"), "needs all_projects: say as which role %q reaches the projects", role.Key)
	}
	if role.Bypass && role.OwnLevels != "" {
		v.fail(below(at, "own_levels"), "no level restricts a role with bypass; leave one of them out")
	}
	if _, transferable := v.Allow[domain.TransferringOwnership]; role.Protected && role.AtLeast == 0 && !transferable {
		v.fail(below(at, "protected"), "needs a way for the role to stay or to pass on: say at_least, or allow transfer_ownership")
	}
}

// roleExists fails on a role that the list does not hold. An empty key is no role.
func (v validator) roleExists(at jsontext.Pointer, key events.RoleKey, list []events.Role) {
	if key != "" && indexOf(list, key) < 0 {
		v.fail(at, "there is no role %q; %s", key, rolesOf(list))
	}
}

func (v validator) rolesExist(at jsontext.Pointer, keys []events.RoleKey, list []events.Role) {
	for i, key := range keys {
		v.roleExists(below(at, i), key, list)
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
	return "there are " + phrase.Join(keys, " and ")
}

// levels fails on permissions and levels that the catalogue does not hold.
func (v validator) levels(at jsontext.Pointer, levels events.Levels, catalogue []events.Permission) {
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		i := slices.IndexFunc(catalogue, func(p events.Permission) bool { return p.Key == permission })
		if i < 0 {
			v.fail(below(at, permission), "there is no such permission; %s", permissionsOf(catalogue))
			continue
		}
		if known := catalogue[i].Kind.Levels(); !slices.Contains(known, levels[permission]) {
			v.fail(below(at, permission), "there is no level %q; there are %s", levels[permission], phrase.Join(known, " and "))
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
	return "there are " + phrase.Join(keys, " and ")
}
