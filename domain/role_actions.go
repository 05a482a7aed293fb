package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

var roleKinds = []events.RoleKind{events.OrganizationRoleKind, events.ProjectRoleKind}

// trialRole is the key of a role that is tried. If a role has it, longer ones are free.
const trialRole = "trial"

// defineTrials tries the least role of each kind: without levels, at the lowest rank.
// Every bound on a role is an upper one.
func (o Organization) defineTrials() (all []Command) {
	for _, kind := range roleKinds {
		key := events.RoleKey(trialRole)
		for o.scheme.roleSet(kind).requireFreeKey(key) != nil {
			key += "-"
		}
		all = append(all, DefineRole{Kind: kind, Role: key, Label: trialName, Rank: o.scheme.freeRank(kind, 0)})
	}
	return all
}

// redefineTrials tries for each role of the organization's own no levels, the two nearest
// ranks that are free, and each level of each permission.
func (o Organization) redefineTrials() (all []Command) {
	for kind, r := range o.customRoles() {
		for _, rank := range []int{o.scheme.freeRank(kind, 0), o.scheme.freeRank(kind, r.Rank+1)} {
			all = append(all, RedefineRole{Kind: kind, Role: r.Key, Rank: &rank})
		}
		all = append(all, RedefineRole{Kind: kind, Role: r.Key, Levels: new(events.Levels)})
		for _, permission := range o.scheme.roleSet(kind).permissions {
			for _, level := range permission.Kind.Levels() {
				all = append(all, RedefineRole{Kind: kind, Role: r.Key, Levels: &events.Levels{permission.Key: level}})
			}
		}
	}
	return all
}

// retireTrials tries the roles of the organization's own that are not in use.
func (o Organization) retireTrials() (all []Command) {
	var used map[events.RoleKind]map[events.RoleKey]int
	for kind, r := range o.customRoles() {
		if used == nil {
			used = o.rolesInUse() // looks at every member
		}
		if used[kind][r.Key] == 0 {
			all = append(all, RetireRole{Kind: kind, Role: r.Key})
		}
	}
	return all
}

// customRoles yields the roles of the organization's own.
func (o Organization) customRoles() func(yield func(events.RoleKind, role) bool) {
	return func(yield func(events.RoleKind, role) bool) {
		for _, kind := range roleKinds {
			for _, r := range o.scheme.roleSet(kind).roles {
				if r.Custom && !yield(kind, r) {
					return
				}
			}
		}
	}
}

// freeRank returns the lowest rank, from one on, that a role of the organization's own could
// have. Project roles do not share theirs.
func (s *Scheme) freeRank(kind events.RoleKind, from int) int {
	for kind == events.ProjectRoleKind && slices.ContainsFunc(s.project.roles, func(other role) bool { return other.Rank == from }) {
		from++
	}
	return from
}
