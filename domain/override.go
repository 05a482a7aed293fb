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

func compareOverrides(a, b Override) int {
	return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.Permission, b.Permission))
}
