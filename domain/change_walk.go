package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// changeWalk compares the access of many people in two states.
type changeWalk struct {
	before, after side
	touched       *touchedAccess
	// sameRules says that the two states differ in their members and projects alone.
	sameRules bool
	proceed   func() bool
	// reach is called before two accesses are compared, and ends the walk.
	reach func(events.UserID, events.ProjectID) bool
}

// side is one of the two states.
type side struct {
	Organization

	projects *projectFinder
	access   *resolver
}

func newChangeWalk(before, after Organization, touched *touchedAccess, proceed func() bool, reach func(events.UserID, events.ProjectID) bool) *changeWalk {
	w := &changeWalk{newSide(before), newSide(after), touched, false, proceed, reach}
	w.sameRules = before.Exists() && after.Exists() && before.scheme == after.scheme && before.archived == after.archived && before.at.Equal(after.at)
	return w
}

func newSide(o Organization) side {
	return side{Organization: o, projects: newProjectFinder(o), access: newResolver(o)}
}

// changesOf yields the changes of one person's access, without the levels, in the order of
// the projects.
func (w *changeWalk) changesOf(user events.UserID) iter.Seq[AccessChange] {
	return func(yield func(AccessChange) bool) {
		had, has := w.before.active(user), w.after.active(user)
		same := w.sameRules && sameForAccess(had, has) && (has == nil || w.sameAncestors(has.teams))
		if w.touched.has("") && !same {
			if !w.reach(user, "") {
				return
			}
			if change := compareAccess(w.before.Organization, w.after.Organization, accessKey{user: user}); !change.Empty() {
				change.Levels = nil
				if !yield(change) {
					return
				}
			}
		}
		old, now := w.before.projects.of(had), w.after.projects.of(has)
		for (len(old) > 0 || len(now) > 0) && w.proceed() {
			var from, to *Project
			if len(now) == 0 || len(old) > 0 && old[0].id <= now[0].id {
				from = old[0]
			}
			if len(old) == 0 || len(now) > 0 && now[0].id <= old[0].id {
				to = now[0]
			}
			id := events.ProjectID("")
			if from != nil {
				id, old = from.id, old[1:]
			}
			if to != nil {
				id, now = to.id, now[1:]
			}
			if !w.reach(user, id) {
				return
			}
			if !w.touched.has(id) || same && sameProjectForAccess(from, to) {
				continue
			}
			if change, differs := w.compare(user, had, has, from, to); differs && !yield(change) {
				return
			}
		}
	}
}

// compare compares the access of one person to one project. Members and projects are nil
// where there is no access.
func (w *changeWalk) compare(user events.UserID, had, has *Member, from, to *Project) (AccessChange, bool) {
	old, now := w.before.accessTo(had, from), w.after.accessTo(has, to)
	change := AccessChange{User: user, From: old.Role, To: now.Role}
	if from != nil {
		change.Project = from.id
	} else {
		change.Project = to.id
	}
	if old.Role != now.Role {
		return change, true
	}
	for range differingLevels(old, now) {
		return change, true
	}
	return change, false
}

// active is [Organization.active], and nil if the organization does not exist.
func (s *side) active(user events.UserID) *Member {
	if !s.Exists() {
		return nil
	}
	return s.Organization.active(user)
}

// accessTo returns an access with the role and the levels alone.
func (s *side) accessTo(member *Member, project *Project) Access {
	if !s.Exists() {
		return Access{}
	}
	access := Access{permissions: s.scheme.project.permissions}
	if member != nil && project != nil {
		access.Role, access.levels = s.access.on(member, project)
	}
	return access
}

// sameForAccess reports whether two states of a member share all that decides on access. If
// it returns false, the access may be equal all the same.
func sameForAccess(a, b *Member) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a == b || a.Role == b.Role && a.optional == b.optional && sameList(a.grants, b.grants) && sameSlice(a.teams, b.teams)
}

// sameAncestors reports whether teams inherit from the same ones before and after. If it
// returns false, they may do so all the same.
func (w *changeWalk) sameAncestors(teams []events.TeamID) bool {
	for _, team := range teams {
		if w.before.ancestorsOf(team) != w.after.ancestorsOf(team) {
			return false
		}
	}
	return true
}

// sameProjectForAccess is sameForAccess for projects.
func sameProjectForAccess(a, b *Project) bool {
	if a == nil || b == nil {
		return false
	}
	return a == b || a.Archived == b.Archived && sameList(a.assignments, b.assignments)
}

// sameSlice reports whether two slices are the same memory.
func sameSlice[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
