package domain

import (
	"math"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Holders of a role that must be held are counted if they last: they are not
// deactivated, and both their membership and their source of the role have started, and have no end.

// checkLastHolder fails if a member holds a role of the organization of which the
// scheme requires as many holders as there are.
func (o Organization) checkLastHolder(id events.UserID) error {
	member := o.members.At(id)
	if o.importing || !o.lasts(member) {
		return nil
	}
	least := o.scheme.organization.find(member.Role).AtLeast
	if least > 0 && o.countHolders(member.Role, least+1) <= least {
		if o.members.Len() == 1 {
			return ErrLastHolder.Because("%q is the last %q of the organization, and nobody else is in it; add somebody who gets the role first, or delete the organization.", id, member.Role)
		}
		return ErrLastHolder.Because("%q is the last %q of the organization; give the role to somebody else first.", id, member.Role)
	}
	return nil
}

// countHolders counts the members who hold a role of the organization and last. It stops counting at
// enough.
func (o Organization) countHolders(role events.RoleKey, enough int) int {
	held, _ := o.holders.Get(role)
	if held >= enough {
		return held
	}
	for user := range o.starting.Keys() { // that they have started is not recorded yet
		if !o.spend(stepsToLookUp) {
			break
		}
		if member := o.members.At(user); member.Role == role && o.lasts(member) {
			if held++; held == enough {
				break
			}
		}
	}
	return held
}

// checkLastHolderBelow is checkLastHolder for what an actor who outranks the member does
// regardless: nobody is kept from stopping those below them. So it protects the last
// holder of the highest role.
func (o Organization) checkLastHolderBelow(actor, id events.UserID) error {
	if o.outranks(actor, o.members.At(id).Role) {
		return nil
	}
	return o.checkLastHolder(id)
}

// withHoldersKept returns the events, or fails if they would leave a role on a project
// with fewer holders than the scheme requires and fewer than now. It counts on each project that
// they are about, and does not look at those who lose something one by one.
func (o Organization) withHoldersKept(m events.Moment, happened ...events.Event) ([]events.Event, error) {
	if o.importing || !slices.ContainsFunc(o.scheme.Scheme.ProjectRoles, mustBeHeld) {
		return happened, nil
	}
	before, after := o.onlyLasting(), o.afterEvents(m, happened).onlyLasting()
	counted := map[events.ProjectID]bool{}
	for _, e := range happened {
		for _, project := range before.projectsToLose(e) {
			if counted[project] {
				continue
			}
			if err := before.requireHoldersKept(after, project); err != nil {
				return nil, err
			}
			counted[project] = true
		}
	}
	return happened, nil
}

// projectsToLose lists the projects on which an event can take a role from somebody that must be
// held, or a higher one. What the event takes gave such a role before it.
func (o Organization) projectsToLose(e events.Event) []events.ProjectID {
	least := o.scheme.lowestToHold()
	switch e := e.(type) { //nolint:gochecksumtype // the others are about one project, or take no role
	case events.RoleChanged:
		if o.scheme.Teams.Confer != events.MembersDefault && o.scheme.project.rank(o.scheme.RoleOnAllProjects(e.From)) < least {
			return nil
		}
		return o.projectsReachedWith(e.Member, least)
	case events.TeamMemberRemoved:
		return o.projectsGivenBy(e.Team, least)
	case events.TeamRemoved:
		return o.projectsGivenBy(e.Team, least)
	case events.TeamMoved:
		return o.projectsGivenBy(e.Team, least)
	}
	for _, subject := range e.Subjects() {
		if subject.Kind == events.ProjectSubject {
			return []events.ProjectID{events.ProjectID(subject.ID)}
		}
	}
	return nil
}

// lowestToHold returns the lowest rank of a project role that must be held.
func (s *Scheme) lowestToHold() int {
	for _, role := range s.project.roles { // the lowest first
		if mustBeHeld(role.Role) {
			return role.Rank
		}
	}
	return math.MaxInt
}

// requireHoldersKept fails if a role on a project has too few holders after a change, and fewer
// than before it.
func (o Organization) requireHoldersKept(after Organization, id events.ProjectID) error {
	for _, role := range o.scheme.project.roles {
		if !mustBeHeld(role.Role) {
			continue
		}
		left := after.projectHolders(id, role.Key, role.AtLeast)
		if left < role.AtLeast && left < o.projectHolders(id, role.Key, role.AtLeast) {
			return ErrLastHolder.Because("This would leave project %q with %d of at least %d %q; give the role to somebody else first.",
				id, left, role.AtLeast, role.Key)
		}
	}
	return nil
}

// roleOn returns somebody's effective role on a project; empty for none.
func (o Organization) roleOn(user events.UserID, id events.ProjectID) events.RoleKey {
	if _, _, reason := o.lookup(user, id); reason != "" {
		return ""
	}
	return o.roleIfActive(user, id)
}

// roleIfActive is roleOn also for a member who is deactivated or whose membership is not in effect.
func (o Organization) roleIfActive(user events.UserID, id events.ProjectID) events.RoleKey {
	member, project := o.members.At(user), o.projects.At(id)
	if member == nil || project == nil {
		return ""
	}
	return o.highestRole(member, project)
}

// highestRole returns the effective role on a project of an active member; empty for none.
func (o Organization) highestRole(member *Member, project *Project) events.RoleKey {
	var highest highestSource
	for ref := range o.sourceRefs(member, project) {
		highest.add(o.scheme, &ref)
	}
	return highest.role
}

// mustBeHeld reports whether the scheme requires holders of the role.
func mustBeHeld(role events.Role) bool { return role.AtLeast > 0 }

// projectHolders counts the people whose effective role on a project ranks as high as
// role or higher. It stops counting at enough.
func (o Organization) projectHolders(id events.ProjectID, role events.RoleKey, enough int) int {
	return o.countProjectHolders(id, role, enough, func() bool { return true })
}

// countProjectHolders is projectHolders that calls proceed for each person, and stops
// counting when that returns false.
func (o Organization) countProjectHolders(id events.ProjectID, role events.RoleKey, enough int, proceed func() bool) int {
	n, rank := 0, o.scheme.project.rank(role)
	for user := range o.peopleWithRole(id, rank) {
		if !proceed() || !o.spend(stepsToResolve) {
			break
		}
		if held := o.roleOn(user, id); held != "" && o.scheme.project.rank(held) >= rank {
			if n++; n == enough {
				break
			}
		}
	}
	return n
}
