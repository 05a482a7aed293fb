package domain

import (
	"cmp"
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
	// every permission at its highest.
	Projects, Full int
	// Everything reports whether they have every permission of the organization at its
	// highest.
	Everything bool
}

// AccessSummaries returns a summary for every active member, in the order of their ids.
func (o Organization) AccessSummaries() []AccessSummary {
	var all []AccessSummary
	for user, member := range o.members.All() {
		if o.active(user) == nil {
			continue
		}
		summary := AccessSummary{User: user, Role: member.Role, Everything: hasEverything(o.InOrganization(user))}
		for _, id := range o.ReachableProjects(user) {
			access := o.Access(user, id)
			if access.Reason == "" {
				summary.Projects++
			}
			if hasEverything(access) {
				summary.Full++
			}
		}
		all = append(all, summary)
	}
	slices.SortFunc(all, func(a, b AccessSummary) int { return cmp.Compare(a.User, b.User) })
	return all
}

// hasEverything reports whether every permission is at its highest level.
func hasEverything(a Access) bool {
	return len(a.levels) > 0 && !slices.ContainsFunc(a.levels, func(l level) bool { return l < full })
}

// BroadAccess lists who has every permission at its highest level on at least so many
// projects, or in the organization. Those with the most projects come first.
func (o Organization) BroadAccess(projects int) []AccessSummary {
	broad := slices.DeleteFunc(o.AccessSummaries(), func(s AccessSummary) bool { return !s.Everything && (s.Full == 0 || s.Full < projects) })
	slices.SortStableFunc(broad, func(a, b AccessSummary) int { return cmp.Compare(b.Full, a.Full) })
	return broad
}

// projectAccesses lists every access to a project for which fits returns true, in the
// order of project and person.
func (o Organization) projectAccesses(fits func(ProjectAccess) bool) []ProjectAccess {
	var all []ProjectAccess
	for user := range o.members.Keys() {
		for _, id := range o.ReachableProjects(user) {
			access := o.Access(user, id)
			if access.Reason != "" {
				continue
			}
			found := ProjectAccess{User: user, Project: id, Role: access.Role, Since: access.Since()}
			found.Attested, _ = o.Attested(user, id)
			if fits(found) {
				all = append(all, found)
			}
		}
	}
	slices.SortFunc(all, func(a, b ProjectAccess) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.User, b.User))
	})
	return all
}

// ProjectAdmins lists who holds the highest role on each project, by whatever source.
func (o Organization) ProjectAdmins() []ProjectAccess {
	return o.projectAccesses(func(a ProjectAccess) bool { return a.Role == o.scheme.project.highest() })
}

// Unreviewed lists the access that began before an instant and was not reviewed since.
func (o Organization) Unreviewed(since time.Time) []ProjectAccess {
	return o.projectAccesses(func(a ProjectAccess) bool { return a.Since.Before(since) && a.Attested.At.Before(since) })
}

// Since is when the oldest of the sources began to give access; the zero value
// where there is none.
func (a Access) Since() time.Time {
	var oldest time.Time
	for _, source := range a.Sources {
		began := source.At
		if source.Entered.At.After(began) {
			began = source.Entered.At
		}
		if oldest.IsZero() || began.Before(oldest) {
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
		return cmp.Or(o.invites.At(a).Sent.At.Compare(o.invites.At(b).Sent.At), cmp.Compare(a, b))
	})
	return ids
}
