package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

const (
	headerActor       = "Roster-Actor"
	headerOnBehalfOf  = "Roster-On-Behalf-Of"
	headerTraceparent = "Traceparent"
	headerPosition    = "Roster-Position"
	headerMinPosition = "Roster-Min-Position"
	headerKey         = "Idempotency-Key"
	headerRequest     = "Roster-Request"
)

// formType is the type that curl and others send if the caller names none. Such a body is
// read as JSON. That is safe: forms of other sites send this type as well, but they cannot
// send the key.
const formType = "application/x-www-form-urlencoded"

// maxBody is the largest body of a request, in bytes.
const maxBody = 8 << 20

// request is what the headers of an HTTP request say.
type request struct {
	// id names the request in answers and logs.
	id string
	// remote is the network address from which it came, without the port.
	remote string
	actor  events.UserID
	// onBehalfOf is for whom the actor asks, which gives no rights; empty for nobody else.
	onBehalfOf events.UserID
	// traceparent is the trace that the request belongs to; empty for none.
	traceparent events.Traceparent
	// minPosition is the position that the answer must have reached.
	minPosition events.Position
	// waitUntil is until when the request may wait for that position.
	waitUntil time.Time
	// former says that the system asks also for what had the same id before.
	former bool
	// sent is the address as it was sent, if a mux cannot read it; see escapeSlashes.
	sent *url.URL
	// digest is a hash of all that was sent; empty without an idempotency key.
	digest string
	// answer is the header of the answer.
	answer http.Header
	// walks are those that the request began.
	walks []*walk
	// slot gives back the slot of a large body or of a list; nil if the request has none.
	slot func()
}

// readContentType fails for a body in another character set than UTF-8, of which ASCII is a
// part. It removes the type that clients send if the caller names none.
func readContentType(h http.Header) error {
	media, parameters, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return nil //nolint:nilerr // the route refuses what it cannot read
	}
	switch strings.ToLower(parameters["charset"]) {
	case "", "utf-8", "utf8", "us-ascii":
	default:
		return errMediaType.because("Send the body in UTF-8, not in %q.", parameters["charset"])
	}
	if media == formType {
		h.Del("Content-Type")
	}
	return nil
}

type requestKey struct{}

// requestFrom returns the request that a context belongs to.
func requestFrom(ctx context.Context) *request {
	r, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return &request{}
	}
	return r
}

// userIn returns the user that a header names; the zero value if there is no such header. It fails with wrong if the header
// does not name one user.
func userIn(h http.Header, header string, wrong error) (events.UserID, error) {
	named, present := h[header]
	switch {
	case !present:
		return "", nil
	case len(named) != 1 || !events.ValidID(named[0]):
		return "", wrong
	}
	return events.UserID(named[0]), nil
}

// traceparentIn returns the trace that a request belongs to; none if the header is not valid or there are several, as W3C Trace
// Context wants it.
func traceparentIn(h http.Header) events.Traceparent {
	if sent := h[headerTraceparent]; len(sent) == 1 {
		return events.ParseTraceparent(sent[0])
	}
	return ""
}

func minPosition(h http.Header) (events.Position, error) {
	text := h.Get(headerMinPosition)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, errMalformed.because("%s is a position as answers carry it in %s, not %q.", headerMinPosition, headerPosition, text)
	}
	return events.Position(n), nil
}

func readBody(from io.Reader) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, io.NopCloser(from), maxBody))
	return body, readingRefusal(err)
}

// readingRefusal returns the error of a request whose body could not be read. A client that
// stops sending is no fault of the server. It returns nil for nil.
func readingRefusal(err error) error {
	if err == nil || errors.As(err, new(*http.MaxBytesError)) {
		return err
	}
	return errMalformed.because("The body could not be read to its end.")
}

// waitForReadModels waits until the read models have reached the position that the client
// has seen, and then a moment for a newer one. It returns a position that they have reached.
func (s *Server) waitForReadModels(ctx context.Context, newest events.Position) (events.Position, error) {
	if err := requestFrom(ctx).waitFor(ctx, "the read models", s.Database.Wait); err != nil {
		return 0, err
	}
	s.waitBriefly(ctx, newest, s.Database)
	return s.Database.Position(), nil
}

// progress is what follows the ledger.
type progress interface {
	Position() events.Position
	Wait(ctx context.Context, position events.Position) error
}

// waitBriefly waits until a position is reached, at most for BriefWait. It does not fail: the
// answer then shows an older position, and says which.
func (s *Server) waitBriefly(ctx context.Context, newest events.Position, of progress) {
	if of.Position() >= newest {
		return
	}
	limited, cancel := context.WithTimeout(ctx, s.BriefWait)
	defer cancel()
	_ = of.Wait(limited, newest) // a database that is lost fails the question itself
}

// waitFor waits for the position that the client has seen, at most until waitUntil.
func (q *request) waitFor(ctx context.Context, where string, wait func(context.Context, events.Position) error) error {
	if q.minPosition == 0 {
		return nil
	}
	return q.waitForPosition(ctx, q.minPosition, where, wait)
}

