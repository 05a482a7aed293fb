package domain

import (
	"cmp"
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Member is somebody in the organization.
type Member struct {
	Role events.RoleKey
	// Profile is behind a pointer, so that what a check reads takes little memory.
	*Profile

	// grants are in the order of their projects, teams in order.
	grants []Grant
	teams  []events.TeamID
	// optional is nil if the member has none of the optional attributes.
	optional *memberAttributes
}

// Profile holds what no decision about access needs. The value is never changed, only
// replaced.
type Profile struct {
	Login string
	Name  events.Sealed
	Email events.Sealed
	// Joined is the event that began the membership.
	Joined events.Origin
	// RoleGiven is the event that gave the present role.
	RoleGiven events.Origin

	address events.AddressHash
}

// Grants lists the member's direct grants, in the order of their projects.
func (m Member) Grants() iter.Seq[Grant] { return slices.Values(m.grants) }

// Grant returns the member's direct grant on a project, and whether there is one.
func (m Member) Grant(project events.ProjectID) (Grant, bool) {
	if grant := m.findGrant(project); grant != nil {
		return *grant, true
	}
	return Grant{}, false
}

// findGrant returns the member's grant on a project; nil if there is none.
func (m *Member) findGrant(project events.ProjectID) *Grant {
	if len(m.grants) <= linearSearchMax {
		for i := range m.grants {
			if m.grants[i].Project == project {
				return &m.grants[i]
			}
		}
		return nil
	}
	if i, found := m.grantIndex(project); found {
		return &m.grants[i]
	}
	return nil
}

// grantIndex returns where the grant on a project is, or belongs.
func (m *Member) grantIndex(project events.ProjectID) (int, bool) {
	return slices.BinarySearchFunc(m.grants, project, func(g Grant, p events.ProjectID) int { return cmp.Compare(g.Project, p) })
}

// Teams lists the teams that the member is in directly, in order.
func (m Member) Teams() iter.Seq[events.TeamID] { return slices.Values(m.teams) }

// Member returns somebody's membership, and whether there is one.
func (o Organization) Member(id events.UserID) (Member, bool) {
	if member := o.members.At(id); member != nil {
		return *member, true
	}
	return Member{Profile: new(Profile)}, false
}

// Members yields every member, in no particular order.
func (o Organization) Members() iter.Seq2[events.UserID, Member] { return o.members.All() }

// CountMembers returns how many members there are.
func (o Organization) CountMembers() int { return o.members.Len() }

func (o Organization) addMember(transient *champ.Transient, e events.MemberJoined, origin events.Origin) Organization {
	member := Member{
		Role:    o.scheme.organization.intern(e.Role),
		Profile: &Profile{Login: e.Login, Name: e.Name, Email: e.Email, address: e.Address, Joined: origin, RoleGiven: origin},
	}
	if len(e.Levels) > 0 || !e.Until.IsZero() {
		member.optional = &memberAttributes{levels: e.Levels, compiled: o.scheme.organization.compile(e.Levels), until: e.Until}
	}
	if e.Address != "" {
		o.addresses = o.addresses.SetTransient(transient, e.Address, e.Member)
	}
	o.members = o.members.SetTransient(transient, e.Member, member)
	return o.countMember(transient, e.Member, &member, +1)
}

func (o Organization) changeRole(transient *champ.Transient, e events.RoleChanged, origin events.Origin) Organization {
	return o.changeAndRecount(transient, e.Member, func(m *Member) {
		profile := *m.Profile
		profile.RoleGiven = origin
		m.Role, m.Profile = o.scheme.organization.intern(e.To), &profile
		if m.optional != nil && o.scheme.organization.find(m.Role).OwnLevels == "" {
			m.change(func(s *memberAttributes) { s.levels, s.compiled = nil, nil })
		}
	})
}

func (o Organization) removeMember(transient *champ.Transient, id events.UserID) Organization {
	member, _ := o.members.Get(id)
	for _, grant := range member.grants {
		o = o.removeGrant(transient, grant.Project, id)
	}
	for _, team := range member.teams {
		o = o.removeTeamMember(transient, team, id)
	}
	for override := range member.Overrides() {
		o = o.clearOverride(transient, override.Project, id, override.Permission)
	}
	o.members = o.members.DeleteTransient(transient, id)
	o.addresses = o.addresses.DeleteTransient(transient, member.address)
	return o.countMember(transient, id, &member, -1)
}

func (o Organization) changeMember(transient *champ.Transient, id events.UserID, change func(*Member)) Organization {
	members, member := o.members.UpdateTransient(transient, id)
	change(member)
	o.members = members
	return o
}

// changeAndRecount is changeMember for changes that decide whether and where the member
// is counted.
func (o Organization) changeAndRecount(transient *champ.Transient, id events.UserID, change func(*Member)) Organization {
	o = o.countMember(transient, id, o.members.At(id), -1)
	o = o.changeMember(transient, id, change)
	return o.countMember(transient, id, o.members.At(id), +1)
}

// countMember adds more, which is 1 or -1, to each count that includes the member.
func (o Organization) countMember(transient *champ.Transient, id events.UserID, m *Member, more int) Organization {
	if m.permanent() {
		holders, n := o.holders.UpdateTransient(transient, m.Role)
		*n += more
		o.holders = holders
	}
	switch everywhere := o.scheme.RoleOnAllProjects(m.Role) != ""; {
	case everywhere && more > 0:
		o.everywhere = o.everywhere.SetTransient(transient, id, struct{}{})
	case everywhere:
		o.everywhere = o.everywhere.DeleteTransient(transient, id)
	}
	switch {
	case m.optional == nil:
	case m.optional.deactivated != nil:
		o.deactivated += more
	case !m.optional.until.IsZero() && more > 0:
		o.ending = o.ending.SetTransient(transient, id, struct{}{})
	case !m.optional.until.IsZero():
		o.ending = o.ending.DeleteTransient(transient, id)
	}
	return o
}
