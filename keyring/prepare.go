package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
)

// newKey is a key that is made, with the name of its entry of the bucket.
type newKey struct {
	sealKey

	name, person string
	secret       []byte
}

// NewKeys are the keys of people of an organization who have none. They are made in memory: what is sealed with them is looked at first, and the keys
// are stored once it is to stay. Seal may be called from many goroutines.
type NewKeys struct {
	keyring *Keyring
	org     events.OrganizationID

	mu   sync.Mutex
	made map[string]newKey // by name
}

// NewKeys returns keys of which none is made yet.
func (k *Keyring) NewKeys(org events.OrganizationID) *NewKeys {
	return &NewKeys{keyring: k, org: org, made: map[string]newKey{}}
}

// Seal encrypts a text about a person with their key, if the keyring knows it, and otherwise with a new one. The text can be read once Store has stored
// the key. The empty text stays empty.
func (n *NewKeys) Seal(person, text string) (events.Sealed, error) {
	if text == "" {
		return "", nil
	}
	key, err := n.key(person)
	if err != nil {
		return "", fmt.Errorf("seal: %w", err)
	}
	return key.seal(n.org, text), nil
}

// key returns the key of a person, and makes it if there is none.
func (n *NewKeys) key(person string) (sealKey, error) {
	person = personOf(n.org, person)
	name := keyName(n.org, person)
	n.mu.Lock()
	defer n.mu.Unlock()
	if made, is := n.made[name]; is {
		return made.sealKey, nil
	}
	if known, is := n.keyring.cache.Get(name); is {
		return known, nil
	}
	secret := newSecret()
	key, err := newSealKey(person, secret)
	n.made[name] = newKey{key, name, person, secret}
	return key, err
}

// Store stores the new keys of these people, up to 1,000 in one batch. They are durable when it returns without error. It returns false if somebody
// has had a key all the same: then what was sealed must be sealed again, by [Keyring.Seal].
func (n *NewKeys) Store(ctx context.Context, people []string) (bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var missing []newKey
	for _, person := range people {
		name := keyName(n.org, personOf(n.org, person))
		if made, is := n.made[name]; is {
			missing = append(missing, made)
			delete(n.made, name)
		}
	}
	stored := 0
	for part := range slices.Chunk(missing, batchKeys) {
		made, err := n.keyring.store(ctx, part)
		if err != nil {
			return false, fmt.Errorf("make keys: %w", err)
		}
		stored += made
	}
	return stored == len(missing), nil
}

// Prepare makes the keys of people who have none, up to 1,000 in one batch, so that what is sealed about them afterwards asks the server for nothing. A
// key is durable when Prepare returns without error. Of people whose keys are in the bucket already it does nothing that Seal would not do, too.
func (k *Keyring) Prepare(ctx context.Context, org events.OrganizationID, people []string) error {
	keys := k.NewKeys(org)
	for _, person := range people {
		if _, err := keys.key(person); err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
	}
	_, err := keys.Store(ctx, people)
	return err
}

// store stores new keys, and has those in memory that no other process has stored before. It returns how many these are.
func (k *Keyring) store(ctx context.Context, keys []newKey) (int, error) {
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
func (b bucket) createEach(ctx context.Context, keys []newKey) (made []newKey, err error) {
	stored := make([]bool, len(keys))
	making, ctx := errgroup.WithContext(ctx)
	making.SetLimit(writesAtOnce)
	for i, key := range keys {
		making.Go(func() error {
			_, err := b.Create(ctx, key.name, b.master.wrap(key.name, key.secret))
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
