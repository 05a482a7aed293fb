package api

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := &request{id: ulid.Make().String(), head: r.Method == http.MethodHead}
	r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
	out := &recorder{ResponseWriter: w}
	out.Header().Set(headerRequest, q.id)
	began := time.Now()
	defer func() {
		s.survive(out, r, recover())
		s.Metrics.served(r, out.code(), time.Since(began))
	}()
	if err := s.admit(out, r, q); err != nil {
		s.refuse(out, r, err)
		return
	}
	if !clean(r.URL.EscapedPath()) {
		s.refuse(out, r, errNoRoute)
		return
	}
	s.mux.ServeHTTP(out, r)
}

// clean tells whether a path is its own shortest form. The mux redirects any other
// to where that form leads, and a command would become another one.
func clean(escaped string) bool {
	shortest := path.Clean(escaped)
	return escaped == shortest || shortest != "/" && escaped == shortest+"/"
}

// nowhere answers where no route does.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete} {
		other := r.WithContext(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != everywhere {
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

// everywhere is the pattern of what no route answers.
const everywhere = "/"

// survive turns a panic into a fault of the one request that ran into it.
func (s *Server) survive(w *recorder, r *http.Request, panicked any) {
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

// recorder remembers which status was answered.
type recorder struct {
	http.ResponseWriter

	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
