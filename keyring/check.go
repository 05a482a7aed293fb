package keyring

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// Text is a sealed text and whom it is about.
type Text struct {
	Organization events.OrganizationID
	Subject      events.Subject
	Sealed       events.Sealed
}

// KeyOf returns the id of the key with which a text is sealed; empty for none.
func KeyOf(sealed events.Sealed) string {
	if _, clear := sealed.Clear(); clear {
		return ""
	}
	id, _, _ := strings.Cut(string(sealed), ".")
	return id
}

// Check finds out which texts were sealed with a key that is missing, though nobody was
// forgotten, and returns one for each such key. It reads all keys once, which is faster than
// opening each text. [Reader.Faults] includes what it found.
func (r *Reader) Check(ctx context.Context, texts iter.Seq[Text]) ([]*UnreadableError, error) {
	needed := map[string]bool{}
	for text := range texts {
		if id := KeyOf(text.Sealed); id != "" {
			needed[id] = true
		}
	}
	useless := map[string]error{} // why a person's key cannot be used
	if err := r.each(ctx, func(name string, stored []byte) {
		kind, rest, _ := strings.Cut(name, ".")
		_, last, _ := strings.Cut(rest, ".")
		switch kind + "." {
		case personPrefix:
			if secret, err := r.master.unwrap(name, stored); err != nil {
				useless[last] = err
			} else {
				delete(needed, keyID(last, secret))
			}
		case markPrefix:
			delete(needed, last)
		}
	}); err != nil {
		return nil, fmt.Errorf("check the keys: %w", err)
	}
	if len(needed) == 0 {
		return nil, nil
	}
	var missing []*UnreadableError
	for text := range texts {
		if id := KeyOf(text.Sealed); needed[id] {
			delete(needed, id)
			why := errMissingKey
			if err := useless[id[:min(len(id), personChars)]]; err != nil {
				why = err
			}
			missing = append(missing, r.faults.put(id, &UnreadableError{Organization: text.Organization, Subject: text.Subject, Err: why}))
		}
	}
	return missing, nil
}
