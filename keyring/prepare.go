package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
)

// NewKey is the key of a person who has none. It is made in memory: what is sealed with it is looked at first, and the key is stored once that is to stay.
type NewKey struct {
	sealKey

	org          events.OrganizationID
	name, person string
	// wrapped is what the bucket will have; nil if it has the key already.
	wrapped []byte
}

// NewKey makes the key of a person, or returns the one that this keyring has in memory. What it seals can be read once [Keyring.Store] has stored it.
func (k *Keyring) NewKey(org events.OrganizationID, person string) (NewKey, error) {
	person = personOf(org, person)
	name := keyName(org, person)
	if known, is := k.cache.Get(name); is {
		return NewKey{known, org, name, person, nil}, nil
	}
	secret := newSecret()
	key, err := newSealKey(person, secret)
	if err != nil {
		return NewKey{}, fmt.Errorf("make a key: %w", err)
	}
	return NewKey{key, org, name, person, k.master.wrap(name, secret)}, nil
}

// Seal encrypts a text about the person. The empty text stays empty.
func (n *NewKey) Seal(text string) events.Sealed {
	if text == "" {
		return ""
	}
	return n.seal(n.org, text)
}

// Store stores new keys, up to 1,000 in one batch. They are durable when it returns without error. It returns false if somebody
// has had a key all the same: then what was sealed must be sealed again, by [Keyring.Seal].
func (k *Keyring) Store(ctx context.Context, keys []NewKey) (bool, error) {
	missing := slices.DeleteFunc(slices.Clone(keys), func(n NewKey) bool { return n.wrapped == nil })
	stored := 0
	for part := range slices.Chunk(missing, batchKeys) {
		made, err := k.store(ctx, part)
		if err != nil {
			return false, fmt.Errorf("store keys: %w", err)
		}
		stored += made
	}
	return stored == len(missing), nil
}

// Prepare makes the keys of people who have none, up to 1,000 in one batch, so that what is sealed about them afterwards asks the server for nothing. A
// key is durable when Prepare returns without error. Of people whose keys are in the bucket already it does nothing that Seal would not do, too.
func (k *Keyring) Prepare(ctx context.Context, org events.OrganizationID, people []string) error {
	keys := make([]NewKey, len(people))
	for i, person := range people {
		var err error
		if keys[i], err = k.NewKey(org, person); err != nil {
			return err
		}
	}
	_, err := k.Store(ctx, keys)
	return err
}

// store stores new keys, and has those in memory that no other process has stored before. It returns how many these are.
func (k *Keyring) store(ctx context.Context, keys []NewKey) (int, error) {
	made := keys
	err := k.bucket.createBatch(ctx, keys)
	if errors.Is(err, errNoBatch) {
		made, err = k.bucket.createEach(ctx, keys)
	} else if err != nil {
		return 0, err
	}
	if wrong := k.bucket.confirm(ctx); wrong != nil {
		err = errors.Join(err, wrong)
		for _, key := range made { // nothing that stays is sealed with them yet
			err = errors.Join(err, k.bucket.erase(ctx, key.name))
		}
	}
	if err != nil {
		return 0, err
	}
	for _, key := range made {
		k.keep(key.name, key.person, key.sealKey)
	}
	return len(made), nil
}

// createEach stores new keys one by one, several at a time, but for those that are in the bucket already. It returns those that it has stored.
func (b bucket) createEach(ctx context.Context, keys []NewKey) (made []NewKey, err error) {
	stored := make([]bool, len(keys))
	making, ctx := errgroup.WithContext(ctx)
	making.SetLimit(writesAtOnce)
	for i, key := range keys {
		making.Go(func() error {
			_, err := b.Create(ctx, key.name, key.wrapped)
			stored[i] = err == nil
			if errors.Is(err, jetstream.ErrKeyExists) {
				return nil // Seal reads it
			}
			return unavailable(err)
		})
	}
	err = making.Wait()
	for i, key := range keys {
		if stored[i] {
			made = append(made, key)
		}
	}
	return made, err
}
