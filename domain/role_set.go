package domain

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// roleSet holds the roles of one kind, with the permissions that they give.
type roleSet struct {
	permissions []events.Permission
	// roles are in the order of their ranks, lowest first. There are few, so scanning them
	// is faster than a map.
	roles       []role
	defaultRole events.RoleKey
}

type role struct {
	events.Role
	// levels are in the order of the permissions.
	levels []level
}

func newRoleSet(catalogue []events.Permission, list []events.Role) roleSet {
	r := roleSet{permissions: catalogue}
	for _, definition := range list {
		levels := make([]level, len(catalogue))
		for i, permission := range catalogue {
			levels[i] = parseLevel(definition.Levels[permission.Key])
		}
		r.roles = append(r.roles, role{definition, levels})
		if definition.Default {
			r.defaultRole = definition.Key
		}
	}
	// Of roles with the same rank, custom ones come first, so that the highest is one of
	// the scheme's.
	slices.SortStableFunc(r.roles, func(a, b role) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(customFirst(a), customFirst(b)))
	})
	return r
}

// customFirst orders custom roles before those of the scheme.
func customFirst(r role) int {
	if r.Custom {
		return 0
	}
	return 1
}

// find returns a role, nil where there is none with that key.
func (r roleSet) find(key events.RoleKey) *role {
	for i := range r.roles {
		if r.roles[i].Key == key {
			return &r.roles[i]
		}
	}
	return nil
}

// intern returns the key as the scheme spells it, so that states share one string.
func (r roleSet) intern(key events.RoleKey) events.RoleKey {
	if role := r.find(key); role != nil {
		return role.Key
	}
	return key
}

// requireFreeKey fails if a role has the key, without regard to case.
func (r roleSet) requireFreeKey(key events.RoleKey) error {
	for i := range r.roles {
		if other := r.roles[i].Key; collation.FoldCase(string(other)) == collation.FoldCase(string(key)) {
			return ErrRoleExists.Because("There is a role %q already; choose a key that differs in more than case.", other)
		}
	}
	return nil
}

// requireFreeLabel fails if people see another role under the label, without regard to case. A
// role that has no label is seen under its key.
func (r roleSet) requireFreeLabel(key events.RoleKey, label string) error {
	for i := range r.roles {
		other := &r.roles[i]
		if seen := cmp.Or(other.Label, string(other.Key)); other.Key != key && collation.FoldCase(seen) == collation.FoldCase(label) {
			return ErrRoleNameTaken.Because("The role %q is called %q; choose a label that differs in more than case.", other.Key, seen)
		}
	}
	return nil
}

// orDefault returns the role that was asked for, or the default role if none was.
func (r roleSet) orDefault(key events.RoleKey) (events.RoleKey, error) {
	if key == "" && r.defaultRole == "" {
		return "", ErrUnknownRole.Because("The organization's scheme has no default role here; state one of %s.", phrase.Join(r.keys(), " and "))
	}
	if key == "" {
		key = r.defaultRole
	}
	return key, r.validateRole(key)
}

// validateRole fails for a role that the scheme lacks.
func (r roleSet) validateRole(key events.RoleKey) error {
	if r.find(key) == nil {
		return ErrUnknownRole.Because("The organization's scheme has no role %q here; it has %s.", key, phrase.Join(r.keys(), " and "))
	}
	return nil
}

// keys lists the roles, lowest rank first.
func (r roleSet) keys() []events.RoleKey {
	names := make([]events.RoleKey, len(r.roles))
	for i := range r.roles {
		names[i] = r.roles[i].Key
	}
	return names
}

// highest returns the role with the highest rank.
func (r roleSet) highest() events.RoleKey { return r.roles[len(r.roles)-1].Key }

// rank returns the rank of a role; 0 for one that the scheme lacks.
func (r roleSet) rank(key events.RoleKey) int {
	if role := r.find(key); role != nil {
		return role.Rank
	}
	return 0
}

// index returns the index of a permission; -1 for one that the scheme lacks.
func (r roleSet) index(permission events.PermissionKey) int {
	for i := range r.permissions {
		if r.permissions[i].Key == permission {
			return i
		}
	}
	return -1
}

// mayAssign reports whether a holder of own may give or take a role: it ranks no higher,
// and the scheme does not reserve it for holders of other roles.
func (r roleSet) mayAssign(own, role events.RoleKey) bool {
	if role == "" {
		return true
	}
	wanted := r.find(role)
	if wanted == nil {
		return false
	}
	if len(wanted.HandedOutBy) > 0 && !slices.Contains(wanted.HandedOutBy, own) {
		return false
	}
	return own != "" && r.rank(own) >= wanted.Rank
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

// levelWith returns the level that a holder of the role has of the permission at an
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

// highestOf returns the higher of two levels for each permission; nil are the lowest.
func highestOf(a, b []level) []level {
	if a == nil || b == nil {
		return slices.Concat(a, b)
	}
	highest := slices.Clone(a)
	for i := range highest {
		highest[i] = max(highest[i], b[i])
	}
	return highest
}

// mergeOwn returns the own levels of a holder of the role after those that are named have
// changed; the others stay. Where the holder has none and the role takes own levels instead
// of its own, the role's are what stays. It returns own if nothing changes.
func (r *role) mergeOwn(own, named events.Levels) events.Levels {
	merged := events.Levels{}
	if maps.Copy(merged, own); len(own) == 0 && r.OwnLevels == events.Instead {
		maps.Copy(merged, r.Levels)
	}
	changed := false
	for permission, level := range named {
		if merged[permission] != level && (level.Grants() || merged[permission].Grants()) {
			merged[permission], changed = level, true
		}
	}
	if !changed {
		return own
	}
	return merged
}

// exceeds returns the first permission of which given has a higher level than held.
func (r roleSet) exceeds(given, held []level) (events.PermissionKey, bool) {
	for i, l := range given {
		if held == nil && l > 0 || held != nil && l > held[i] {
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
		return ErrNoOwnLevels.Because("Holders of the role %q carry no levels of their own; choose another role, or leave the levels out.", key)
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
		return r.unknownPermission("here", permission)
	}
	if !slices.Contains(r.permissions[i].Kind.Levels(), level) {
		return unknownLevel(r.permissions[i], level)
	}
	return nil
}

// unknownPermission refuses a permission that the scheme lacks, and names those that it has.
func (r roleSet) unknownPermission(where string, permission events.PermissionKey) error {
	if len(r.permissions) == 0 {
		return ErrUnknownPermission.Because("The organization's scheme has no permission %q %s, and no other one.", permission, where)
	}
	known := make([]events.PermissionKey, len(r.permissions))
	for i := range r.permissions {
		known[i] = r.permissions[i].Key
	}
	return ErrUnknownPermission.Because("The organization's scheme has no permission %q %s; it has %s.", permission, where, phrase.Join(known, " and "))
}

// unknownLevel refuses a level that a permission lacks, and names those that it has.
func unknownLevel(permission events.Permission, level events.Level) error {
	return ErrUnknownPermission.Because("The permission %q has no level %q; it has %s.", permission.Key, level, phrase.Join(permission.Kind.Levels(), " and "))
}
