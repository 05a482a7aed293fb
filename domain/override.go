package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Override is one permission of a person on a project, set beside the role.
type Override struct {
	Project    events.ProjectID
	Permission events.PermissionKey
	Level      events.Level
	events.Origin
}

func compareOverrides(a, b Override) int {
	return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.Permission, b.Permission))
}

// Override returns the override of a permission on a project, and whether there is one.
func (m Member) Override(project events.ProjectID, permission events.PermissionKey) (Override, bool) {
	if m.optional == nil {
		return Override{}, false
	}
	i, found := m.optional.findOverride(project, permission)
	if !found {
		return Override{}, false
	}
	return m.optional.overrides[i], true
}

// findOverride returns where an override is, or belongs.
func (s *memberAttributes) findOverride(project events.ProjectID, permission events.PermissionKey) (int, bool) {
	return slices.BinarySearchFunc(s.overrides, Override{Project: project, Permission: permission}, compareOverrides)
}

// overridesOn returns the overrides on a project, in the order of their permissions.
func (m *Member) overridesOn(project events.ProjectID) []Override {
	if m.optional == nil || len(m.optional.overrides) == 0 {
		return nil
	}
	from, _ := m.optional.findOverride(project, "")
	to := from
	for to < len(m.optional.overrides) && m.optional.overrides[to].Project == project {
		to++
	}
	return m.optional.overrides[from:to]
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

// Overridden lists the people with an override on the project, in order.
func (p Project) Overridden() []events.UserID { return p.overridden }

func (o Organization) setOverride(transient *champ.Transient, user events.UserID, override Override) Organization {
	o = o.changeProject(transient, override.Project, func(p *Project) {
		override.Project = p.id
		p.overridden = insertSorted(p.overridden, user)
	})
	return o.changeMember(transient, user, func(m *Member) {
		m.change(func(s *memberAttributes) {
			i, found := s.findOverride(override.Project, override.Permission)
			if found {
				s.overrides = slices.Clone(s.overrides)
				s.overrides[i] = override
				return
			}
			s.overrides = slices.Insert(slices.Clip(s.overrides), i, override)
		})
	})
}

func (o Organization) clearOverride(transient *champ.Transient, project events.ProjectID, user events.UserID, permission events.PermissionKey) Organization {
	o = o.changeMember(transient, user, func(m *Member) {
		m.change(func(s *memberAttributes) {
			if i, found := s.findOverride(project, permission); found {
				s.overrides = slices.Concat(s.overrides[:i], s.overrides[i+1:])
			}
		})
	})
	if len(o.members.At(user).overridesOn(project)) > 0 {
		return o
	}
	return o.changeProject(transient, project, func(p *Project) { p.overridden = removeSorted(p.overridden, user) })
}
