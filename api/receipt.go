package api

import (
	"net/url"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// Receipt is what became of a command.
type Receipt struct {
	// ID is what the command created, Token the secret that came with it; of
	// several, the first.
	ID       string          `json:"id,omitzero" doc:"The id of what was created; of several, the first."`
	Token    string          `json:"token,omitzero" doc:"The secret that accepts the invite, or opens the public link; of several, the first."`
	Position events.Position `json:"position" doc:"The place in the ledger."`
	Version  events.Version  `json:"version" doc:"The organization's version afterwards."`
	Changed  bool            `json:"changed" doc:"False where everything was so already."`
	Repeated bool            `json:"repeated,omitzero" doc:"True where the idempotency key has been used for this command before."`
	Events   []ReceiptEvent  `json:"events" doc:"What happened."`
}

// ReceiptEvent is one thing that happened.
type ReceiptEvent struct {
	ID      string      `json:"id" doc:"organization/version/index."`
	Type    events.Type `json:"type"`
	Created string      `json:"created,omitzero" doc:"The id of what was created."`
	Token   string      `json:"token,omitzero" doc:"The secret that accepts the invite, or opens the public link."`
}

// upshot is what a command is answered with: a [Receipt], or for a dry run a
// forecast.
type upshot struct{ told any }

// MarshalJSONTo writes the one or the other.
func (o upshot) MarshalJSONTo(to *jsontext.Encoder) error { return json.MarshalEncode(to, o.told) }

// Schema says that an upshot is the one or the other.
func (upshot) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[Receipt](), true, ""),
		r.Schema(reflect.TypeFor[forecast](), true, ""),
	}}
}

func (s *Server) receipt(org events.OrganizationID, r bus.Receipt) Receipt {
	told := Receipt{
		Position: r.Position, Version: r.Version, Changed: len(r.Events) > 0, Repeated: r.Repeated,
		Events: make([]ReceiptEvent, 0, len(r.Events)),
	}
	for i, e := range r.Events {
		event := ReceiptEvent{
			ID: events.Origin{Version: r.Version, Index: i}.ID(org), Type: e.Type(),
			Created: created(org, e), Token: secret(s.Keyring, org, e),
		}
		if told.ID == "" && told.Token == "" {
			told.ID, told.Token = event.Created, event.Token
		}
		told.Events = append(told.Events, event)
	}
	return told
}

// created names what an event brought into being; empty for nothing that has an
// id of its own.
func created(org events.OrganizationID, e events.Event) string {
	switch e := e.(type) { //nolint:gochecksumtype // the others create nothing that has an id
	case events.OrganizationCreated:
		return string(org)
	case events.MemberInvited:
		return string(e.Invite)
	case events.ProjectCreated:
		return string(e.Project)
	case events.TeamCreated:
		return string(e.Team)
	}
	return ""
}

// location is the address of the first thing that events brought into being.
func location(org events.OrganizationID, happened []events.Event) string {
	home := "/v1/organizations/" + url.PathEscape(string(org))
	for _, e := range happened {
		id := "/" + url.PathEscape(created(org, e))
		switch e.(type) { //nolint:gochecksumtype // as above
		case events.OrganizationCreated:
			return home
		case events.MemberInvited:
			return home + "/invites" + id
		case events.ProjectCreated:
			return home + "/projects" + id
		case events.TeamCreated:
			return home + "/teams" + id
		}
	}
	return ""
}
