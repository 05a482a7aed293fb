package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// CountAccessibleProjects counts the projects that somebody has access to now.
func (o Organization) CountAccessibleProjects(user events.UserID) int {
	member := o.active(user)
	switch {
	case member == nil:
		return 0
	case o.reachesAllProjects(member):
		return o.projects.Len()
	}
	direct := 0
	for grant := range member.grants.all() {
		if o.counts(&grant.term) {
			direct++
		}
	}
	through := map[events.ProjectID]struct{}{}
	for _, id := range member.teams {
		for _, team := range o.Ancestors(id) {
			for project, a := range team.projects.All() {
				if !o.counts(&a.term) || o.scheme.assignmentRole(a.Role, member.Role) == "" {
					continue
				}
				if grant := member.findGrant(project); grant == nil || !o.counts(&grant.term) {
					through[project] = struct{}{}
				}
			}
		}
	}
	return direct + len(through)
}

// ProjectCount is how many people are on a project.
type ProjectCount struct {
	// People have access, whatever the source; Direct are those with a grant.
	People, Direct int
	// Until is when the count may no longer hold, since somebody gets or loses access by a start or an end
	// that passes; the zero value means never.
	Until time.Time
}

// CountOnProject counts who is on a project now. It looks at everybody who has a grant or
// comes through a team.
func (o Organization) CountOnProject(id events.ProjectID) ProjectCount {
	project := o.projects.At(id)
	if project == nil {
		return ProjectCount{}
	}
	c := ProjectCount{}
	c.People = o.countEverywhere(&c)
	for user := range project.granted.Keys() {
		member := o.members.At(user)
		grant := member.findGrant(id)
		if !o.countsMember(member, &c) || !o.countsTerm(&grant.term, &c) {
			continue
		}
		c.Direct++
		if !o.reachesAllProjects(member) {
			c.People++
		}
	}
	c.People += o.countThroughTeams(project, &c)
	return c
}

// holdsUntil notes when what was counted, or was not, changes; the zero time means never.
func (c *ProjectCount) holdsUntil(at time.Time) {
	if !at.IsZero() && (c.Until.IsZero() || at.Before(c.Until)) {
		c.Until = at
	}
}

// countsTerm reports whether what has a term counts now, and notes when that changes.
func (o Organization) countsTerm(t *term, c *ProjectCount) bool {
	switch {
	case t.isAlways():
		return true
	case !t.started(o.at):
		c.holdsUntil(t.From())
	case !t.ended(o.at):
		c.holdsUntil(t.Until())
	}
	return o.counts(t)
}

// countsMember reports whether a member is active now, and notes when that changes.
func (o Organization) countsMember(member *Member, c *ProjectCount) bool {
	return !member.isDeactivated() && o.countsTerm(&member.term, c)
}

// countEverywhere counts the active members whose role reaches every project.
func (o Organization) countEverywhere(c *ProjectCount) int {
	people := 0
	for _, role := range o.scheme.Scheme.OrganizationRoles {
		if role.AllProjects == "" {
			continue
		}
		if held := o.holders.At(role.Key); held != nil {
			people += *held
		}
	}
	for _, some := range []champ.Map[events.UserID, struct{}]{o.ending, o.starting} {
		for user := range some.Keys() {
			member := o.members.At(user)
			if o.scheme.RoleOnAllProjects(member.Role) != "" && o.countsMember(member, c) {
				people++
			}
		}
	}
	for user := range o.elevated.Keys() {
		member := o.members.At(user)
		if o.scheme.RoleOnAllProjects(member.Role) == "" && o.reachesAllProjects(member) && o.countsMember(member, c) {
			c.holdsUntil(member.elevation("").Until)
			people++
		}
	}
	return people
}

// countThroughTeams counts the active members who have access through teams alone.
func (o Organization) countThroughTeams(project *Project, c *ProjectCount) int {
	people := 0
	var counted map[events.UserID]struct{} // needed where there are several teams
	if project.assignments.len() > 1 || o.ancestors.Len() > 0 {
		counted = map[events.UserID]struct{}{}
	}
	for a := range project.assignments.all() {
		if !o.countsTerm(&a.term, c) {
			continue
		}
		if o.countedAbove(project, a) {
			continue
		}
		for _, team := range o.Descendants(a.Team) {
			for user := range team.members.Keys() {
				if _, again := counted[user]; again {
					continue
				}
				member := o.members.At(user)
				if o.reachesAllProjects(member) || o.scheme.assignmentRole(a.Role, member.Role) == "" || !o.countsMember(member, c) {
					continue
				}
				if grant := member.findGrant(project.id); grant != nil && o.counts(&grant.term) {
					continue // counted as direct
				}
				people++
				if counted != nil {
					counted[user] = struct{}{}
				}
			}
		}
	}
	return people
}

// countedAbove reports whether everybody who has access by an assignment also has it by one
// of a team above, so that they are counted there.
func (o Organization) countedAbove(project *Project, a *Assignment) bool {
	for above := o.ancestorsOf(a.Team); above != nil; above = above.next {
		if b := project.findAssignment(above.team); b != nil && o.counts(&b.term) && (b.Role != "" || a.Role == "") {
			return true
		}
	}
	return false
}
