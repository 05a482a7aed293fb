package domain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// RoleNotice tells one person that their role has changed: in the organization, or
// on a project whatever the source. Coming and going are no change of role.
type RoleNotice struct {
	// ID is the same whenever the notice is made again from the ledger.
	ID           string
	Organization events.OrganizationID
	User         events.UserID
	// Project is empty where the role is one of the organization.
	Project  events.ProjectID
	From, To events.RoleKey
	// Position is the commit that holds the event.
	Position events.Position
	// Origin names the event that changed the role.
	events.Origin
}

// RoleNotices yields whom to tell of an event, given the states before and after.
func RoleNotices(before, after Organization, r events.Recorded, position events.Position) iter.Seq[RoleNotice] {
	return func(yield func(RoleNotice) bool) {
		for change := range AccessChanges(before, after, r.Event) {
			if change.From == "" || change.To == "" {
				continue
			}
			notice := RoleNotice{
				ID: noticeID(after.id, r.Origin, change), Organization: after.id, User: change.User, Project: change.Project,
				From: change.From, To: change.To, Position: position, Origin: r.Origin,
			}
			if !yield(notice) {
				return
			}
		}
	}
}

// noticeID hashes what tells a notice from every other, since ids of people and
// projects are too long and too free to be put together into one.
func noticeID(org events.OrganizationID, o events.Origin, c AccessChange) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %q %q", o.ID(org), c.User, c.Project))
	return hex.EncodeToString(sum[:16])
}