// waitForPosition waits for a position, at most until waitUntil.
func (q *request) waitForPosition(ctx context.Context, position events.Position, where string, wait func(context.Context, events.Position) error) error {
	limited, cancel := context.WithDeadline(ctx, q.waitUntil)
	defer cancel()
	err := wait(limited, position)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return errBehind.because("Position %d has not come into %s yet; try again in a moment.", position, where)
	}
	return err
}

// maxKey is the longest idempotency key, in bytes.
const maxKey = 255

// validateText fails if a part of the request is not UTF-8 or holds NUL: Postgres could not
// store it, and the error would look like a fault of ours.
func validateText(r *http.Request) error {
	if !storable(r.URL.Path) {
		return errMalformed.because("The address is no UTF-8, or holds NUL.")
	}
	parameters, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errMalformed.because("The query cannot be read: %s.", err)
	}
	for name, values := range parameters {
		for _, value := range values {
			if !storable(name) || !storable(value) {
				return errMalformed.because("The query parameter %q is no UTF-8, or holds NUL.", name)
			}
		}
	}
	if key := r.Header.Get(headerKey); !storable(key) || len(key) > maxKey {
		return errMalformed.because("%s is up to %d bytes of UTF-8.", headerKey, maxKey)
	}
	return nil
}

// storable reports whether all of a string can be stored.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// decode reads JSON. It fails if the JSON has a field that the target lacks, since that
// would be dropped without a word. Its errors are for people.
func decode(text []byte, into any) error {
	err := json.Unmarshal(text, into, json.RejectUnknownMembers(true), json.WithUnmarshalers(times))
	var noTime *noTimeError
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &semantic) && errors.As(semantic.Err, &noTime):
		return fmt.Errorf("%s: %w", fieldPath(semantic.JSONPointer), noTime)
	case errors.As(err, &semantic) && errors.Is(semantic.Err, json.ErrUnknownName):
		return fmt.Errorf("there is no field %q here", semantic.JSONPointer.LastToken())
	case errors.As(err, &semantic):
		return fmt.Errorf("%s does not take a %s", fieldPath(semantic.JSONPointer), semantic.JSONKind)
	case errors.As(err, &syntactic):
		return fmt.Errorf("this is no JSON at byte %d: %w", syntactic.ByteOffset, syntactic.Err)
	}
	return errors.New("this is no JSON")
}

// decodeBody decodes the body of a command. An empty body leaves every field zero.
func decodeBody(body []byte, into any) error {
	if len(body) == 0 {
		return nil
	}
	if err := decode(body, into); err != nil {
		return humaProblem(http.StatusBadRequest, "", []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}})
	}
	return nil
}

// fieldPath writes a pointer as the rest of the API names fields, such as projects[0].role.
func fieldPath(p jsontext.Pointer) string {
	if p == "" {
		return "the body"
	}
	var path strings.Builder
	for token := range p.Tokens() {
		switch _, err := strconv.ParseUint(token, 10, 64); {
		case err == nil:
			path.WriteString("[" + token + "]")
		case path.Len() > 0:
			path.WriteString("." + token)
		default:
			path.WriteString(token)
		}
	}
	return path.String()
}

// instant is a time as a query names it; its zero value is none.
type instant struct{ time.Time }

// instantOf returns when something starts or ends, as commands have it: the zero time is at once, or never.
func instantOf(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return events.Instant(*at)
}

// UnmarshalText reads a time in the form of RFC 3339, or a date.
func (i *instant) UnmarshalText(text []byte) (err error) {
	i.Time, err = parseTime(string(text))
	return err
}

// noTimeError says that a text is no time.
type noTimeError struct{ text string }

func (e *noTimeError) Error() string {
	return fmt.Sprintf("%q is no time: write it as 2006-01-02T15:04:05Z, or as 2006-01-02, in the years 1 to 9999", e.text)
}

func parseTime(text string) (time.Time, error) {
	at, ok := events.ParseInstant(text)
	if !ok {
		return time.Time{}, &noTimeError{text}
	}
	return at, nil
}

// times reads the times in bodies as those in queries are read.
var times = json.UnmarshalFromFunc(func(d *jsontext.Decoder, at *time.Time) error {
	if d.PeekKind() != '"' {
		return errors.ErrUnsupported
	}
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	*at, err = parseTime(token.String())
	return err
})

// Schema implements [huma.SchemaProvider].
func (instant) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Examples: []any{"2006-01-02T15:04:05Z", "2006-01-02"}}
}

// organizationIn returns the organization in a path, and whether one is named there.
func organizationIn(path string) (org events.OrganizationID, named bool) {
	rest, named := strings.CutPrefix(path, "/v1/organizations/")
	id, _, _ := strings.Cut(rest, "/")
	return events.OrganizationID(id), named
}
