package domain

import (
	"slices"

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
func formatLevel(kind events.PermissionKind, d level) events.Level {
	if kind == events.ByToggle {
		return [...]events.Level{"off", "off", "on"}[d]
	}
	return [...]events.Level{"none", "view", "full"}[d]
}

// compile returns own levels as numbers in the order of the permissions; nil for none.
func (r roleSet) compile(own events.Levels) []level {
	if len(own) == 0 {
		return nil
	}
	levels := make([]level, len(r.permissions))
	for i, permission := range r.permissions {
		levels[i] = parseLevel(own[permission.Key])
	}
	return levels
}

// levelWith returns the level that a holder of the role has of the permission with one
// index. Own levels are nil if the holder has none.
func (r *role) levelWith(own []level, i int) level {
	switch {
	case own == nil:
	case r.OwnLevels == events.Instead:
		return own[i]
	case r.OwnLevels == events.OnTop:
		return max(own[i], r.levels[i])
	}
	return r.levels[i]
}

// levelsWith returns what levelWith does, for every permission.
func (r *role) levelsWith(own []level) []level {
	levels := make([]level, len(r.levels))
	for i := range levels {
		levels[i] = r.levelWith(own, i)
	}
	return levels
}

// fullLevels returns every permission at its highest level.
func (r roleSet) fullLevels() []level { return slices.Repeat([]level{full}, len(r.permissions)) }

// exceeds returns the first permission of which given has a higher level than held.
func (r roleSet) exceeds(given, held []level) (events.PermissionKey, bool) {
	for i, d := range given {
		if held == nil && d > 0 || held != nil && d > held[i] {
			return r.permissions[i].Key, true
		}
	}
	return "", false
}

// validateOwnLevels fails if own levels name what the scheme lacks, or if the role has
// none.
func (r roleSet) validateOwnLevels(key events.RoleKey, own events.Levels) error {
	if len(own) == 0 {
		return nil
	}
	if role := r.find(key); role == nil || role.OwnLevels == "" {
		return ErrNoOwnLevels.because("Holders of the role %q carry no levels of their own; choose another role, or leave the levels out.", key)
	}
	for permission, level := range own {
		if err := r.validateLevel(permission, level); err != nil {
			return err
		}
	}
	return nil
}

// validateLevel fails for a permission or a level that the scheme lacks.
func (r roleSet) validateLevel(permission events.PermissionKey, level events.Level) error {
	i := r.index(permission)
	if i < 0 {
		return ErrUnknownPermission.because("The organization's scheme has no permission %q here.", permission)
	}
	if known := r.permissions[i].Kind.Levels(); !slices.Contains(known, level) {
		return ErrUnknownPermission.because("The permission %q has no level %q; it has %s.", permission, level, listed(known, " and "))
	}
	return nil
}
