package api

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// Profile is what is known about a person.
type Profile struct {
	Login      string            `json:"login,omitzero" doc:"The spelling that people see; left out: the id." maxLength:"255" example:"Bob"`
	Name       string            `json:"name,omitzero" maxLength:"255" example:"Bob Example"`
	Email      string            `json:"email,omitzero" maxLength:"320" example:"bob@example.org"`
	Avatar     string            `json:"avatar,omitzero" doc:"The https or http URL of a picture. Roster never fetches it." maxLength:"2048" example:"https://example.org/bob.png"`
	ExternalID string            `json:"external_id,omitzero" doc:"The person's id in another system; one member of the organization has it at most." maxLength:"255" example:"4711"`
	Metadata   map[string]string `json:"metadata,omitzero" doc:"Up to 20 short texts that other systems keep about the person, by a key of their own."`
}

const (
	maxAvatar        = 2048
	maxMetadataKey   = 64
	maxMetadataValue = 256
)

// read returns the profile as it is kept, if all of it is valid.
func (p Profile) read() (Profile, error) {
	var err error
	if p.Email, err = readEmail(p.Email); err != nil {
		return Profile{}, err
	}
	for _, name := range []*string{&p.Name, &p.Login} {
		if *name, err = readName(*name); err != nil {
			return Profile{}, err
		}
	}
	if p.ExternalID != "" && (!events.ValidID(p.ExternalID) || collation.HasInvisible(p.ExternalID)) {
		return Profile{}, domain.ErrBadID
	}
	if !isAvatar(p.Avatar) {
		return Profile{}, errBadAvatar
	}
	for key, value := range p.Metadata {
		if strings.TrimSpace(key) == "" || len(key) > maxMetadataKey || !printable(key) || len(value) > maxMetadataValue || !printable(value) {
			return Profile{}, errBadMetadata
		}
	}
	return p, nil
}

// isAvatar reports whether a text is the URL of a picture, or empty.
func isAvatar(text string) bool {
	if text == "" {
		return true
	}
	parsed, err := url.Parse(text)
	return err == nil && len(text) <= maxAvatar && printable(text) && !strings.Contains(text, " ") &&
		(parsed.Scheme == "https" || parsed.Scheme == "http") && parsed.Hostname() != "" && parsed.User == nil
}

// personalData encrypts a profile. What the state has already is in the form that it has
// there.
func (b *commandBuilder) personalData(ctx context.Context, user events.UserID, p Profile) (domain.PersonalData, error) {
	p, err := p.read()
	if err != nil {
		return domain.PersonalData{}, err
	}
	known := b.member(user)
	if p.Login == string(user) && known.Login == "" {
		p.Login = "" // people see the id already
	}
	d := domain.PersonalData{Address: b.addressHash(p.Email)}
	for _, field := range []struct {
		to    *events.Sealed
		text  string
		known events.Sealed
	}{
		{&d.Name, p.Name, known.Name},
		{&d.Login, p.Login, known.Login},
		{&d.Email, p.Email, known.Email},
		{&d.Avatar, p.Avatar, known.Avatar},
		{&d.ExternalID, p.ExternalID, known.ExternalID},
	} {
		if *field.to, err = b.sealAgain(ctx, string(user), field.text, field.known); err != nil {
			return domain.PersonalData{}, err
		}
	}
	if p.ExternalID != "" {
		d.ExternalIDHash = b.keys.ExternalIDHash(b.org, p.ExternalID)
	}
	d.Metadata, err = b.metadata(ctx, user, p.Metadata, known.Metadata)
	return d, err
}

// metadata encrypts each entry together with its key. An empty text stays empty.
func (b *commandBuilder) metadata(ctx context.Context, user events.UserID, entries map[string]string, known events.Metadata) (events.Metadata, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	sealed := make(events.Metadata, len(entries))
	for _, key := range slices.Sorted(maps.Keys(entries)) {
		text, hash := entries[key], b.keys.MetadataKey(b.org, string(user), key)
		if text != "" {
			text = key + "\n" + text // no key has a line break
		}
		entry, err := b.sealAgain(ctx, string(user), text, known[hash])
		if err != nil {
			return nil, err
		}
		sealed[hash] = entry
	}
	return sealed, nil
}

