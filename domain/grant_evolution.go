package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

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

func (o Organization) addProjectMember(transient *champ.Transient, e events.ProjectMemberAdded, origin events.Origin) Organization {
	g := Grant{Project: e.Project, Role: e.Role, Origin: origin}
	if len(e.Levels) > 0 || !e.Until.IsZero() || e.Creator {
		g.optional = &grantAttributes{until: e.Until, creator: e.Creator, levels: e.Levels, compiled: o.scheme.project.compile(e.Levels)}
	}
	return o.setGrant(transient, e.Member, g)
}

// changeProjectMemberRole keeps the attributes of the grant, except own levels if the new
// role has none.
func (o Organization) changeProjectMemberRole(transient *champ.Transient, e events.ProjectRoleChanged, origin events.Origin) Organization {
	g, _ := o.members.At(e.Member).Grant(e.Project)
	g.Role, g.Origin = e.To, origin
	if g.optional != nil && !o.scheme.HasOwnLevels(e.To) {
		g.change(func(t *grantAttributes) { t.levels, t.compiled = nil, nil })
	}
	return o.setGrant(transient, e.Member, g)
}

func (o Organization) changeGrant(transient *champ.Transient, project events.ProjectID, user events.UserID, change func(*grantAttributes)) Organization {
	g, _ := o.members.At(user).Grant(project)
	g.change(change)
	return o.setGrant(transient, user, g)
}

func (o Organization) setGrant(transient *champ.Transient, user events.UserID, g Grant) Organization {
	g.Role = o.scheme.project.intern(g.Role)
	o = o.changeProject(transient, g.Project, func(p *Project) {
		g.Project = p.id
		p.granted = p.granted.SetTransient(transient, user, struct{}{})
	})
	return o.changeMember(transient, user, func(m *Member) {
		i, found := m.grantIndex(g.Project)
		if found {
			m.grants = slices.Clone(m.grants)
			m.grants[i] = g
			return
		}
		m.grants = slices.Insert(slices.Clip(m.grants), i, g)
	})
}

func (o Organization) removeGrant(transient *champ.Transient, id events.ProjectID, user events.UserID) Organization {
	o = o.changeProject(transient, id, func(p *Project) { p.granted = p.granted.DeleteTransient(transient, user) })
	return o.changeMember(transient, user, func(m *Member) {
		if i, found := m.grantIndex(id); found {
			m.grants = slices.Concat(m.grants[:i], m.grants[i+1:])
		}
	})
}
