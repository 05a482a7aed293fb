package api

import (
	"context"
	"crypto/rand"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/scheme"
)

// commandBuilder has what commands of one organization need besides what was sent.
type commandBuilder struct {
	org     events.OrganizationID
	keys    *keyring.Keyring
	schemes scheme.Set
	// draft leaves out what would be sealed, since sealing makes keys. leftOut says that
	// there was something to seal.
	draft, leftOut bool
}

// seal encrypts a text about a person; a draft is without it.
func (b *commandBuilder) seal(ctx context.Context, person, text string) (events.Sealed, error) {
	if b.draft {
		b.leftOut = b.leftOut || text != ""
		return "", nil
	}
	return b.keys.Seal(ctx, b.org, person, text)
}

// scheme returns the scheme with a key.
func (b *commandBuilder) scheme(key string) (*domain.Scheme, error) {
	found := b.schemes[key]
	if found == nil {
		return nil, errUnknownScheme.because("There is no scheme %q; there are %s.", key, strings.Join(slices.Sorted(maps.Keys(b.schemes)), ", "))
	}
	return found, nil
}

// addressHash stands for an email address; it is empty where the address is.
func (b *commandBuilder) addressHash(email string) events.AddressHash {
	if email == "" {
		return ""
	}
	return b.keys.AddressHash(b.org, email)
}

// inviteToken makes the secret of a new invite. The ledger keeps its hash, and the nonce
// from which the keyring makes it again.
func (b *commandBuilder) inviteToken(invite events.InviteID) (nonce events.Nonce, token events.Hash) {
	return b.newToken(events.Subject{Kind: events.InviteSubject, ID: string(invite)})
}

// linkToken makes the secret of a new public link, of which the ledger keeps the same.
func (b *commandBuilder) linkToken(project events.ProjectID) (nonce events.Nonce, token events.Hash) {
	return b.newToken(events.Subject{Kind: events.ProjectSubject, ID: string(project)})
}

func (b *commandBuilder) newToken(opens events.Subject) (nonce events.Nonce, token events.Hash) {
	nonce = events.Nonce(rand.Text())
	return nonce, events.Sum([]byte(b.keys.Token(b.org, opens, nonce)))
}

// idOrNew returns an id, or a new one where none is given.
func idOrNew[ID ~string](id ID) ID {
	if id == "" {
		return ID(ulid.Make().String())
	}
	return id
}

// buildFunc makes the command of the domain from what was sent.
type buildFunc[C any] func(context.Context, *commandBuilder, C) (domain.Command, error)

// unbuilt is a command that was decoded and not built yet.
type unbuilt func(context.Context, *commandBuilder) (domain.Command, error)

// itemType decodes the items of a bulk that have one type.
type itemType struct {
	sent   reflect.Type
	decode func(jsontext.Value) (unbuilt, error)
}

func bind[C any](build buildFunc[C], sent C) unbuilt {
	return func(ctx context.Context, b *commandBuilder) (domain.Command, error) { return build(ctx, b, sent) }
}
