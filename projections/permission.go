package projections

import (
	"iter"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type permissionRow struct {
	permissionKey
	position int
	label    string
	toggle   bool
}

// permissions are there for those who ask with SQL, as schemeRoles are.
var permissions = &model[permissionKey, permissionRow]{
	table: table[permissionRow]{
		name: "scheme_permission",
		keys: []column[permissionRow]{
			text("org_id", func(r *permissionRow) events.OrganizationID { return r.org }),
			text("kind", func(r *permissionRow) string { return r.kind }),
			text("permission", func(r *permissionRow) events.PermissionKey { return r.permission }),
		},
		columns: []column[permissionRow]{
			small("position", func(r *permissionRow) int { return r.position }),
			text("label", func(r *permissionRow) string { return r.label }),
			flag("toggle", func(r *permissionRow) bool { return r.toggle }),
		},
	},
	dirty: func(d *dirtyKeys) set[permissionKey] { return d.permissions },
	find: func(state domain.Roster, key permissionKey) (permissionRow, bool) {
		for row := range permissionsOf(state.Organization(key.org)) {
			if row.permissionKey == key {
				return row, true
			}
		}
		return permissionRow{}, false
	},
	rows: permissionsOf,
}

func permissionsOf(o domain.Organization) iter.Seq[permissionRow] {
	return func(yield func(permissionRow) bool) {
		if !o.Exists() {
			return
		}
		catalogue := o.Scheme().Scheme.Permissions
		for _, kind := range []struct {
			name string
			list []events.Permission
		}{{"organization", catalogue.Organization}, {"project", catalogue.Project}} {
			for position, p := range kind.list {
				if !yield(permissionRow{permissionKey{o.ID(), kind.name, p.Key}, position, p.Label, p.Kind == events.ByToggle}) {
					return
				}
			}
		}
	}
}
