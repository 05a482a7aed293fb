package domain

import (
	"iter"
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

// keepingHolders returns what is to happen, unless a role on a project would have
// fewer holders than the scheme keeps, and fewer than now. It counts only where
// somebody loses such a role.
func (o Organization) keepingHolders(m events.Moment, happened ...events.Event) ([]events.Event, error) {
	if !slices.ContainsFunc(o.scheme.Scheme.ProjectRoles, keeps) {
		return happened, nil
	}
	after := o.after(m, happened)
	for _, e := range happened {
		for change := range AccessChanges(o, after, e) {
			if change.Project == "" || change.From == "" {
				continue
			}
			role := o.scheme.project.find(change.From)
			if !keeps(role.Role) {
				continue
			}
			if left := after.projectHolders(change.Project, role.Key, role.AtLeast); left < o.projectHolders(change.Project, role.Key, role.AtLeast) {
				return nil, ErrLastHolder.because("This would leave project %q with %d of at least %d %q; give the role to somebody else first.",
					change.Project, left, role.AtLeast, role.Key)
			}
		}
	}
	return happened, nil
}

func keeps(role events.Role) bool { return role.AtLeast > 0 }

// projectHolders counts the people whose effective role on a project is role, as
// far as enough.
func (o Organization) projectHolders(id events.ProjectID, role events.RoleKey, enough int) int {
	n := 0
	for user := range o.OnProject(id) {
		if o.Access(user, id).Role == role {
			if n++; n == enough {
				break
			}
		}
	}
	return n
}

// OnProject yields everybody with access to a project, in no particular order.
func (o Organization) OnProject(id events.ProjectID) iter.Seq[events.UserID] {
	return func(yield func(events.UserID) bool) {
		project := o.projects.At(id)
		if project == nil {
			return
		}
		seen := map[events.UserID]struct{}{}
		first := func(user events.UserID) bool {
			_, again := seen[user]
			seen[user] = struct{}{}
			return !again
		}
		for user := range project.granted.Keys() {
			if first(user) && !yield(user) {
				return
			}
		}
		for _, a := range project.assignments {
			for user := range o.teams.At(a.via).members.Keys() {
				if first(user) && !yield(user) {
					return
				}
			}
		}
		if !o.reachesAll() {
			return
		}
		for user, member := range o.members.All() {
			if o.scheme.Reach(member.Role) != "" && first(user) && !yield(user) {
				return
			}
		}
	}
}

// reachesAll tells whether some role of the organization reaches every project.
func (o Organization) reachesAll() bool {
	return slices.ContainsFunc(o.scheme.Scheme.OrganizationRoles, func(r events.Role) bool { return r.AllProjects != "" })
}
