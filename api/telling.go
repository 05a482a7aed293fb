package api

import (
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

// telling is an event as histories and streams tell it.
type telling struct {
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

// tell leaves out what only the keyring should open, and hashes of secrets.
func tell(c *events.Commit, entry *events.Entry, r events.Recorded) (telling, error) {
	payload, err := json.Marshal(publicly(r.Event), json.Deterministic(true))
	if err != nil {
		return telling{}, err
	}
	return telling{
		ID: r.ID(entry.Organization), Type: r.Event.Type(), Organization: entry.Organization, Position: c.Position,
		At: entry.At, Recorded: c.At, Actor: entry.Actor, Cause: entry.Cause, Payload: payload,
	}, nil
}

// wish narrows down which events are told; the zero value is all.
type wish struct {
	organization events.OrganizationID
	actor        *events.UserID
	subject      string
	types        []events.Type
	since, until time.Time
}

func (w *wish) matches(entry *events.Entry, e events.Event) bool {
	return (w.organization == "" || entry.Organization == w.organization) &&
		(w.actor == nil || entry.Actor == *w.actor) &&
		(w.subject == "" || events.PrimarySubject(e) == w.subject) &&
		(w.types == nil || slices.Contains(w.types, e.Type())) &&
		!entry.At.Before(w.since) && (w.until.IsZero() || entry.At.Before(w.until))
}

// publicly returns an event as those may see it who do not hold its secrets.
func publicly(e events.Event) any {
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

// linked is all that is told of a public link: of which project it is.
type linked struct {
	Project events.ProjectID `json:"project"`
}
