package feed

import (
	"reflect"

	"github.com/seed-2026d078/roster/events"
)

// redacted makes the bodies of events. Personal data stays sealed, and secrets are left out.
var redacted = events.Without(reflect.TypeFor[events.ClearText](), reflect.TypeFor[events.Hash](), reflect.TypeFor[events.Nonce]())

// Payload returns the body of an event's message: personal data is sealed, and what secrets are made of is left out.
func Payload(e events.Event) any { return redacted.Payload(e) }

// PayloadType returns the type of what [Payload] returns; nil if the type of event is not known.
func PayloadType(t events.Type) reflect.Type { return redacted.TypeOf(t) }
