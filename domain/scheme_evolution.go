package domain

import (
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// mappedRole returns the role that replaces another one: the same role if it is not
// mapped.
func mappedRole(by map[events.RoleKey]events.RoleKey, role events.RoleKey) events.RoleKey {
	if to, ok := by[role]; ok {
		return to
	}
	return role
}

// changeScheme puts the organization under other rules. It maps every role, and drops
// levels that the new rules lack.
func (s *state) changeScheme(e events.SchemeChanged) {
	s.scheme = sharedScheme(e.Scheme)
	s.deactivated, s.ending, s.starting = 0, champ.Map[events.UserID, struct{}]{}, champ.Map[events.UserID, struct{}]{}
	s.holders = champ.Map[events.RoleKey, int]{}
	s.everywhere = champ.Map[events.RoleKey, champ.Map[events.UserID, struct{}]]{}
	for _, user := range slices.Collect(s.elevated.Keys()) {
		s.dropElevations(user)
	}
	// A loop over what is changed in place ends before the change.
	for _, user := range slices.Collect(s.members.Keys()) {
		s.changeMember(user, func(m *Member) { *m = s.convertMember(*m, e) })
		s.countMember(user, s.members.At(user), +1)
	}
	for _, id := range slices.Collect(s.teams.Keys()) {
		s.changeTeam(id, func(t *Team) {
			for _, user := range slices.Collect(t.members.Keys()) {
				members, teamMember := champ.Update(s.owner, t.members, user)
				teamMember.Role = s.scheme.team.intern(mappedRole(e.TeamRoles, teamMember.Role))
				t.members = members
			}
		})
	}
	s.findAncestors()
	for _, id := range slices.Collect(s.projects.Keys()) {
		assigned := s.projects.At(id).assignments
		s.changeProject(id, func(p *Project) {
			if !s.scheme.PublicLink.Allowed {
				p.link = nil
			}
		})
		for a := range assigned.values() {
			a.Role = mappedRole(e.ProjectRoles, a.Role)
			s.assign(id, a)
		}
	}
	for _, id := range slices.Collect(s.invites.Keys()) {
		s.changeInvite(id, func(i *Invite) { *i = i.converted(s.scheme, e) })
	}
	s.convertAccessRequests(e)
	for _, name := range slices.Collect(s.emailDomains.Keys()) {
		s.changeEmailDomain(name, func(d *EmailDomain) { d.Role = mappedRole(e.OrganizationRoles, d.Role) })
	}
}

// convertMember returns a member under the new rules.
func (s *state) convertMember(m Member, e events.SchemeChanged) Member {
	m.Role = s.scheme.organization.intern(mappedRole(e.OrganizationRoles, m.Role))
	if m.optional != nil {
		m.change(func(a *memberAttributes) {
			a.levels = s.scheme.organization.convertLevels(m.Role, a.levels)
			a.compiled, a.kept = s.scheme.organization.compile(a.levels), nil
		})
	}
	m.grants = m.grants.with(func(g *Grant) {
		g.Role = s.scheme.project.intern(mappedRole(e.ProjectRoles, g.Role))
		if g.optional != nil {
			g.change(func(a *grantAttributes) {
				a.levels = s.scheme.project.convertLevels(g.Role, a.levels)
				a.compiled, a.kept = s.scheme.project.compile(a.levels), nil
			})
		}
	})
	return m
}

// convertLevels keeps own levels that the rules know, if the role may have own levels.
func (r roleSet) convertLevels(key events.RoleKey, levels events.Levels) events.Levels {
	if role := r.find(key); role == nil || role.OwnLevels == "" {
		return nil
	}
	return r.knownLevels(levels)
}

// knownLevels keeps the levels that the rules know; nil if there are none.
func (r roleSet) knownLevels(levels events.Levels) events.Levels {
	kept := maps.Clone(levels)
	maps.DeleteFunc(kept, func(p events.PermissionKey, l events.Level) bool { return r.validateLevel(p, l) != nil })
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func (i Invite) converted(s *Scheme, e events.SchemeChanged) Invite {
	i.Role = mappedRole(e.OrganizationRoles, i.Role)
	i.Levels = s.organization.convertLevels(i.Role, i.Levels)
	i.projects = slices.Clone(i.projects)
	for n := range i.projects {
		p := &i.projects[n]
		p.Role = mappedRole(e.ProjectRoles, p.Role)
		p.Levels = s.project.convertLevels(p.Role, p.Levels)
	}
	i.teams = slices.Clone(i.teams)
	for n := range i.teams {
		i.teams[n].Role = mappedRole(e.TeamRoles, i.teams[n].Role)
	}
	return i
}
