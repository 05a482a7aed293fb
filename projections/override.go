package projections

import (
	"iter"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type overrideRow struct {
	overrideKey
	level events.Level
	events.Origin
}

// overrides are single permissions of people on projects, set beside the role; also
// those that wait for their person to come back to the project.
var overrides = &model[overrideKey, overrideRow]{
	table: table[overrideRow]{
		name: "project_override",
		keys: []column[overrideRow]{
			text("org_id", func(r *overrideRow) events.OrganizationID { return r.org }),
			text("project_id", func(r *overrideRow) events.ProjectID { return r.project }),
			text("user_id", func(r *overrideRow) events.UserID { return r.user }),
			text("permission", func(r *overrideRow) events.PermissionKey { return r.permission }),
		},
		columns: append([]column[overrideRow]{
			text("level", func(r *overrideRow) events.Level { return r.level }),
		}, origin("", func(r *overrideRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[overrideKey] { return d.overrides },
	find: func(state domain.Roster, key overrideKey) (overrideRow, bool) {
		m, _ := state.Organization(key.org).Member(key.user)
		set, ok := m.Override(key.project, key.permission)
		return overrideRow{key, set.Level, set.Origin}, ok
	},
	rows: func(o domain.Organization) iter.Seq[overrideRow] {
		return func(yield func(overrideRow) bool) {
			for user, m := range o.Members() {
				for set := range m.Overrides() {
					if !yield(overrideRow{overrideKey{o.ID(), set.Project, user, set.Permission}, set.Level, set.Origin}) {
						return
					}
				}
			}
		}
	},
}
