package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

// retryAfter is the number of seconds after which a client may try again after a 503 or a 429.
const retryAfter = 1

// Problem is the answer to a request that was refused or failed, as RFC 9457 describes it.
type Problem struct {
	Type   string `json:"type" doc:"/problems/ and the code: what kind of problem this is." example:"/problems/last_holder"`
	Title  string `json:"title" doc:"The status in words."`
	Status int    `json:"status" doc:"The HTTP status."`
	Code   string `json:"code" doc:"Names the rule; stable." example:"last_holder"`
	Detail string `json:"detail" doc:"What is wrong, and what to do."`
	// Instance is the request's id, which the log has as well.
	Instance string          `json:"instance,omitzero" doc:"The request's id, which the log has as well."`
	Errors   []ProblemDetail `json:"errors,omitzero" doc:"The parts of the request that are wrong."`
	// Invites is the report of a list of invites.
	Invites []invitedAddress `json:"invites,omitzero" doc:"Of a list of invites: all addresses, in the order of the list, with what is wrong with each. None was invited."`

	// retryAfter is after how many seconds the client may try again; zero is the constant of
	// this name.
	retryAfter int
}

// ProblemDetail is what is wrong with one part of a request: with an item of a bulk, or
// with a field or a parameter.
type ProblemDetail struct {
	Index    *int   `json:"index,omitzero" doc:"Which item, counted from 0."`
	Line     int    `json:"line,omitzero" doc:"The line of the item, from 1, if the request is CSV."`
	About    string `json:"about,omitzero" doc:"The address, person or team of the item, if the request names several."`
	Location string `json:"location,omitzero" doc:"The field or parameter, such as body.role."`
	Code     string `json:"code" doc:"As in the problem itself."`
	Detail   string `json:"detail" doc:"What is wrong there."`
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus implements [huma.StatusError].
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements [huma.ContentTypeFilter].
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements [huma.HeadersError].
func (p *Problem) GetHeaders() http.Header {
	switch p.Status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return http.Header{"Retry-After": {strconv.Itoa(cmp.Or(p.retryAfter, retryAfter))}}
	case http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {"Bearer"}}
	}
	return nil
}

func newProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "/problems/" + code, Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// problem returns the problem for an error, and logs the error if it is a fault, or if the
// question was not answered in time.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = fmt.Errorf("%w: %w", errTimeout, err) // of ours, or of what we asked: the client has not gone
	}
	p := problemOf(err)
	q := requestFrom(ctx)
	p.Instance = q.id
	if q.answer.Get(headerPosition) != "" {
		s.setPosition(q.answer) // the error may follow from a commit that came since the request began
	}
	switch {
	case p.Status == http.StatusInternalServerError:
		s.Log.ErrorContext(ctx, "a request ran into a fault", "request", p.Instance, "error", err)
	case p.Code == errTimeout.code, p.Code == errBusy.code, p.Code == errNoDatabase.code, p.Code == errNoSpace.code, p.Code == errNotWritable.code:
		s.Log.WarnContext(ctx, "a request was not answered", "request", p.Instance, "code", p.Code, "detail", p.Detail)
	}
	return p
}

// problemOf maps every error to the problem with which it is answered. It is the only place
// that does.
func problemOf(err error) *Problem {
	var known *Problem
	var batch *domain.BatchError
	var declared *domain.DeclarationError
	var rejection *domain.Rejection
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &batch):
		return batchProblem(batch, func(int) string { return "" })
	case errors.As(err, &declared):
		return declarationProblem(declared)
	case errors.As(err, &rejection):
		return newProblem(statusOf(rejection.Kind), rejection.Code, rejection.Detail)
	}
	r := refusalOf(err)
	p := newProblem(r.status, r.code, r.detail)
	if limited, ok := errors.AsType[*limitError](err); ok {
		p.retryAfter = limited.retryAfter
	}
	return p
}

func refusalOf(err error) *refusal {
	var known *refusal
	var stale *bus.StaleError
	var large *bus.TooLargeError
	var body *http.MaxBytesError
	var skew *clock.SkewError
	var damage *projections.DamageError
	switch {
	case errors.As(err, &known):
		return known
	case subscriberRefusal(err) != nil:
		return subscriberRefusal(err)
	case errors.As(err, &body):
		return errTooLarge.because("The body is larger than %d bytes; send less at once.", body.Limit)
	case errors.As(err, &stale):
		return errStale.because("The organization is at version %d by now; read it again, then decide again.", stale.Current)
	case errors.As(err, &large):
		return errNotDecidable.because("The command leads to %d bytes of events, the limit is %d; split it into several.", large.Size, large.Limit)
	case errors.As(err, &skew):
		return errClock.because("%s `roster clock accept` accepts it.", skew)
	case errors.As(err, &damage):
		return errDamaged.because("PostgreSQL cannot answer: %s. Commands and checks go on.", damage.Suggestion)
	case errors.Is(err, bus.ErrKeyReused):
		return errKeyReused
	case errors.Is(err, bus.ErrContended):
		return errContended
	case errors.Is(err, bus.ErrNoSpace):
		return errNoSpace
	case errors.Is(err, bus.ErrNotWritable):
		return errNotWritable
	case errors.Is(err, bus.ErrUnavailable), errors.Is(err, keyring.ErrUnavailable):
		return errUnavailable
	case errors.Is(err, events.ErrUnreadable):
		return errKeyMissing
	case errors.Is(err, projections.ErrTimeout):
		return errTimeout.because("The read models took longer than their database allows a statement; ask for less, or try again later.")
	case errors.Is(err, projections.ErrUnavailable):
		return errNoDatabase
	case errors.Is(err, projections.ErrBadCursor):
		return errBadCursor
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, domain.ErrAbandoned):
		return errInterrupted
	}
	return errFault
}

