package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Scheme is the rules of one product, ready for look-ups. It never changes.
type Scheme struct {
	events.Scheme

	organization ranking
	project      ranking
	team         ranking
}

// degree is a level as a number: none and off are 0, view is 1, full and on are 2.
type degree uint8

// full is the highest degree.
const full degree = 2

// ranking holds the roles of one kind.
type ranking struct {
	catalogue []events.Permission
	// roles are few, lowest rank first: scanning them beats hashing the key.
	roles    []role
	fallback events.RoleKey
}

type role struct {
	events.Role
	// degrees are in the order of the catalogue.
	degrees []degree
}

func newScheme(definition events.Scheme) *Scheme {
	return &Scheme{
		Scheme:       definition,
		organization: newRanking(definition.Permissions.Organization, definition.OrganizationRoles),
		project:      newRanking(definition.Permissions.Project, definition.ProjectRoles),
		team:         newRanking(nil, definition.Teams.Roles),
	}
}

func newRanking(catalogue []events.Permission, list []events.Role) ranking {
	r := ranking{catalogue: catalogue}
	for _, definition := range list {
		degrees := make([]degree, len(catalogue))
		for i, permission := range catalogue {
			degrees[i] = degreeOf(definition.Levels[permission.Key])
		}
		r.roles = append(r.roles, role{definition, degrees})
		if definition.Default {
			r.fallback = definition.Key
		}
	}
	slices.SortStableFunc(r.roles, func(a, b role) int { return a.Rank - b.Rank })
	return r
}

// find returns a role, nil where there is none with that key.
func (r ranking) find(key events.RoleKey) *role {
	for i := range r.roles {
		if r.roles[i].Key == key {
			return &r.roles[i]
		}
	}
	return nil
}

// intern returns the key as the scheme spells it, so that states share one string.
func (r ranking) intern(key events.RoleKey) events.RoleKey {
	if role := r.find(key); role != nil {
		return role.Key
	}
	return key
}

// pick returns the role asked for, or the default where none is.
func (r ranking) pick(key events.RoleKey) (events.RoleKey, error) {
	if key == "" {
		key = r.fallback
	}
	return key, r.knows(key)
}

// knows refuses a role that there is not.
func (r ranking) knows(key events.RoleKey) error {
	if r.find(key) == nil {
		return ErrUnknownRole.because("The organization's scheme has no role %q here; it has %s.", key, r.names())
	}
	return nil
}

func (r ranking) names() []events.RoleKey {
	names := make([]events.RoleKey, len(r.roles))
	for i := range r.roles {
		names[i] = r.roles[i].Key
	}
	return names
}

// top returns the role ranked highest.
func (r ranking) top() events.RoleKey { return r.roles[len(r.roles)-1].Key }

func (r ranking) rank(key events.RoleKey) int {
	if role := r.find(key); role != nil {
		return role.Rank
	}
	return 0
}

func (r ranking) index(permission events.PermissionKey) int {
	return slices.IndexFunc(r.catalogue, func(p events.Permission) bool { return p.Key == permission })
}

// degree returns what a role grants of a permission; unknown ones grant nothing.
func (r ranking) degree(key events.RoleKey, permission events.PermissionKey) degree {
	i := r.index(permission)
	if role := r.find(key); role != nil && i >= 0 {
		return role.degrees[i]
	}
	return 0
}

// mayHandOut tells whether a holder of own may give or take a role.
func (r ranking) mayHandOut(own, role events.RoleKey) bool {
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

func degreeOf(level events.Level) degree {
	switch level {
	case "full", "on":
		return full
	case "view":
		return 1
	}
	return 0
}

func levelOf(kind events.PermissionKind, d degree) events.Level {
	if kind == events.ByToggle {
		return [...]events.Level{"off", "off", "on"}[d]
	}
	return [...]events.Level{"none", "view", "full"}[d]
}

// OrganizationRoles lists the roles of the organization, lowest rank first.
func (s *Scheme) OrganizationRoles() []events.RoleKey { return s.organization.names() }

// ProjectRoles lists the roles on a project, lowest rank first.
func (s *Scheme) ProjectRoles() []events.RoleKey { return s.project.names() }

// Permissions lists what roles on a project can grant.
func (s *Scheme) Permissions() []events.Permission { return s.project.catalogue }

// Rank returns the rank of a project role; 0 for one that there is not.
func (s *Scheme) Rank(role events.RoleKey) int { return s.project.rank(role) }

// Reach returns the project role that a role of the organization has on every
// project; empty for none.
func (s *Scheme) Reach(role events.RoleKey) events.RoleKey {
	if found := s.organization.find(role); found != nil {
		return found.AllProjects
	}
	return ""
}
