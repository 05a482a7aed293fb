package domain

import (
	"iter"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// PersonalData is what is known about a person, encrypted. A field is empty if it is
// unknown.
//
// The same text encrypted twice has two forms. To say that a text stays as it is, a command
// has it in the form that the state has.
type PersonalData struct {
	Name events.Sealed
	// Login is the spelling that people see; empty where it equals the id.
	Login   events.Sealed
	Email   events.Sealed
	Address events.AddressHash
	// Avatar is the URL of a picture.
	Avatar events.Sealed
	// ExternalID is the person's id in another system. One member has it at most.
	ExternalID     events.Sealed
	ExternalIDHash events.ExternalIDHash
	Metadata       events.Metadata
}

// maxMetadata is the most entries that the metadata of one person have.
const maxMetadata = 20

// profileFields are all fields of a profile but the metadata, each with its text.
var profileFields = []struct {
	field events.ProfileField
	text  func(*PersonalData) *events.Sealed
}{
	{events.NameField, func(d *PersonalData) *events.Sealed { return &d.Name }},
	{events.LoginField, func(d *PersonalData) *events.Sealed { return &d.Login }},
	{events.EmailField, func(d *PersonalData) *events.Sealed { return &d.Email }},
	{events.AvatarField, func(d *PersonalData) *events.Sealed { return &d.Avatar }},
	{events.ExternalIDField, func(d *PersonalData) *events.Sealed { return &d.ExternalID }},
}

// Fields returns which fields are known, in the order of an event.
func (d PersonalData) Fields() []events.ProfileField {
	var known []events.ProfileField
	for _, f := range profileFields {
		if *f.text(&d) != "" {
			known = append(known, f.field)
		}
	}
	if len(d.Metadata) > 0 {
		known = append(known, events.MetadataField)
	}
	return known
}

// Texts yields every encrypted text that is known.
func (d PersonalData) Texts() iter.Seq[events.Sealed] {
	return func(yield func(events.Sealed) bool) {
		for _, f := range profileFields {
			if text := *f.text(&d); text != "" && !yield(text) {
				return
			}
		}
		for _, entry := range d.Metadata {
			if entry != "" && !yield(entry) {
				return
			}
		}
	}
}

// differences returns which of the fields differ from what is known already, in the order
// of an event.
func (d PersonalData) differences(known PersonalData, fields []events.ProfileField) []events.ProfileField {
	var differ []events.ProfileField
	for _, f := range profileFields {
		if slices.Contains(fields, f.field) && *f.text(&d) != *f.text(&known) {
			differ = append(differ, f.field)
		}
	}
	if slices.Contains(fields, events.MetadataField) && len(d.metadataChanges(known)) > 0 {
		differ = append(differ, events.MetadataField)
	}
	return differ
}

// metadataChanges returns the entries that differ from those that are known already. No
// entries at all remove all that there are.
func (d PersonalData) metadataChanges(known PersonalData) events.Metadata {
	changes := events.Metadata{}
	if len(d.Metadata) == 0 {
		for key := range known.Metadata {
			changes[key] = ""
		}
	}
	for key, entry := range d.Metadata {
		if entry != known.Metadata[key] {
			changes[key] = entry
		}
	}
	return changes
}

// withMetadata returns metadata after some of its entries changed.
func withMetadata(known, changes events.Metadata) events.Metadata {
	if len(changes) == 0 {
		return known
	}
	after := maps.Clone(known)
	if after == nil {
		after = make(events.Metadata, len(changes))
	}
	maps.Copy(after, changes)
	maps.DeleteFunc(after, func(_ events.MetadataKey, entry events.Sealed) bool { return entry == "" })
	if len(after) == 0 {
		return nil
	}
	return after
}

// validatePersonalData fails if a member cannot be known by this: if somebody else has the
// address or the external id, or if there is too much.
func (o Organization) validatePersonalData(actor, user events.UserID, d PersonalData) error {
	if holder := o.addresses.At(d.Address); d.Address != "" && holder != nil && *holder != user {
		return o.addressTaken(actor, *holder)
	}
	if holder := o.externalIDs.At(d.ExternalIDHash); d.ExternalIDHash != "" && holder != nil && *holder != user {
		return ErrExternalIDTaken
	}
	return d.validateMetadata()
}

func (d PersonalData) validateMetadata() error {
	if len(withMetadata(nil, d.Metadata)) > maxMetadata {
		return ErrTooMuchMetadata
	}
	return nil
}

// joined returns the event with which somebody joins who is known by this.
func (d PersonalData) joined(user events.UserID, role events.RoleKey) events.MemberJoined {
	return events.MemberJoined{
		Member: user, Role: role, Login: d.Login, Name: d.Name, Email: d.Email, Address: d.Address,
		Avatar: d.Avatar, ExternalID: d.ExternalID, ExternalIDHash: d.ExternalIDHash, Metadata: withMetadata(nil, d.Metadata),
	}
}
