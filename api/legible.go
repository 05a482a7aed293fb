package api

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

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
