package domain

import (
	"iter"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// projectsThroughTeam lists the projects to which a team, or a team from which it
// inherits, is assigned, in the order of their ids.
func (o Organization) projectsThroughTeam(id events.TeamID) []events.ProjectID {
	return o.projectsGivenBy(id, 0)
}

// projectsGivenBy is projectsThroughTeam for assignments that give somebody a role of a rank or a
// higher one; 0 is any.
func (o Organization) projectsGivenBy(id events.TeamID, least int) []events.ProjectID {
	projects := map[events.ProjectID]struct{}{}
	for _, team := range o.Ancestors(id) {
		for project, a := range team.projects.All() {
			if !o.spend(stepsToVisit) {
				return nil
			}
			if least > 0 && o.scheme.highestGivenBy(&a) < least {
				continue
			}
			if !o.spend(stepsToSort) {
				return nil
			}
			projects[project] = struct{}{}
		}
	}
	return slices.Sorted(maps.Keys(projects))
}

// ReachableProjects lists the projects to which somebody has a source of access, in
// the order of their ids. Sources that have ended are included. It is never nil.
func (o Organization) ReachableProjects(user events.UserID) []events.ProjectID {
	return o.projectsReachedWith(user, 0)
}

// projectsReachedWith is ReachableProjects for sources that can give a role of a rank or a higher
// one; 0 is any.
func (o Organization) projectsReachedWith(user events.UserID, least int) []events.ProjectID {
	projects := []events.ProjectID{}
	member := o.members.At(user)
	if member == nil {
		return projects
	}
	if o.canReachAllProjects(member, least) {
		return o.projectIDs()
	}
	for grant := range member.grants.all() {
		if !o.spend(stepsToVisit) {
			return projects
		}
		if least == 0 || o.scheme.project.rank(grant.Role) >= least {
			projects = append(projects, grant.Project)
		}
	}
	for _, team := range member.teams {
		projects = append(projects, o.projectsGivenBy(team, least)...)
	}
	slices.Sort(projects)
	return slices.Compact(projects)
}

func (o Organization) projectIDs() []events.ProjectID {
	if !o.spend(stepsToSort * o.projects.Len()) {
		return nil
	}
	ids := make([]events.ProjectID, 0, o.projects.Len())
	for id := range o.projects.All() {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// union merges two sorted lists.
func union(a, b []events.ProjectID) []events.ProjectID {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// PeopleOnProject yields everybody with a source of access to a project, in no
// particular order. It includes people who are deactivated and sources that have ended.
func (o Organization) PeopleOnProject(id events.ProjectID) iter.Seq[events.UserID] {
	return o.peopleWithRole(id, 0)
}

// peopleWithRole is PeopleOnProject for those with a source that gives a role of a rank or a higher
// one; 0 is any. It does not look at people whose teams give less.
func (o Organization) peopleWithRole(id events.ProjectID, least int) iter.Seq[events.UserID] {
	return func(yield func(events.UserID) bool) {
		project := o.projects.At(id)
		if project == nil {
			return
		}
		s := o.scheme
		gives := func(role events.RoleKey) bool { return s.atLeast(role, least) }
		// Those whose role reaches every project come first: they are few, and often hold the
		// roles that must be held, which others look for.
		for user := range o.peopleEverywhere(least) {
			if !o.spend(stepsToVisit) || !yield(user) {
				return
			}
		}
		seen := map[events.UserID]struct{}{} // those who came through a team
		counts := func(a *Assignment) bool { return least == 0 || s.highestGivenBy(a) >= least }
		for team := range o.teamsOn(project, counts) {
			for user := range o.teams.At(team).members.Keys() {
				if !o.spend(stepsToLookUp) {
					return
				}
				if _, again := seen[user]; again {
					continue
				}
				seen[user] = struct{}{}
				if yielded := o.canReachAllProjects(o.members.At(user), least); !yielded && !yield(user) {
					return
				}
			}
		}
		// Grants come last, since each is looked at by itself.
		for user := range project.granted.Keys() {
			member := o.members.At(user)
			if !o.spend(stepsToLookUp) {
				return
			}
			_, through := seen[user]
			if yielded := through || o.canReachAllProjects(member, least); !yielded && gives(member.findGrant(id).Role) && !yield(user) {
				return
			}
		}
	}
}

// peopleEverywhere yields the members whose role, or elevation, reaches every project with a role of a rank or a
// higher one; 0 is any. Elevations that have ended are included.
func (o Organization) peopleEverywhere(least int) iter.Seq[events.UserID] {
	return func(yield func(events.UserID) bool) {
		for held, people := range o.everywhere.All() {
			if least > 0 && o.scheme.project.rank(o.scheme.RoleOnAllProjects(held)) < least {
				continue
			}
			for user := range people.Keys() {
				if !yield(user) {
					return
				}
			}
		}
		for user := range o.elevated.Keys() {
			member := o.members.At(user)
			if !o.scheme.atLeast(o.scheme.RoleOnAllProjects(member.Role), least) && o.canReachAllProjects(member, least) && !yield(user) {
				return
			}
		}
	}
}

// atLeast reports whether there is a project role, with a rank or a higher one; 0 is any.
func (s *Scheme) atLeast(role events.RoleKey, rank int) bool {
	return role != "" && (rank == 0 || s.project.rank(role) >= rank)
}

// highestGivenBy returns the highest rank that an assignment can give to anybody.
func (s *Scheme) highestGivenBy(a *Assignment) int {
	if a.Role != "" {
		return s.project.rank(a.Role)
	}
	highest := 0
	for _, role := range s.organization.roles {
		highest = max(highest, s.project.rank(s.DefaultProjectRole(role.Key)))
	}
	return highest
}
