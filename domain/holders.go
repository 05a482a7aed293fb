package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// keepsHolders refuses to take a role of the organization from a member where the
// scheme keeps as many holders as there are.
func (o Organization) keepsHolders(id events.UserID) error {
	member := o.members.At(id)
	least := o.scheme.organization.find(member.Role).AtLeast
	if held, _ := o.holders.Get(member.Role); least > 0 && held == least {
		return ErrLastHolder.because("%q is the last %q of the organization; give the role to somebody else first.", id, member.Role)
	}
	return nil
}

// keepingHolders returns what is to happen, unless a role on one of the projects
// would have fewer holders than the scheme keeps, and fewer than now.
func (o Organization) keepingHolders(m events.Moment, happened []events.Event, projects ...events.ProjectID) ([]events.Event, error) {
	var kept []events.Role
	for _, role := range o.scheme.Scheme.ProjectRoles {
		if role.AtLeast > 0 {
			kept = append(kept, role)
		}
	}
	if kept == nil || len(projects) == 0 {
		return happened, nil
	}
	after := o.after(m, happened)
	for _, id := range projects {
		for _, role := range kept {
			if left := after.projectHolders(id, role.Key); left < role.AtLeast && left < o.projectHolders(id, role.Key) {
				return nil, ErrLastHolder.because("This would leave project %q with %d of at least %d %q; give the role to somebody else first.",
					id, left, role.AtLeast, role.Key)
			}
		}
	}
	return happened, nil
}

// projectHolders counts the people whose effective role on a project is role.
func (o Organization) projectHolders(id events.ProjectID, role events.RoleKey) int {
	n := 0
	for user := range o.OnProject(id) {
		if o.Access(user, id).Role == role {
			n++
		}
	}
	return n
}

// OnProject returns everybody with access to a project.
func (o Organization) OnProject(id events.ProjectID) map[events.UserID]struct{} {
	people := map[events.UserID]struct{}{}
	project := o.projects.At(id)
	if project == nil {
		return people
	}
	for user := range project.granted.Keys() {
		people[user] = struct{}{}
	}
	for _, a := range project.assignments {
		for user := range o.teams.At(a.via).members.All() {
			people[user] = struct{}{}
		}
	}
	if o.reachesAll() {
		for user, member := range o.members.All() {
			if o.scheme.Reach(member.Role) != "" {
				people[user] = struct{}{}
			}
		}
	}
	return people
}

// reachesAll tells whether some role of the organization reaches every project.
func (o Organization) reachesAll() bool {
	return slices.ContainsFunc(o.scheme.Scheme.OrganizationRoles, func(r events.Role) bool { return r.AllProjects != "" })
}
