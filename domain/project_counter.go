package domain

import "github.com/seed-2026d078/roster/events"

// ProjectCounter counts the projects that people have access to, of those on which an actor
// sees their access. It is not safe for use by many goroutines.
type ProjectCounter struct {
	// org says who has access, now says what the actor sees.
	org, now Organization
	actor    events.UserID
	// everything says that the actor sees everybody's access to every project.
	everything bool
	// seen are the projects that were looked at, with whether the actor sees the access of
	// others there.
	seen map[events.ProjectID]bool
	// all is how many projects the actor so sees; negative if they were not counted yet.
	all int
}

// NewProjectCounter returns a counter of access in an organization as it is, or was, for what
// an actor sees now.
func NewProjectCounter(org, now Organization, actor events.UserID) *ProjectCounter {
	everything := actor == events.System || org.version == now.version && now.seesAllAccess(actor)
	return &ProjectCounter{org, now, actor, everything, map[events.ProjectID]bool{}, -1}
}

// Count counts the projects that somebody has access to and on which the actor sees that they
// do: as many as a list of them has for the actor.
func (c *ProjectCounter) Count(user events.UserID) int {
	member := c.org.active(user)
	switch {
	case member == nil:
		return 0
	case c.everything:
		return c.org.CountAccessibleProjects(user)
	case user != c.actor && c.org.scheme.RoleOnAllProjects(member.Role) != "":
		if c.all < 0 {
			c.all = c.count(user)
		}
		return c.all
	}
	return c.count(user)
}

func (c *ProjectCounter) count(user events.UserID) int {
	projects := 0
	for _, id := range c.org.ReachableProjects(user) {
		if c.sees(user, id) && c.org.HasAccess(user, id) {
			projects++
		}
	}
	return projects
}

func (c *ProjectCounter) sees(user events.UserID, id events.ProjectID) bool {
	if user == c.actor {
		return c.now.SeesAccess(c.actor, user, id)
	}
	sees, known := c.seen[id]
	if !known {
		sees = c.now.SeesAccess(c.actor, user, id)
		c.seen[id] = sees
	}
	return sees
}

// SeesAccess reports whether an actor may see what access somebody has to a project.
func (o Organization) SeesAccess(actor, user events.UserID, id events.ProjectID) bool {
	return actor == user && o.SeesProject(actor, id) || o.Authorize(actor, SeeingAccessOfOthers, About{Project: id, Member: user}) == nil
}

// ProjectsOfVisibleAccess lists, in the order of their ids, the projects on which alone an
// actor may see the access of somebody; nil is every project.
func (o Organization) ProjectsOfVisibleAccess(actor events.UserID) []events.ProjectID {
	if actor == events.System || o.seesAllAccess(actor) {
		return nil
	}
	return o.ReachableProjects(actor)
}

// seesAllAccess reports whether an actor sees everybody's access to every project by what
// they hold in the organization. If it returns false, they may do so all the same.
func (o Organization) seesAllAccess(actor events.UserID) bool {
	member := o.active(actor)
	if member == nil || !o.SeesAllProjects(actor) && o.scheme.RoleOnAllProjects(member.Role) == "" {
		return false
	}
	if o.allows(actor, SeeingAccessOfOthers, About{}) {
		return true
	}
	role := o.scheme.organization.find(member.Role)
	everywhere := o.scheme.project.find(role.AllProjects)
	return everywhere != nil && (role.Bypass || !member.hasOverrides()) &&
		o.scheme.project.hasLevels(o.scheme.project.levelsFrom(Source{Role: everywhere.Key, Bypass: role.Bypass}), o.scheme.Allow[SeeingAccessOfOthers].Project)
}
