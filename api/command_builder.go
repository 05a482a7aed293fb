package api

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"net"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/scheme"
)

// commandBuilder holds what building a command needs besides the body: keys and schemes.
type commandBuilder struct {
	org     events.OrganizationID
	keys    *keyring.Keyring
	schemes scheme.Set
	// organizations says who may create some.
	organizations OrganizationLimits
	// state is what commands are compared with: a text that it has already is not encrypted anew.
	state domain.Roster
	now   time.Time
	// resolver asks the DNS.
	resolver *net.Resolver
	// tries slows down wrong tokens of invites.
	tries *tokenTries
	// lookups is how often it was asked.
	lookups int
	// draft says that no key may be stored yet. leftOut says that there was personal data.
	draft, leftOut bool
	// newKeys says that the draft has its texts, sealed with new keys that are stored after it.
	newKeys bool
	// sealed has the texts that this command has encrypted.
	sealed map[personText]events.Sealed
}

// personText is a text about a person.
type personText struct{ person, text string }

// seal encrypts a text about a person. The same text of a person has one form in the whole
// command, so that the domain sees that it is the same. In a draft the form stands for the
// text, and nothing is encrypted.
func (b *commandBuilder) seal(ctx context.Context, person, text string) (sealed events.Sealed, err error) {
	if text == "" {
		return "", nil
	}
	key := personText{person, text}
	if sealed, done := b.sealed[key]; done {
		return sealed, nil
	}
	if b.draft {
		b.leftOut, sealed = true, events.Sealed("draft "+strconv.Itoa(len(b.sealed)))
	} else if sealed, err = b.keys.Seal(ctx, b.org, person, text); err != nil {
		return "", err
	}
	if b.sealed == nil {
		b.sealed = map[personText]events.Sealed{}
	}
	b.sealed[key] = sealed
	return sealed, nil
}

// sealAgain is seal for a text that the state may have already. If it has, the form is the
// one in the state. A text whose key was deleted, or is missing, is not known any more, so it
// differs from every other: to set a text anew replaces one that cannot be read.
func (b *commandBuilder) sealAgain(ctx context.Context, person, text string, known events.Sealed) (events.Sealed, error) {
	if text != "" && known != "" {
		same, err := b.keys.Read(ctx, b.org, known)
		if err != nil && !errors.Is(err, events.ErrUnreadable) {
			return "", err
		}
		if same == text {
			return known, nil
		}
	}
	return b.seal(ctx, person, text)
}

// finish begins anew a command that was drafted, this time with its texts encrypted.
func (b *commandBuilder) finish() { b.draft, b.sealed = false, nil }

// member returns what is known about somebody; nothing if they are no member.
func (b *commandBuilder) member(user events.UserID) domain.PersonalData {
	org := b.state.Organization(b.org)
	if !org.Exists() {
		return domain.PersonalData{}
	}
	found, _ := org.Member(user)
	return found.PersonalData
}

// scheme returns the scheme with a key.
func (b *commandBuilder) scheme(key string) (*domain.Scheme, error) {
	found := b.schemes[key]
	if found == nil {
		return nil, errUnknownScheme.because("There is no scheme %q; there are %s.", key, strings.Join(slices.Sorted(maps.Keys(b.schemes)), ", "))
	}
	return found, nil
}

// addressHash returns the hash of an email address; empty for an empty one.
func (b *commandBuilder) addressHash(email string) events.AddressHash {
	if email == "" {
		return ""
	}
	return b.keys.AddressHash(b.org, email)
}

// inviteToken makes the secret of a new invite. The ledger keeps its hash, and the nonce
// from which the keyring can derive it again.
func (b *commandBuilder) inviteToken(invite events.InviteID) (nonce events.Nonce, token events.Hash) {
	return b.newToken(events.Subject{Kind: events.InviteSubject, ID: string(invite)})
}

// linkToken is inviteToken for the public link of a project.
func (b *commandBuilder) linkToken(project events.ProjectID) (nonce events.Nonce, token events.Hash) {
	return b.newToken(events.Subject{Kind: events.ProjectSubject, ID: string(project)})
}

func (b *commandBuilder) newToken(opens events.Subject) (nonce events.Nonce, token events.Hash) {
	nonce = events.Nonce(rand.Text())
	return nonce, events.Sum([]byte(b.keys.Token(b.org, opens, nonce)))
}

// personOrActor returns the person that a command names, or else the actor. The system is no person.
func personOrActor(ctx context.Context, named events.UserID) (events.UserID, error) {
	user := cmp.Or(named, requestFrom(ctx).actor)
	if user == events.System {
		return "", errNoUser
	}
	return user, nil
}

// idOrNew returns the id, or a new one if it is empty.
func idOrNew[ID ~string](id ID) ID {
	if id == "" {
		return ID(ulid.Make().String())
	}
	return id
}

// buildFunc builds the command of the domain from a decoded body.
type buildFunc[C any] func(context.Context, *commandBuilder, C) (domain.Command, error)

// unbuilt builds a command that was decoded before.
type unbuilt func(context.Context, *commandBuilder) (domain.Command, error)

// itemType decodes the items of a bulk that have one type.
type itemType struct {
	sent reflect.Type
	// schema is that of the item in the API's description.
	schema *huma.Schema
	decode func(jsontext.Value) (unbuilt, error)
}

func bind[C any](build buildFunc[C], sent C) unbuilt {
	return func(ctx context.Context, b *commandBuilder) (domain.Command, error) { return build(ctx, b, sent) }
}
