package domain

import (
	"fmt"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// PermissionResult says whether somebody has a permission on a project, or in the organization, at a
// level, and what decides it.
type PermissionResult struct {
	Permission events.PermissionKey
	// Wanted is the level that was asked for, Held the level that the person has.
	Wanted, Held events.Level
	Allowed      bool
	// By are the sources that give the level held, before overrides.
	By []Source
	// Override is the override that decides; nil if none does.
	Override *AppliedOverride
	// Roles are the roles, on projects or in the organization, that would give the level wanted, lowest rank first.
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
	result, err := o.scheme.project.check(access, permission, level, "on projects")
	result.Overridable = err == nil && o.scheme.Overrides.On && o.scheme.Overrides.May != events.LowerOnly
	return result, err
}

// CheckPermissionInOrganization is [Organization.CheckPermission] for an access to the organization itself.
func (o Organization) CheckPermissionInOrganization(access Access, permission events.PermissionKey, level events.Level) (PermissionResult, error) {
	return o.scheme.organization.check(access, permission, level, "in the organization")
}

// check is CheckPermission for the roles of one kind.
func (r roleSet) check(access Access, permission events.PermissionKey, level events.Level, where string) (PermissionResult, error) {
	i := r.index(permission)
	switch {
	case i < 0:
		return PermissionResult{}, r.unknownPermission(where, permission)
	case level == "":
		level = formatLevel(r.permissions[i].Kind, full)
	}
	if err := r.validateLevel(permission, level); err != nil {
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
		if levels := r.levelsFrom(source); levels != nil && levels[i] > 0 && levels[i] >= parseLevel(given) {
			result.By = append(result.By, source)
		}
	}
	for _, role := range r.roles {
		if r.levelsOf(role.Key, nil)[i] >= wanted {
			result.Roles = append(result.Roles, role.Key)
		}
	}
	result.Archived = access.levelsIfRestored != nil && access.levelsIfRestored[i] >= wanted
	result.OwnLevels = slices.ContainsFunc(access.Sources, func(s Source) bool {
		role := r.find(s.Role)
		return s.Kind != ThroughTeam && role != nil && role.OwnLevels != ""
	})
	return result, nil
}

// ExplainPermission says in words what gives the permission, or what would give it.
// It names only teams for which visible returns true; nil names every team.
func (o Organization) ExplainPermission(user events.UserID, id events.ProjectID, access Access, result PermissionResult, visible func(events.TeamID) bool) string {
	return o.explainPermission(user, id, "on "+string(id), access, result, visible)
}

// ExplainPermissionInOrganization is [Organization.ExplainPermission] for the organization itself.
func (o Organization) ExplainPermissionInOrganization(user events.UserID, access Access, result PermissionResult) string {
	return o.explainPermission(user, "", "in the organization", access, result, nil)
}

// explainPermission is ExplainPermission where the id of the project is empty for the organization itself.
func (o Organization) explainPermission(user events.UserID, id events.ProjectID, where string, access Access, result PermissionResult, visible func(events.TeamID) bool) string {
	if result.Allowed {
		return fmt.Sprintf("%s has %s of %s %s: %s.", user, result.Held, result.Permission, where, o.explainGranted(id, result, visible))
	}
	text := fmt.Sprintf("%s has %s of %s %s, not %s", user, result.Held, result.Permission, where, result.Wanted)
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
func (o Organization) explainGranted(id events.ProjectID, result PermissionResult, visible func(events.TeamID) bool) string {
	if result.Override != nil {
		return "an override set it, " + formatOrigin(result.Override.Origin)
	}
	if len(result.By) == 0 {
		if id == "" {
			return "everybody in the organization has that"
		}
		return "everybody on the project has that"
	}
	return o.explainSources(id, result.By, visible)
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
