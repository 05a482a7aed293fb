package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// alreadyMember refuses to make somebody a member who is one. It says how who has no access
// gets it again.
func (o Organization) alreadyMember(id events.UserID) error {
	return ErrAlreadyMember.because("%q is a member already%s.", id, o.howToReopen(id, "; change the role instead"))
}

// addressTaken refuses an address that a member has. It names the member to those who see
// the members.
func (o Organization) addressTaken(actor, holder events.UserID) error {
	if o.Authorize(actor, SeeingMembers, About{Member: holder}) != nil {
		return ErrAddressTaken
	}
	return ErrAddressTaken.because("%q is a member and has this address%s.", holder, o.howToReopen(holder, ""))
}

// howToReopen says why a member has no access, and which command gives it again; otherwise
// what it is told to say of an active member.
func (o Organization) howToReopen(id events.UserID, active string) string {
	member := o.members.At(id)
	_, deactivated := member.Deactivated()
	switch {
	case deactivated:
		return ", and deactivated; reactivate_member brings them back"
	case o.ended(member.Until()):
		return ", whose membership ended at " + member.Until().UTC().Format(time.RFC3339) + "; add_member or change_member_end reopens it"
	}
	return active
}
