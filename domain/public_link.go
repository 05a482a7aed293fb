package domain

import (
	"github.com/seed-2026d078/roster/events"
)

// PublicLink opens a project to whoever holds it.
type PublicLink struct {
	// Nonce makes the secret another one for every link.
	Nonce events.Nonce
	events.Origin

	token events.Hash
}
