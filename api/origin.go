package api

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Origin names the event that a fact comes from.
type Origin struct {
	Event string        `json:"event" doc:"The id of the event: organization/version/index."`
	Since time.Time     `json:"since" doc:"When it happened."`
	By    events.UserID `json:"by,omitzero" doc:"The actor; left out: the system."`
}

func originOf(org events.OrganizationID, o events.Origin) Origin {
	return Origin{Event: o.ID(org), Since: o.At.UTC(), By: o.Actor}
}

// orNever returns a time as answers carry it; nil where there is none.
func orNever(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}
