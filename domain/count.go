package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// CountAccessibleProjects counts the projects that somebody has access to now.
func (o Organization) CountAccessibleProjects(user events.UserID) int {
	member := o.active(user)
	switch {
	case member == nil:
		return 0
	case o.scheme.RoleOnAllProjects(member.Role) != "":
		return o.projects.Len()
	}
	direct := 0
	for grant := range member.grants.all() {
		if !grant.ended(o.at) {
			direct++
		}
	}
	through := map[events.ProjectID]struct{}{}
	for _, id := range member.teams {
		for _, team := range o.Ancestors(id) {
			for project, a := range team.projects.All() {
				if a.ended(o.at) || o.scheme.assignmentRole(a.Role, member.Role) == "" {
					continue
				}
				if grant := member.findGrant(project); grant == nil || grant.ended(o.at) {
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
	// Until is when the first of them loses access because an end passes, so that the
	// count no longer holds; the zero value means never.
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
		if member.optional != nil && o.inactiveReason(user, member) != "" {
			continue
		}
		grant := member.findGrant(id)
		if grant.ended(o.at) {
			continue
		}
		c.endsBy(grant.Until())
		c.endsBy(member.Until())
		c.Direct++
		if o.scheme.RoleOnAllProjects(member.Role) == "" {
			c.People++
		}
	}
	c.People += o.countThroughTeams(project, &c)
	return c
}

// endsBy notes when somebody who was counted loses access; the zero time means never.
func (c *ProjectCount) endsBy(at time.Time) {
	if !at.IsZero() && (c.Until.IsZero() || at.Before(c.Until)) {
		c.Until = at
	}
}

// countEverywhere counts the active members whose role reaches every project.
func (o Organization) countEverywhere(c *ProjectCount) int {
	people := 0
	for _, role := range o.scheme.Scheme.OrganizationRoles {
		if role.AllProjects == "" {
			continue
		}
		if lasting := o.holders.At(role.Key); lasting != nil {
			people += *lasting
		}
	}
	for user := range o.ending.Keys() {
		member := o.active(user)
		if member != nil && o.scheme.RoleOnAllProjects(member.Role) != "" {
			people++
			c.endsBy(member.Until())
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
		if a.ended(o.at) {
			continue
		}
		c.endsBy(a.Until)
		if o.countedAbove(project, a) {
			continue
		}
		for _, team := range o.Descendants(a.Team) {
			for user := range team.members.Keys() {
				if _, again := counted[user]; again {
					continue
				}
				member := o.members.At(user)
				if member.optional != nil && o.inactiveReason(user, member) != "" || o.scheme.RoleOnAllProjects(member.Role) != "" || o.scheme.assignmentRole(a.Role, member.Role) == "" {
					continue
				}
				if grant := member.findGrant(project.id); grant != nil && !grant.ended(o.at) {
					continue // counted as direct
				}
				c.endsBy(member.Until())
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
		if b := project.findAssignment(above.team); b != nil && !b.ended(o.at) && (b.Role != "" || a.Role == "") {
			return true
		}
	}
	return false
}
