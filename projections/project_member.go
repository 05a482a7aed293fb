package projections

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type grantKey struct {
	org     events.OrganizationID
	project events.ProjectID
	user    events.UserID
}

type grantRow struct {
	grantKey
	role    events.RoleKey
	levels  string
	until   time.Time
	creator bool
	events.Origin
}

// grants are roles given to people on projects directly.
var grants = &model[grantKey, grantRow]{
	table: table[grantRow]{
		name: "project_member",
		keys: []column[grantRow]{
			text("org_id", func(r *grantRow) events.OrganizationID { return r.org }),
			text("project_id", func(r *grantRow) events.ProjectID { return r.project }),
			text("user_id", func(r *grantRow) events.UserID { return r.user }),
		},
		columns: append([]column[grantRow]{
			text("role", func(r *grantRow) events.RoleKey { return r.role }),
			document("levels", func(r *grantRow) string { return r.levels }),
			timestamp("until", func(r *grantRow) time.Time { return r.until }),
			flag("creator", func(r *grantRow) bool { return r.creator }),
		}, origin("", func(r *grantRow) events.Origin { return r.Origin })...),
		member: func(r *grantRow) memberKey { return memberKey{r.org, r.user} },
	},
	dirty: func(t *dirtyKeys) set[grantKey] { return t.grants },
	find: func(state domain.Roster, key grantKey) (grantRow, bool) {
		m, _ := state.Organization(key.org).Member(key.user)
		g, ok := m.Grant(key.project)
		return grantOf(key, g), ok
	},
	rows: func(o domain.Organization) iter.Seq[grantRow] {
		return func(yield func(grantRow) bool) {
			for user, m := range o.Members() {
				for g := range m.Grants() {
					if !yield(grantOf(grantKey{o.ID(), g.Project, user}, g)) {
						return
					}
				}
			}
		}
	},
}

func grantOf(key grantKey, g domain.Grant) grantRow {
	return grantRow{key, g.Role, levels(g.Levels()), g.Until(), g.Creator(), g.Origin}
}
