package api

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Envelope is what every command can carry besides itself.
type Envelope struct {
	Key        string    `header:"Idempotency-Key" maxLength:"255" doc:"Makes the command safe to repeat for a day: it takes effect once, and answers the same again."`
	IfMatch    string    `header:"If-Match" doc:"The ETag that the organization must still have."`
	OccurredAt time.Time `query:"occurred_at" doc:"When it happened, in the past; for the system actor only."`
	Cause      string    `query:"cause" maxLength:"1000" doc:"What led to the command, in your words; kept with it."`
}

// maxCause is the longest cause, in bytes.
const maxCause = 1000

// Command is an envelope addressed to an organization.
type Command struct {
	InOrganization
	Envelope
}

func (c *Command) addressed() *Command { return c }

// Receipt is what became of a command.
type Receipt struct {
	// ID is what the command created, Token the secret of an invite.
	ID       string          `json:"id,omitzero" doc:"The id of what was created."`
	Token    string          `json:"token,omitzero" doc:"The secret that accepts the invite."`
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
	Token   string      `json:"token,omitzero" doc:"The secret that accepts the invite."`
}

// command registers a route that has an order decided.
func command[I any, P interface {
	*I
	addressed() *Command
}](s *Server, r route, build func(P) order) {
	op := r.operation()
	op.MaxBodyBytes = maxBody
	if r.method == http.MethodPost {
		op.Responses = s.createdResponse()
	}
	register(s, op, func(ctx context.Context, in *I) (*answer[Receipt], error) {
		c := P(in).addressed()
		return s.decide(ctx, c.Org, c.Envelope, build(P(in)), r)
	})
}

// createdResponse documents the answer to a command that brought something into
// being, beside the one to a command that did not.
func (s *Server) createdResponse() map[string]*huma.Response {
	return map[string]*huma.Response{
		"201":     s.described("Created", "application/json", reflect.TypeFor[Receipt]()),
		"default": s.described("Error", "application/problem+json", reflect.TypeFor[Problem]()),
	}
}

// decide has an order decided and tells what became of it.
func (s *Server) decide(ctx context.Context, org events.OrganizationID, e Envelope, o order, r route) (*answer[Receipt], error) {
	receipt, err := s.submit(ctx, org, e, o)
	s.Metrics.decided(o, r.name, receipt, err)
	if err != nil {
		return nil, err
	}
	body := s.receipt(org, receipt)
	a := &answer[Receipt]{Status: http.StatusOK, Position: receipt.Position, ETag: etag(receipt.Version), Body: body}
	if r.method == http.MethodPost && body.ID != "" {
		a.Status, a.Location = http.StatusCreated, location(org, receipt.Events)
	}
	return a, nil
}

func (s *Server) submit(ctx context.Context, org events.OrganizationID, e Envelope, o order) (bus.Receipt, error) {
	q := asked(ctx)
	if !e.OccurredAt.IsZero() && q.actor != events.System {
		return bus.Receipt{}, domain.ErrOccurredAt
	}
	version, err := ifMatch(e.IfMatch)
	if err != nil {
		return bus.Receipt{}, err
	}
	switch {
	case !org.Valid():
		return bus.Receipt{}, domain.ErrBadID
	case len(e.Cause) > maxCause:
		return bus.Receipt{}, errMalformed.because("A cause is at most %d bytes, not %d.", maxCause, len(e.Cause))
	}
	request := bus.Request[domain.Command]{
		Organization: org, Actor: q.actor, At: e.OccurredAt,
		Key: e.Key, Digest: q.digest, Cause: e.Cause, IfVersion: version,
	}
	if err := s.commission(ctx, &request, o); err != nil {
		return bus.Receipt{}, err
	}
	receipt, err := s.Desk.Do(ctx, request)
	return receipt, s.confide(ctx, request, err)
}

// ifMatch reads an ETag of ours. Any version is empty, or the star.
func ifMatch(text string) (events.Version, error) {
	if text == "" || text == "*" {
		return 0, nil
	}
	n, err := strconv.ParseUint(strings.Trim(strings.TrimPrefix(text, "W/"), `"`), 10, 64)
	if err != nil || n == 0 {
		return 0, errMalformed.because("If-Match is an ETag as answers carry it, not %q.", text)
	}
	return events.Version(n), nil
}

func (s *Server) receipt(org events.OrganizationID, r bus.Receipt) Receipt {
	told := Receipt{
		Position: r.Position, Version: r.Version, Changed: len(r.Events) > 0, Repeated: r.Repeated,
		Events: make([]ReceiptEvent, 0, len(r.Events)),
	}
	for i, e := range r.Events {
		event := ReceiptEvent{ID: events.Origin{Version: r.Version, Index: i}.ID(org), Type: e.Type(), Created: created(org, e)}
		if invited, ok := e.(events.MemberInvited); ok {
			event.Token = s.Keyring.Token(org, invited.Invite, invited.Nonce)
		}
		if told.ID == "" {
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
