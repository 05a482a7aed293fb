package domain

import "github.com/seed-2026d078/roster/events"

// onProject tells whether there is any reason for somebody's access to a project.
func (o *Organization) onProject(user events.UserID, id events.ProjectID) bool {
	member, project, reason := o.meet(user, id)
	if reason != "" {
		return false
	}
	for range o.bases(member, project) {
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
	wanted := degreeOf(level)
	if level == "" {
		wanted = full
	} else if levelOf(o.scheme.project.catalogue[i].Kind, wanted) != level {
		return false, ErrUnknownPermission.because("The permission %q has no level %q.", permission, level)
	}
	member, on, reason := o.meet(user, project)
	if reason != "" || wanted > view && o.readOnly(on) {
		return wanted == 0, nil
	}
	return wanted == 0 || o.holds(member, on, i, wanted), nil
}

// holds is Resolve for the one permission at i, as far as it decides.
func (o *Organization) holds(member *Member, on *Project, i int, wanted degree) bool {
	var held degree
	some, plain := false, member.special == nil
	for b := range o.bases(member, on) {
		if b.bypass {
			return true
		}
		held, some = max(held, o.scheme.project.find(b.role).grants(b.own(), i)), true
		if plain && held >= wanted {
			return true
		}
	}
	if some && !plain && o.scheme.Overrides.On {
		if override, set := member.Override(on.id, o.scheme.project.catalogue[i].Key); set && o.scheme.project.knowsLevel(override.Permission, override.Level) == nil {
			held = o.scheme.overridden(held, degreeOf(override.Level))
		}
	}
	return some && held >= wanted
}
