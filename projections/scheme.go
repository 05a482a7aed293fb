package projections

import (
	"iter"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type schemeRoleRow struct {
	schemeRoleKey
	label       string
	rank        int
	levels      string
	ownLevels   events.OwnLevels
	allProjects events.RoleKey
	projectRole events.RoleKey
	bypass      bool
	protected   bool
	custom      bool
}

// schemeRoles are there for those who ask with SQL; for the queries here, package
// domain ranks roles.
var schemeRoles = &model[schemeRoleKey, schemeRoleRow]{
	table: table[schemeRoleRow]{
		name: "scheme_role",
		keys: []column[schemeRoleRow]{
			text("org_id", func(r *schemeRoleRow) events.OrganizationID { return r.org }),
			text("kind", func(r *schemeRoleRow) string { return r.kind }),
			text("role", func(r *schemeRoleRow) events.RoleKey { return r.role }),
		},
		columns: []column[schemeRoleRow]{
			text("label", func(r *schemeRoleRow) string { return r.label }),
			small("rank", func(r *schemeRoleRow) int { return r.rank }),
			document("levels", func(r *schemeRoleRow) string { return r.levels }),
			text("own_levels", func(r *schemeRoleRow) events.OwnLevels { return r.ownLevels }),
			text("all_projects", func(r *schemeRoleRow) events.RoleKey { return r.allProjects }),
			text("project_role", func(r *schemeRoleRow) events.RoleKey { return r.projectRole }),
			flag("bypass", func(r *schemeRoleRow) bool { return r.bypass }),
			flag("protected", func(r *schemeRoleRow) bool { return r.protected }),
			flag("custom", func(r *schemeRoleRow) bool { return r.custom }),
		},
	},
	dirty: func(d *dirtyKeys) set[schemeRoleKey] { return d.schemeRoles },
	find: func(state domain.Roster, key schemeRoleKey) (schemeRoleRow, bool) {
		for row := range rolesOf(state.Organization(key.org)) {
			if row.schemeRoleKey == key {
				return row, true
			}
		}
		return schemeRoleRow{}, false
	},
	rows: rolesOf,
}

func rolesOf(o domain.Organization) iter.Seq[schemeRoleRow] {
	return func(yield func(schemeRoleRow) bool) {
		if !o.Exists() {
			return
		}
		s := o.Scheme().Scheme
		for _, kind := range []struct {
			name  string
			roles []events.Role
		}{{"organization", s.OrganizationRoles}, {"project", s.ProjectRoles}, {"team", s.Teams.Roles}} {
			for _, r := range kind.roles {
				row := schemeRoleRow{
					schemeRoleKey{o.ID(), kind.name, r.Key},
					r.Label, r.Rank, levels(r.Levels), r.OwnLevels,
					r.AllProjects, r.DefaultProjectRole, r.Bypass, r.Protected, r.Custom,
				}
				if !yield(row) {
					return
				}
			}
		}
	}
}
