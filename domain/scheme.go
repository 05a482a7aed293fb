package domain

import (
	"cmp"
	"slices"
	"sync"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

// Scheme is the rules of one product, ready for look-ups. It never changes.
type Scheme struct {
	events.Scheme

	organization roleSet
	project      roleSet
	team         roleSet
}

// roleSet holds the roles of one kind, with the permissions that they give.
type roleSet struct {
	permissions []events.Permission
	// roles are few, lowest rank first: scanning them beats hashing the key.
	roles       []role
	defaultRole events.RoleKey
}

type role struct {
	events.Role
	// levels are in the order of the permissions.
	levels []level
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
	// Of equals, the organization's own come first, so that the top is the scheme's.
	slices.SortStableFunc(r.roles, func(a, b role) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(customFirst(a), customFirst(b)))
	})
	return r
}

// customFirst orders the roles of an organization's own before those of the scheme.
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

// orDefault returns the role that was asked for, or the default role if none was.
func (r roleSet) orDefault(key events.RoleKey) (events.RoleKey, error) {
	if key == "" && r.defaultRole == "" {
		return "", ErrUnknownRole.because("The organization's scheme has no default role here; state one of %s.", listed(r.keys(), " and "))
	}
	if key == "" {
		key = r.defaultRole
	}
	return key, r.validateRole(key)
}

// validateRole fails for a role that the scheme lacks.
func (r roleSet) validateRole(key events.RoleKey) error {
	if r.find(key) == nil {
		return ErrUnknownRole.because("The organization's scheme has no role %q here; it has %s.", key, listed(r.keys(), " and "))
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
	return slices.IndexFunc(r.permissions, func(p events.Permission) bool { return p.Key == permission })
}

// mayHandOut reports whether a holder of own may give or take a role by its rank, and
// by whom the scheme reserves it for.
func (r roleSet) mayHandOut(own, role events.RoleKey) bool {
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
func (s *Scheme) OrganizationRoles() []events.RoleKey { return s.organization.keys() }

// ProjectRoles lists the roles on a project, lowest rank first.
func (s *Scheme) ProjectRoles() []events.RoleKey { return s.project.keys() }

// Permissions lists what roles on a project can grant.
func (s *Scheme) Permissions() []events.Permission { return s.project.permissions }

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
