package domain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// PermissionResult says whether somebody has a permission on a project at a level, and
// what decides it.
type PermissionResult struct {
	Permission events.PermissionKey
	// Wanted is the level asked for, Held the one there is.
	Wanted, Held events.Level
	Allowed      bool
	// By are the sources that give the level held, before overrides.
	By []Source
	// Override is the one that decides; nil where none does.
	Override *AppliedOverride
	// Roles are the project roles that would give the level wanted, lowest first.
	Roles []events.RoleKey
	// Overridable tells whether an override could give it, too; OwnLevels whether
	// levels of the person's own could.
	Overridable, OwnLevels bool
	// Archived tells whether restoring what is archived would give it.
	Archived bool
}

// CheckPermission says whether an access includes a permission at a level, and what
// decides it. The empty level asks for the highest. It returns ErrUnknownPermission for
// a permission or level that the scheme lacks.
func (o Organization) CheckPermission(access Access, permission events.PermissionKey, level events.Level) (PermissionResult, error) {
	r := o.scheme.project
	i := r.index(permission)
	if i >= 0 && level == "" {
		level = formatLevel(r.permissions[i].Kind, full)
	}
	if err := r.validateLevel(permission, level); err != nil {
		return PermissionResult{}, err
	}
	v := PermissionResult{Permission: permission, Wanted: level, Held: access.Level(permission)}
	v.Allowed = parseLevel(v.Held) >= parseLevel(level)
	for _, override := range access.Overrides {
		if override.Permission == permission {
			v.Override = &override
		}
	}
	given := v.Held
	if v.Override != nil {
		given = v.Override.Replaced
	}
	for _, source := range access.Sources {
		if d := o.scheme.levelsFrom(source); d != nil && d[i] > 0 && d[i] >= parseLevel(given) {
			v.By = append(v.By, source)
		}
	}
	for _, role := range r.roles {
		if role.levels[i] >= parseLevel(level) {
			v.Roles = append(v.Roles, role.Key)
		}
	}
	v.Archived = access.levelsIfRestored != nil && access.levelsIfRestored[i] >= parseLevel(level)
	v.OwnLevels = slices.ContainsFunc(access.Sources, func(s Source) bool { return s.Kind != ThroughTeam && o.scheme.HasOwnLevels(s.Role) })
	v.Overridable = o.scheme.Overrides.On && o.scheme.Overrides.May != events.LowerOnly
	return v, nil
}

// ExplainPermission says in words what gives the permission, or what would give it.
func (o Organization) ExplainPermission(user events.UserID, id events.ProjectID, access Access, v PermissionResult) string {
	if v.Allowed {
		return fmt.Sprintf("%s has %s of %s on %s: %s.", user, v.Held, v.Permission, id, o.explainGranted(v))
	}
	text := fmt.Sprintf("%s has %s of %s on %s, not %s", user, v.Held, v.Permission, id, v.Wanted)
	switch {
	case access.Reason != "":
		return text + ": " + o.explainNoAccess(user, id, access.Reason)
	case v.Archived:
		return text + ": it is archived and read only; restore it first."
	case v.Override != nil:
		return text + fmt.Sprintf(": an override set it, %s; clear or change the override.", formatOrigin(v.Override.Origin))
	}
	return text + fmt.Sprintf(": the role %s does not give it; %s.", access.Role, v.suggestion())
}

func (o Organization) explainGranted(v PermissionResult) string {
	if v.Override != nil {
		return "an override set it, " + formatOrigin(v.Override.Origin)
	}
	sources := make([]string, len(v.By))
	for i, source := range v.By {
		sources[i] = o.explainSource(source)
	}
	if len(sources) == 0 {
		return "everybody on the project has that"
	}
	return strings.Join(sources, "; ")
}

func (v PermissionResult) suggestion() string {
	var suggestions []string
	if v.OwnLevels {
		suggestions = append(suggestions, "levels of their own")
	}
	if len(v.Roles) > 0 {
		suggestions = append(suggestions, "the role "+listed(v.Roles, " or "))
	}
	if v.Overridable {
		suggestions = append(suggestions, "an override")
	}
	if len(suggestions) == 0 {
		return "nothing in the scheme does"
	}
	return listed(suggestions, " or ") + " would"
}
