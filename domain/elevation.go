package domain

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Elevation is a higher role that somebody has for a time, since their request for it was approved. It counts beside what they
// have without it, and replaces nothing. The value is never changed.
type Elevation struct {
	// Member is whose it is.
	Member events.UserID
	// Project is empty if it is a role in the organization.
	Project events.ProjectID
	Role    events.RoleKey
	// Request is what asked for it.
	Request events.AccessRequestID
	// Until is when it ends; it always has an end.
	Until time.Time
	// Origin is when it began, and who approved it.
	events.Origin
}

// Elevations lists the member's elevations of which no event says that they ended: that in the organization, then those on projects, in
// the order of the projects.
func (m Member) Elevations() iter.Seq[Elevation] {
	return func(yield func(Elevation) bool) {
		for e := range m.allElevations() {
			if !yield(*e) {
				return
			}
		}
	}
}

func (m *Member) allElevations() iter.Seq[*Elevation] {
	if !m.isElevated() {
		return func(func(*Elevation) bool) {}
	}
	return m.optional.elevations.all()
}

// isElevated reports whether the member has an elevation, also one that has ended.
func (m *Member) isElevated() bool {
	return m != nil && m.optional != nil && !m.optional.elevations.isEmpty()
}

// elevation returns the member's elevation on a project, or in the organization if that is empty, also one that has ended; nil
// if there is none.
func (m *Member) elevation(project events.ProjectID) *Elevation {
	if !m.isElevated() {
		return nil
	}
	return m.optional.elevations.find(elevationOn(project))
}

// Elevated yields the members who have an elevation of which no event says that it ended, in no particular order.
func (o Organization) Elevated() iter.Seq[events.UserID] { return o.elevated.Keys() }

// elevationCounts reports whether an elevation counts at the organization's instant.
func (o Organization) elevationCounts(e *Elevation) bool {
	switch {
	case e == nil, e.Member == o.unelevated, o.counting == lasting: // it always has an end
		return false
	case o.counting == anytime:
		return true
	}
	return !ended(e.Until, o.at)
}

// Elevation returns somebody's elevation on a project, or in the organization if that is empty, and whether it is in effect.
func (o Organization) Elevation(user events.UserID, project events.ProjectID) (Elevation, bool) {
	e := o.members.At(user).elevation(project)
	if !o.elevationCounts(e) || o.active(user) == nil {
		return Elevation{}, false
	}
	return *e, true
}

// HasOrganizationRole reports whether a member has a role in the organization, as their own, or by an elevation that is in effect.
func (o Organization) HasOrganizationRole(user events.UserID, role events.RoleKey) bool {
	if member := o.members.At(user); member == nil || member.Role == role {
		return member != nil
	}
	elevation, is := o.Elevation(user, "")
	return is && elevation.Role == role
}

// ElevatedUntil returns until when somebody has a higher role by an elevation, on a project, or in the organization if that is empty; the zero value if
// they are not elevated, or have the role without it.
func (o Organization) ElevatedUntil(user events.UserID, project events.ProjectID) (until time.Time) {
	if !o.members.At(user).isElevated() || o.RoleAt(user, project) == o.RoleUnelevated(user, project) {
		return until
	}
	for _, at := range []events.ProjectID{"", project} {
		if e, is := o.Elevation(user, at); is && e.Until.After(until) && (at == project || o.scheme.RoleOnAllProjects(e.Role) != "") {
			until = e.Until
		}
	}
	return until
}

// withoutElevationsOf returns the organization as it is for somebody if they are not elevated. Elevations of others count; what they have given stands.
func (o Organization) withoutElevationsOf(user events.UserID) Organization {
	o.unelevated = user
	return o
}

// elevatedRole returns the role in the organization to which a member is elevated; empty if they are not.
func (o Organization) elevatedRole(m *Member) events.RoleKey {
	if e := m.elevation(""); o.elevationCounts(e) {
		return e.Role
	}
	return ""
}

// heldRole returns the role of the highest rank that a member has in the organization, with an elevation. What they may do is what one of both allows.
func (o Organization) heldRole(m *Member) events.RoleKey {
	elevated := o.elevatedRole(m)
	if elevated != "" && o.scheme.organization.rank(elevated) > o.scheme.organization.rank(m.Role) { // a role redefined since may rank higher
		return elevated
	}
	return m.Role
}

// holds reports whether a member has a role in the organization, also by an elevation.
func (o Organization) holds(m *Member, role events.RoleKey) bool {
	return m.Role == role || role != "" && o.elevatedRole(m) == role
}

// byEither returns nil if a rule lets a member do something by the role that they hold without an elevation, or by the one to
// which they are elevated.
func (o Organization) byEither(m *Member, rule func(held events.RoleKey) error) error {
	err := rule(m.Role)
	if elevated := o.elevatedRole(m); err != nil && elevated != "" {
		return rule(elevated)
	}
	return err
}

// reachesAllProjects reports whether a member's role, or their elevation, reaches every project now.
func (o Organization) reachesAllProjects(m *Member) bool {
	return o.scheme.RoleOnAllProjects(m.Role) != "" || o.scheme.RoleOnAllProjects(o.elevatedRole(m)) != ""
}

// canReachAllProjects reports whether a member's role, or an elevation, also one that has ended, reaches every project with a role of a
// rank or a higher one; 0 is any.
func (o Organization) canReachAllProjects(m *Member, least int) bool {
	if o.scheme.atLeast(o.scheme.RoleOnAllProjects(m.Role), least) {
		return true
	}
	e := m.elevation("")
	return e != nil && e.Member != o.unelevated && o.scheme.atLeast(o.scheme.RoleOnAllProjects(e.Role), least)
}

// yieldElevations yields what a member's elevations give on a project: that in the organization if its role reaches every project,
// and that on the project while they have access there without any. It reports whether to go on.
func (o Organization) yieldElevations(yield func(sourceRef) bool, m *Member, project *Project) bool {
	if e := m.elevation(""); o.elevationCounts(e) {
		if role := o.scheme.organization.find(e.Role); role.AllProjects != "" &&
			!yield(sourceRef{kind: ThroughElevation, role: role.AllProjects, bypass: role.Bypass, elevation: e}) {
			return false
		}
	}
	e := m.elevation(project.id)
	if !o.elevationCounts(e) {
		return true
	}
	for range o.withoutElevationsOf(e.Member).sourceRefs(m, project) {
		return yield(sourceRef{kind: ThroughElevation, role: e.Role, elevation: e})
	}
	return true
}
