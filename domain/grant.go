package domain

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Grant is a role given to one person on one project.
type Grant struct {
	Project events.ProjectID
	Role    events.RoleKey
	events.Origin

	// optional is nil if the grant has none of the optional attributes.
	optional *grantAttributes
}

// grantAttributes are the attributes that few grants have. The value is never changed,
// only replaced.
type grantAttributes struct {
	until   time.Time
	creator bool
	// levels are the person's own on the project; compiled are the same as numbers.
	levels   events.Levels
	compiled []level
}

// Until returns when the grant ends; the zero value never does.
func (g Grant) Until() time.Time {
	if g.optional == nil {
		return time.Time{}
	}
	return g.optional.until
}

// Levels returns the person's own levels on the project; nil for none.
func (g Grant) Levels() events.Levels {
	if g.optional == nil {
		return nil
	}
	return g.optional.levels
}

// Creator reports whether the grant came with creating the project.
func (g Grant) Creator() bool { return g.optional != nil && g.optional.creator }

func (g *Grant) kind() SourceKind {
	if g.Creator() {
		return Creator
	}
	return Direct
}

// compiledLevels returns the person's own levels as numbers; nil for none.
func (g *Grant) compiledLevels() []level {
	if g.optional == nil {
		return nil
	}
	return g.optional.compiled
}

// change replaces the optional attributes of the grant.
func (g *Grant) change(change func(*grantAttributes)) {
	var t grantAttributes
	if g.optional != nil {
		t = *g.optional
	}
	change(&t)
	g.optional = &t
}

func (o Organization) addProjectMember(transient *champ.Transient, e events.ProjectMemberAdded, origin events.Origin) Organization {
	g := Grant{Project: e.Project, Role: e.Role, Origin: origin}
	if len(e.Levels) > 0 || !e.Until.IsZero() || e.Creator {
		g.optional = &grantAttributes{until: e.Until, creator: e.Creator, levels: e.Levels, compiled: o.scheme.project.compile(e.Levels)}
	}
	return o.setGrant(transient, e.Member, g)
}

// changeProjectRole keeps the attributes of the grant, except own levels if the new
// role has none.
func (o Organization) changeProjectRole(transient *champ.Transient, e events.ProjectRoleChanged, origin events.Origin) Organization {
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
