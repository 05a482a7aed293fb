package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// AccessChange is a change in what somebody may do: on a project whatever the
// sources, or in the organization where Project is empty.
type AccessChange struct {
	User    events.UserID
	Project events.ProjectID
	// From is the role before, To the role after; empty is none.
	From, To events.RoleKey
	// Levels are the permissions whose level changes, in the scheme's order.
	Levels []LevelChange
}

// LevelChange is a permission whose level changes.
type LevelChange struct {
	Permission events.PermissionKey
	// From is empty where there was no such permission, To where there is none.
	From, To events.Level
}

// Empty reports whether nothing changes.
func (c AccessChange) Empty() bool { return c.From == c.To && len(c.Levels) == 0 }

// AccessChanges compares two states, before and after one event, and yields who may
// do something else. Its cost grows with the people and projects that the event
// touches, not with the organization.
func AccessChanges(before, after Organization, e events.Event) iter.Seq[AccessChange] {
	return func(yield func(AccessChange) bool) {
		for key := range affected(before, after, e) {
			if change := compareAccess(before, after, key); !change.Empty() && !yield(change) {
				return
			}
		}
	}
}

func compareAccess(before, after Organization, k accessKey) AccessChange {
	from, to := before.accessOf(k), after.accessOf(k)
	return AccessChange{User: k.user, Project: k.project, From: from.Role, To: to.Role, Levels: levelChanges(from, to)}
}

func (o Organization) accessOf(k accessKey) Access {
	switch {
	case !o.Exists():
		return Access{}
	case k.project == "":
		return o.InOrganization(k.user)
	}
	return o.Access(k.user, k.project)
}

// levelChanges lists the permissions whose level differs.
func levelChanges(from, to Access) []LevelChange {
	return slices.Collect(differingLevels(from, to))
}

// differingLevels compares permission by permission, also where the scheme has changed.
func differingLevels(from, to Access) iter.Seq[LevelChange] {
	return func(yield func(LevelChange) bool) {
		if from.levels == nil && to.levels == nil {
			return
		}
		if slices.Equal(from.levels, to.levels) && samePermissions(from.permissions, to.permissions) {
			return
		}
		for i, permission := range to.permissions {
			if had, has := from.Level(permission.Key), to.levelAt(i); had != has && (had != "" || to.levels != nil) && !yield(LevelChange{permission.Key, had, has}) {
				return
			}
		}
		for i, permission := range from.permissions {
			if to.Level(permission.Key) == "" && from.levels != nil && !yield(LevelChange{permission.Key, from.levelAt(i), ""}) {
				return
			}
		}
	}
}

func samePermissions(a, b []events.Permission) bool {
	if len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) {
		return true
	}
	return slices.EqualFunc(a, b, samePermission)
}

func samePermission(a, b events.Permission) bool { return a.Key == b.Key && a.Kind == b.Kind }
