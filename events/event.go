package events

import (
	"errors"
	"fmt"
	"time"
)

// Type is the wire name of an event with its version: membership.role_changed.v1.
type Type string

// Event is one fact about one organization.
//
//sumtype:decl
type Event interface {
	// Type returns the wire name.
	Type() Type
	// Subjects returns all that the event is about. The audit log files the event under
	// the first, see [PrimarySubject]. There are none if the event is about the
	// organization itself.
	Subjects() []Subject
	event()
}

// ErrNewer says that the ledger holds what a newer program has written: it is not damaged.
var ErrNewer = errors.New("it was written by a newer version of Roster; upgrade this one")

// UnknownTypeError says that the ledger holds an event this program does not
// know, most likely because a newer one wrote it. Skipping it would falsify
// every state after it, so readers stop.
type UnknownTypeError struct{ Type Type }

func (e *UnknownTypeError) Error() string {
	return fmt.Sprintf("unknown event type %q: %v", e.Type, ErrNewer)
}

// Unwrap returns [ErrNewer].
func (e *UnknownTypeError) Unwrap() error { return ErrNewer }

// UnknownFieldError says the same of a field that this program does not know.
type UnknownFieldError struct {
	// Type is that of the event; empty if the field is one of the commit itself.
	Type  Type
	Field string
}

func (e *UnknownFieldError) Error() string {
	of := "the commit"
	if e.Type != "" {
		of = string(e.Type)
	}
	return fmt.Sprintf("unknown field %q of %s: %v", e.Field, of, ErrNewer)
}

// Unwrap returns [ErrNewer].
func (e *UnknownFieldError) Unwrap() error { return ErrNewer }

// PrimarySubject returns the id that the audit log files an event under: that of its
// first subject. It is empty for an event that is about the organization itself, or
// about one of its roles.
func PrimarySubject(e Event) string {
	all := e.Subjects()
	if len(all) == 0 || all[0].Kind == OrganizationRoleSubject || all[0].Kind == ProjectRoleSubject {
		return ""
	}
	return all[0].ID
}

// Instant is a time as the ledger keeps it: in UTC, whole microseconds, so that
// no store after it rounds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// ParseInstant reads a time in the form of RFC 3339, or a date, which stands for the
// beginning of the day in UTC. It returns false for any other text, for the zero time,
// which means never or none, and outside of the years 1 to 9999 in UTC, which no JSON
// and no other store here can hold.
func ParseInstant(text string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil {
			year := t.UTC().Year()
			return t, !Instant(t).IsZero() && 1 <= year && year <= 9999
		}
	}
	return time.Time{}, false
}
