package feed

import (
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// The types of messages that say how somebody's effective access to a project changed.
const (
	AccessGranted events.Type = "access.granted.v1"
	AccessChanged events.Type = "access.changed.v1"
	AccessRevoked events.Type = "access.revoked.v1"
	// AccessResync says that a command changed the access of so many that it is not told pair by
	// pair.
	AccessResync events.Type = "access.resync.v1"
)

// AccessMessage is the body of the messages of access.
type AccessMessage struct {
	Organization events.OrganizationID `json:"organization"`
	User         events.UserID         `json:"user"`
	Project      events.ProjectID      `json:"project"`
	// From is the access before; nil for none.
	From *AccessLevel `json:"from,omitzero"`
	// To is the access after; nil for none.
	To *AccessLevel `json:"to,omitzero"`
	// Sources are those of the access after.
	Sources []AccessSource `json:"sources"`
	// Cause is the id of the event that changed it.
	Cause string `json:"cause"`
}

// AccessLevel is somebody's effective access: the role, and the level of every permission.
type AccessLevel struct {
	Role   events.RoleKey `json:"role"`
	Levels events.Levels  `json:"levels"`
}

// AccessSource is one reason for somebody's access.
type AccessSource struct {
	Kind domain.SourceKind `json:"kind"`
	Role events.RoleKey    `json:"role"`
	// Team is the team assigned, Via the one that the person is in: Team, or one below it.
	Team events.TeamID `json:"team,omitzero"`
	Via  events.TeamID `json:"via,omitzero"`
	// From is when the source started later than it was given; the zero value means that it started at once.
	From time.Time `json:"from,omitzero"`
	// Until is when the source ends; the zero value means never.
	Until time.Time `json:"until,omitzero"`
	// Event is the id of the event behind it.
	Event string `json:"event"`
}

// ResyncMessage is the body of [AccessResync].
type ResyncMessage struct {
	Organization events.OrganizationID `json:"organization"`
	// Cause is the id of the command's last event.
	Cause string `json:"cause"`
}

// HeartbeatType is the type of the messages that say how far the stream goes.
const HeartbeatType events.Type = "heartbeat.v1"

// Heartbeat is the body of a heartbeat.
type Heartbeat struct {
	// Position is that up to which every commit is in the stream.
	Position events.Position `json:"position"`
	At       time.Time       `json:"at"`
	// Dropped is the sequence of the last message that the stream keeps no longer, as far as was known when the stream ended at the
	// sequence Checked. Whoever has read a heartbeat before Dropped last may have missed messages.
	Dropped uint64 `json:"dropped,omitzero"`
	Checked uint64 `json:"checked,omitzero"`
}
