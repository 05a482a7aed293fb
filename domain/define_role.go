package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// DefineRole adds a role of the organization's own to its rules.
type DefineRole struct {
	Kind   events.RoleKind
	Role   events.RoleKey
	Label  string
	Rank   int
	Levels events.Levels
}

// Decide lets those whom the scheme allows define roles of a kind that it leaves to
// organizations, with no more than the author has, and no more than the scheme's
// bound.
func (c DefineRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, DefiningRole, About{}); err != nil {
		return nil, err
	}
	if err := org.validateRoleKind(c.Kind); err != nil {
		return nil, err
	}
	if err := validateID("role", c.Role); err != nil {
		return nil, err
	}
	if err := org.scheme.roleSet(c.Kind).requireFreeKey(c.Role); err != nil {
		return nil, err
	}
	if err := org.scheme.roleSet(c.Kind).requireFreeLabel(c.Role, cmp.Or(c.Label, string(c.Role))); err != nil {
		return nil, err
	}
	if org.scheme.roleSet(c.Kind).countCustom() >= maxCustomRoles {
		return nil, ErrTooManyRoles
	}
	role := events.Role{Key: c.Role, Label: c.Label, Rank: c.Rank, Levels: c.Levels}
	if err := org.validateDefinition(m.Actor, c.Kind, role); err != nil {
		return nil, err
	}
	return []events.Event{events.RoleDefined{Kind: c.Kind, Role: role}}, nil
}

// maxCustomRoles is how many roles of each kind an organization defines at most.
const maxCustomRoles = 100

// countCustom counts the roles that the organization has defined.
func (r roleSet) countCustom() int {
	n := 0
	for i := range r.roles {
		if r.roles[i].Custom {
			n++
		}
	}
	return n
}

// maxRank is the highest rank of a role that an organization defines.
const maxRank = 1_000_000

// validateRoleKind fails for a kind of role that the scheme does not let organizations
// define.
func (o Organization) validateRoleKind(kind events.RoleKind) error {
	if kind != events.OrganizationRoleKind && kind != events.ProjectRoleKind {
		return ErrUnknownRole.Because("There are roles of the kinds %q and %q, not %q.", events.OrganizationRoleKind, events.ProjectRoleKind, kind)
	}
	if !o.scheme.customLimit(kind).Allowed {
		return ErrCustomRolesOff
	}
	return nil
}

func (s *Scheme) customLimit(kind events.RoleKind) events.CustomLimit {
	if kind == events.ProjectRoleKind {
		return s.CustomRoles.Project
	}
	return s.CustomRoles.Organization
}

// validateDefinition fails if a role would be more than the scheme allows, or more than
// its author has. On projects, an author has what their role in the organization gives
// them on every project, less what overrides take on any.
func (o Organization) validateDefinition(author events.UserID, kind events.RoleKind, role events.Role) error {
	if role.Label != "" {
		if err := validateName(role.Label); err != nil {
			return err
		}
	}
	if role.Rank < 0 || role.Rank > maxRank {
		return ErrBadRank
	}
	r := o.scheme.roleSet(kind)
	for permission, level := range role.Levels {
		if err := r.validateLevel(permission, level); err != nil {
			return err
		}
	}
	if err := o.scheme.validateCustomRole(kind, role); err != nil || author == events.System {
		return err
	}
	rank, held := o.authorLimits(author, kind)
	if role.Rank > rank {
		return ErrMayNotAssign.Because("You may define roles up to the rank %d, not %d.", rank, role.Rank)
	}
	if permission, more := r.exceeds(r.compile(role.Levels), held); more {
		return errTooMuch(permission)
	}
	return nil
}

// validateCustomRole fails if a role of an organization's own would be the highest,
// would share its rank with another project role, or would be more than the scheme's
// limit.
func (s *Scheme) validateCustomRole(kind events.RoleKind, role events.Role) error {
	r := s.roleSet(kind)
	if highest := r.find(r.highest()); role.Rank >= highest.Rank {
		return ErrBadRank.Because("A role of an organization's own ranks below %q, which has the rank %d.", highest.Key, highest.Rank)
	}
	for _, other := range r.roles {
		if kind == events.ProjectRoleKind && other.Rank == role.Rank && other.Key != role.Key {
			return ErrBadRank.Because("The role %q has the rank %d too; give each project role its own, so that one is the highest of several.", other.Key, role.Rank)
		}
	}
	bound := r.find(s.customLimit(kind).UpTo)
	if bound == nil {
		return nil
	}
	if role.Rank > bound.Rank {
		return ErrMayNotAssign.Because("A role of an organization's own ranks no higher than %q, which has the rank %d.", bound.Key, bound.Rank)
	}
	if permission, more := r.exceeds(r.compile(role.Levels), bound.levels); more {
		return ErrMayNotAssign.Because("A role of an organization's own has no more of the permission %q than %q.", permission, bound.Key)
	}
	return nil
}

// authorLimits returns the rank and the levels up to which somebody may define roles.
func (o Organization) authorLimits(author events.UserID, kind events.RoleKind) (int, []level) {
	member := o.members.At(author)
	own := o.scheme.organization.find(member.Role)
	switch {
	case kind == events.OrganizationRoleKind:
		return own.Rank, o.levels(member)
	case own.AllProjects == "":
		return -1, nil
	case own.Bypass:
		return o.scheme.project.rank(o.scheme.project.highest()), o.scheme.project.fullLevels()
	}
	role := o.scheme.project.find(own.AllProjects)
	held := slices.Clone(role.levels)
	for override := range member.Overrides() {
		_, onProject := o.rightsOn(author, override.Project)
		if onProject == nil { // over the budget, so that the command is refused in any case
			return -1, nil
		}
		for i := range held {
			held[i] = min(held[i], onProject[i])
		}
	}
	return role.Rank, held
}
