package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// ErasePerson removes what the organization has in words about somebody, for good. It ends their membership first, as
// [RemoveMember] does, and revokes the invites that they have. The system gives the command, and nobody else, since it is given to all
// organizations.
type ErasePerson struct {
	Person events.UserID
	// Invites are those that were sent to an address of the person, which only somebody who can read addresses knows, and those that the state has
	// forgotten. Those that name the person, and that it knows, may be left out.
	Invites []events.InviteID
	// Again says that the person was invited, or asked for access, since the organization recorded last that they are erased: the state may have forgotten it.
	Again bool
	// TransferTo is as in [RemoveMember].
	TransferTo events.UserID
}

// Decide also erases in an organization that is archived. It does nothing where nothing is left to erase, but it is recorded once in
// each organization that it is given to.
func (c ErasePerson) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if m.Actor != events.System {
		return nil, ErrNotAllowed.Because("Only the system actor erases people.")
	}
	if !org.Exists() {
		return nil, nil
	}
	var happened []events.Event
	if org.members.At(c.Person) != nil {
		removal, err := RemoveMember{Member: c.Person, TransferTo: c.TransferTo}.Decide(org.withoutArchive(), m)
		if err != nil {
			return nil, err
		}
		happened = removal
	}
	invites := c.invites(org)
	_, erased := org.Erased(c.Person)
	for _, id := range invites {
		if org.findInvite(id) != nil {
			happened = append(happened, events.InviteRevoked{Invite: id})
		}
	}
	if erased && !c.Again && len(happened) == 0 && len(org.OpenAccessRequests(c.Person)) == 0 && !slices.ContainsFunc(invites, org.tellsAddress) {
		return nil, nil
	}
	return append(happened, events.PersonErased{Person: c.Person, Invites: invites}), nil
}

// invites returns the invites to erase, in order.
func (c ErasePerson) invites(org Organization) []events.InviteID {
	ids := slices.Clone(c.Invites)
	if id := org.invitees.At(c.Person); id != nil {
		ids = append(ids, *id)
	}
	for id, invite := range org.closed.All() {
		if invite.Member == c.Person {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// tellsAddress reports whether an invite says to which address it was sent.
func (o Organization) tellsAddress(id events.InviteID) bool {
	open, closed := o.findInvite(id), o.closed.At(id)
	return open != nil && open.Email != "" || closed != nil && closed.Email != ""
}

// withoutArchive returns the organization as if it was not archived.
func (o Organization) withoutArchive() Organization {
	restored := *o.state
	restored.archived = false
	o.state = &restored
	return o
}
