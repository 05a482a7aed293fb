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
func (o Organization) changeScheme(transient *champ.Transient, e events.SchemeChanged) Organization {
	o.scheme = sharedScheme(e.Scheme)
	o.holders, o.ending, o.deactivated = champ.Map[events.RoleKey, int]{}, champ.Map[events.UserID, struct{}]{}, 0
	o.everywhere = champ.Map[events.UserID, struct{}]{}
	// A loop over what is changed in place ends before the change.
	for _, user := range slices.Collect(o.members.Keys()) {
		o = o.changeMember(transient, user, func(m *Member) { *m = o.convertMember(*m, e) })
		o = o.countMember(transient, user, o.members.At(user), +1)
	}
	for _, id := range slices.Collect(o.teams.Keys()) {
		o = o.changeTeam(transient, id, func(t *Team) {
			for _, user := range slices.Collect(t.members.Keys()) {
				members, teamMember := t.members.UpdateTransient(transient, user)
				teamMember.Role = o.scheme.team.intern(mappedRole(e.TeamRoles, teamMember.Role))
				t.members = members
			}
		})
	}
	for _, id := range slices.Collect(o.projects.Keys()) {
		assigned := slices.Collect(o.projects.At(id).Assignments())
		o = o.changeProject(transient, id, func(p *Project) {
			p.assignments = nil
			if !o.scheme.PublicLink.Allowed {
				p.link = nil
			}
		})
		for _, a := range assigned {
			a.Role = mappedRole(e.ProjectRoles, a.Role)
			o = o.assign(transient, id, a)
		}
	}
	for _, id := range slices.Collect(o.invites.Keys()) {
		invites, invite := o.invites.UpdateTransient(transient, id)
		*invite = invite.converted(o.scheme, e)
		o.invites = invites
	}
	return o
}

// convertMember returns a member under the new rules.
func (o Organization) convertMember(m Member, e events.SchemeChanged) Member {
	m.Role = o.scheme.organization.intern(mappedRole(e.OrganizationRoles, m.Role))
	if m.optional != nil {
		m.change(func(s *memberAttributes) {
			s.levels = o.scheme.organization.convertLevels(m.Role, s.levels)
			s.compiled = o.scheme.organization.compile(s.levels)
		})
	}
	m.grants = slices.Clone(m.grants)
	for i := range m.grants {
		g := &m.grants[i]
		g.Role = o.scheme.project.intern(mappedRole(e.ProjectRoles, g.Role))
		if g.optional != nil {
			g.change(func(t *grantAttributes) {
				t.levels = o.scheme.project.convertLevels(g.Role, t.levels)
				t.compiled = o.scheme.project.compile(t.levels)
			})
		}
	}
	return m
}

// convertLevels keeps own levels that the rules know, if the role may have own levels.
func (r roleSet) convertLevels(key events.RoleKey, levels events.Levels) events.Levels {
	if role := r.find(key); role == nil || role.OwnLevels == "" {
		return nil
	}
	return r.knownLevels(levels)
}

// knownLevels keeps the levels that the rules know.
func (r roleSet) knownLevels(levels events.Levels) events.Levels {
	kept := maps.Clone(levels)
	maps.DeleteFunc(kept, func(p events.PermissionKey, l events.Level) bool { return r.validateLevel(p, l) != nil })
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
	return i
}
