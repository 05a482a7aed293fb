package domain

import (
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Invite is an offer of membership that nobody has accepted and nobody has revoked. See
// [Organization.InviteStatus] for whether it can be accepted now.
type Invite struct {
	Role  events.RoleKey
	Email events.Sealed
	// Message is what the sender says.
	Message events.Sealed
	// First is when it was sent first, and Sent when last and by whom: the offer rests on them.
	First, Sent events.Origin
	// Issued is the event that gave the present secret, which was made with Nonce.
	Issued  events.Origin
	Nonce   events.Nonce
	Expires time.Time
	// Opened is when somebody with the secret looked at it first; the zero value means not since it was sent last.
	Opened time.Time
	// Bind says who can accept it.
	Bind events.InviteBind
	// Member is whom it is for, where that is known.
	Member events.UserID
	// Levels are the person's own in the organization.
	Levels events.Levels
	// From is when the membership will start; the zero value means when the invite is accepted.
	From time.Time
	// Until is when the membership will end; the zero value means never.
	Until time.Time

	// expiryRecorded says that an event has recorded that the invite expired.
	expiryRecorded bool

	address  events.AddressHash
	token    events.Hash
	projects []InvitedProject
	teams    []invitedTeam
}

// invitedTeam is a team that is joined when an invite is accepted.
type invitedTeam struct {
	events.TeamRole
	// created is its creation: a later team with the same id is not what the invite is for.
	created events.Origin
}

// InvitedProject is a project that is joined when an invite is accepted.
type InvitedProject struct {
	events.ProjectRole
	// Deleted says that the project was deleted after the invite was sent. A later project
	// with the same id is not what the invite is for.
	Deleted bool
}

// ends returns when the invite expires: its own time, or that of the membership it offers, has
// passed. The zero value means never.
func (i *Invite) ends() time.Time {
	if i.Expires.IsZero() || !i.Until.IsZero() && i.Until.Before(i.Expires) {
		return i.Until
	}
	return i.Expires
}

// expired reports whether the invite has expired at an instant.
func (i *Invite) expired(at time.Time) bool { return i.expiryRecorded || ended(i.ends(), at) }

// Projects lists the projects that are joined on acceptance.
func (i Invite) Projects() iter.Seq[InvitedProject] { return slices.Values(i.projects) }

// Teams lists the teams that are joined on acceptance.
func (i Invite) Teams() iter.Seq[events.TeamRole] {
	return func(yield func(events.TeamRole) bool) {
		for _, t := range i.teams {
			if !yield(t.TeamRole) {
				return
			}
		}
	}
}
