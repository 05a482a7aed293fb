package domain

import (
	"github.com/seed-2026d078/roster/events"
)

// AccessInOrganization is [Organization.InOrganization] with the sources: the person's role, and the one to which they are elevated. The
// sources are of the kinds ThroughRole and ThroughElevation, and their roles are those of the organization.
func (o Organization) AccessInOrganization(user events.UserID) Access {
	access := o.InOrganization(user)
	if access.Reason != "" {
		return access
	}
	member := o.members.At(user)
	access.Sources = []Source{{
		Kind: ThroughRole, Role: member.Role, Levels: member.Levels(), Bypass: o.scheme.organization.find(member.Role).Bypass,
		Began: later(member.RoleGiven.At, member.From()), From: member.From(), Until: member.Until(), Origin: member.RoleGiven,
	}}
	if e, elevated := o.Elevation(user, ""); elevated {
		access.Sources = append(access.Sources, Source{
			Kind: ThroughElevation, Role: e.Role, Bypass: o.scheme.organization.find(e.Role).Bypass, Began: e.At, Until: e.Until, Elevation: e, Origin: e.Origin,
		})
	}
	return access
}

// InOrganization returns what somebody may do in the organization itself, without the sources.
func (o Organization) InOrganization(user events.UserID) Access {
	if o.scheme == nil {
		return Access{Reason: NotMember}
	}
	access := Access{Reason: o.inactiveReason(user, o.members.At(user)), permissions: o.scheme.organization.permissions}
	if access.Reason == "" {
		member := o.members.At(user)
		access.Role, access.levels = o.heldRole(member), o.levels(member)
	}
	access.ReadOnly = o.archived
	access.limitToView()
	return access
}

// levels returns the member's level of every permission in the organization: the higher of what their role gives, with
// levels of their own, and what an elevation gives.
func (o Organization) levels(member *Member) []level {
	levels := o.scheme.organization.levelsOf(member.Role, member.compiledLevels())
	if elevated := o.elevatedRole(member); elevated != "" {
		return highestOf(levels, o.scheme.organization.levelsOf(elevated, nil))
	}
	return levels
}

// levelsOf returns what a holder of a role with levels of their own has.
func (r roleSet) levelsOf(key events.RoleKey, own []level) []level {
	role := r.find(key)
	if role.Bypass {
		return r.fullLevels()
	}
	return role.levelsWith(own)
}
