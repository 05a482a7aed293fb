package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// alreadyMember refuses to make somebody a member who is one. To them, and to those who see the
// members, it says how who has no access gets it again, and else what to do instead.
func (o Organization) alreadyMember(actor, id events.UserID, instead string) error {
	told := actor == id || o.Authorize(actor, SeeingMembers, About{Member: id}) == nil
	if absent := o.howToReopen(actor, id); absent != "" && told {
		return ErrAlreadyMember.Because("%q is a member already, but %s.", id, absent)
	}
	return ErrAlreadyMember.Because("%q is a member already; %s.", id, instead)
}

// addressTaken refuses an address that a member has. It names the member to those who see
// the members.
func (o Organization) addressTaken(actor, holder events.UserID) error {
	if o.Authorize(actor, SeeingMembers, About{Member: holder}) != nil {
		return ErrAddressTaken
	}
	if absent := o.howToReopen(actor, holder); absent != "" {
		return ErrAddressTaken.Because("The member %q has this address, but %s.", holder, absent)
	}
	return ErrAddressTaken.Because("The member %q has this address.", holder)
}

// howToReopen says why a member has no access, and what the actor can do about it; nothing
// of an active member.
func (o Organization) howToReopen(actor, id events.UserID) string {
	member := o.members.At(id)
	_, deactivated := member.Deactivated()
	may := func(action events.Action) bool { return o.Authorize(actor, action, About{Member: id}) == nil }
	switch {
	case deactivated && may(ReactivatingMember):
		return "is deactivated; reactivate them instead"
	case deactivated:
		return "is deactivated; ask somebody who may reactivate them"
	case member.started(o.at) && !member.ended(o.at):
		return ""
	case !member.started(o.at):
		starts := "the membership starts at " + member.From().UTC().Format(time.RFC3339)
		if may(ChangingMemberEnd) {
			return starts + "; give it an earlier start instead"
		}
		return starts + "; wait, or ask somebody who may give it an earlier start"
	}
	ended := "the membership ended at " + member.Until().UTC().Format(time.RFC3339)
	switch {
	case may(AddingMember):
		return ended + "; add them again by their id, or give the membership another end"
	case may(ChangingMemberEnd):
		return ended + "; give it another end instead"
	}
	return ended + "; ask somebody who may give it another end"
}
