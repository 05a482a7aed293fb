package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// accessKey names somebody's access to a project, or to the organization if the project
// is empty.
type accessKey struct {
	user    events.UserID
	project events.ProjectID
}

// affected yields, once each, every access that an event can have changed.
func affected(before, after Organization, e events.Event) iter.Seq[accessKey] {
	return func(yield func(accessKey) bool) {
		switch e := e.(type) {
		case events.MemberJoined:
			yieldPairs(yield, e.Member, after.ReachableProjects(e.Member)...)
		case events.RoleChanged:
			yieldPairs(yield, e.Member, union(before.ReachableProjects(e.Member), after.ReachableProjects(e.Member))...)
		case events.Elevated:
			yieldElevation(yield, before, after, e.Member, e.Project)
		case events.ElevationEnded:
			yieldElevation(yield, before, after, e.Member, e.Project)
		case events.MemberLevelsChanged:
			yield(accessKey{e.Member, ""})
		case events.MemberEndChanged: // it ends elevations if the end before has passed
			yieldPairs(yield, e.Member, union(before.ReachableProjects(e.Member), after.ReachableProjects(e.Member))...)
		case events.MemberStartChanged:
			yieldPairs(yield, e.Member, after.ReachableProjects(e.Member)...)
		case events.MembershipStarted:
			yieldPairs(yield, e.Member, after.ReachableProjects(e.Member)...)
		case events.MembershipEnded:
			yieldPairs(yield, e.Member, before.ReachableProjects(e.Member)...)
		case events.MemberDeactivated: // it ends elevations
			yieldPairs(yield, e.Member, before.ReachableProjects(e.Member)...)
		case events.MemberReactivated:
			yieldPairs(yield, e.Member, after.ReachableProjects(e.Member)...)
		case events.MemberRemoved:
			yieldPairs(yield, e.Member, before.ReachableProjects(e.Member)...)
		case events.ProjectCreated:
			after.yieldPeopleOn(yield, e.Project)
		case events.ProjectArchived:
			after.yieldPeopleOn(yield, e.Project)
		case events.ProjectRestored:
			after.yieldPeopleOn(yield, e.Project)
		case events.ProjectDeleted:
			before.yieldPeopleOn(yield, e.Project)
		case events.ProjectMemberAdded:
			yield(accessKey{e.Member, e.Project})
		case events.ProjectRoleChanged:
			yield(accessKey{e.Member, e.Project})
		case events.ProjectLevelsChanged:
			yield(accessKey{e.Member, e.Project})
		case events.ProjectMemberEndChanged:
			yield(accessKey{e.Member, e.Project})
		case events.ProjectMemberStartChanged:
			yield(accessKey{e.Member, e.Project})
		case events.ProjectMembershipStarted:
			yield(accessKey{e.Member, e.Project})
		case events.ProjectMembershipEnded:
			yield(accessKey{e.Member, e.Project})
		case events.ProjectMemberRemoved:
			yield(accessKey{e.Member, e.Project})
		case events.OverrideSet:
			yield(accessKey{e.Member, e.Project})
		case events.OverrideCleared:
			yield(accessKey{e.Member, e.Project})
		case events.TeamMemberAdded:
			yieldPairs(yield, e.Member, after.projectsThroughTeam(e.Team)...)
		case events.TeamMemberRemoved:
			yieldPairs(yield, e.Member, before.projectsThroughTeam(e.Team)...)
		case events.TeamAssigned:
			after.yieldDescendants(yield, e.Team, e.Project)
		case events.AssignmentChanged:
			after.yieldDescendants(yield, e.Team, e.Project)
		case events.AssignmentEndChanged:
			after.yieldDescendants(yield, e.Team, e.Project)
		case events.AssignmentStartChanged:
			after.yieldDescendants(yield, e.Team, e.Project)
		case events.AssignmentStarted:
			after.yieldDescendants(yield, e.Team, e.Project)
		case events.AssignmentEnded:
			before.yieldDescendants(yield, e.Team, e.Project)
		case events.TeamUnassigned:
			before.yieldDescendants(yield, e.Team, e.Project)
		case events.TeamRemoved:
			before.yieldDescendants(yield, e.Team, before.projectsThroughTeam(e.Team)...)
		case events.TeamMoved:
			before.yieldDescendants(yield, e.Team, union(before.projectsThroughTeam(e.Team), after.projectsThroughTeam(e.Team))...)
		case events.OrganizationDeleted:
			yieldEveryone(yield, before, before)
		case events.OrganizationArchived, events.OrganizationRestored, events.SchemeChanged, events.RoleRedefined:
			yieldEveryone(yield, before, after)
		case events.AccessKeeper:
		}
	}
}

// yieldElevation yields what an elevation on a project changes, or one in the organization.
func yieldElevation(yield func(accessKey) bool, before, after Organization, user events.UserID, project events.ProjectID) {
	if project != "" {
		yield(accessKey{user, project})
		return
	}
	yieldPairs(yield, user, union(before.ReachableProjects(user), after.ReachableProjects(user))...)
}

// yieldEveryone yields every access of every member of the state before.
func yieldEveryone(yield func(accessKey) bool, before, after Organization) {
	for user := range before.members.All() {
		if !yieldPairs(yield, user, union(before.ReachableProjects(user), after.ReachableProjects(user))...) {
			return
		}
	}
}

// yieldPeopleOn yields the access of everybody who has a source of access to a project.
func (o Organization) yieldPeopleOn(yield func(accessKey) bool, id events.ProjectID) {
	for user := range o.PeopleOnProject(id) {
		if !yield(accessKey{user, id}) {
			return
		}
	}
}

// yieldPairs yields somebody's access to the organization, and to projects.
func yieldPairs(yield func(accessKey) bool, user events.UserID, projects ...events.ProjectID) bool {
	if !yield(accessKey{user, ""}) {
		return false
	}
	for _, project := range projects {
		if !yield(accessKey{user, project}) {
			return false
		}
	}
	return true
}

// yieldDescendants yields, once each, the access of everybody in a team or in one that
// inherits from it.
func (o Organization) yieldDescendants(yield func(accessKey) bool, id events.TeamID, projects ...events.ProjectID) {
	seen := map[events.UserID]struct{}{}
	for _, team := range o.Descendants(id) {
		for user := range team.members.All() {
			if _, again := seen[user]; again {
				continue
			}
			seen[user] = struct{}{}
			for _, project := range projects {
				if !yield(accessKey{user, project}) {
					return
				}
			}
		}
	}
}

// peopleIn yields everybody in a team or in one that inherits from it, some of them several times.
func (o Organization) peopleIn(id events.TeamID) iter.Seq[events.UserID] {
	return func(yield func(events.UserID) bool) {
		for _, team := range o.Descendants(id) {
			for user := range team.members.Keys() {
				if !yield(user) {
					return
				}
			}
		}
	}
}

// affectsEveryone reports whether an event can change the access of every member.
func affectsEveryone(e events.Event) bool {
	switch e.(type) { //nolint:gochecksumtype // the others touch some
	case events.OrganizationArchived, events.OrganizationRestored, events.OrganizationDeleted, events.SchemeChanged, events.RoleRedefined:
		return true
	}
	return false
}
