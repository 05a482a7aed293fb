package projections

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type elevationRow struct {
	elevationKey
	role, reach events.RoleKey
	bypass      bool
	until       time.Time
	request     events.AccessRequestID
	events.Origin
}

// elevations are higher roles that people have for a time.
var elevations = &model[elevationKey, elevationRow]{
	table: table[elevationRow]{
		name: "elevation",
		keys: []column[elevationRow]{
			text("org_id", func(r *elevationRow) events.OrganizationID { return r.org }),
			text("user_id", func(r *elevationRow) events.UserID { return r.user }),
			text("project_id", func(r *elevationRow) events.ProjectID { return r.project }),
		},
		columns: append([]column[elevationRow]{
			text("role", func(r *elevationRow) events.RoleKey { return r.role }),
			text("reach", func(r *elevationRow) events.RoleKey { return r.reach }),
			flag("bypass", func(r *elevationRow) bool { return r.bypass }),
			timestamp("until", func(r *elevationRow) time.Time { return r.until }),
			text("request_id", func(r *elevationRow) events.AccessRequestID { return r.request }),
		}, origin("", func(r *elevationRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[elevationKey] { return d.elevations },
	find: func(state domain.Roster, key elevationKey) (elevationRow, bool) {
		o := state.Organization(key.org)
		m, _ := o.Member(key.user)
		for e := range m.Elevations() {
			if e.Project == key.project {
				return elevationOf(o, key.user, e), true
			}
		}
		return elevationRow{}, false
	},
	rows: func(o domain.Organization) iter.Seq[elevationRow] {
		return func(yield func(elevationRow) bool) {
			for user := range o.Elevated() {
				m, _ := o.Member(user)
				for e := range m.Elevations() {
					if !yield(elevationOf(o, user, e)) {
						return
					}
				}
			}
		}
	},
}

// elevationOf returns a row. What a role of the organization reaches stands in the row of one in the organization alone.
func elevationOf(o domain.Organization, user events.UserID, e domain.Elevation) elevationRow {
	row := elevationRow{elevationKey: elevationKey{o.ID(), user, e.Project}, role: e.Role, until: e.Until, request: e.Request, Origin: e.Origin}
	if e.Project == "" {
		row.reach, row.bypass = o.Scheme().RoleOnAllProjects(e.Role), bypasses(o.Scheme(), e.Role)
	}
	return row
}
