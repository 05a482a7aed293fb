package api

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/oklog/ulid/v2"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/scheme"
)

// order is a command as callers write it: the body of a route, or an item of a
// bulk command.
type order interface {
	// command says it in the words of the domain.
	command(ctx context.Context, c clerk) (domain.Command, error)
}

// clerk knows what orders of one organization are completed with.
type clerk struct {
	org     events.OrganizationID
	keyring *keyring.Keyring
	schemes scheme.Set
	// unsealed notes, while drafting, that there is something to seal; nil seals.
	unsealed *bool
}

// seal closes a text about a person; in a draft it stays out.
func (c clerk) seal(ctx context.Context, person, text string) (events.Sealed, error) {
	if c.unsealed != nil {
		*c.unsealed = *c.unsealed || text != ""
		return "", nil
	}
	return c.keyring.Seal(ctx, c.org, person, text)
}

// scheme returns the rules that go by a name.
func (c clerk) scheme(key string) (*domain.Scheme, error) {
	scheme := c.schemes[key]
	if scheme == nil {
		return nil, errNoScheme.because("There is no scheme %q; there are %s.", key, strings.Join(slices.Sorted(maps.Keys(c.schemes)), ", "))
	}
	return scheme, nil
}

// address stands for an email address; none has none.
func (c clerk) address(email string) events.AddressHash {
	if email == "" {
		return ""
	}
	return c.keyring.AddressHash(c.org, email)
}

// named returns an id, a new one where none is given.
func named[ID ~string](id ID) ID {
	if id == "" {
		return ID(ulid.Make().String())
	}
	return id
}
