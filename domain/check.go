package domain

import "github.com/seed-2026d078/roster/events"

// HasAccess tells whether somebody has access to a project, by whatever source.
func (o *Organization) HasAccess(user events.UserID, id events.ProjectID) bool {
	member, project, reason := o.lookup(user, id)
	if reason != "" {
		return false
	}
	for range o.sourceRefs(member, project) {
		return true
	}
	return false
}

// Allows tells whether somebody has a permission on a project to a level; the
// empty level asks for the highest. It fails for a permission or level that the
// scheme lacks.
func (o *Organization) Allows(user events.UserID, project events.ProjectID, permission events.PermissionKey, level events.Level) (bool, error) {
	if o.scheme == nil {
		return false, nil
	}
	i := o.scheme.project.index(permission)
	if i < 0 {
		return false, ErrUnknownPermission.because("The organization's scheme has no permission %q on projects.", permission)
	}
	wanted := parseLevel(level)
	if level == "" {
		wanted = full
	} else if formatLevel(o.scheme.project.permissions[i].Kind, wanted) != level {
		return false, ErrUnknownPermission.because("The permission %q has no level %q.", permission, level)
	}
	member, on, reason := o.lookup(user, project)
	if reason != "" || wanted > view && o.readOnly(on) {
		return wanted == 0, nil
	}
	return wanted == 0 || o.hasLevel(member, on, i, wanted), nil
}

// holds is Resolve for the one permission at i, as far as it decides.
func (o *Organization) hasLevel(member *Member, on *Project, i int, wanted level) bool {
	var held level
	some, plain := false, member.optional == nil
	for b := range o.sourceRefs(member, on) {
		if b.bypass {
			return true
		}
		held, some = max(held, o.scheme.project.find(b.role).levelWith(b.compiledLevels(), i)), true
		if plain && held >= wanted {
			return true
		}
	}
	if some && !plain && o.scheme.Overrides.On {
		if override, set := member.Override(on.id, o.scheme.project.permissions[i].Key); set && o.scheme.project.validateLevel(override.Permission, override.Level) == nil {
			held = o.scheme.applyOverride(held, parseLevel(override.Level))
		}
	}
	return some && held >= wanted
}
