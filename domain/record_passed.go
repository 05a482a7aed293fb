package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// RecordPassed records that starts and ends have passed. Access has begun, or ended, before: at the
// instant itself, whether or not anything is recorded; so those who read events hear of it. The system
// gives the command, and nobody else.
type RecordPassed struct {
	// Of are at most [MaxItems].
	Of []Boundary
}

// Decide records each boundary once, those that have passed and are there. All others are left out: they
// were put off meanwhile, say, or somebody else has recorded them.
func (c RecordPassed) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	switch {
	case m.Actor != events.System:
		return nil, ErrNotAllowed.Because("Only the system actor records that starts and ends have passed.")
	case len(c.Of) > MaxItems:
		return nil, ErrTooMany.Because("At most %d starts and ends are recorded at once, not %d.", MaxItems, len(c.Of))
	case !org.Exists():
		return nil, nil
	}
	var passed []events.Event
	recorded := map[Boundary]struct{}{}
	for i, of := range c.Of {
		if !org.spendOnItem(i, len(c.Of)) {
			break
		}
		at, found := org.TimeOf(of)
		if _, again := recorded[of]; again || !found || !ended(at, org.at) {
			continue
		}
		recorded[of] = struct{}{}
		passed = append(passed, org.passed(of, at))
	}
	return passed, nil
}

// passed returns the event that records that a boundary has passed.
func (o Organization) passed(b Boundary, at time.Time) events.Event {
	switch {
	case b.AccessRequest != "":
		return events.AccessRequestExpired{Request: b.AccessRequest, Member: o.accessRequests.At(b.AccessRequest).Member, Until: at}
	case b.Elevation != "":
		return o.members.At(b.Member).elevation(b.Project).ended(b.Member, at)
	case b.Invite != "":
		return events.InviteExpired{Invite: b.Invite, Until: at}
	case b.Team != "" && b.Start:
		return events.AssignmentStarted{Team: b.Team, Project: b.Project, From: at}
	case b.Team != "":
		return events.AssignmentEnded{Team: b.Team, Project: b.Project, Until: at}
	case b.Project != "" && b.Start:
		return events.ProjectMembershipStarted{Project: b.Project, Member: b.Member, From: at}
	case b.Project != "":
		return events.ProjectMembershipEnded{Project: b.Project, Member: b.Member, Until: at}
	case b.Start:
		return events.MembershipStarted{Member: b.Member, From: at}
	}
	return events.MembershipEnded{Member: b.Member, Until: at}
}
