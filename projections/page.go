package projections

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Page asks for a part of a list.
type Page struct {
	// Limit is 1 to 200 items; 0 is 50, more is 200.
	Limit int
	// After is the cursor that the page before gave as Next; empty is the start.
	After string
}

// List is one page.
type List[T any] struct {
	Items []T
	// Next is the cursor of the page after; empty on the last.
	Next string
}

const (
	usualLimit = 50
	maxLimit   = 200
)

func (p Page) limit() int {
	if p.Limit <= 0 {
		return usualLimit
	}
	return min(p.Limit, maxLimit)
}

// after fills the keys of the last row of the page before; they stay as they are
// on the first page.
func (p Page) after(keys ...any) error {
	if p.After == "" {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(p.After)
	if err != nil {
		return ErrBadCursor
	}
	var had []json.RawMessage
	if err := json.Unmarshal(text, &had); err != nil || len(had) != len(keys) {
		return ErrBadCursor
	}
	for i, key := range keys {
		if err := json.Unmarshal(had[i], key); err != nil {
			return ErrBadCursor
		}
		if text, ok := key.(*string); ok && strings.ContainsRune(*text, 0) {
			return ErrBadCursor // Postgres has no such text
		}
	}
	return nil
}

// cursor names a row by its keys.
func cursor(keys ...any) string {
	text, err := json.Marshal(keys)
	if err != nil {
		panic(err) // keys are texts, numbers and times
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// list cuts what was found, one more than the limit where there is more, into a
// page.
func list[T any](found []T, p Page, keys func(T) []any) List[T] {
	if len(found) <= p.limit() {
		return List[T]{Items: found}
	}
	found = found[:p.limit()]
	return List[T]{Items: found, Next: cursor(keys(found[len(found)-1])...)}
}

// endOfTime is after everything that a ledger holds.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
