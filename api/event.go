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

// eventOf leaves out what only the keyring should open, and hashes of secrets.
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

// redactEvent returns an event as those may see it who do not hold its secrets.
func redactEvent(e events.Event) any {
	switch e := e.(type) { //nolint:gochecksumtype // the others hold neither personal data nor secrets
	case events.MemberJoined:
		e.Name, e.Email, e.Address = "", "", ""
		return e
	case events.MemberInvited:
		return struct {
			Invite   events.InviteID      `json:"invite"`
			Role     events.RoleKey       `json:"role"`
			Expires  time.Time            `json:"expires,omitzero"`
			Member   events.UserID        `json:"member,omitzero"`
			Levels   events.Levels        `json:"levels,omitzero"`
			Until    time.Time            `json:"until,omitzero"`
			Projects []events.ProjectRole `json:"projects,omitzero"`
		}{e.Invite, e.Role, e.Expires, e.Member, e.Levels, e.Until, e.Projects}
	case events.PublicLinkTurnedOn:
		return linked{e.Project}
	case events.PublicLinkRotated:
		return linked{e.Project}
	}
	return e
}

// linked is all that is sent of a public link: of which project it is.
type linked struct {
	Project events.ProjectID `json:"project"`
}
