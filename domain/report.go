package domain

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ProjectAccess is one person's access to one project, as reports list it.
type ProjectAccess struct {
	User    events.UserID
	Project events.ProjectID
	Role    events.RoleKey
	// Since is when the oldest source that still holds began.
	Since time.Time
	// Attested is the newest review; its zero value is none.
	Attested events.Origin
}

// AccessSummary counts what one member of the organization has access to.
type AccessSummary struct {
	User events.UserID
	// Role is the person's in the organization.
	Role events.RoleKey
	// Projects are those that they have any access to, Full those on which they have
	// every permission at its highest, Broad those on which they have so many of them at
	// their highest as the scheme calls broad.
	Projects, Full, Broad int
	// Everything and BroadInOrganization report the same of the permissions of the
	// organization.
	Everything, BroadInOrganization bool
}

// AccessSummaries returns a summary for every active member, in the order of their ids. It
// calls proceed all the time, and ends without the rest when that returns false.
func (o Organization) AccessSummaries(proceed func() bool) []AccessSummary {
	all := make([]AccessSummary, 0, o.members.Len())
	reached, access := newProjectFinder(o), newResolver(o)
	for user := range o.members.Keys() {
		if !proceed() {
			break
		}
		member := o.active(user)
		if member == nil {
			continue
		}
		summary := AccessSummary{User: user, Role: member.Role}
		if levels := o.levels(member); !o.archived {
			summary.Everything, summary.BroadInOrganization = hasEverything(levels), o.scheme.isBroad(levels)
		}
		for _, project := range reached.of(member) {
			if !proceed() {
				break
			}
			role, levels := access.on(member, project)
			if role == "" {
				continue
			}
			summary.Projects++
			if hasEverything(levels) {
				summary.Full++
			}
			if o.scheme.isBroad(levels) {
				summary.Broad++
			}
		}
		all = append(all, summary)
	}
	slices.SortFunc(all, func(a, b AccessSummary) int { return cmp.Compare(a.User, b.User) })
	return all
}

// hasEverything reports whether every permission is at its highest level.
func hasEverything(levels []level) bool {
	return len(levels) > 0 && !slices.ContainsFunc(levels, func(l level) bool { return l < full })
}

// defaultBroadAccess is the share of permissions, in percent, where the scheme says none. For
// example, 11 of 15 are broad, and 4 of 5.
const defaultBroadAccess = 70

// isBroad reports whether so many permissions are at their highest level as the scheme calls
// broad.
func (s *Scheme) isBroad(levels []level) bool {
	highest := 0
	for _, l := range levels {
		if l == full {
			highest++
		}
	}
	return highest > 0 && 100*highest >= cmp.Or(s.BroadAccess, defaultBroadAccess)*len(levels)
}

// BroadAccess selects the summaries of those whose access is broad on at least so many
// projects, or in the organization. Those with the most projects come first; the others stay
// in their order.
func BroadAccess(all []AccessSummary, projects int) []AccessSummary {
	var broad []AccessSummary
	for _, s := range all {
		if s.BroadInOrganization || s.Broad > 0 && s.Broad >= projects {
			broad = append(broad, s)
		}
	}
	slices.SortStableFunc(broad, func(a, b AccessSummary) int { return cmp.Compare(b.Broad, a.Broad) })
	return broad
}

// AccessRange selects what reports list, in the order of the projects, then of the people.
type AccessRange struct {
	// Project and User name the last access that is left out; if both are empty, none is.
	Project events.ProjectID
	User    events.UserID
	// Includes reports whether a project is wanted.
	Includes func(events.ProjectID) bool
	// Proceed is called all the time; when it returns false, the list ends early.
	Proceed func() bool
	// Reach is called with each access before it is looked at; when it returns false, the list ends
	// there, and a range behind the access before it goes on. Nil lets the list go on.
	Reach func(events.ProjectID, events.UserID) bool
}

// proceedTo reports whether the list goes on with an access.
func (r AccessRange) proceedTo(project events.ProjectID, user events.UserID) bool {
	return r.Proceed() && (r.Reach == nil || r.Reach(project, user))
}

