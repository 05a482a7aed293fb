package domain

import (
	"cmp"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// addMember says that the sender of an accepted invite gave the membership.
func (s *state) addMember(e events.MemberJoined, origin events.Origin) {
	if e.Invite != "" {
		origin.Actor = e.InvitedBy
	}
	member := Member{
		Role:    s.scheme.organization.intern(e.Role),
		Profile: &Profile{Login: e.Login, Name: e.Name, Email: e.Email, address: e.Address, Joined: origin, RoleGiven: origin, invite: e.Invite},
	}
	if len(e.Levels) > 0 || !e.Until.IsZero() {
		member.optional = &memberAttributes{levels: e.Levels, compiled: s.scheme.organization.compile(e.Levels), until: e.Until}
	}
	if e.Address != "" {
		s.addresses = s.addresses.SetTransient(s.owner, e.Address, e.Member)
	}
	s.members = s.members.SetTransient(s.owner, e.Member, member)
	s.countMember(e.Member, &member, +1)
}

func (s *state) changeMemberRole(e events.RoleChanged, origin events.Origin) {
	s.changeAndRecount(e.Member, func(m *Member) {
		profile := *m.Profile
		profile.RoleGiven = origin
		m.Role, m.Profile = s.scheme.organization.intern(e.To), &profile
		if m.optional != nil && s.scheme.organization.find(m.Role).OwnLevels == "" {
			m.change(func(a *memberAttributes) { a.levels, a.compiled = nil, nil })
		}
	})
}

func (s *state) removeMember(id events.UserID, origin events.Origin) {
	if s.invites.Len() > 0 {
		s.removed = s.removed.SetTransient(s.owner, id, origin)
	}
	member, _ := s.members.Get(id)
	for _, grant := range member.grants {
		s.removeGrant(grant.Project, id)
	}
	for _, team := range member.teams {
		s.removeTeamMember(team, id)
	}
	for override := range member.Overrides() {
		s.clearOverride(override.Project, id, override.Permission)
	}
	s.members = s.members.DeleteTransient(s.owner, id)
	s.addresses = s.addresses.DeleteTransient(s.owner, member.address)
	s.countMember(id, &member, -1)
}

// changeAndRecount is changeMember for changes that decide whether and where the member
// is counted.
func (s *state) changeAndRecount(id events.UserID, change func(*Member)) {
	s.countMember(id, s.members.At(id), -1)
	s.changeMember(id, change)
	s.countMember(id, s.members.At(id), +1)
}

// countMember adds more, which is 1 or -1, to each count that includes the member.
func (s *state) countMember(id events.UserID, m *Member, more int) {
	if m.permanent() {
		holders, n := s.holders.UpdateTransient(s.owner, m.Role)
		*n += more
		s.holders = holders
	}
	switch everywhere := s.scheme.RoleOnAllProjects(m.Role) != ""; {
	case everywhere && more > 0:
		s.everywhere = s.everywhere.SetTransient(s.owner, id, struct{}{})
	case everywhere:
		s.everywhere = s.everywhere.DeleteTransient(s.owner, id)
	}
	switch {
	case m.optional == nil:
	case m.optional.deactivated != nil:
		s.deactivated += more
	case !m.optional.until.IsZero() && more > 0:
		s.ending = s.ending.SetTransient(s.owner, id, struct{}{})
	case !m.optional.until.IsZero():
		s.ending = s.ending.DeleteTransient(s.owner, id)
	}
}

// changeAttributes is change for attributes that decide whether the member is counted.
func (s *state) changeAttributes(id events.UserID, change func(*memberAttributes)) {
	s.changeAndRecount(id, func(m *Member) { m.change(change) })
}

func (s *state) setLevels(e events.MemberLevelsChanged) {
	s.changeMember(e.Member, func(m *Member) {
		m.change(func(a *memberAttributes) { a.levels, a.compiled = e.To, s.scheme.organization.compile(e.To) })
	})
}

// attest keeps the newest review of each project, and the newest of everything.
func (s *state) attest(e events.AccessAttested, origin events.Origin) {
	s.changeMember(e.Member, func(m *Member) {
		m.change(func(a *memberAttributes) {
			i, found := slices.BinarySearchFunc(a.attested, e.Project, func(review attestation, p events.ProjectID) int { return cmp.Compare(review.project, p) })
			if found {
				a.attested = slices.Clone(a.attested)
				a.attested[i].Origin = origin
				return
			}
			a.attested = slices.Insert(slices.Clip(a.attested), i, attestation{e.Project, origin})
		})
	})
}
