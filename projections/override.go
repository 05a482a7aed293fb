package projections

import (
	"encoding/json"
	"iter"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type overrideKey struct {
	org        events.OrganizationID
	project    events.ProjectID
	user       events.UserID
	permission events.PermissionKey
}

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
	dirty: func(t *dirtyKeys) set[overrideKey] { return t.overrides },
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

// Override is a permission of somebody on a project that is set beside the role.
type Override struct {
	Permission events.PermissionKey `json:"permission"`
	Level      events.Level         `json:"level"`
	// Instead is the level that it has replaced; empty where it changes nothing.
	Instead events.Level `json:"instead,omitempty"`
	Origin
}

// overridesOf is the SQL that collects the overrides of a person on a project of the
// organization $1 as JSON; null where there are none.
func overridesOf(user, project string) string {
	return `(SELECT json_agg(o) FROM (
		SELECT o.permission, o.level, o.version, o.index, o.at, o.actor FROM project_override o
		WHERE o.org_id = $1 AND o.project_id = ` + project + ` AND o.user_id = ` + user + ` ORDER BY o.permission) o)`
}

// readOverrides reads what overridesOf collected.
func readOverrides(project events.ProjectID, collected []byte) ([]domain.Override, error) {
	var found []struct {
		Permission events.PermissionKey `json:"permission"`
		Level      events.Level         `json:"level"`
		Version    events.Version       `json:"version"`
		Index      int                  `json:"index"`
		At         time.Time            `json:"at"`
		Actor      events.UserID        `json:"actor"`
	}
	if len(collected) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(collected, &found); err != nil {
		return nil, err
	}
	set := make([]domain.Override, len(found))
	for i, o := range found {
		origin := events.Origin{Version: o.Version, Index: o.Index, At: o.At.UTC(), Actor: o.Actor}
		set[i] = domain.Override{Project: project, Permission: o.Permission, Level: o.Level, Origin: origin}
	}
	return set, nil
}

// shownOverrides tells which overrides there are, and what they change.
func shownOverrides(org events.OrganizationID, set []domain.Override, access domain.Access) []Override {
	shown := make([]Override, len(set))
	for i, o := range set {
		shown[i] = Override{Permission: o.Permission, Level: o.Level, Origin: originOf(org, o.Origin)}
		for _, applied := range access.Overrides {
			if applied.Permission == o.Permission {
				shown[i].Instead = applied.Replaced
			}
		}
	}
	return shown
}
