package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// Invite returns a pending invite, and whether there is one.
func (o Organization) Invite(id events.InviteID) (Invite, bool) { return o.invites.Get(id) }

// Invites yields every pending invite, expired ones included, in no particular order.
func (o Organization) Invites() iter.Seq2[events.InviteID, Invite] { return o.invites.All() }
