package domain

import (
	"github.com/seed-2026d078/roster/events"
)

// PublicLink opens a project to everybody who has the link.
type PublicLink struct {
	// Nonce is random, so that each link has another secret.
	Nonce events.Nonce
	events.Origin

	token events.Hash
}
