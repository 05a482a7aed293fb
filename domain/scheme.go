package domain

import (
	"cmp"
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
	// Of equals, the organization's own come first, so that the top is the scheme's.
	slices.SortStableFunc(r.roles, func(a, b role) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(origin(a), origin(b)))
	})
	return r
}

func origin(r role) int {
	if r.Custom {
		return 0
	}
	return 1
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
	if key == "" && r.fallback == "" {
		return "", ErrUnknownRole.because("The organization's scheme has no default role here; state one of %s.", listed(r.names(), " and "))
	}
	if key == "" {
		key = r.fallback
	}
	return key, r.knows(key)
}

// knows refuses a role that there is not.
func (r ranking) knows(key events.RoleKey) error {
	if r.find(key) == nil {
		return ErrUnknownRole.because("The organization's scheme has no role %q here; it has %s.", key, listed(r.names(), " and "))
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

// mayHandOut tells whether a holder of own may give or take a role by its rank, and
// by whom the scheme reserves it for.
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

// OrganizationRoles lists the roles of the organization, lowest rank first.
func (s *Scheme) OrganizationRoles() []events.RoleKey { return s.organization.names() }

// ProjectRoles lists the roles on a project, lowest rank first.
func (s *Scheme) ProjectRoles() []events.RoleKey { return s.project.names() }

// Permissions lists what roles on a project can grant.
func (s *Scheme) Permissions() []events.Permission { return s.project.catalogue }

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
	return s.project.fallback
}

// confers returns the role that an assignment gives to a holder of a role of the
// organization: the one it states, else the holder's default.
func (s *Scheme) confers(stated, held events.RoleKey) events.RoleKey {
	if stated != "" {
		return stated
	}
	return s.DefaultProjectRole(held)
}

// Protects tells whether a role of the organization keeps its holders from being
// removed or changed.
func (s *Scheme) Protects(role events.RoleKey) bool {
	found := s.organization.find(role)
	return found != nil && found.Protected
}

// HasOwnLevels tells whether holders of a project role carry levels of their own.
func (s *Scheme) HasOwnLevels(role events.RoleKey) bool {
	found := s.project.find(role)
	return found != nil && found.OwnLevels != ""
}
