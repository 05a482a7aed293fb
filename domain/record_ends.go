package domain

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// RecordEnds records that ends have passed. Access has ended before, at the instant itself,
// whether or not anything is recorded; so those who read events hear of it. The system gives
// the command, and nobody else.
type RecordEnds struct {
	// Of are at most [MaxItems].
	Of []EndOf
}

// EndOf names what can have an end: a membership if Member alone is set, a grant if Member and
// Project are, an assignment if Team and Project are, an invite if Invite is, and a request for access if AccessRequest is.
type EndOf struct {
	Member        events.UserID
	Team          events.TeamID
	Project       events.ProjectID
	Invite        events.InviteID
	AccessRequest events.AccessRequestID
}

// Decide records each end once, those that have passed and are there. All others are left out: they
// were put off meanwhile, say, or somebody else has recorded them.
func (c RecordEnds) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	switch {
	case m.Actor != events.System:
		return nil, ErrNotAllowed.Because("Only the system actor records that ends have passed.")
	case len(c.Of) > MaxItems:
		return nil, ErrTooMany.Because("At most %d ends are recorded at once, not %d.", MaxItems, len(c.Of))
	case !org.Exists():
		return nil, nil
	}
	var passed []events.Event
	recorded := map[EndOf]struct{}{}
	for i, of := range c.Of {
		if !org.spendOnItem(i, len(c.Of)) {
			break
		}
		until, found := org.EndOf(of)
		if _, again := recorded[of]; again || !found || !ended(until, org.at) {
			continue
		}
		recorded[of] = struct{}{}
		passed = append(passed, org.endPassed(of, until))
	}
	return passed, nil
}

// endPassed returns the event that records an end.
func (o Organization) endPassed(of EndOf, until time.Time) events.Event {
	switch {
	case of.AccessRequest != "":
		return events.AccessRequestExpired{Request: of.AccessRequest, Member: o.accessRequests.At(of.AccessRequest).Member, Until: until}
	case of.Invite != "":
		return events.InviteExpired{Invite: of.Invite, Until: until}
	case of.Team != "":
		return events.AssignmentEnded{Team: of.Team, Project: of.Project, Until: until}
	case of.Project != "":
		return events.ProjectMembershipEnded{Project: of.Project, Member: of.Member, Until: until}
	}
	return events.MembershipEnded{Member: of.Member, Until: until}
}

// EndOf returns an end that no event has recorded yet, and whether there is one.
func (o Organization) EndOf(of EndOf) (time.Time, bool) {
	until, recorded := time.Time{}, false
	switch {
	case of.AccessRequest != "":
		if request := o.accessRequests.At(of.AccessRequest); request != nil && request.Closed == nil {
			until = request.ends()
		}
	case of.Invite != "":
		if invite := o.invites.At(of.Invite); invite != nil {
			until, recorded = invite.ends(), invite.expiryRecorded
		}
	case of.Team != "":
		if project := o.projects.At(of.Project); project != nil {
			if a := project.findAssignment(of.Team); a != nil {
				until, recorded = a.Until, a.endRecorded
			}
		}
	default:
		member := o.members.At(of.Member)
		switch {
		case member == nil:
		case of.Project == "" && member.optional != nil:
			until, recorded = member.optional.until, member.optional.endRecorded
		case of.Project != "":
			if grant := member.findGrant(of.Project); grant != nil && grant.optional != nil {
				until, recorded = grant.optional.until, grant.optional.endRecorded
			}
		}
	}
	return until, !until.IsZero() && !recorded
}

// Ends yields all ends that no event has recorded yet, in no particular order. It looks at
// everybody, and at every project.
func (o Organization) Ends() iter.Seq2[EndOf, time.Time] {
	return func(yield func(EndOf, time.Time) bool) {
		if !o.Exists() {
			return
		}
		found := func(of EndOf) bool {
			until, is := o.EndOf(of)
			return !is || yield(of, until)
		}
		for user, member := range o.members.All() {
			if member.optional != nil && !found(EndOf{Member: user}) {
				return
			}
			for grant := range member.grants.all() {
				if grant.optional != nil && !found(EndOf{Member: user, Project: grant.Project}) {
					return
				}
			}
		}
		for id, project := range o.projects.All() {
			for a := range project.assignments.all() {
				if !found(EndOf{Team: a.Team, Project: id}) {
					return
				}
			}
		}
		for id := range o.invites.Keys() {
			if !found(EndOf{Invite: id}) {
				return
			}
		}
		for _, asker := range o.askers.All() {
			for _, id := range asker.open {
				if !found(EndOf{AccessRequest: id}) {
					return
				}
			}
		}
	}
}

// NewEnd returns what an event gives an end that it may not have had, and whether it does. The end
// itself is in the state after the event.
func NewEnd(e events.Event) (EndOf, bool) {
	switch e := e.(type) { //nolint:gochecksumtype // all others give nothing an end
	case events.MemberJoined:
		return EndOf{Member: e.Member}, !e.Until.IsZero()
	case events.MemberEndChanged:
		return EndOf{Member: e.Member}, !e.To.IsZero()
	case events.ProjectMemberAdded:
		return EndOf{Member: e.Member, Project: e.Project}, !e.Until.IsZero()
	case events.ProjectMemberEndChanged:
		return EndOf{Member: e.Member, Project: e.Project}, !e.To.IsZero()
	case events.TeamAssigned:
		return EndOf{Team: e.Team, Project: e.Project}, !e.Until.IsZero()
	case events.AssignmentEndChanged:
		return EndOf{Team: e.Team, Project: e.Project}, !e.To.IsZero()
	case events.MemberInvited:
		return EndOf{Invite: e.Invite}, !e.Expires.IsZero() || !e.Until.IsZero()
	case events.AccessRequested:
		return EndOf{AccessRequest: e.Request}, !e.Expires.IsZero() || !e.Until.IsZero()
	case events.InviteChanged:
		return EndOf{Invite: e.Invite}, true
	case events.InviteResent:
		return EndOf{Invite: e.Invite}, true // the membership that it offers may have an end
	}
	return EndOf{}, false
}
