package domain

import (
	"cmp"
	"maps"
	"reflect"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// ChangeScheme puts the organization under another scheme, or another version of its
// own. Roles that are not mapped keep their keys.
type ChangeScheme struct {
	Scheme            *Scheme
	OrganizationRoles map[events.RoleKey]events.RoleKey
	ProjectRoles      map[events.RoleKey]events.RoleKey
	TeamRoles         map[events.RoleKey]events.RoleKey
	// BlockNew accepts a scheme with fewer seats than would be in use, as in [ChangeSeats].
	BlockNew bool
}

// Decide lets holders of the highest role change the scheme, if it allows that. The new
// scheme must know every team and role in use, rank nobody above the actor, leave
// enough holders of each role that must be held, and have a seat for everybody who holds one.
func (c ChangeScheme) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, ChangingScheme, About{}); err != nil {
		return nil, err
	}
	if err := org.requireHighest(m.Actor); err != nil {
		return nil, err
	}
	to := c.withCustomRoles(org)
	changed := events.SchemeChanged{Scheme: to.Scheme, OrganizationRoles: c.OrganizationRoles, ProjectRoles: c.ProjectRoles, TeamRoles: c.TeamRoles}
	if reflect.DeepEqual(to.Scheme, org.scheme.Scheme) && c.countMapped() == 0 {
		return nil, nil // already so
	}
	if err := org.validateTeams(to); err != nil {
		return nil, err
	}
	inUse := org.rolesInUse()
	for _, kind := range []struct {
		used          map[events.RoleKey]int
		mapping       map[events.RoleKey]events.RoleKey
		present, next roleSet
	}{
		{inUse[events.OrganizationRoleKind], c.OrganizationRoles, org.scheme.organization, to.organization},
		{inUse[events.ProjectRoleKind], c.ProjectRoles, org.scheme.project, to.project},
		{org.teamRolesInUse(), c.TeamRoles, org.scheme.team, to.team},
	} {
		if err := validateMapping(kind.used, kind.mapping, kind.present, kind.next); err != nil {
			return nil, err
		}
	}
	if err := c.validateRanks(org, to, m.Actor, inUse); err != nil {
		return nil, err
	}
	after := org.afterEvents(m, []events.Event{changed})
	if err := org.checkHoldersUnder(to, after); err != nil {
		return nil, err
	}
	if !c.BlockNew {
		if err := org.checkSeatsAfter(after); err != nil {
			return nil, err
		}
	}
	return []events.Event{changed}, nil
}

// requireHighest fails unless the actor is the system, or a member with the highest role.
func (o Organization) requireHighest(actor events.UserID) error {
	if highest := o.scheme.organization.highest(); actor != events.System && o.members.At(actor).Role != highest {
		return ErrNotAllowed.Because("Only a holder of the role %q changes the scheme.", highest)
	}
	return nil
}

// countMapped counts the roles that are mapped to another role.
func (c ChangeScheme) countMapped() int {
	n := 0
	for _, mapping := range []map[events.RoleKey]events.RoleKey{c.OrganizationRoles, c.ProjectRoles, c.TeamRoles} {
		for from, to := range mapping {
			if from != to {
				n++
			}
		}
	}
	return n
}

// checkHoldersUnder fails if, under the new scheme, a role that must be held would have
// too few holders: in the organization, or on a project where such roles are held now.
func (o Organization) checkHoldersUnder(to *Scheme, after Organization) error {
	for _, role := range to.organization.roles {
		if held := after.countHolders(role.Key, role.AtLeast); held < role.AtLeast && o.members.Len() > 0 {
			return ErrLastHolder.Because("Under the new scheme %s would be %q, and %d must be; map a role to it.", phrase.Count(held, "member", "members"), role.Key, role.AtLeast)
		}
	}
	before := o.onlyLasting()
	after = after.onlyLasting()
	for _, role := range to.project.roles {
		for id := range o.projects.Keys() {
			if !o.spend(stepsToVisit) {
				return nil
			}
			if mustBeHeld(role.Role) && before.hasRequiredHolders(id) && after.projectHolders(id, role.Key, role.AtLeast) < role.AtLeast {
				return ErrLastHolder.Because("Under the new scheme project %q would have fewer than %d %q; map a role to it.", id, role.AtLeast, role.Key)
			}
		}
	}
	return nil
}

// hasRequiredHolders reports whether a project has enough holders of some role that
// must be held.
func (o Organization) hasRequiredHolders(id events.ProjectID) bool {
	return slices.ContainsFunc(o.scheme.project.roles, func(r role) bool {
		return mustBeHeld(r.Role) && o.projectHolders(id, r.Key, r.AtLeast) == r.AtLeast
	})
}

