package domain

import (
	"github.com/seed-2026d078/roster/events"
)

// ChangeProfile says anew what is known about a member.
type ChangeProfile struct {
	Member events.UserID
	// Fields are those that the command says something about. One of them that is empty is
	// removed.
	Fields []events.ProfileField
	// PersonalData holds the new texts. Its metadata are the entries to change, an empty text
	// for an entry to remove; none at all removes all.
	PersonalData
}

// Decide lets members change their own profile, and others whom the scheme allows that of
// those whose role they may take. A new address settles the invites to it. If one stands that
// is not for the member by id, only those who may revoke it may set the address, and nobody if
// it is for somebody else by id: nothing shows that the address is the member's.
func (c ChangeProfile) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToChange(m.Actor, ChangingProfile, c.Member)
	if err != nil {
		return nil, err
	}
	changed := c.changes(member.PersonalData)
	if len(changed.Fields) == 0 {
		return nil, nil // already so
	}
	var after PersonalData
	after.apply(changed)
	after.Metadata = withMetadata(member.Metadata, changed.Metadata)
	if err := org.validatePersonalData(m.Actor, c.Member, after); err != nil {
		return nil, err
	}
	var happened []events.Event
	if changed.Address != "" {
		if invite := org.invited.At(changed.Address); invite != nil {
			of := org.findInvite(*invite)
			revokes := of.Member == "" && org.Authorize(m.Actor, RevokingInvite, About{}) == nil
			if of.Member != c.Member && !revokes && org.inviteStands(of) {
				return nil, ErrAlreadyInvited.Because("Somebody has been invited at this address; the invite has to be accepted or revoked first.")
			}
		}
		happened = org.settleOtherInvites(c.Member, changed.Address, "")
	}
	return append(happened, changed), nil
}

// changes returns the event that makes what is known equal to what the command says. Its
// fields are those that differ.
func (c ChangeProfile) changes(known PersonalData) events.ProfileChanged {
	changed := events.ProfileChanged{Member: c.Member, Fields: c.differences(known, c.Fields)}
	for _, field := range changed.Fields {
		switch field {
		case events.NameField:
			changed.Name = c.Name
		case events.LoginField:
			changed.Login = c.Login
		case events.EmailField:
			changed.Email, changed.Address = c.Email, c.Address
		case events.AvatarField:
			changed.Avatar = c.Avatar
		case events.ExternalIDField:
			changed.ExternalID, changed.ExternalIDHash = c.ExternalID, c.ExternalIDHash
		case events.MetadataField:
			changed.Metadata = c.metadataChanges(known)
		}
	}
	return changed
}

// apply changes what is known as an event says.
func (d *PersonalData) apply(e events.ProfileChanged) {
	for _, field := range e.Fields {
		switch field {
		case events.NameField:
			d.Name = e.Name
		case events.LoginField:
			d.Login = e.Login
		case events.EmailField:
			d.Email, d.Address = e.Email, e.Address
		case events.AvatarField:
			d.Avatar = e.Avatar
		case events.ExternalIDField:
			d.ExternalID, d.ExternalIDHash = e.ExternalID, e.ExternalIDHash
		case events.MetadataField:
			d.Metadata = withMetadata(d.Metadata, e.Metadata)
		}
	}
}

// differsFrom returns what a repeated command says otherwise than the state, in words; empty
// for nothing. The fields are those that it says something about.
func (d PersonalData) differsFrom(member *Member) []string {
	var words []string
	for _, field := range d.differences(member.PersonalData, d.Fields()) {
		words = append(words, profileWords[field])
	}
	return words
}

// profileWords call the fields of a profile in sentences.
var profileWords = map[events.ProfileField]string{
	events.NameField: "name", events.LoginField: "login", events.EmailField: "email", events.AvatarField: "avatar",
	events.ExternalIDField: "external id", events.MetadataField: "metadata",
}
