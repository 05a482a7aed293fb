package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
)

const (
	headerActor       = "Roster-Actor"
	headerPosition    = "Roster-Position"
	headerMinPosition = "Roster-Min-Position"
	headerKey         = "Idempotency-Key"
	headerRequest     = "Roster-Request"
)

// formType is what curl and others call a body where nobody says what it is. All
// bodies are JSON, and nothing is allowed for a cookie: no form of another site gets
// anywhere by it.
const formType = "application/x-www-form-urlencoded"

// maxBody is the largest body of a request, in bytes.
const maxBody = 8 << 20

// request is what is known of a request before a route looks at it.
type request struct {
	// id names the request in answers and logs.
	id    string
	actor events.UserID
	// seen is the position that the answer must not fall behind.
	seen events.Position
	// patience is when waiting for it ends.
	patience time.Time
	// head says that nobody will read the answer's body.
	head bool
	// digest stands for all that was sent; empty without an idempotency key.
	digest string
}

type requestKey struct{}

// asked returns the request that a context belongs to.
func asked(ctx context.Context) *request {
	r, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return &request{}
	}
	return r
}

// actor reads on whose behalf the request is made; nobody named is the system.
func actor(h http.Header) (events.UserID, error) {
	named, present := h[headerActor]
	switch {
	case !present:
		return events.System, nil
	case len(named) != 1 || !events.ValidID(named[0]):
		return "", errBadActor
	}
	return events.UserID(named[0]), nil
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

// digest hashes all that makes the command: who sends what where. The order of
// members and white space do not make another command.
func digest(r *http.Request, actor events.UserID) (string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return "", errTooLarge.because("The body is larger than %d bytes; send less at once.", maxBody)
	case err != nil:
		return "", errMalformed.because("The body could not be read to its end.")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	hash := sha256.New()
	fmt.Fprintf(hash, "%q %q %q %q ", actor, r.Method, r.URL.EscapedPath(), r.URL.RawQuery)
	plain := jsontext.Value(bytes.Clone(body))
	if plain.Canonicalize() != nil {
		plain = body // whoever reads it says what is wrong
	}
	hash.Write(plain)
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// caughtUp waits until the read models have come as far as the sender, and returns
// how far they have come at least.
func (s *Server) caughtUp(ctx context.Context) (events.Position, error) {
	err := asked(ctx).await(ctx, "the read models", s.Database.Wait)
	return s.Database.Position(), err
}

// await waits for what the sender has seen, as long as the request has patience.
func (q *request) await(ctx context.Context, where string, wait func(context.Context, events.Position) error) error {
	if q.seen == 0 {
		return nil
	}
	patient, cancel := context.WithDeadline(ctx, q.patience)
	defer cancel()
	err := wait(patient, q.seen)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return errBehind.because("Position %d has not come into %s yet; try again in a moment.", q.seen, where)
	}
	return err
}

// maxKey is the longest idempotency key, in bytes.
const maxKey = 255

// legible refuses a request whose parts are no text: what comes behind, Postgres
// above all, would take it for a fault.
func legible(r *http.Request) error {
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

// storable tells whether all of a string can be stored.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
