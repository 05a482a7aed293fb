package subscriber

import (
	"fmt"
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// maxFilters is how many subjects a consumer can have besides that of heartbeats.
const maxFilters = 1000

// messageTypes are the types of messages that there can be.
var messageTypes = append(events.Types(), feed.AccessGranted, feed.AccessChanged, feed.AccessRevoked, feed.AccessResync)

// filters returns the subjects that a subscriber asks for. They do not overlap, which NATS forbids.
func filters(s Subscriber, state domain.Roster, request feed.OpenRequest) ([]string, error) {
	organizations, err := organizationsOf(s, state, request.Organizations)
	if err != nil {
		return nil, err
	}
	types := slices.Compact(slices.Sorted(slices.Values(request.Types)))
	for _, t := range types {
		if !slices.Contains(messageTypes, t) {
			return nil, &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("This server has no type %.64q: name one such as membership.joined.v1. A newer type needs a newer server.", t)}
		}
	}
	if len(types) == 0 {
		types = []events.Type{">"}
	}
	if n := len(organizations) * len(types); n > maxFilters {
		return nil, &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("%d organizations and %d types are more than a consumer can have, %d pairs: name fewer, or none for all.",
			len(organizations), len(types), maxFilters)}
	}
	subjects := []string{feed.HeartbeatSubject}
	for _, org := range organizations {
		created := s.creation(state, org)
		for _, t := range types {
			subjects = append(subjects, feed.Subject(org, created, t))
		}
	}
	// A consumer may read all organizations by all types alone.
	if slices.Equal(subjects, []string{feed.HeartbeatSubject, feed.SubjectPrefix + "*.>"}) {
		subjects[1] = feed.SubjectPrefix + ">"
	}
	return subjects, nil
}

// creation returns the version to which the creation of an organization led that the subscriber may read; 1 if there is none.
func (s Subscriber) creation(state domain.Roster, org events.OrganizationID) events.Version {
	if created := s.created(org); created > 0 {
		return created
	}
	return max(1, state.Organization(org).Created().Version)
}

// everyOrganization stands for every one that there is, and will be.
const everyOrganization events.OrganizationID = "*"

// organizationsOf returns the organizations to read: those wanted, or else all that the subscriber may read.
func organizationsOf(s Subscriber, state domain.Roster, wanted []events.OrganizationID) ([]events.OrganizationID, error) {
	if len(wanted) > MaxOrganizations {
		return nil, &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("A consumer reads at most %d organizations by name: name fewer, or none for all.", MaxOrganizations)}
	}
	for _, org := range wanted {
		if !org.Valid() || !s.May(state, org) {
			return nil, s.mayNotRead(org)
		}
	}
	switch {
	case len(wanted) > 0:
		return slices.Compact(slices.Sorted(slices.Values(wanted))), nil
	case len(s.Organizations) == 0:
		return []events.OrganizationID{everyOrganization}, nil
	}
	return s.readable(state)
}

// readable returns the organizations that a subscriber names and may read still. It fails if others have the ids of them all.
func (s Subscriber) readable(state domain.Roster) (ids []events.OrganizationID, err error) {
	for _, o := range s.Organizations {
		if !o.replaced(state) {
			ids = append(ids, o.ID)
		}
	}
	if len(ids) == 0 {
		return nil, &feed.Problem{Code: feed.Forbidden, Detail: fmt.Sprintf("The organizations that subscriber %[1]s may read were deleted, and others have their ids now, which it may not read. "+
			"To let it read those, revoke it with `roster subscriber revoke %[1]s`, and create it again.", s.Name)}
	}
	return ids, nil
}

// mayNotRead says that a subscriber may not read an organization.
func (s Subscriber) mayNotRead(org events.OrganizationID) *feed.Problem {
	detail := fmt.Sprintf("Subscriber %s may not read organization %q: name others, or none for all that it may read.", s.Name, org)
	if s.created(org) > 0 {
		detail = fmt.Sprintf("Subscriber %[1]s may not read organization %[2]q: the one that it may read was deleted, and this is another one with its id. "+
			"To let it read this one, revoke it with `roster subscriber revoke %[1]s`, and create it again.", s.Name, org)
	}
	return &feed.Problem{Code: feed.Forbidden, Detail: detail}
}
