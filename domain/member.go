package domain

import (
	"cmp"
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/champ"
	"github.com/seed-2026d078/roster/events"
)

// Member is somebody in the organization.
type Member struct {
	Role events.RoleKey
	// Profile is apart, so that what checks look at lies close together.
	*Profile

	// grants are in the order of their projects, teams in order.
	grants []Grant
	teams  []events.TeamID
}

// Profile is what nobody needs for deciding about access. It is never changed,
// only replaced.
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

// Grant is a role given to one person on one project.
type Grant struct {
	Project events.ProjectID
	Role    events.RoleKey
	events.Origin
}

// Grants lists the member's direct grants, in the order of their projects.
func (m Member) Grants() iter.Seq[Grant] { return slices.Values(m.grants) }

// Grant returns the member's direct grant on a project, and whether there is one.
func (m Member) Grant(project events.ProjectID) (Grant, bool) {
	if grant := m.granted(project); grant != nil {
		return *grant, true
	}
	return Grant{}, false
}

func (m *Member) granted(project events.ProjectID) *Grant {
	if len(m.grants) <= few {
		for i := range m.grants {
			if m.grants[i].Project == project {
				return &m.grants[i]
			}
		}
		return nil
	}
	if i, found := m.place(project); found {
		return &m.grants[i]
	}
	return nil
}

func (m *Member) place(project events.ProjectID) (int, bool) {
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

func (o Organization) join(edit *champ.Edit, e events.MemberJoined, origin events.Origin) Organization {
	o.members = o.members.SetIn(edit, e.Member, Member{
		Role:    o.scheme.organization.intern(e.Role),
		Profile: &Profile{Login: e.Login, Name: e.Name, Email: e.Email, address: e.Address, Joined: origin, RoleGiven: origin},
	})
	if e.Address != "" {
		o.addresses = o.addresses.SetIn(edit, e.Address, e.Member)
	}
	return o.count(edit, e.Role, +1)
}

func (o Organization) changeRole(edit *champ.Edit, e events.RoleChanged, origin events.Origin) Organization {
	to := o.scheme.organization.intern(e.To)
	o = o.count(edit, o.members.At(e.Member).Role, -1).count(edit, to, +1)
	return o.changeMember(edit, e.Member, func(m *Member) {
		profile := *m.Profile
		profile.RoleGiven = origin
		m.Role, m.Profile = to, &profile
	})
}

func (o Organization) removeMember(edit *champ.Edit, id events.UserID) Organization {
	member, _ := o.members.Get(id)
	for _, grant := range member.grants {
		o = o.withdraw(edit, grant.Project, id)
	}
	for _, team := range member.teams {
		o = o.leaveTeam(edit, team, id)
	}
	o.members = o.members.DeleteIn(edit, id)
	o.addresses = o.addresses.DeleteIn(edit, member.address)
	return o.count(edit, member.Role, -1)
}

func (o Organization) count(edit *champ.Edit, role events.RoleKey, more int) Organization {
	holders, n := o.holders.ChangeIn(edit, role)
	*n += more
	o.holders = holders
	return o
}
