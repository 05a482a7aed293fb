package replica

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Change is what a command did.
type Change struct {
	Organization events.OrganizationID
	// Version is that of the organization after the command.
	Version events.Version
	// Position is that of the commit in the ledger.
	Position events.Position
	// Entry has the events, with their actor and time.
	Entry events.Entry
	// Before and After are the organization before and after it, where nothing has started later, and nothing has ended, but what is recorded to have.
	Before, After domain.Organization
}

// Access returns whose effective access to projects the command changed. It returns false, and no changes, if they are
// more than most. It is compared now, which costs more the more people and projects the command concerns.
func (c Change) Access(most int) (domain.EffectiveChanges, bool) {
	return domain.EffectiveChangesOf(c.Before, &c.Entry, most, func() bool { return true })
}
