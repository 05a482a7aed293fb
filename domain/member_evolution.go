package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

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

func (o Organization) changeMemberRole(transient *champ.Transient, e events.RoleChanged, origin events.Origin) Organization {
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

// changeAttributes is change for attributes that decide whether the member is counted.
func (o Organization) changeAttributes(transient *champ.Transient, id events.UserID, change func(*memberAttributes)) Organization {
	return o.changeAndRecount(transient, id, func(m *Member) { m.change(change) })
}

func (o Organization) setLevels(transient *champ.Transient, e events.MemberLevelsChanged) Organization {
	return o.changeMember(transient, e.Member, func(m *Member) {
		m.change(func(s *memberAttributes) { s.levels, s.compiled = e.To, o.scheme.organization.compile(e.To) })
	})
}

// attest keeps the newest review of each project, and the newest of everything.
func (o Organization) attest(transient *champ.Transient, e events.AccessAttested, origin events.Origin) Organization {
	return o.changeMember(transient, e.Member, func(m *Member) {
		m.change(func(s *memberAttributes) {
			i, found := slices.BinarySearchFunc(s.attested, e.Project, func(a attestation, p events.ProjectID) int { return cmp.Compare(a.project, p) })
			if found {
				s.attested = slices.Clone(s.attested)
				s.attested[i].Origin = origin
				return
			}
			s.attested = slices.Insert(slices.Clip(s.attested), i, attestation{e.Project, origin})
		})
	})
}