// withCustomRoles adds the organization's own roles to the new scheme, if it allows
// such roles, has no role with the same key or label, and would have let the organization define
// them. Holders of any other role need a mapping.
func (c ChangeScheme) withCustomRoles(org Organization) *Scheme {
	to := c.Scheme
	for _, kind := range []events.RoleKind{events.OrganizationRoleKind, events.ProjectRoleKind} {
		if !to.customLimit(kind).Allowed {
			continue
		}
		for _, role := range org.scheme.roleSet(kind).roles {
			if _, mapped := c.mapping(kind)[role.Key]; !role.Custom || mapped || to.roleSet(kind).requireFreeKey(role.Key) != nil {
				continue
			}
			kept := role.Role
			kept.Levels = to.roleSet(kind).knownLevels(kept.Levels)
			if to.validateCustomRole(kind, kept) != nil || to.roleSet(kind).requireFreeLabel(kept.Key, cmp.Or(kept.Label, string(kept.Key))) != nil {
				continue
			}
			to = to.withRoles(kind, func(list []events.Role) []events.Role { return append(list, kept) })
		}
	}
	return to
}

func (c ChangeScheme) mapping(kind events.RoleKind) map[events.RoleKey]events.RoleKey {
	if kind == events.ProjectRoleKind {
		return c.ProjectRoles
	}
	return c.OrganizationRoles
}

// validateMapping fails if the mapping names an unknown role, or if a role that
// somebody holds is neither mapped nor known to the new scheme.
func validateMapping(used map[events.RoleKey]int, mapping map[events.RoleKey]events.RoleKey, present, next roleSet) error {
	for from, to := range mapping {
		if present.find(from) == nil {
			return ErrUnknownRole.Because("The present scheme has no role %q to map; it has %s.", from, phrase.Join(present.keys(), " and "))
		}
		if next.find(to) == nil {
			return ErrUnknownRole.Because("The new scheme has no role %q; it has %s.", to, phrase.Join(next.keys(), " and "))
		}
	}
	missing := slices.DeleteFunc(slices.Sorted(maps.Keys(used)), func(r events.RoleKey) bool {
		_, mapped := mapping[r]
		to := next.find(mappedRole(mapping, r))
		// A custom role and a role of the scheme with the same key are different roles.
		return to != nil && (mapped || present.find(r).Custom == to.Custom)
	})
	if len(missing) > 0 {
		return ErrSchemeRoles.Because("The new scheme lacks what is in use as %s; say which of %s takes the place of each.",
			phrase.Join(missing, " and "), phrase.Join(next.keys(), " and "))
	}
	return nil
}

// validateRanks fails if the mapping would rank somebody above the actor. It also fails if
// the mapping would reverse the order of two project roles, since the actor may hold the
// lower one.
func (c ChangeScheme) validateRanks(org Organization, to *Scheme, actor events.UserID, inUse map[events.RoleKind]map[events.RoleKey]int) error {
	if actor == events.System {
		return nil
	}
	rank := to.organization.rank(mappedRole(c.OrganizationRoles, org.members.At(actor).Role))
	for role := range inUse[events.OrganizationRoleKind] {
		if next := mappedRole(c.OrganizationRoles, role); to.organization.rank(next) > rank {
			return ErrMayNotAssign.Because("This would rank %q, who are %q now, above yourself.", next, role)
		}
	}
	used, mapping, present, next := inUse[events.ProjectRoleKind], c.ProjectRoles, org.scheme.project, to.project
	for low := range used {
		for high := range used {
			if present.rank(low) < present.rank(high) && next.rank(mappedRole(mapping, low)) > next.rank(mappedRole(mapping, high)) {
				return ErrSchemeRoles.Because("The mapping would rank %q, now below %q, above it; keep the order of roles, and change people's roles one by one.", low, high)
			}
		}
	}
	return nil
}

func (o Organization) teamRolesInUse() map[events.RoleKey]int {
	used := map[events.RoleKey]int{}
	for _, team := range o.teams.All() {
		if !o.spend(stepsToVisit * (1 + team.members.Len())) {
			return used
		}
		for _, teamMember := range team.members.All() {
			used[teamMember.Role]++
		}
	}
	return used
}

// validateTeams fails if the new scheme does not allow the teams that there are, or
// what their assignments state.
func (o Organization) validateTeams(to *Scheme) error {
	switch {
	case o.teams.Len() == 0:
		return nil
	case !to.Teams.On:
		return ErrSchemeTeams.Because("The new scheme has no teams, and there are %d; remove them first.", o.teams.Len())
	}
	for _, team := range o.teams.All() {
		switch {
		case team.Parent != "" && !to.Teams.Nested:
			return ErrSchemeTeams.Because("The new scheme does not nest teams, and %q stands below another; move it to the top level first.", team.Name)
		case team.projects.Len() > 0 && (to.Teams.Confer == events.MembersDefault) != (o.scheme.Teams.Confer == events.MembersDefault):
			return ErrSchemeTeams.Because("Assignments state a role under one of the schemes and none under the other, and %q is assigned; take teams off projects first.", team.Name)
		}
	}
	return nil
}
