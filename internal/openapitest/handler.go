package openapitest

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
)

// Handler is a server whose answers are validated. What is wrong with one is reported
// once the answer is over. What a client that is gone would have got is not validated.
func (v *Validator) Handler(server http.Handler, report func(...any)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		out := &recorder{ResponseWriter: w, status: http.StatusOK}
		server.ServeHTTP(out, r)
		if out.err != nil {
			return
		}
		if err := v.Validate(r, out.status, out.Header(), out.body.Bytes()); err != nil {
			report(fmt.Sprintf("the OpenAPI document does not describe the answer to %s %s: %v", r.Method, r.URL, err))
		}
	})
}

// recorder keeps what it hands on.
type recorder struct {
	http.ResponseWriter

	status int
	body   bytes.Buffer
	err    error // of a write
}

func (w *recorder) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(p []byte) (int, error) {
	w.body.Write(p)
	n, err := w.ResponseWriter.Write(p)
	w.err = cmp.Or(w.err, err)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
