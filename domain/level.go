package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// degree is a level as a number: none and off are 0, view is 1, full and on are 2.
type degree uint8

const (
	view degree = 1
	full degree = 2
)

func degreeOf(level events.Level) degree {
	switch level {
	case "full", "on":
		return full
	case "view":
		return view
	}
	return 0
}

func levelOf(kind events.PermissionKind, d degree) events.Level {
	if kind == events.ByToggle {
		return [...]events.Level{"off", "off", "on"}[d]
	}
	return [...]events.Level{"none", "view", "full"}[d]
}

// compile puts own levels into the order of the catalogue; none at all are nil.
func (r ranking) compile(levels events.Levels) []degree {
	if len(levels) == 0 {
		return nil
	}
	degrees := make([]degree, len(r.catalogue))
	for i, permission := range r.catalogue {
		degrees[i] = degreeOf(levels[permission.Key])
	}
	return degrees
}

// grants returns what a holder of the role has of the permission at i, with own
// levels where there are some.
func (r *role) grants(own []degree, i int) degree {
	switch {
	case own == nil:
	case r.OwnLevels == events.Instead:
		return own[i]
	case r.OwnLevels == events.OnTop:
		return max(own[i], r.degrees[i])
	}
	return r.degrees[i]
}

// all returns what a holder of the role has of every permission.
func (r *role) all(own []degree) []degree {
	degrees := make([]degree, len(r.degrees))
	for i := range degrees {
		degrees[i] = r.grants(own, i)
	}
	return degrees
}

// everything is every permission at its highest.
func (r ranking) everything() []degree { return slices.Repeat([]degree{full}, len(r.catalogue)) }

// exceeds returns the first permission of which given has more than held.
func (r ranking) exceeds(given, held []degree) (events.PermissionKey, bool) {
	for i, d := range given {
		if held == nil && d > 0 || held != nil && d > held[i] {
			return r.catalogue[i].Key, true
		}
	}
	return "", false
}

// judge refuses own levels that name what the scheme lacks, or that stand beside a
// role that carries none.
func (r ranking) judge(key events.RoleKey, own events.Levels) error {
	if len(own) == 0 {
		return nil
	}
	if role := r.find(key); role == nil || role.OwnLevels == "" {
		return ErrNoOwnLevels.because("Holders of the role %q carry no levels of their own; choose another role, or leave the levels out.", key)
	}
	for permission, level := range own {
		if err := r.knowsLevel(permission, level); err != nil {
			return err
		}
	}
	return nil
}

// knowsLevel refuses a permission or a level that the scheme lacks.
func (r ranking) knowsLevel(permission events.PermissionKey, level events.Level) error {
	i := r.index(permission)
	if i < 0 {
		return ErrUnknownPermission.because("The organization's scheme has no permission %q here.", permission)
	}
	if known := levelsOf(r.catalogue[i].Kind); !slices.Contains(known, level) {
		return ErrUnknownPermission.because("The permission %q has no level %q; it has %s.", permission, level, listed(known, " and "))
	}
	return nil
}
