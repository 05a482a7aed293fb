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

// newKey is a key that is made, with the name of its entry of the bucket.
type newKey struct {
	name, person string
	secret       []byte
}

// Prepare makes the keys of people who have none, up to 1,000 in one batch, so that what is sealed about them afterwards asks the server for nothing. A
// key is durable when Prepare returns without error. Of people whose keys are in the bucket already it does nothing that Seal would not do, too.
func (k *Keyring) Prepare(ctx context.Context, org events.OrganizationID, people []string) error {
	var missing []newKey
	for _, person := range people {
		person = personOf(org, person)
		if name := keyName(org, person); !k.cache.Contains(name) {
			missing = append(missing, newKey{name, person, newSecret()})
		}
	}
	for part := range slices.Chunk(missing, batchKeys) {
		if err := k.store(ctx, part); err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
	}
	return nil
}

// store stores new keys, and has those in memory that no other process has stored before.
func (k *Keyring) store(ctx context.Context, keys []newKey) error {
	made := keys
	err := k.bucket.createBatch(ctx, keys)
	if errors.Is(err, errNoBatch) {
		made, err = k.bucket.createEach(ctx, keys)
	} else if err != nil {
		return err
	}
	if wrong := k.bucket.confirm(ctx); wrong != nil {
		err = errors.Join(err, wrong)
		for _, key := range made { // nothing is sealed with them yet
			err = errors.Join(err, k.bucket.erase(ctx, key.name))
		}
	}
	if err != nil {
		return err
	}
	for _, key := range made {
		if _, err := k.use(key.name, key.person, key.secret); err != nil {
			return err
		}
	}
	return nil
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
