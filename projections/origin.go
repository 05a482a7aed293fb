package projections

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Origin names the event behind a state of affairs.
type Origin struct {
	// Event is the id of the event: organization/version/index.
	Event string    `json:"event"`
	Since time.Time `json:"since"`
	// By is the actor; empty is the system.
	By events.UserID `json:"by,omitempty"`
}

func originOf(org events.OrganizationID, o events.Origin) Origin {
	return Origin{Event: o.ID(org), Since: o.At.UTC(), By: o.Actor}
}
