package projections

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/seed-2026d078/roster/events"
)

// read decrypts a text about a person.
func (open Opener) read(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
	if sealed == "" {
		return "", nil
	}
	plain, err := open(ctx, org, sealed)
	if err != nil {
		return "", &sealedError{err}
	}
	return cleaned(plain), nil
}

// sealedError says that something sealed could not be read, which passes when the
// keyring can be reached again.
type sealedError struct{ err error }

func (e *sealedError) Error() string { return "open what is sealed: " + e.err.Error() }
func (e *sealedError) Unwrap() error { return e.err }

// cleaned returns a text without what Postgres cannot store: no rule has validated texts
// that were encrypted.
func cleaned(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}

// searchable is the text in which a search for a person looks.
func searchable(name, login, email, externalID string) string {
	return strings.ToLower(strings.Join([]string{name, login, email, externalID}, "\n"))
}

// searched returns what a search for a text looks for.
func searched(part string) string { return strings.ToLower(strings.TrimSpace(cleaned(part))) }

// maxSort is how many bytes of a name decide on the order. An index cannot hold much more.
const maxSort = 255

// sortable returns the text by which lists order a name.
func sortable(name string) string {
	lower := strings.ToLower(strings.TrimSpace(name))
	if len(lower) <= maxSort {
		return lower
	}
	end := maxSort
	for !utf8.RuneStart(lower[end]) {
		end--
	}
	return lower[:end]
}
