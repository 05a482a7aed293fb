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
	projects := map[events.ProjectID]struct{}{}
	for _, team := range o.Ancestors(id) {
		for project := range team.projects.All() {
			if !o.spend(2) {
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
	projects := []events.ProjectID{}
	member := o.members.At(user)
	if member == nil {
		return projects
	}
	if o.scheme.RoleOnAllProjects(member.Role) != "" {
		return o.projectIDs()
	}
	for grant := range member.grants.all() {
		projects = append(projects, grant.Project)
	}
	for _, team := range member.teams {
		projects = append(projects, o.projectsThroughTeam(team)...)
	}
	slices.Sort(projects)
	return slices.Compact(projects)
}

func (o Organization) projectIDs() []events.ProjectID {
	if !o.spend(2 * o.projects.Len()) {
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
	return func(yield func(events.UserID) bool) {
		project := o.projects.At(id)
		if project == nil {
			return
		}
		seen := map[events.UserID]struct{}{}
		next := func(user events.UserID) bool {
			_, again := seen[user]
			seen[user] = struct{}{}
			return o.spend(2) && (again || yield(user))
		}
		// Those whose role reaches every project come first: they are few, and often hold the
		// roles that must be held, which others look for.
		for user := range o.everywhere.Keys() {
			if !next(user) {
				return
			}
		}
		for user := range project.granted.Keys() {
			if !next(user) {
				return
			}
		}
		for team := range o.teamsOn(project) {
			for user := range o.teams.At(team).members.Keys() {
				if !next(user) {
					return
				}
			}
		}
	}
}
