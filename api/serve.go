package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/events"
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := &request{id: ulid.Make().String(), remote: hostOf(r.RemoteAddr)}
	r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
	out := newConnection(w, &s.Config, q.endSlot)
	out.timeBody(r)
	q.answer = out.Header()
	q.answer.Set(headerRequest, q.id)
	began := time.Now()
	defer q.end()
	defer func() {
		s.recoverPanic(out, r, recover())
		s.Metrics.served(r, out.code(), time.Since(began))
	}()
	if err := s.prepare(out, r, q); err != nil {
		s.refuse(out, r, err)
		return
	}
	if !isCanonical(r.URL.EscapedPath()) {
		s.refuse(out, r, errNoRoute)
		return
	}
	q.escapeSlashes(r)
	s.mux.ServeHTTP(out, r)
}

// isCanonical reports whether a path is its own shortest form. The mux redirects any other
// to where that form leads, and a command would become another one.
func isCanonical(escaped string) bool {
	shortest := path.Clean(escaped)
	return escaped == shortest || shortest != "/" && escaped == shortest+"/"
}

// serveNotFound answers 404 or, if the address takes other methods, 405.
func (s *Server) serveNotFound(w http.ResponseWriter, r *http.Request) {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := r.WithContext(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != catchAll {
			methods = append(methods, method)
		}
	}
	if methods == nil {
		s.refuse(w, r, errNoRoute)
		return
	}
	allowed := strings.Join(methods, ", ")
	w.Header().Set("Allow", allowed)
	s.refuse(w, r, errBadMethod.because("%s is not possible here; %s is.", r.Method, allowed))
}

// catchAll is the pattern of everything that no route answers.
const catchAll = "/"

// recoverPanic answers 500 to the request whose handler panicked. Other requests go on.
func (s *Server) recoverPanic(w *connection, r *http.Request, panicked any) {
	switch panicked {
	case nil:
		return
	case http.ErrAbortHandler:
		panic(panicked)
	}
	s.Log.ErrorContext(r.Context(), "a route panicked", "panic", panicked, "stack", string(debug.Stack()))
	if w.status == 0 {
		s.refuse(w, r, fmt.Errorf("a route panicked: %v", panicked))
	}
}

// prepare authenticates a request, reads its headers into q, and waits until the desk has
// reached the position that the client has seen.
func (s *Server) prepare(w http.ResponseWriter, r *http.Request, q *request) error {
	if isPublic(r.URL.Path) {
		return nil
	}
	err := s.authenticate(r)
	if err != nil {
		return err
	}
	// The position that every answer has reached. A route, or an error, may set a newer one.
	defer func() { s.setPosition(w.Header()) }()
	if err := readContentType(r.Header); err != nil {
		return err
	}
	if err := validateText(r); err != nil {
		return err
	}
	if q.actor, err = userIn(r.Header, headerActor, errBadActor); err != nil {
		return err
	}
	if q.onBehalfOf, err = userIn(r.Header, headerOnBehalfOf, errBadOnBehalfOf); err != nil {
		return err
	}
	if s.Feed != nil { // nobody else reads it
		q.traceparent = traceparentIn(r.Header)
	}
	if err := s.limitRate(w, r, q.actor); err != nil {
		return err
	}
	if q.minPosition, err = minPosition(r.Header); err != nil {
		return err
	}
	q.waitUntil = time.Now().Add(s.MinPositionWait)
	if r.Header.Get(headerKey) != "" {
		if err := s.digest(r, q); err != nil {
			return err
		}
	}
	return s.waitForDesk(r.Context(), q)
}

// setPosition says that an answer has reached the newest position.
func (s *Server) setPosition(header http.Header) {
	header.Set(headerPosition, strconv.FormatUint(uint64(s.Desk.View().Position), 10))
}

// isPublic reports whether a path is served without a key.
func isPublic(path string) bool {
	return path == "/healthz" || path == "/readyz" || isDocument(path) || strings.HasPrefix(path, unsubscribePath)
}

// authenticate compares hashes, so that its duration reveals nothing about the key.
func (s *Server) authenticate(r *http.Request) error {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(key))
	if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(sum[:], s.RootKeyHash[:]) != 1 {
		return errNoKey
	}
	return nil
}

// waitForDesk waits until the desk has reached the position that the client has seen.
func (s *Server) waitForDesk(ctx context.Context, q *request) error {
	if q.minPosition <= s.Desk.View().Position {
		return nil
	}
	return q.waitFor(ctx, "the ledger", s.Desk.Wait)
}

// end gives back what the request holds, also if its route failed or panicked.
func (q *request) end() {
	q.endSlot()
	for _, w := range q.walks {
		_ = w.end() // the route knows why it ended early
	}
}

// digest hashes all that makes a command: the actor, the method, the address with its
// query, and the body. The order of fields and white space in the body do not matter.
func (s *Server) digest(r *http.Request, q *request) error {
	body, err := readBody(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if err := s.takeBodySlot(r, len(body)); err != nil {
		return err
	}
	defer q.endSlot() // the request may wait before it goes on
	hash := sha256.New()
	fmt.Fprintf(hash, "%q %q %q %q ", q.actor, r.Method, r.URL.EscapedPath(), r.URL.RawQuery)
	plain := jsontext.Value(bytes.Clone(body))
	if plain.Canonicalize() != nil {
		plain = body // decoding it will fail and say what is wrong
	}
	hash.Write(plain)
	q.digest = s.Keyring.Digest(hex.EncodeToString(hash.Sum(nil))) // it may be about a person, and the ledger keeps it
	return nil
}

// limitRate takes the weight of a request from the bucket of its actor, and from that of the
// organization in its path if the actor is an active member of it: others must not use up what the
// members have.
func (s *Server) limitRate(w http.ResponseWriter, r *http.Request, actor events.UserID) error {
	org, named := organizationIn(r.URL.Path)
	s.recent.note(org, actor)
	if actor == events.System {
		return nil
	}
	kind, weight := kindOf(r), weightOf(r)
	if err := s.rates.takeActor(r.Context(), w.Header(), kind, actor, weight); err != nil {
		s.Metrics.limited.WithLabelValues("actor").Inc()
		return err
	}
	if !named {
		return nil
	}
	return s.limitOrganization(w, kind, org, actor, weight)
}

// countItems counts the commands of a bulk but the first, which was counted before.
func (s *Server) countItems(ctx context.Context, org events.OrganizationID, items int) {
	q := requestFrom(ctx)
	if q.actor == events.System {
		return
	}
	s.rates.addActor(q.answer, commandRequest, q.actor, items-1)
	if s.Desk.View().State.Organization(org).At(s.now()).Sees(q.actor) {
		s.rates.addOrganization(q.answer, commandRequest, org, items-1)
	}
}

func (s *Server) limitOrganization(w http.ResponseWriter, kind requestKind, org events.OrganizationID, actor events.UserID, weight int) error {
	if !s.Desk.View().State.Organization(org).At(s.now()).Sees(actor) {
		return nil
	}
	err := s.rates.takeOrganization(w.Header(), kind, org, weight)
	if err != nil {
		s.Metrics.limited.WithLabelValues("organization").Inc()
	}
	return err
}
