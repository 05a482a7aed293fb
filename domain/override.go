package domain

import (
	"cmp"

	"github.com/seed-2026d078/roster/events"
)

// Override is one permission of a person on a project, set beside the role.
type Override struct {
	Project    events.ProjectID
	Permission events.PermissionKey
	Level      events.Level
	events.Origin
}

// overrideOf is the order of overrides around that of a permission on a project.
func overrideOf(project events.ProjectID, permission events.PermissionKey) func(*Override) int {
	return func(o *Override) int {
		return cmp.Or(cmp.Compare(o.Project, project), cmp.Compare(o.Permission, permission))
	}
}
