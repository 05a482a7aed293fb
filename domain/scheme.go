package domain

import (
	"slices"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

// Scheme is the rules of one product, ready for look-ups. What it says never changes.
type Scheme struct {
	events.Scheme

	organization roleSet
	project      roleSet
	team         roleSet

	// refusals are the *Rejection by action of those that were refused.
	refusals sync.Map
}

// NewScheme prepares rules for look-ups. It does not validate them: package scheme does.
func NewScheme(definition events.Scheme) *Scheme {
	return &Scheme{
		Scheme:       definition,
		organization: newRoleSet(definition.Permissions.Organization, definition.OrganizationRoles),
		project:      newRoleSet(definition.Permissions.Project, definition.ProjectRoles),
		team:         newRoleSet(nil, definition.Teams.Roles),
	}
}

// ValidateOrganizationRole fails for a role in the organization that the scheme lacks.
func (s *Scheme) ValidateOrganizationRole(key events.RoleKey) error {
	return s.organization.validateRole(key)
}

// ValidateProjectRole fails for a role on projects that the scheme lacks.
func (s *Scheme) ValidateProjectRole(key events.RoleKey) error { return s.project.validateRole(key) }

// OrganizationRoles lists the roles of the organization, lowest rank first.
func (s *Scheme) OrganizationRoles() []events.RoleKey { return s.organization.keys() }

// ProjectRoles lists the roles on a project, lowest rank first.
func (s *Scheme) ProjectRoles() []events.RoleKey { return s.project.keys() }

// Permissions lists what roles on a project can grant.
func (s *Scheme) Permissions() []events.Permission { return s.project.permissions }

// HighestRole returns the role of the organization with the highest rank.
func (s *Scheme) HighestRole() events.RoleKey { return s.organization.highest() }

// Rank returns the rank of a project role; 0 for one that there is not.
func (s *Scheme) Rank(role events.RoleKey) int { return s.project.rank(role) }

// RoleOnAllProjects returns the project role that holders of a role of the
// organization have on every project; empty for none.
func (s *Scheme) RoleOnAllProjects(role events.RoleKey) events.RoleKey {
	if found := s.organization.find(role); found != nil {
		return found.AllProjects
	}
	return ""
}

// DefaultProjectRole returns the project role that holders of a role of the
// organization take where none is stated; empty for none.
func (s *Scheme) DefaultProjectRole(role events.RoleKey) events.RoleKey {
	if found := s.organization.find(role); found != nil && found.DefaultProjectRole != "" {
		return found.DefaultProjectRole
	}
	return s.project.defaultRole
}

// assignmentRole returns the role that an assignment gives to a holder of a role of the
// organization: the role that it states, or else the holder's default.
func (s *Scheme) assignmentRole(stated, held events.RoleKey) events.RoleKey {
	if stated != "" {
		return stated
	}
	return s.DefaultProjectRole(held)
}

// Protects reports whether a role of the organization keeps its holders from being
// removed or changed.
func (s *Scheme) Protects(role events.RoleKey) bool {
	found := s.organization.find(role)
	return found != nil && found.Protected
}

// HasOwnLevels reports whether holders of a project role carry levels of their own.
func (s *Scheme) HasOwnLevels(role events.RoleKey) bool {
	found := s.project.find(role)
	return found != nil && found.OwnLevels != ""
}

// sharedSchemes holds recorded schemes by their JSON, so that organizations share them.
var sharedSchemes sync.Map

// sharedScheme returns a recorded scheme ready for look-ups. A scheme with roles of an
// organization's own belongs to that organization alone, and is not shared.
func sharedScheme(definition events.Scheme) *Scheme {
	if slices.ContainsFunc(slices.Concat(definition.OrganizationRoles, definition.ProjectRoles), func(r events.Role) bool { return r.Custom }) {
		return NewScheme(definition)
	}
	text, err := json.Marshal(definition, json.Deterministic(true))
	if err != nil {
		return NewScheme(definition)
	}
	if known, ok := sharedSchemes.Load(string(text)); ok {
		return known.(*Scheme)
	}
	known, _ := sharedSchemes.LoadOrStore(string(text), NewScheme(definition))
	return known.(*Scheme)
}

// applyOverride returns the level that results from an override.
func (s *Scheme) applyOverride(held, set level) level {
	switch s.Overrides.May {
	case events.RaiseOnly:
		return max(held, set)
	case events.LowerOnly:
		return min(held, set)
	case events.RaiseAndLower:
	}
	return set
}
