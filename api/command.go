package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Envelope is what every command can carry besides itself.
type Envelope struct {
	Key        string  `header:"Idempotency-Key" maxLength:"255" doc:"Makes the command safe to repeat for a day: it takes effect once, and answers the same again."`
	IfMatch    string  `header:"If-Match" doc:"The ETag that the organization must still have."`
	OccurredAt instant `query:"occurred_at" doc:"When it happened, in the past; for the system actor only."`
	Cause      string  `query:"cause" maxLength:"1000" doc:"What led to the command, in your words; kept with it."`
	DryRun     bool    `query:"dry_run" doc:"Answers who would gain, lose or change what, or why it would be refused, and does nothing; the key is not looked at."`
}

// maxCause is the longest cause, in bytes.
const maxCause = 1000

// Command is an envelope addressed to an organization.
type Command struct {
	InOrganization
	Envelope
}

func (c *Command) addressed() *Command { return c }

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
	register(s, op, func(ctx context.Context, in *I) (*answer[upshot], error) {
		c := P(in).addressed()
		o := build(P(in))
		a, err := s.decide(ctx, c.Org, c.Envelope, o, r)
		return a, attributed(o, err)
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

// decide has an order decided and tells what became of it; a dry run, what would.
func (s *Server) decide(ctx context.Context, org events.OrganizationID, e Envelope, o order, r route) (*answer[upshot], error) {
	if e.DryRun {
		return s.rehearse(ctx, org, e, o)
	}
	receipt, err := s.submit(ctx, org, e, o)
	s.Metrics.decided(o, r.name, receipt, err)
	if err != nil {
		return nil, err
	}
	body := s.receipt(org, receipt)
	a := &answer[upshot]{Status: http.StatusOK, Position: receipt.Position, ETag: etag(receipt.Version), Body: upshot{body}}
	if r.method == http.MethodPost && body.ID != "" {
		a.Status, a.Location = http.StatusCreated, location(org, receipt.Events)
	}
	return a, nil
}

func (s *Server) submit(ctx context.Context, org events.OrganizationID, e Envelope, o order) (bus.Receipt, error) {
	request, err := e.request(ctx, org)
	if err != nil {
		return bus.Receipt{}, err
	}
	if err := s.commission(ctx, &request, o); err != nil {
		return bus.Receipt{}, err
	}
	receipt, err := s.Desk.Do(ctx, request)
	return receipt, s.confide(ctx, request, err)
}

// request is the envelope as the desk takes it, with no command in it yet.
func (e Envelope) request(ctx context.Context, org events.OrganizationID) (bus.Request[domain.Command], error) {
	q := asked(ctx)
	if !e.OccurredAt.IsZero() && q.actor != events.System {
		return bus.Request[domain.Command]{}, domain.ErrOccurredAt
	}
	version, err := ifMatch(e.IfMatch)
	switch {
	case err != nil:
		return bus.Request[domain.Command]{}, err
	case !org.Valid():
		return bus.Request[domain.Command]{}, domain.ErrBadID
	case len(e.Cause) > maxCause:
		return bus.Request[domain.Command]{}, errMalformed.because("A cause is at most %d bytes, not %d.", maxCause, len(e.Cause))
	}
	return bus.Request[domain.Command]{
		Organization: org, Actor: q.actor, At: e.OccurredAt.Time,
		Key: e.Key, Digest: q.digest, Cause: e.Cause, IfVersion: version,
	}, nil
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