// batchProblem returns the problem that the first refused item would have alone, with all
// refused items in its list.
func batchProblem(batch *domain.BatchError, about func(index int) string) *Problem {
	var p *Problem
	for _, item := range batch.Items {
		refused, subject := problemOf(item.Err), about(item.Index)
		if p == nil {
			p = newProblem(refused.Status, refused.Code, cmp.Or(subject, fmt.Sprint("Item ", item.Index))+": "+refused.Detail)
		}
		p.Errors = append(p.Errors, ProblemDetail{Index: &item.Index, About: subject, Code: refused.Code, Detail: refused.Detail})
	}
	switch more := len(batch.Items) - 1; more {
	case 0:
	case 1:
		p.Detail += " One more item was refused; nothing was done."
	default:
		p.Detail += fmt.Sprintf(" %d more items were refused; nothing was done.", more)
	}
	return p
}

// statusOf returns the HTTP status for a kind of rejection.
func statusOf(kind domain.Kind) int {
	switch kind {
	case domain.NotFound:
		return http.StatusNotFound
	case domain.NotAllowed:
		return http.StatusForbidden
	case domain.Conflict:
		return http.StatusConflict
	case domain.Meaningless:
		return http.StatusUnprocessableEntity
	}
	return http.StatusInternalServerError
}

// refuse answers with a problem.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problem(r.Context(), err)
	header := w.Header()
	maps.Copy(header, p.GetHeaders())
	header.Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.MarshalWrite(w, p) // an error means that the client is gone
}

// brokenOff reports whether an error comes from a client that stopped sending its body.
func brokenOff(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, new(*net.OpError))
}

// humaProblem returns the problem for what huma found wrong with a request.
func humaProblem(status int, message string, errs []error) *Problem {
	r := errFault
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusRequestTimeout:
		r = errMalformed
	case http.StatusRequestEntityTooLarge:
		r = errTooLarge
	case http.StatusUnsupportedMediaType:
		r = errMediaType
	}
	if r == errFault && slices.ContainsFunc(errs, brokenOff) {
		return problemOf(readingRefusal(errs[0]))
	}
	for _, err := range errs {
		if errors.As(err, new(*refusal)) { // a resolver's own
			return problemOf(err)
		}
	}
	p := newProblem(r.status, r.code, r.detail)
	if r == errFault || r == errMediaType {
		return p
	}
	for _, err := range errs[:min(len(errs), maxListed)] {
		var found *huma.ErrorDetail
		if !errors.As(err, &found) {
			found = &huma.ErrorDetail{Message: err.Error()}
		}
		p.Errors = append(p.Errors, ProblemDetail{Location: found.Location, Code: p.Code, Detail: found.Message})
	}
	if len(p.Errors) > 0 {
		p.Detail = cmp.Or(p.Errors[0].Location, "body") + ": " + p.Errors[0].Detail
	} else if r == errMalformed {
		p.Detail = "The " + message + "."
	}
	return p
}

// Problems lists every problem that an answer can carry, the domain's first.
func Problems() []Problem {
	var all []Problem
	for _, r := range domain.Rejections() {
		all = append(all, *newProblem(statusOf(r.Kind), r.Code, r.Detail))
	}
	for _, r := range refusals() {
		all = append(all, *newProblem(r.status, r.code, r.detail))
	}
	return all
}

// declarationProblem names every refused change by what it is about, and by the place in the
// body that asks for it.
func declarationProblem(e *domain.DeclarationError) *Problem {
	first := problemOf(e.Refused[0].Err)
	p := newProblem(first.Status, first.Code, fmt.Sprintf("%s: %s", e.Refused[0].DeclaredChange, first.Detail))
	for _, change := range e.Refused[:min(len(e.Refused), maxListed)] {
		refused := problemOf(change.Err)
		p.Errors = append(p.Errors, ProblemDetail{About: change.String(), Location: bodyLocation(change.Path), Code: refused.Code, Detail: refused.Detail})
	}
	switch more := len(e.Refused) - 1; more {
	case 0:
	case 1:
		p.Detail += " One more change was refused; nothing was done."
	default:
		p.Detail += fmt.Sprintf(" %d more changes were refused; nothing was done.", more)
	}
	return p
}

// bodyLocation writes a JSON Pointer as other locations are written: /teams/0/members/2 as
// body.teams[0].members[2].
func bodyLocation(pointer string) string {
	if pointer == "" {
		return ""
	}
	location := []byte("body")
	for part := range strings.SplitSeq(pointer[1:], "/") {
		if part[0] >= '0' && part[0] <= '9' {
			location = fmt.Append(location, "[", part, "]")
		} else {
			location = fmt.Append(location, ".", part)
		}
	}
	return string(location)
}
