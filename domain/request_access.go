package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// Bounds of requests for access.
const (
	// maxAsked is how often somebody can ask for access in an organization within requestWindow, and how many open
	// requests they can have there.
	maxAsked = 10
	// maxJoinRequests is how many people can wait to join an organization.
	maxJoinRequests = 1000
)

// RequestAccess asks for a role: to join the organization with it, or on a project.
type RequestAccess struct {
	Request events.AccessRequestID
	// Member is who asks.
	Member events.UserID
	// Project is empty to join the organization.
	Project events.ProjectID
	// Role that is asked for; empty takes the default.
	Role   events.RoleKey
	Reason events.Sealed
	// Until is when the membership, or the grant, is to end; the zero value means never.
	Until time.Time
	// Expires is when the request ends; the zero value is what the scheme says.
	Expires time.Time
	// PersonalData is what is known of somebody who is no member yet.
	PersonalData
}

// Decide lets people ask for themselves, and the system for others, where the organization takes such requests. Whoever is not in an
// organization that takes none, or does not see a project, hears that it is not there.
func (c RequestAccess) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if m.Actor != events.System && m.Actor != c.Member {
		return nil, ErrNotAllowed.Because("People ask for access themselves; only the system asks for others.")
	}
	held, err := org.mayRequest(c.Member, c.Project)
	if err != nil {
		return nil, err
	}
	if held == nil {
		if err := org.requireUninvited(c.Member, ""); err != nil { // an address may be anybody's here
			return nil, err
		}
	}
	return c.ask(org, m, held)
}

// ask returns the event of a request that somebody may make; held is their membership, nil for none.
func (c RequestAccess) ask(org Organization, m events.Moment, held *Member) ([]events.Event, error) {
	if err := validateID("access request", c.Request); err != nil {
		return nil, err
	}
	if err := validateID("user", c.Member); err != nil {
		return nil, err
	}
	role, err := org.requestedRole(c, held)
	if err != nil {
		return nil, err
	}
	expires, err := expiry(m, "A request", org.scheme.AccessRequests.Days, c.Expires)
	if err != nil {
		return nil, err
	}
	if err := validateEnd(c.Until, m); err != nil {
		return nil, err
	}
	happened, err := org.makeRoom(m, c.Request, &AccessRequest{Member: c.Member, Project: c.Project})
	if err != nil {
		return nil, err
	}
	asked := events.AccessRequested{Request: c.Request, Member: c.Member, Project: c.Project, Role: role, Reason: c.Reason, Until: c.Until, Expires: expires}
	if held != nil {
		if differs := c.differsFrom(held); len(differs) > 0 {
			return nil, ErrAlreadyMember.Because("%q is a member already, with another %s; change the profile instead.", c.Member, phrase.Join(differs, " and "))
		}
	} else {
		if err := org.validatePersonalData(m.Actor, c.Member, c.PersonalData); err != nil {
			return nil, err
		}
		asked.Login, asked.Name, asked.Email, asked.Address = c.Login, c.Name, c.Email, c.Address
	}
	return append(happened, asked), nil
}

// mayRequest returns the membership of somebody who can ask for access to a project, or to join the organization: then it is nil.
func (o Organization) mayRequest(user events.UserID, project events.ProjectID) (*Member, error) {
	open, member := o.TakesJoinRequests(), o.members.At(user)
	switch {
	case !o.Exists(), !o.Sees(user) && !open, user == events.System:
		return nil, ErrNoOrganization
	case member == nil && project != "":
		return nil, ErrNotInOrganization.Because("%q is not in the organization; ask to join it first.", user)
	case o.archived:
		return nil, ErrOrganizationArchived
	case member == nil:
		return nil, nil
	case !o.Sees(user):
		return nil, ErrHasAccess.Because("%q is a member whose membership is over or switched off; ask somebody who manages the members to give it back.", user)
	case project == "":
		return nil, ErrHasAccess.Because("%q is a member already, as %q; ask somebody who manages the members for another role.%s", user, member.Role, o.orElevated(user, member, ""))
	case !o.SeesProject(user, project):
		return nil, NoProject(user, project)
	case !o.TakesProjectRequests():
		return nil, ErrNoAccessRequests.Because("The organization takes no requests for access to projects; ask somebody who may add people there.")
	case o.projects.At(project).Archived:
		return nil, ErrProjectArchived
	case o.HasAccess(user, project):
		return nil, ErrHasAccess.Because("%q is on the project already; ask somebody who manages its members for another role.%s", user, o.orElevated(user, member, project))
	}
	return member, nil
}

// requestedRole returns the role that is asked for, or the default.
func (o Organization) requestedRole(c RequestAccess, held *Member) (events.RoleKey, error) {
	if held == nil {
		return o.scheme.organization.orDefault(c.Role)
	}
	return o.scheme.projectRoleOrDefault(c.Role, held.Role)
}

// makeRoom returns the event that records that an earlier request for the same has expired. It fails if one is open, or if there are too many.
func (o Organization) makeRoom(m events.Moment, id events.AccessRequestID, asks *AccessRequest) (happened []events.Event, err error) {
	if o.accessRequests.At(id) != nil {
		return nil, ErrAccessRequestExists
	}
	open := 0
	for _, id := range o.OpenAccessRequests(asks.Member) {
		earlier := o.accessRequests.At(id)
		switch expired := ended(earlier.ends(), o.at); {
		case earlier.Project != asks.Project:
			open++
		case expired:
			happened = append(happened, events.AccessRequestExpired{Request: id, Member: asks.Member, Until: earlier.ends()})
		default:
			return nil, ErrAlreadyRequested
		}
	}
	asker, _ := o.askers.Get(asks.Member)
	if open >= maxAsked || asker.askedSince(m.Instant()) >= maxAsked || asks.joins() && o.joinRequests-len(happened) >= maxJoinRequests {
		return nil, ErrTooManyAccessRequests
	}
	return happened, nil
}
