package personaldata

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// Found is what the ledger knows of one person.
type Found map[events.OrganizationID]*InOrganization

// InOrganization is what it knows of them in one organization, also in one that was deleted.
type InOrganization struct {
	// Invites are those that the person accepted, settled or declined, that name them, or that were sent to an address of theirs and
	// closed by nobody else.
	Invites map[events.InviteID]bool
	// Texts has one text for each key that seals something about the person or about one of their invites, by the id of the key, and Events how many events
	// say something in words that it seals.
	Texts  map[string]events.Sealed
	Events map[string]int
	// ClearLogins is how many events have a login that was never sealed.
	ClearLogins int
	// Joined is where the person became a member last, Invited where they were invited or asked for access last, and Erased where it was recorded
	// last that they are erased; zero for never.
	Joined, Invited, Erased events.Position
}

// search looks for several people at once.
type search struct {
	keys      *keyring.Keyring
	found     map[events.UserID]Found
	addresses map[events.UserID]map[string]bool
	// hashes find the people by an address, in an organization.
	hashes map[events.OrganizationID]map[events.AddressHash]events.UserID
	// joined says who accepted or settled an invite.
	joined map[inviteOf]events.UserID
}

type inviteOf struct {
	organization events.OrganizationID
	invite       events.InviteID
}

// Find reads the ledger twice: once for what is known of the people, their addresses among it, and once for the invites that were sent to
// these. An address whose key was destroyed, or is missing, is left out.
func Find(ctx context.Context, ledger *bus.Ledger, keys *keyring.Keyring, people ...events.UserID) (map[events.UserID]Found, error) {
	s := &search{
		keys: keys, found: map[events.UserID]Found{}, addresses: map[events.UserID]map[string]bool{},
		hashes: map[events.OrganizationID]map[events.AddressHash]events.UserID{}, joined: map[inviteOf]events.UserID{},
	}
	for _, user := range people {
		s.found[user], s.addresses[user] = Found{}, map[string]bool{}
	}
	if err := read(ctx, ledger, s.readPeople); err != nil {
		return nil, err
	}
	return s.found, read(ctx, ledger, s.readInvites)
}

