package apirequest

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/events"
)

// T is what failures are reported to. A [testing.TB] is one.
type T interface {
	// Context is the context of every request.
	Context() context.Context
	// Helper marks the caller as no place of a failure.
	Helper()
	// Errorf reports a failure. It may return, and then the assertions behind it follow.
	Errorf(format string, args ...any)
	// Fatalf reports a failure and does not return.
	Fatalf(format string, args ...any)
}

// Server is where requests go.
type Server struct {
	// URL is the address, without a slash at the end.
	URL string
	// Key lets the bearer act as the system, and as every user.
	Key string
	// Client makes the requests; nil is http.DefaultClient.
	Client *http.Client
}

// Actor makes requests as a user. Methods that return another Actor leave this
// one as it is.
type Actor struct {
	t      T
	server Server
	user   string
	header http.Header
	// below is the path that others are relative to.
	below string
	// seen is the newest position of a reply; nil if nobody keeps it.
	seen *events.Position
}

// As returns an actor for a user. The actor of an empty user is the system.
func (s Server) As(t T, user string) Actor {
	header := http.Header{"Authorization": {"Bearer " + s.Key}}
	if user != "" {
		header.Set("Roster-Actor", user)
	}
	return Actor{t: t, server: s, user: user, header: header}
}

// With returns an actor whose requests have these values of a header, and no others.
func (a Actor) With(header string, values ...string) Actor {
	a.header = a.header.Clone()
	a.header[http.CanonicalHeaderKey(header)] = values
	return a
}

// Without returns an actor whose requests do not have a header.
func (a Actor) Without(header string) Actor { return a.With(header) }

// AtLeast returns an actor whose replies are no older than a position. A server that has
// not come so far answers when it has, or refuses to answer.
func (a Actor) AtLeast(position events.Position) Actor {
	return a.With("Roster-Min-Position", strconv.FormatUint(uint64(position), 10))
}

// Seeing returns an actor whose GET requests are answered with nothing older than *seen,
// which every reply moves on: those who share it read what each of them has written.
// AtLeast, of zero too, says otherwise. They must not ask at the same time.
func (a Actor) Seeing(seen *events.Position) Actor {
	a.seen = seen
	return a
}

// Below returns an actor whose paths are relative to a path, except for those that begin
// with /v1.
func (a Actor) Below(path string) Actor {
	a.below = path
	return a
}

// May asserts that the request "METHOD /path" succeeds. The body is left out or nil for
// none; a string is sent as it is, and anything else as JSON.
func (a Actor) May(what string, body ...any) Reply {
	a.t.Helper()
	return a.Ask(what, body...).OK()
}

// Sees is May for a GET request.
func (a Actor) Sees(path string) Reply {
	a.t.Helper()
	return a.May("GET " + path)
}

// MayNot asserts that a request is refused with a code, as [Reply.Refused] does, whichever
// the status of that is.
func (a Actor) MayNot(what, code string, body ...any) Reply {
	a.t.Helper()
	return a.Ask(what, body...).refused(code)
}

// SeesNo asserts that a GET request is answered with status 404 and a code.
func (a Actor) SeesNo(path, code string) Reply {
	a.t.Helper()
	return a.Ask("GET "+path).Refused(http.StatusNotFound, code)
}

// Ask makes a request as May does, and asserts only that there is a reply, and that JSON
// is what it claims to be.
func (a Actor) Ask(what string, body ...any) Reply {
	a.t.Helper()
	r, content := a.send(what, body)
	defer content.Close()
	read, err := io.ReadAll(content)
	if err != nil {
		r.fatal("a whole answer, not " + err.Error())
	}
	r.Body = string(read)
	if position, err := r.position(); err == nil && a.seen != nil {
		*a.seen = max(*a.seen, position)
	}
	if isJSON(r.Header.Get("Content-Type")) && len(read) > 0 {
		if err := json.Unmarshal(read, &r.value); err != nil {
			r.fatal("JSON, not " + err.Error())
		}
	}
	return r
}

// Open makes a GET request and leaves the content of the answer, such as a stream, to the
// caller, who closes it.
func (a Actor) Open(path string) (Reply, io.ReadCloser) {
	a.t.Helper()
	return a.send("GET "+path, nil)
}

// send makes a request and returns the reply without its body.
func (a Actor) send(what string, body []any) (Reply, io.ReadCloser) {
	a.t.Helper()
	r := Reply{t: a.t, asked: cmp.Or(a.user, "the system") + " asks " + what}
	header := a.header.Clone()
	if len(body) > 0 && body[0] != nil {
		r.sent = a.text(body[0])
	}
	if _, said := header["Content-Type"]; !said && len(r.sent) > 0 {
		header.Set("Content-Type", "application/json")
	}
	method, path, _ := strings.Cut(what, " ")
	if !strings.HasPrefix(path, "/v1") {
		path = a.below + path
	}
	if _, said := header["Roster-Min-Position"]; method == http.MethodGet && a.seen != nil && !said {
		header.Set("Roster-Min-Position", strconv.FormatUint(uint64(*a.seen), 10))
	}
	request, err := http.NewRequestWithContext(a.t.Context(), method, a.server.URL+path, bytes.NewReader(r.sent))
	if err != nil {
		a.t.Fatalf("%s: %v", r.asked, err)
	}
	request.Header = header
	answer, err := cmp.Or(a.server.Client, http.DefaultClient).Do(request)
	if err != nil {
		a.t.Fatalf("%s: %v", r.asked, err)
	}
	r.Status, r.Header = answer.StatusCode, answer.Header
	return r, answer.Body
}

// text returns a body as it is sent.
func (a Actor) text(body any) []byte {
	a.t.Helper()
	if text, is := body.(string); is {
		return []byte(text)
	}
	text, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		a.t.Fatalf("the body of a request: %v", err)
	}
	return text
}

// isJSON reports whether a media type is that of a single JSON value.
func isJSON(contentType string) bool {
	mediaType, _, _ := mime.ParseMediaType(contentType)
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}
