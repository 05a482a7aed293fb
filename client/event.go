package client

import "github.com/seed-2026d078/roster/events"

// Decode returns what happened as a type of package events, such as
// [events.MemberJoined]. The API shows neither personal data nor hashes of secrets: these
// fields are zero. It fails with an [*events.UnknownTypeError] for a type that only a newer
// version of this module knows.
func (e Event) Decode() (events.Event, error) {
	return events.DecodeFields(events.Type(e.Type), e.Payload)
}
