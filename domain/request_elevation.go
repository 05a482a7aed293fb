package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// RequestElevation asks for a higher role for a time: in the organization, or on a project on which somebody is.
type RequestElevation struct {
	Request events.AccessRequestID
	// Member is who asks.
	Member events.UserID
	// Project is empty for a role in the organization.
	Project events.ProjectID
	Role    events.RoleKey
	Reason  events.Sealed
	// For is how long it is to last from its approval on, in whole minutes; 0 if Until says when it ends. One of them is given.
	For   time.Duration
	Until time.Time
	// Expires is when the request ends; the zero value is what the scheme says.
	Expires time.Time
}

// Decide lets members ask for themselves, and the system for others, for roles that the scheme allows from theirs. Nobody asks again
// while they are elevated there.
func (c RequestElevation) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	switch {
	case !org.Sees(m.Actor):
		return nil, ErrNoOrganization
	case m.Actor != events.System && m.Actor != c.Member:
		return nil, ErrNotAllowed.Because("People ask to be elevated themselves; only the system asks for others.")
	}
	member, err := org.memberToElevate(c.Member, c.Project)
	if err != nil {
		return nil, err
	}
	if err := validateID("access request", c.Request); err != nil {
		return nil, err
	}
	rule, err := org.elevationFor(c.Member, member, c.Project, c.Role)
	if err != nil {
		return nil, err
	}
	if err := c.validateTime(rule, m); err != nil {
		return nil, err
	}
	if rule.ReasonRequired && c.Reason == "" {
		return nil, ErrReasonRequired
	}
	if _, is := org.Elevation(c.Member, c.Project); is {
		return nil, ErrAlreadyElevated
	}
	expires, err := expiry(m, "A request", org.scheme.AccessRequests.Days, c.Expires)
	if err != nil {
		return nil, err
	}
	happened, err := org.makeRoom(m, c.Request, &AccessRequest{Member: c.Member, Project: c.Project, Elevation: true})
	if err != nil {
		return nil, err
	}
	return append(happened, events.AccessRequested{
		Request: c.Request, Member: c.Member, Project: c.Project, Role: c.Role, Elevation: true, Reason: c.Reason,
		Until: c.Until, Minutes: int(c.For / time.Minute), Expires: expires,
	}), nil
}

// validateTime fails unless the request says how long the elevation is to last, or until when, and the rule allows it.
func (c RequestElevation) validateTime(rule *events.ElevationRule, m events.Moment) error {
	if (c.For == 0) == c.Until.IsZero() || c.For < 0 || c.For%time.Minute != 0 {
		return ErrBadEnd.Because("An elevation has an end: state for how many minutes, from its approval on, or until when, and not both.")
	}
	until := c.Until
	if c.For > 0 {
		until = m.Instant().Add(c.For)
	}
	if err := validateEnd(until, m); err != nil {
		return err
	}
	return validateTime(rule, m, until)
}

// memberToElevate returns an active member who has, on the project if there is one, access without an elevation.
func (o Organization) memberToElevate(user events.UserID, project events.ProjectID) (*Member, error) {
	member := o.members.At(user)
	switch {
	case member == nil:
		return nil, NoMember(user)
	case o.active(user) == nil:
		return nil, ErrNotInOrganization.Because("%q is a member whose membership is not in effect.", user)
	case o.archived:
		return nil, ErrOrganizationArchived
	case project == "":
		return member, nil
	case !o.SeesProject(user, project):
		return nil, NoProject(user, project)
	case o.projects.At(project).Archived:
		return nil, ErrProjectArchived
	case !o.withoutElevationsOf(user).HasAccess(user, project):
		return nil, ErrNotOnProject.Because("%q is not on the project, so there is no role to elevate them from; ask for access first.", user)
	}
	return member, nil
}

// giveElevation returns the events that elevate somebody who has asked for it.
func (o Organization) giveElevation(m events.Moment, _ *AccessRequest, granted events.AccessApproved) ([]events.Event, error) {
	member, err := o.memberToElevate(granted.Member, granted.Project)
	if err != nil {
		return nil, err
	}
	rule, err := o.elevationFor(granted.Member, member, granted.Project, granted.Role)
	if err != nil {
		return nil, err
	}
	if err := o.mayElevate(m.Actor, granted.Member, granted.Project, granted.Role); err != nil {
		return nil, err
	}
	if err := validateEnd(granted.Until, m); err != nil {
		return nil, err
	}
	if err := validateTime(rule, m, granted.Until); err != nil {
		return nil, err
	}
	var happened []events.Event
	if former := member.elevation(granted.Project); former != nil {
		if o.elevationCounts(former) {
			return nil, ErrAlreadyElevated
		}
		happened = append(happened, former.ended(granted.Member, former.Until))
	}
	return append(happened, events.Elevated{Request: granted.Request, Member: granted.Member, Project: granted.Project, Role: granted.Role, Until: granted.Until}), nil
}