// accesses yields the access of active members to projects in a range for which find
// returns true. It holds no list of them.
func (o Organization) accesses(r AccessRange, find func(*person, *Project) (ProjectAccess, bool)) iter.Seq[ProjectAccess] {
	return func(yield func(ProjectAccess) bool) {
		if !r.Proceed() {
			return
		}
		people, ids := newPersonFinder(o), o.projectIDs()
		first, _ := slices.BinarySearch(ids, r.Project)
		for _, id := range ids[first:] {
			if !r.Proceed() {
				return
			}
			if !r.Includes(id) {
				continue
			}
			project := o.projects.At(id)
			here := people.on(project)
			if id == r.Project {
				behind, _ := slices.BinarySearchFunc(here, r.User, func(p *person, user events.UserID) int {
					if p.id <= user {
						return -1
					}
					return 1
				})
				here = here[behind:]
			}
			for _, one := range here {
				if !r.proceedTo(id, one.id) {
					return
				}
				if found, fits := find(one, project); fits && !yield(found) {
					return
				}
			}
		}
	}
}

// ProjectAdmins yields who holds the highest role on each project, by whatever source.
func (o Organization) ProjectAdmins(r AccessRange) iter.Seq[ProjectAccess] {
	return o.accesses(r, func(p *person, on *Project) (ProjectAccess, bool) {
		if o.highestRole(p.Member, on) != o.scheme.project.highest() {
			return ProjectAccess{}, false
		}
		return o.projectAccess(p, on)
	})
}

// Unreviewed yields the access that began before an instant and was not reviewed since.
func (o Organization) Unreviewed(since time.Time, r AccessRange) iter.Seq[ProjectAccess] {
	return o.accesses(r, func(p *person, on *Project) (ProjectAccess, bool) {
		found, has := o.projectAccess(p, on)
		return found, has && found.Since.Before(since) && found.Attested.At.Before(since)
	})
}

// projectAccess returns a member's access to a project, and whether there is any.
func (o Organization) projectAccess(p *person, on *Project) (ProjectAccess, bool) {
	found := ProjectAccess{User: p.id, Project: on.id}
	var highest highestSource
	for ref := range o.sourceRefs(p.Member, on) {
		highest.add(o.scheme, &ref)
		if began := o.began(p, &ref); found.Since.IsZero() || began.Before(found.Since) {
			found.Since = began
		}
	}
	found.Role, found.Attested = highest.role, p.attested(on)
	return found, found.Role != ""
}

// began returns [Source.Began] without making the source.
func (o Organization) began(p *person, ref *sourceRef) time.Time {
	at, from := p.RoleGiven.At, p.From()
	switch {
	case ref.grant != nil:
		at, from = ref.grant.Joined().At, later(from, ref.grant.From())
	case ref.elevation != nil:
		at = ref.elevation.At
	case ref.assignment != nil && ref.via == p.team:
		at, from = later(ref.assignment.Joined().At, p.entered), later(from, ref.assignment.From())
	case ref.assignment != nil:
		at, from = later(ref.assignment.Joined().At, o.teams.At(ref.via).members.At(p.id).Joined().At), later(from, ref.assignment.From())
	}
	return later(at, from)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Since is when the oldest of the sources began to give access, which is when the person
// joined the project; the zero value where there is none.
func (a Access) Since() time.Time {
	var oldest time.Time
	for i := range a.Sources {
		if began := a.Sources[i].Began; oldest.IsZero() || began.Before(oldest) {
			oldest = began
		}
	}
	return oldest
}

// PendingInvites lists the invites that were sent before an instant and that nobody has
// accepted or revoked since, oldest first.
func (o Organization) PendingInvites(before time.Time) []events.InviteID {
	var ids []events.InviteID
	for id, invite := range o.invites.All() {
		if invite.Sent.At.Before(before) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b events.InviteID) int {
		return cmp.Or(o.findInvite(a).Sent.At.Compare(o.findInvite(b).Sent.At), cmp.Compare(a, b))
	})
	return ids
}
