package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

func (s *state) setOverride(user events.UserID, override Override) {
	s.changeProject(override.Project, func(p *Project) {
		override.Project = p.id
		p.overridden = p.overridden.set(user, idOrder(user))
	})
	s.changeMember(user, func(m *Member) {
		m.change(func(a *memberAttributes) {
			a.overrides = a.overrides.set(override, overrideOf(override.Project, override.Permission))
		})
	})
}

func (s *state) clearOverride(project events.ProjectID, user events.UserID, permission events.PermissionKey) {
	s.changeMember(user, func(m *Member) {
		m.change(func(a *memberAttributes) {
			a.overrides = a.overrides.without(overrideOf(project, permission))
		})
	})
	if len(s.members.At(user).overridesOn(project)) > 0 {
		return
	}
	s.changeProject(project, func(p *Project) { p.overridden = p.overridden.without(idOrder(user)) })
}

// addProjectMember says that the sender of an accepted invite gave the role.
func (s *state) addProjectMember(e events.ProjectMemberAdded, origin events.Origin) {
	if e.Invite != "" {
		origin.Actor = e.InvitedBy
	}
	g := Grant{Project: e.Project, Role: e.Role, term: newTerm(e.From, e.Until), Origin: origin}
	if len(e.Levels) > 0 || e.Creator {
		g.optional = &grantAttributes{creator: e.Creator, levels: e.Levels, compiled: s.scheme.project.compile(e.Levels)}
	}
	s.setGrant(e.Member, g)
}

// changeProjectMemberRole keeps the attributes of the grant, and when it was made. Own levels
// are put aside if the new role takes none, as far as the event keeps them, and are back when
// one does.
func (s *state) changeProjectMemberRole(e events.ProjectRoleChanged, origin events.Origin) {
	g, _ := s.members.At(e.Member).Grant(e.Project)
	joined := g.Joined()
	g.Role, g.Origin = e.To, origin
	g.change(func(a *grantAttributes) {
		a.joined = &joined
		a.levels, a.kept = s.scheme.project.find(e.To).keepLevels(a.levels, a.kept, e.KeptLevels)
		a.compiled = s.scheme.project.compile(a.levels)
	})
	s.setGrant(e.Member, g)
}

func (s *state) changeGrant(project events.ProjectID, user events.UserID, change func(*Grant)) {
	g, _ := s.members.At(user).Grant(project)
	change(&g)
	s.setGrant(user, g)
}

func (s *state) setGrant(user events.UserID, g Grant) {
	g.Role = s.scheme.project.intern(g.Role)
	s.changeProject(g.Project, func(p *Project) {
		g.Project = p.id
		p.granted = champ.Set(s.owner, p.granted, user, struct{}{})
	})
	s.changeMember(user, func(m *Member) { m.grants = m.grants.set(g, grantOn(g.Project)) })
}

func (s *state) removeGrant(id events.ProjectID, user events.UserID) {
	s.changeProject(id, func(p *Project) { p.granted = champ.Delete(s.owner, p.granted, user) })
	s.changeMember(user, func(m *Member) { m.grants = m.grants.without(grantOn(id)) })
}
