package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

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

// admit judges what all requests have in common.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, q *request) error {
	if public(r.URL.Path) {
		return nil
	}
	err := s.authenticate(r)
	if err != nil {
		return err
	}
	// Routes that know better say so; this is where an answer stands at least.
	defer func() { w.Header().Set(headerPosition, strconv.FormatUint(uint64(s.Desk.View().Position), 10)) }()
	if r.Header.Get("Content-Type") == formType {
		r.Header.Del("Content-Type")
	}
	if err := legible(r); err != nil {
		return err
	}
	if q.actor, err = actor(r.Header); err != nil {
		return err
	}
	if q.seen, err = minPosition(r.Header); err != nil {
		return err
	}
	if r.Header.Get(headerKey) != "" {
		if q.digest, err = digest(r, q.actor); err != nil {
			return err
		}
	}
	q.patience = time.Now().Add(s.MinPositionWait)
	return s.freshen(r.Context(), q)
}

// public tells what is served without a key.
func public(path string) bool { return path == "/healthz" || path == "/readyz" || isDocument(path) }

// authenticate compares hashes, so that the time it takes tells nothing of the key.
func (s *Server) authenticate(r *http.Request) error {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(key))
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(sum[:], s.RootKeyHash[:]) != 1 {
		return errNoKey
	}
	return nil
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

// freshen waits until the desk has come as far as the sender.
func (s *Server) freshen(ctx context.Context, q *request) error {
	if q.seen <= s.Desk.View().Position {
		return nil
	}
	return q.await(ctx, "the ledger", s.Desk.Wait)
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
