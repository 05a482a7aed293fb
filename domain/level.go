package domain

import (
	"github.com/seed-2026d078/roster/events"
)

// level is a level as a number: none and off are 0, view is 1, full and on are 2.
type level uint8

const (
	view level = 1
	full level = 2
)

// parseLevel returns a level as a number; 0 for an unknown one.
func parseLevel(level events.Level) level {
	switch level {
	case "full", "on":
		return full
	case "view":
		return view
	}
	return 0
}

// formatLevel returns a number as the level of a kind of permission.
func formatLevel(kind events.PermissionKind, l level) events.Level {
	if kind == events.ByToggle {
		return [...]events.Level{"off", "off", "on"}[l]
	}
	return [...]events.Level{"none", "view", "full"}[l]
}
