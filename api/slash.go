package api

import (
	"net/http"
	"net/url"
	"strings"
)

// An id may be a slash, which is %2F in a path. [http.ServeMux] takes such a segment for the
// end of the path. So the mux gets those paths escaped once more, and the handler gets the
// values as they were sent.

// mux is a [http.ServeMux] whose handlers get the values of the path as they were sent.
type mux struct{ http.ServeMux }

// Handle registers a handler.
func (m *mux) Handle(pattern string, h http.Handler) { m.HandleFunc(pattern, h.ServeHTTP) }

// HandleFunc registers a function as a handler.
func (m *mux) HandleFunc(pattern string, handle func(http.ResponseWriter, *http.Request)) {
	names := pathNames(pattern)
	m.ServeMux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		if q := requestFrom(r.Context()); q.sent != nil {
			for _, name := range names {
				if value, err := url.PathUnescape(r.PathValue(name)); err == nil {
					r.SetPathValue(name, value)
				}
			}
			r.URL = q.sent
		}
		handle(w, r)
	})
}

// pathNames returns the names of the values in a pattern.
func pathNames(pattern string) (names []string) {
	for segment := range strings.SplitSeq(pattern, "/") {
		if name, is := strings.CutPrefix(segment, "{"); is {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// escapeSlashes escapes the path of a request once more, if a segment of it is a slash.
func (q *request) escapeSlashes(r *http.Request) {
	escaped := r.URL.EscapedPath()
	if !strings.Contains(strings.ToUpper(escaped)+"/", "/%2F/") {
		return
	}
	q.sent = r.URL
	again := *r.URL
	again.Path, again.RawPath = escaped, strings.ReplaceAll(escaped, "%", "%25")
	r.URL = &again
}
