package api

import (
	"cmp"

	"github.com/seed-2026d078/roster/events"
)

// StreamLimits are how many event streams may be open at a time. Zero means
// the default: see [DefaultStreamLimits].
type StreamLimits struct {
	// Process limits all together. A tenth of them is for the system alone.
	Process int
	// Organization limits those of one organization.
	Organization int
	// Actor limits those of one actor, in whatever organizations, except for the system.
	Actor int
}

// DefaultStreamLimits returns the limits that hold where a server is told none.
func DefaultStreamLimits() StreamLimits {
	return StreamLimits{Process: 4000, Organization: 1000, Actor: 20}
}

// systemPart is the part of all streams that is for the system alone: one of so many.
const systemPart = 10

func (l StreamLimits) orDefault() StreamLimits {
	standard := DefaultStreamLimits()
	return StreamLimits{cmp.Or(l.Process, standard.Process), cmp.Or(l.Organization, standard.Organization), cmp.Or(l.Actor, standard.Actor)}
}

// streamCounts counts the open streams.
type streamCounts struct {
	all            int
	byOrganization map[events.OrganizationID]int
	byActor        map[events.UserID]int
}

func newStreamCounts() streamCounts {
	return streamCounts{byOrganization: map[events.OrganizationID]int{}, byActor: map[events.UserID]int{}}
}

// add counts a stream of an actor. Without an organization it is one of all of them. Streams
// of the system count, and have the limit of the process alone.
func (c *streamCounts) add(org events.OrganizationID, actor events.UserID, l StreamLimits) error {
	switch system := actor == events.System; {
	case c.all >= l.Process:
		return errTooManyStreams.because("The server has %d event streams open, as many as it may; try again in a moment.", c.all)
	case system:
	case c.byActor[actor] >= l.Actor:
		return errTooManyStreams.because("%s has %d event streams open, as many as one actor may; close one, or read several kinds of events by one.", actor, l.Actor)
	case org != "" && c.byOrganization[org] >= l.Organization:
		return errTooManyStreams.because("The organization has %d event streams open, as many as one may; try again in a moment.", c.byOrganization[org])
	case c.all >= l.Process-l.Process/systemPart:
		return errTooManyStreams.because("The server has %d event streams open, as many as it may of actors; try again in a moment.", c.all)
	}
	c.all++
	c.byActor[actor]++
	c.byOrganization[org]++
	return nil
}

// remove ends what add counted.
func (c *streamCounts) remove(org events.OrganizationID, actor events.UserID) {
	c.all--
	countDown(c.byActor, actor)
	countDown(c.byOrganization, org)
}

func countDown[K comparable](counts map[K]int, key K) {
	if counts[key]--; counts[key] == 0 {
		delete(counts, key)
	}
}
