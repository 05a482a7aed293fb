package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// RetireRole takes a role of the organization's own out of its rules.
type RetireRole struct {
	Kind events.RoleKind
	Role events.RoleKey
}

// Decide lets those whom the scheme allows retire roles that nobody holds, that no
// team confers, and that no invite offers.
func (c RetireRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	role, err := org.roleToRedefine(m.Actor, RetiringRole, c.Kind, c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.validateDefinition(m.Actor, c.Kind, role); err != nil {
		return nil, err
	}
	if held := org.rolesInUse()[c.Kind][c.Role]; held > 0 {
		return nil, ErrRoleHeld.Because("The role %q is held or offered %s still; give another one first.", c.Role, phrase.Count(held, "time", "times"))
	}
	return []events.Event{events.RoleRetired{Kind: c.Kind, Role: c.Role}}, nil
}

// rolesInUse counts how often each role of a kind is held, assigned, or offered by an invite
// that stands.
func (o Organization) rolesInUse() map[events.RoleKind]map[events.RoleKey]int {
	inOrganization, onProjects := map[events.RoleKey]int{}, map[events.RoleKey]int{}
	used := map[events.RoleKind]map[events.RoleKey]int{events.OrganizationRoleKind: inOrganization, events.ProjectRoleKind: onProjects}
	for _, member := range o.members.All() {
		if !o.spend(stepsToVisit * (1 + member.grants.len())) {
			return used
		}
		inOrganization[member.Role]++
		for grant := range member.grants.all() {
			onProjects[grant.Role]++
		}
	}
	for _, invite := range o.invites.All() {
		if !o.spend(stepsToVisit) {
			return used
		}
		if !o.inviteStands(invite) {
			continue
		}
		inOrganization[invite.Role]++
		for _, p := range invite.projects {
			onProjects[p.Role]++
		}
	}
	for _, project := range o.projects.All() {
		if !o.spend(stepsToVisit * (1 + project.assignments.len())) {
			return used
		}
		for a := range project.assignments.all() {
			if a.Role != "" {
				onProjects[a.Role]++
			}
		}
	}
	return used
}
