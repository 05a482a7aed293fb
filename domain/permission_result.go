package domain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// PermissionResult says whether somebody has a permission on a project at a level, and
// what decides it.
type PermissionResult struct {
	Permission events.PermissionKey
	// Wanted is the level that was asked for, Held the level that the person has.
	Wanted, Held events.Level
	Allowed      bool
	// By are the sources that give the level held, before overrides.
	By []Source
	// Override is the override that decides; nil if none does.
	Override *AppliedOverride
	// Roles are the project roles that would give the level wanted, lowest rank first.
	Roles []events.RoleKey
	// Overridable says that an override could give the level wanted, OwnLevels that
	// levels of the person's own could.
	Overridable, OwnLevels bool
	// Archived says that the person would have the level wanted if nothing were archived.
	Archived bool
}

// CheckPermission says whether an access includes a permission at a level, and what
// decides it. The empty level asks for the highest. It returns ErrUnknownPermission for
// a permission or level that the scheme lacks.
func (o Organization) CheckPermission(access Access, permission events.PermissionKey, level events.Level) (PermissionResult, error) {
	roles := o.scheme.project
	i := roles.index(permission)
	if i >= 0 && level == "" {
		level = formatLevel(roles.permissions[i].Kind, full)
	}
	if err := roles.validateLevel(permission, level); err != nil {
		return PermissionResult{}, err
	}
	wanted := parseLevel(level)
	result := PermissionResult{Permission: permission, Wanted: level, Held: access.Level(permission)}
	result.Allowed = parseLevel(result.Held) >= wanted
	for _, override := range access.Overrides {
		if override.Permission == permission {
			result.Override = &override
		}
	}
	given := result.Held
	if result.Override != nil {
		given = result.Override.Replaced
	}
	for _, source := range access.Sources {
		if levels := o.scheme.levelsFrom(source); levels != nil && levels[i] > 0 && levels[i] >= parseLevel(given) {
			result.By = append(result.By, source)
		}
	}
	for _, role := range roles.roles {
		if role.levels[i] >= wanted {
			result.Roles = append(result.Roles, role.Key)
		}
	}
	result.Archived = access.levelsIfRestored != nil && access.levelsIfRestored[i] >= wanted
	result.OwnLevels = slices.ContainsFunc(access.Sources, func(s Source) bool { return s.Kind != ThroughTeam && o.scheme.HasOwnLevels(s.Role) })
	result.Overridable = o.scheme.Overrides.On && o.scheme.Overrides.May != events.LowerOnly
	return result, nil
}

// ExplainPermission says in words what gives the permission, or what would give it.
// It names only teams for which visible returns true; nil names every team.
func (o Organization) ExplainPermission(user events.UserID, id events.ProjectID, access Access, result PermissionResult, visible func(events.TeamID) bool) string {
	if result.Allowed {
		return fmt.Sprintf("%s has %s of %s on %s: %s.", user, result.Held, result.Permission, id, o.explainGranted(result, visible))
	}
	text := fmt.Sprintf("%s has %s of %s on %s, not %s", user, result.Held, result.Permission, id, result.Wanted)
	switch {
	case access.Reason != "":
		return text + ": " + o.explainNoAccess(user, id, access.Reason)
	case result.Archived:
		return text + ": it is archived and read only; restore it first."
	case result.Override != nil:
		return text + fmt.Sprintf(": an override set it, %s; clear or change the override.", formatOrigin(result.Override.Origin))
	}
	return text + fmt.Sprintf(": the role %s does not give it; %s.", access.Role, result.suggestion())
}

// explainGranted says what gives a permission that is held.
func (o Organization) explainGranted(result PermissionResult, visible func(events.TeamID) bool) string {
	if result.Override != nil {
		return "an override set it, " + formatOrigin(result.Override.Origin)
	}
	sources := make([]string, len(result.By))
	for i, source := range result.By {
		sources[i] = o.explainSource(source, visible)
	}
	if len(sources) == 0 {
		return "everybody on the project has that"
	}
	return strings.Join(sources, "; ")
}

// suggestion says what would give a permission that is not held.
func (r PermissionResult) suggestion() string {
	var suggestions []string
	if r.OwnLevels {
		suggestions = append(suggestions, "levels of their own")
	}
	if len(r.Roles) > 0 {
		suggestions = append(suggestions, "the role "+phrase.Join(r.Roles, " or "))
	}
	if r.Overridable {
		suggestions = append(suggestions, "an override")
	}
	if len(suggestions) == 0 {
		return "nothing in the scheme does"
	}
	return phrase.Join(suggestions, " or ") + " would"
}
