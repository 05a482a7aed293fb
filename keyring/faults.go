package keyring

import (
	"cmp"
	"errors"
	"fmt"
	"sync"

	"github.com/seed-2026d078/roster/events"
)

var errMissingKey = errors.New("its key is missing, and nobody was forgotten")

// UnreadableError says that a sealed text cannot be read though nobody was forgotten: its key
// is missing or damaged, or the text was altered: the newest copy of the keys mends it. Or its key is wrapped by another master key:
// then Err is a [*MasterKeyError].
type UnreadableError struct {
	Organization events.OrganizationID
	// Subject is whom the text is about: a person, or an invite. It is empty until
	// [Reader.Check] has found it out.
	Subject events.Subject
	// Err says what is wrong.
	Err error
}

func (e *UnreadableError) Error() string {
	whose := "somebody"
	if e.Subject.ID != "" {
		whose = fmt.Sprintf("%s %q", e.Subject.Kind, e.Subject.ID)
	}
	remedy := "bring back the newest copy of the ledger and its keys (nats/)"
	if errors.As(e.Err, new(*MasterKeyError)) {
		remedy = "start every server with the master key that wraps the keys"
	}
	return fmt.Sprintf("what is sealed about %s in organization %q cannot be read: %v: %s", whose, e.Organization, e.Err, remedy)
}

// Unwrap returns [events.ErrUnreadable] and Err.
func (e *UnreadableError) Unwrap() []error { return []error{events.ErrUnreadable, e.Err} }

// maxFaults is the most keys whose faults are kept.
const maxFaults = 1000

// faults are the keys that were missing or damaged.
type faults struct {
	mu    sync.Mutex
	byKey map[string]*UnreadableError // by the id of the key; at most maxFaults
}

// add keeps that a text sealed with a key cannot be read, and returns the error that says so.
func (f *faults) add(org events.OrganizationID, id string, err error) *UnreadableError {
	return f.put(id, &UnreadableError{Organization: org, Err: err})
}

// put keeps a fault of a key, unless a better one is known, and returns the one that is kept. One
// that says whom the text is about is better.
func (f *faults) put(id string, fault *UnreadableError) *UnreadableError {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, is := f.byKey[id]
	switch {
	case is && (known.Subject.ID != "" || fault.Subject.ID == ""):
		return known
	case !is && len(f.byKey) >= maxFaults:
		return fault
	case f.byKey == nil:
		f.byKey = map[string]*UnreadableError{}
	}
	f.byKey[id] = fault
	return fault
}

// remove removes the fault of a key that was found after all.
func (f *faults) remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.byKey, id)
}

// Faults returns the number of keys that were found missing or damaged since the Reader was
// made, at most 1,000, and one of them; nil if there is none. A key that was found later does
// not count.
func (r *Reader) Faults() (int, *UnreadableError) {
	r.faults.mu.Lock()
	defer r.faults.mu.Unlock()
	var first *UnreadableError
	for _, fault := range r.faults.byKey {
		if first == nil || cmp.Or(cmp.Compare(fault.Organization, first.Organization), cmp.Compare(fault.Subject.ID, first.Subject.ID)) < 0 {
			first = fault
		}
	}
	return len(r.faults.byKey), first
}
