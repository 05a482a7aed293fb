package api

import (
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// Event is an event as histories and streams show it.
type Event struct {
	ID           string                `json:"id" doc:"organization/version/index."`
	Type         events.Type           `json:"type"`
	Organization events.OrganizationID `json:"organization"`
	Position     events.Position       `json:"position" doc:"The commit's place in the ledger."`
	At           time.Time             `json:"at" doc:"When it happened."`
	Recorded     time.Time             `json:"recorded" doc:"When it was recorded."`
	Actor        events.UserID         `json:"actor,omitzero" doc:"Left out: the system."`
	Cause        string                `json:"cause,omitzero" doc:"What led to the command, in its sender's words."`
	Payload      jsontext.Value        `json:"payload" doc:"What happened, without personal data."`
}

// eventOf describes an event, redacted: see [redactEvent].
func eventOf(c *events.Commit, entry *events.Entry, r events.Recorded) (Event, error) {
	payload, err := json.Marshal(redactEvent(r.Event), json.Deterministic(true))
	if err != nil {
		return Event{}, err
	}
	return Event{
		ID: r.ID(entry.Organization), Type: r.Event.Type(), Organization: entry.Organization, Position: c.Position,
		At: entry.At, Recorded: c.At, Actor: entry.Actor, Cause: entry.Cause, Payload: payload,
	}, nil
}

// eventFilter says which events are wanted; the zero value is all.
type eventFilter struct {
	organization events.OrganizationID
	actor        *events.UserID
	subject      string
	types        []events.Type
	since, until time.Time
}

func (f *eventFilter) matches(entry *events.Entry, e events.Event) bool {
	return (f.organization == "" || entry.Organization == f.organization) &&
		(f.actor == nil || entry.Actor == *f.actor) &&
		(f.subject == "" || events.PrimarySubject(e) == f.subject) &&
		(f.types == nil || slices.Contains(f.types, e.Type())) &&
		!entry.At.Before(f.since) && (f.until.IsZero() || entry.At.Before(f.until))
}
