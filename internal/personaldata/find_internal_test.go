package personaldata

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// TestEveryTextIsFoundAndExported makes an event of each type with a text in each field that is sealed, and holds that it is erased and exported.
func TestEveryTextIsFoundAndExported(t *testing.T) {
	t.Parallel()
	keys := new(keyring.Keyring) // texts in the clear need no key
	said := 0
	for _, of := range events.Types() {
		event, texts := withTexts(t, of)
		if len(texts) == 0 {
			continue
		}
		said++
		in := &InOrganization{Invites: map[events.InviteID]bool{"i": true}, Texts: map[string]events.Sealed{}, Events: map[string]int{}}
		s := search{
			keys: keys, found: map[events.UserID]Found{"u": {"acme": in}}, addresses: map[events.UserID]map[string]bool{"u": {}},
			hashes: map[events.OrganizationID]map[events.AddressHash]events.UserID{"acme": {}}, joined: map[inviteOf]events.UserID{},
		}
		require.NoError(t, s.readPeople(t.Context(), 1, "acme", event))
		require.NoError(t, s.readInvites(t.Context(), 1, "acme", event))
		assert.Equal(t, []int{1}, slices.Collect(maps.Values(in.Events)), "%s is found", of)
		got, err := s.found["u"].texts(t.Context(), keys, "u", "acme", event)
		require.NoError(t, err)
		var opened []string
		for _, text := range got {
			opened = append(opened, text)
		}
		assert.ElementsMatch(t, texts, opened, "%s is exported", of)
	}
	assert.Positive(t, said)
}

// TestInviteBelongsToWhoAcceptedIt looks at once for whom an invite was sent to, and for who accepted it.
func TestInviteBelongsToWhoAcceptedIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		closed events.Event // nil: it is open
		with   []events.UserID
	}{
		"nobody":                           {nil, []events.UserID{"u"}},
		"who was invited":                  {events.InviteAccepted{Invite: "i", Member: "u"}, []events.UserID{"u"}},
		"somebody else who is looked for":  {events.InviteAccepted{Invite: "i", Member: "v"}, []events.UserID{"v"}},
		"somebody whom nobody looks for":   {events.InviteAccepted{Invite: "i", Member: "w"}, nil},
		"somebody who has the address now": {events.InviteSettled{Invite: "i", Member: "v"}, []events.UserID{"v"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := search{
				keys: new(keyring.Keyring), found: map[events.UserID]Found{"u": {}, "v": {}}, addresses: map[events.UserID]map[string]bool{},
				hashes: map[events.OrganizationID]map[events.AddressHash]events.UserID{"acme": {"x": "u"}}, joined: map[inviteOf]events.UserID{},
			}
			history := []events.Event{events.MemberInvited{Invite: "i", Address: "x"}}
			if test.closed != nil {
				history = append(history, test.closed)
			}
			for _, e := range history {
				require.NoError(t, s.readPeople(t.Context(), 1, "acme", e))
			}
			for _, e := range history {
				require.NoError(t, s.readInvites(t.Context(), 1, "acme", e))
			}
			var with []events.UserID
			for user, found := range s.found {
				if in := found["acme"]; in != nil && in.Invites["i"] {
					with = append(with, user)
				}
			}
			assert.Equal(t, test.with, with)
		})
	}
}

// withTexts returns an event about the person u, or the invite i, and the texts in it.
func withTexts(t *testing.T, of events.Type) (events.Event, []string) {
	t.Helper()
	zero, known := events.New(of)
	require.True(t, known)
	event := reflect.New(reflect.TypeOf(zero)).Elem()
	var texts []string
	for i := range event.NumField() {
		field, name := event.Field(i), event.Type().Field(i).Name
		switch field.Interface().(type) {
		case events.Sealed:
			texts = append(texts, name)
			field.SetString(string(events.InClear(events.ClearText(name))))
		case events.Metadata:
			texts = append(texts, name)
			field.Set(reflect.ValueOf(events.Metadata{"k": events.InClear(events.ClearText("key\n" + name))}))
		case events.UserID:
			field.SetString("u")
		case events.InviteID:
			field.SetString("i")
		}
	}
	return event.Interface().(events.Event), texts
}