// read calls take with each event of the ledger.
func read(ctx context.Context, ledger *bus.Ledger, take func(context.Context, events.Position, events.OrganizationID, events.Event) error) error {
	return ledger.Read(ctx, events.Checkpoint{}, 0, func(commits []events.Commit) error {
		for i := range commits {
			for j := range commits[i].Entries {
				entry := &commits[i].Entries[j]
				for _, e := range entry.Events {
					if err := take(ctx, commits[i].Position, entry.Organization, e); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// in returns what is found of a person in an organization; nil if nobody looks for them.
func (s *search) in(org events.OrganizationID, user events.UserID) *InOrganization {
	all, wanted := s.found[user]
	if !wanted {
		return nil
	}
	if all[org] == nil {
		all[org] = &InOrganization{Invites: map[events.InviteID]bool{}, Texts: map[string]events.Sealed{}, Events: map[string]int{}}
	}
	return all[org]
}

// readPeople takes in what an event says of the people.
func (s *search) readPeople(ctx context.Context, at events.Position, org events.OrganizationID, e events.Event) error {
	for _, subject := range e.Subjects() {
		if subject.Kind == events.UserSubject {
			s.in(org, events.UserID(subject.ID)) // the id alone is known there
		}
	}
	switch e := e.(type) { //nolint:gochecksumtype // no others say something in words, or are about an invite of somebody
	case events.MemberJoined:
		if in := s.in(org, e.Member); in != nil {
			in.Joined = at
			in.addInvite(e.Invite)
			if e.ClearLogin != "" {
				in.ClearLogins++
			}
			in.addTexts(e)
			return s.addAddress(ctx, org, e.Member, e.Email)
		}
	case events.ProfileChanged:
		if in := s.in(org, e.Member); in != nil {
			in.addTexts(e)
			return s.addAddress(ctx, org, e.Member, e.Email)
		}
	case events.AccessRequested:
		if in := s.in(org, e.Member); in != nil {
			in.Invited = at
			in.addTexts(e)
			return s.addAddress(ctx, org, e.Member, e.Email)
		}
	case events.AccessDenied:
		if in := s.in(org, e.Member); in != nil {
			in.addTexts(e)
		}
	case events.MemberInvited:
		if in := s.in(org, e.Member); in != nil {
			in.Invited = at
			in.addInvite(e.Invite)
			return s.addAddress(ctx, org, e.Member, e.Email)
		}
	case events.InviteDeclined:
		if in := s.in(org, e.Member); in != nil {
			in.addInvite(e.Invite)
		}
	case events.InviteAccepted:
		s.joined[inviteOf{org, e.Invite}] = e.Member
		if in := s.in(org, e.Member); in != nil {
			in.addInvite(e.Invite)
		}
	case events.InviteSettled:
		s.joined[inviteOf{org, e.Invite}] = e.Member
		if in := s.in(org, e.Member); in != nil {
			in.addInvite(e.Invite)
		}
	case events.PersonErased:
		if in := s.in(org, e.Person); in != nil {
			in.Erased = at
			for _, invite := range e.Invites {
				in.addInvite(invite)
			}
		}
	}
	return nil
}

// readInvites takes in what an event says of the invites of the people.
func (s *search) readInvites(_ context.Context, at events.Position, org events.OrganizationID, e events.Event) error {
	if sent, is := e.(events.MemberInvited); is {
		user, known := s.peopleAt(org)[sent.Address]
		by, joined := s.joined[inviteOf{org, sent.Invite}]
		if known && (!joined || by == user) {
			in := s.in(org, user)
			in.Invited = max(in.Invited, at)
			in.addInvite(sent.Invite)
		}
	}
	subject, texts := events.SealedTexts(e)
	if subject.Kind != events.InviteSubject || len(texts) == 0 {
		return nil
	}
	for _, all := range s.found {
		if in := all[org]; in != nil && in.Invites[events.InviteID(subject.ID)] {
			in.addTexts(e)
		}
	}
	return nil
}

// peopleAt returns the people by the hashes of their addresses in an organization.
func (s *search) peopleAt(org events.OrganizationID) map[events.AddressHash]events.UserID {
	if s.hashes[org] == nil {
		s.hashes[org] = map[events.AddressHash]events.UserID{}
		for user, addresses := range s.addresses {
			for address := range addresses {
				s.hashes[org][s.keys.AddressHash(org, address)] = user
			}
		}
	}
	return s.hashes[org]
}

// addAddress notes an address of a person, unless its key was destroyed.
func (s *search) addAddress(ctx context.Context, org events.OrganizationID, user events.UserID, sealed events.Sealed) error {
	address, err := readable(ctx, s.keys, org, sealed)
	if address != "" {
		s.addresses[user][address] = true
	}
	return err
}

// readable opens a text. What was erased is empty, and so is what cannot be read.
func readable(ctx context.Context, keys *keyring.Keyring, org events.OrganizationID, sealed events.Sealed) (string, error) {
	text, err := keys.Read(ctx, org, sealed)
	if errors.Is(err, events.ErrUnreadable) {
		return "", nil
	}
	return text, err
}

func (in *InOrganization) addInvite(id events.InviteID) {
	if id != "" {
		in.Invites[id] = true
	}
}

// addTexts notes the keys that seal something in an event.
func (in *InOrganization) addTexts(e events.Event) {
	_, texts := events.SealedTexts(e)
	if len(texts) > 0 {
		in.Events[keyring.KeyOf(texts[0])]++
	}
	for _, text := range texts {
		if key := keyring.KeyOf(text); key != "" {
			in.Texts[key] = text
		}
	}
}
