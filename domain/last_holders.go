package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// lastHolders finds who could be needed as a holder of a project role that must be held,
// so that a rule could refuse to take it from them: [Organization.withHoldersKept], or
// transfer, which also asks about those who are deactivated. It may name somebody who is
// not needed, and never leaves out anybody who is. It remembers what it
// has counted, and is not safe for use by many goroutines.
type lastHolders struct {
	// org has only what lasts, since only that counts.
	org Organization
	// required are the roles that must be held; none in most schemes.
	required []role
	spare    map[events.ProjectID]bool
	through  map[teamHolding]bool
}

// teamHolding names what a team gives to those of its members who hold a role of the
// organization.
type teamHolding struct {
	team events.TeamID
	role events.RoleKey
}

func newLastHolders(org Organization) *lastHolders {
	required := slices.DeleteFunc(slices.Clone(org.scheme.project.roles), func(r role) bool { return !mustBeHeld(r.Role) })
	return &lastHolders{org.onlyLasting(), required, map[events.ProjectID]bool{}, map[teamHolding]bool{}}
}

// holds reports whether a holder of a project role counts for one that must be held.
func (l *lastHolders) holds(key events.RoleKey) bool {
	return key != "" && slices.ContainsFunc(l.required, func(r role) bool { return l.org.scheme.project.rank(key) >= r.Rank })
}

// holdsAll reports whether a holder of a project role counts for all that must be held.
func (l *lastHolders) holdsAll(key events.RoleKey) bool {
	return !slices.ContainsFunc(l.required, func(r role) bool { return key == "" || l.org.scheme.project.rank(key) < r.Rank })
}

// hasSpare reports whether a project keeps enough holders if it loses any one of them.
func (l *lastHolders) hasSpare(id events.ProjectID) bool {
	spare, known := l.spare[id]
	if !known {
		spare = !slices.ContainsFunc(l.required, func(r role) bool { return l.org.projectHolders(id, r.Key, r.AtLeast+1) <= r.AtLeast })
		l.spare[id] = spare
	}
	return spare
}

// neededOn reports whether somebody may be needed on one project.
func (l *lastHolders) neededOn(id events.ProjectID, user events.UserID) bool {
	return len(l.required) > 0 && l.holds(l.org.roleOn(user, id)) && !l.hasSpare(id)
}

// needed reports whether somebody may be needed on any project. Holders of a role that
// reaches every project are not looked at project by project: they are few.
func (l *lastHolders) needed(user events.UserID) bool {
	if len(l.required) == 0 {
		return false
	}
	member := l.org.members.At(user)
	if member == nil {
		return false
	}
	return l.holds(l.org.scheme.RoleOnAllProjects(member.Role)) ||
		l.neededByGrant(member) ||
		slices.ContainsFunc(member.teams, func(team events.TeamID) bool { return l.neededThrough(team, member.Role) })
}

// neededByGrant reports whether somebody may be needed on a project on which they have a grant.
func (l *lastHolders) neededByGrant(member *Member) bool {
	for g := range member.grants.all() {
		if !l.org.spend(stepsToVisit) || l.org.counts(&g.term) && l.holds(g.Role) && !l.hasSpare(g.Project) {
			return true
		}
	}
	return false
}

// neededThrough reports whether a holder of a role of the organization may be needed on a
// project that they are on through a team.
func (l *lastHolders) neededThrough(team events.TeamID, held events.RoleKey) bool {
	if len(l.required) == 0 {
		return false
	}
	key := teamHolding{team, held}
	needed, known := l.through[key]
	if !known {
		needed = l.anyAssignment(team, func(project events.ProjectID, a Assignment) bool {
			return l.holds(l.org.scheme.assignmentRole(a.Role, held)) && !l.hasSpare(project)
		})
		l.through[key] = needed
	}
	return needed
}

// anyAssignment reports whether one of the lasting assignments that reach the members of
// a team is as wanted.
func (l *lastHolders) anyAssignment(team events.TeamID, wanted func(events.ProjectID, Assignment) bool) bool {
	for _, above := range l.org.Ancestors(team) {
		for project, a := range above.projects.All() {
			if !l.org.spend(stepsToVisit) || l.org.counts(&a.term) && wanted(project, a) {
				return true
			}
		}
	}
	return false
}
