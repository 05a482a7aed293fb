package personaldata

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// Knows reports whether an event is about a person or one of their invites, or was caused by them or on their behalf.
func (f Found) Knows(user events.UserID, entry *events.Entry, e events.Event) bool {
	in := f[entry.Organization]
	if in == nil {
		return false
	}
	return entry.Actor == user || entry.OnBehalfOf == user || slices.ContainsFunc(e.Subjects(), func(s events.Subject) bool {
		return s.Kind == events.UserSubject && s.ID == string(user) || s.Kind == events.InviteSubject && in.Invites[events.InviteID(s.ID)]
	})
}

// History calls take with each event that knows a person, with what it says in words about them. What was erased, or cannot be read, is left out.
func (f Found) History(ctx context.Context, ledger *bus.Ledger, keys *keyring.Keyring, user events.UserID, take func(*events.Commit, *events.Entry, events.Recorded, map[string]string) error) error {
	return ledger.Read(ctx, events.Checkpoint{}, 0, func(commits []events.Commit) error {
		for i := range commits {
			for j := range commits[i].Entries {
				entry := &commits[i].Entries[j]
				for recorded := range entry.Recorded() {
					if !f.Knows(user, entry, recorded.Event) {
						continue
					}
					texts, err := f.texts(ctx, keys, user, entry.Organization, recorded.Event)
					if err != nil {
						return err
					}
					if err := take(&commits[i], entry, recorded, texts); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// texts opens what an event says about a person, or about an invite of theirs, by the names of its fields.
func (f Found) texts(ctx context.Context, keys *keyring.Keyring, user events.UserID, org events.OrganizationID, e events.Event) (map[string]string, error) {
	subject, _ := events.SealedTexts(e)
	theirs := subject.Kind == events.UserSubject && subject.ID == string(user) || subject.Kind == events.InviteSubject && f[org].Invites[events.InviteID(subject.ID)]
	if !theirs {
		return nil, nil
	}
	sealed := map[string]events.Sealed{}
	var metadata events.Metadata
	switch e := e.(type) { //nolint:gochecksumtype // no others have such texts
	case events.MemberJoined:
		sealed = map[string]events.Sealed{"name": e.Name, "login": e.Login, "email": e.Email, "avatar": e.Avatar, "external_id": e.ExternalID}
		if e.ClearLogin != "" {
			sealed["login"] = events.InClear(e.ClearLogin)
		}
		metadata = e.Metadata
	case events.ProfileChanged:
		sealed = map[string]events.Sealed{"name": e.Name, "login": e.Login, "email": e.Email, "avatar": e.Avatar, "external_id": e.ExternalID}
		metadata = e.Metadata
	case events.AccessRequested:
		sealed = map[string]events.Sealed{"name": e.Name, "login": e.Login, "email": e.Email, "reason": e.Reason}
	case events.AccessDenied:
		sealed = map[string]events.Sealed{"reason": e.Reason}
	case events.MemberInvited:
		sealed = map[string]events.Sealed{"email": e.Email, "message": e.Message}
	case events.InviteResent:
		sealed = map[string]events.Sealed{"message": e.Message}
	case events.InviteChanged:
		sealed = map[string]events.Sealed{"message": e.Message}
	}
	texts := map[string]string{}
	for name, text := range sealed {
		opened, err := readable(ctx, keys, org, text)
		if err != nil {
			return nil, err
		}
		if opened != "" {
			texts[name] = opened
		}
	}
	for entry := range maps.Values(metadata) {
		opened, err := readable(ctx, keys, org, entry)
		if err != nil {
			return nil, err
		}
		if key, text, is := strings.Cut(opened, "\n"); is {
			texts["metadata."+key] = text
		}
	}
	return texts, nil
}