// readProfile returns the profile of a member in clear text, without what was forgotten.
func (s *Server) readProfile(ctx context.Context, org events.OrganizationID, d domain.PersonalData) (p Profile, err error) {
	for _, field := range []struct {
		to   *string
		from events.Sealed
	}{{&p.Login, d.Login}, {&p.Name, d.Name}, {&p.Email, d.Email}, {&p.Avatar, d.Avatar}, {&p.ExternalID, d.ExternalID}} {
		if *field.to, err = s.Keyring.Read(ctx, org, field.from); err != nil {
			return Profile{}, err
		}
	}
	for _, sealed := range d.Metadata {
		entry, err := s.Keyring.Read(ctx, org, sealed)
		if err != nil {
			return Profile{}, err
		}
		if key, text, is := strings.Cut(entry, "\n"); is {
			if p.Metadata == nil {
				p.Metadata = map[string]string{}
			}
			p.Metadata[key] = text
		}
	}
	return p, nil
}

type changeProfile struct {
	User       events.UserID  `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Name       textChange     `json:"name,omitzero" maxLength:"255" doc:"Null or empty: removed; left out: stays." example:"Bob Example"`
	Login      textChange     `json:"login,omitzero" maxLength:"255" doc:"The spelling that people see. Null or empty: the id; left out: stays." example:"Bob"`
	Email      textChange     `json:"email,omitzero" maxLength:"320" doc:"A new address settles the invites to it. Null or empty: removed; left out: stays." example:"bob@example.org"`
	Avatar     textChange     `json:"avatar,omitzero" maxLength:"2048" doc:"The https or http URL of a picture. Roster never fetches it. Null or empty: removed; left out: stays." example:"https://example.org/bob.png"`
	ExternalID textChange     `json:"external_id,omitzero" maxLength:"255" doc:"The person's id in another system; one member of the organization has it at most. Null or empty: removed; left out: stays." example:"4711"`
	Metadata   metadataChange `json:"metadata,omitzero" doc:"The entries to change; a null or empty text removes its entry, the others stay. Null or no entries: all removed; left out: all stay."`
}

// textChange is a text that a request sets, removes with null or an empty text, or leaves
// out.
type textChange struct {
	sent bool
	text string
}

// UnmarshalJSONFrom reads a text or null.
func (c *textChange) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	c.sent = true
	var text *string
	if err := json.UnmarshalDecode(in, &text); err != nil || text == nil {
		return err
	}
	c.text = *text
	return nil
}

// MarshalJSONTo writes the text.
func (c textChange) MarshalJSONTo(out *jsontext.Encoder) error {
	return json.MarshalEncode(out, c.text)
}

// Schema implements [huma.SchemaProvider].
func (textChange) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Nullable: true}
}

// metadataChange is textChange for metadata: entries to set or, where the text is empty, to
// remove.
type metadataChange struct {
	sent    bool
	entries map[string]string
}

// UnmarshalJSONFrom reads an object of texts and nulls, or null.
func (c *metadataChange) UnmarshalJSONFrom(in *jsontext.Decoder) error {
	c.sent = true
	var entries map[string]textChange
	if err := json.UnmarshalDecode(in, &entries); err != nil {
		return err
	}
	c.entries = make(map[string]string, len(entries))
	for key, change := range entries {
		c.entries[key] = change.text
	}
	return nil
}

// Schema implements [huma.SchemaProvider].
func (metadataChange) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, Nullable: true, AdditionalProperties: textChange{}.Schema(r)}
}

func buildChangeProfile(ctx context.Context, b *commandBuilder, c changeProfile) (domain.Command, error) {
	login := c.Login.text
	if login == string(c.User) {
		login = "" // people see the id then
	}
	d, err := b.personalData(ctx, c.User, Profile{
		Login: login, Name: c.Name.text, Email: c.Email.text, Avatar: c.Avatar.text, ExternalID: c.ExternalID.text, Metadata: c.Metadata.entries,
	})
	change := domain.ChangeProfile{Member: c.User, PersonalData: d}
	for _, field := range []struct {
		sent bool
		name events.ProfileField
	}{
		{c.Name.sent, events.NameField},
		{c.Login.sent, events.LoginField},
		{c.Email.sent, events.EmailField},
		{c.Avatar.sent, events.AvatarField},
		{c.ExternalID.sent, events.ExternalIDField},
		{c.Metadata.sent, events.MetadataField},
	} {
		if field.sent {
			change.Fields = append(change.Fields, field.name)
		}
	}
	return change, err
}
