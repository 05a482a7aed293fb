package projections

import (
	"context"
	"strings"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
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

// searchable returns the text in which a search looks for words.
func searchable(parts ...string) string { return collation.Fold(strings.Join(parts, "\n")) }

// searched returns the words that a search looks for.
func searched(search string) []string { return collation.Words(cleaned(search)) }

// sortKey is a collation key. It is a string, so that rows can be compared; Postgres stores
// it as bytes.
type sortKey string

func sortKeyOf(name string) sortKey { return sortKey(collation.Key(name)) }

// ScanBytes implements [pgtype.BytesScanner].
func (k *sortKey) ScanBytes(stored []byte) error {
	*k = sortKey(stored)
	return nil
}

// BytesValue implements [pgtype.BytesValuer].
func (k sortKey) BytesValue() ([]byte, error) { return []byte(k), nil }
