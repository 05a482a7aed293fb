package api

import (
	"cmp"
	"net/url"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// Receipt is the result of a command.
type Receipt struct {
	// ID is the id of what the command created, and Token its secret. If it created
	// several, both are those of the first.
	ID           string                `json:"id,omitzero" doc:"The id of what was created; of several, the first."`
	Token        string                `json:"token,omitzero" doc:"The secret that accepts the invite, or opens the public link; of several, the first. A repetition has it if it still opens something and the actor may still read it."`
	Position     events.Position       `json:"position" doc:"The place in the ledger."`
	Version      events.Version        `json:"version" doc:"The organization's version afterwards."`
	Changed      bool                  `json:"changed" doc:"False if nothing had to change."`
	Repeated     bool                  `json:"repeated,omitzero" doc:"True if the command was given before with the same idempotency key."`
	Events       []ReceiptEvent        `json:"events" doc:"What happened."`
	Organization events.OrganizationID `json:"organization,omitzero" doc:"The organization, where the path does not name it."`
	Invites      []invitedAddress      `json:"invites,omitzero" doc:"Of a list of invites: what became of each address, or in a dry run what would, in the order of the list."`
	DryRun       *dryRun               `json:"dry_run,omitzero" doc:"What would happen. It is there only after a dry run: then nothing changed, and position and version are the present ones."`
}

// ReceiptEvent is one thing that happened.
type ReceiptEvent struct {
	ID      string      `json:"id" doc:"organization/version/index."`
	Type    events.Type `json:"type"`
	Created string      `json:"created,omitzero" doc:"The id of what was created."`
	Token   string      `json:"token,omitzero" doc:"The secret that accepts the invite, or opens the public link."`
}

// receipt returns what the actor is answered. A repetition has the secrets that the actor may
// read now: somebody who has lost a right does not get back what it gave.
func (s *Server) receipt(org events.OrganizationID, actor events.UserID, r bus.Receipt) Receipt {
	receipt := Receipt{
		Position: r.Position, Version: r.Version, Changed: len(r.Events) > 0, Repeated: r.Repeated,
		Events: make([]ReceiptEvent, len(r.Events)),
	}
	now := s.Desk.View().State.Organization(org).At(s.now())
	inParallel(len(r.Events), func(i int) {
		e := r.Events[i]
		event := ReceiptEvent{
			ID: events.Origin{Version: r.Version, Index: i}.ID(org), Type: e.Type(),
			Created: created(org, e),
		}
		if holder, ok := e.(events.SecretHolder); ok {
			opens, nonce := holder.Secret()
			token := s.Keyring.Token(org, opens, nonce)
			if !r.Repeated || now.SeesSecret(actor, opens, events.Sum([]byte(token))) {
				event.Token = token
			}
		}
		receipt.Events[i] = event
	})
	for _, event := range receipt.Events {
		if event.Created != "" || event.Token != "" {
			receipt.ID, receipt.Token = event.Created, event.Token
			break
		}
	}
	return receipt
}

// created returns the id of what an event created; empty if it created nothing that has an
// id.
func created(org events.OrganizationID, e events.Event) string {
	creation, ok := e.(events.Creation)
	if !ok {
		return ""
	}
	return cmp.Or(creation.Created().ID, string(org))
}

// location is the path of the first thing that events created.
func location(org events.OrganizationID, happened []events.Event) string {
	for _, e := range happened {
		if creation, ok := e.(events.Creation); ok {
			path := "/v1/organizations/" + url.PathEscape(string(org))
			if made := creation.Created(); made.ID != "" {
				path += "/" + string(made.Kind) + "s/" + url.PathEscape(made.ID) // such as projects
			}
			return path
		}
	}
	return ""
}
