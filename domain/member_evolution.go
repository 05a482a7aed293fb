package domain

import (
	"cmp"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// addMember says that the sender of an accepted invite gave the membership.
func (s *state) addMember(e events.MemberJoined, origin events.Origin) {
	if e.Invite != "" {
		origin.Actor = e.InvitedBy
	}
	member := Member{
		Role: s.scheme.organization.intern(e.Role),
		term: newTerm(e.From, e.Until),
		Profile: &Profile{Joined: origin, RoleGiven: origin, invite: e.Invite, PersonalData: PersonalData{
			Name: e.Name, Login: cmp.Or(e.Login, events.InClear(e.ClearLogin)), Email: e.Email, Address: e.Address, Avatar: e.Avatar,
			ExternalID: e.ExternalID, ExternalIDHash: e.ExternalIDHash, Metadata: withMetadata(nil, e.Metadata),
		}},
	}
	if len(e.Levels) > 0 {
		member.optional = &memberAttributes{levels: e.Levels, compiled: s.scheme.organization.compile(e.Levels)}
	}
	s.knowBy(e.Member, member.PersonalData)
	s.erased = champ.Delete(s.owner, s.erased, e.Member)
	s.members = champ.Set(s.owner, s.members, keptID(e.Member), member)
	s.countMember(e.Member, &member, +1)
	s.keepInviteOf(e.Member, e.Invite)
}

// changeProfile replaces what the event says anew about a member.
func (s *state) changeProfile(e events.ProfileChanged) {
	s.changeMember(e.Member, func(m *Member) {
		profile := *m.Profile
		s.forget(profile.PersonalData)
		profile.apply(e)
		s.knowBy(e.Member, profile.PersonalData)
		m.Profile = &profile
	})
}

// knowBy lets a member be found by their address and their external id.
func (s *state) knowBy(id events.UserID, d PersonalData) {
	if d.Address != "" {
		s.addresses = champ.Set(s.owner, s.addresses, d.Address, id)
	}
	if d.ExternalIDHash != "" {
		s.externalIDs = champ.Set(s.owner, s.externalIDs, d.ExternalIDHash, id)
	}
}

// forget undoes knowBy.
func (s *state) forget(d PersonalData) {
	s.addresses = champ.Delete(s.owner, s.addresses, d.Address)
	s.externalIDs = champ.Delete(s.owner, s.externalIDs, d.ExternalIDHash)
}

func (s *state) changeMemberRole(e events.RoleChanged, origin events.Origin) {
	s.changeAndRecount(e.Member, func(m *Member) {
		profile := *m.Profile
		profile.RoleGiven = origin
		m.Role, m.Profile = s.scheme.organization.intern(e.To), &profile
		if m.optional != nil {
			m.change(func(a *memberAttributes) {
				a.levels, a.kept = s.scheme.organization.find(m.Role).keepLevels(a.levels, a.kept, e.KeptLevels)
				a.compiled = s.scheme.organization.compile(a.levels)
			})
		}
	})
}

// keepLevels returns the own levels of somebody who gets the role, and those that are put
// aside. Events from before levels were kept put none aside.
func (r *role) keepLevels(own, kept, toKeep events.Levels) (levels, aside events.Levels) {
	switch {
	case r.OwnLevels == "":
		return nil, toKeep
	case len(own) == 0:
		return kept, nil
	}
	return own, nil
}

func (s *state) removeMember(id events.UserID, origin events.Origin) {
	if s.invites.Len() > 0 || s.emailDomains.Len() > 0 {
		s.removed = champ.Set(s.owner, s.removed, id, origin)
	}
	s.dropElevations(id)
	member, _ := s.members.Get(id)
	for grant := range member.grants.all() {
		s.removeGrant(grant.Project, id)
	}
	for _, team := range member.teams {
		s.removeTeamMember(team, id)
	}
	for override := range member.Overrides() {
		s.clearOverride(override.Project, id, override.Permission)
	}
	s.members = champ.Delete(s.owner, s.members, id)
	s.noticePreferences = champ.Delete(s.owner, s.noticePreferences, id)
	s.forget(member.PersonalData)
	s.countMember(id, &member, -1)
	s.releaseInviteOf(id, member.invite)
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
	if s.scheme.RoleOnAllProjects(m.Role) != "" {
		everywhere, people := champ.Update(s.owner, s.everywhere, m.Role)
		*people = countedIn(s.owner, *people, id, more)
		s.everywhere = everywhere
	}
	switch {
	case m.isDeactivated():
		s.deactivated += more
	case m.until != 0:
		s.ending = countedIn(s.owner, s.ending, id, more)
	case !m.started(time.Time{}):
		s.starting = countedIn(s.owner, s.starting, id, more)
	default:
		holders, n := champ.Update(s.owner, s.holders, m.Role)
		*n += more
		s.holders = holders
	}
}

// countedIn returns a set with somebody if more is 1, and without them if it is -1.
func countedIn(owner *champ.Transient, all champ.Map[events.UserID, struct{}], id events.UserID, more int) champ.Map[events.UserID, struct{}] {
	if more > 0 {
		return champ.Set(owner, all, id, struct{}{})
	}
	return champ.Delete(owner, all, id)
}

// changeEnd changes when the membership ends. One that has ended begins again.
func (m *Member) changeEnd(to time.Time, origin events.Origin) {
	if m.ended(origin.At) {
		m.change(func(a *memberAttributes) { a.resumed = &origin })
	}
	m.end(to)
}

func (s *state) setLevels(e events.MemberLevelsChanged) {
	s.changeMember(e.Member, func(m *Member) {
		m.change(func(a *memberAttributes) {
			a.levels, a.compiled, a.kept = e.To, s.scheme.organization.compile(e.To), nil
		})
	})
}

// attest keeps the newest review of each project, and the newest of everything.
func (s *state) attest(e events.AccessAttested, origin events.Origin) {
	s.changeMember(e.Member, func(m *Member) {
		m.change(func(a *memberAttributes) {
			a.attested = a.attested.set(attestation{e.Project, origin}, attestationOf(e.Project))
		})
	})
}
