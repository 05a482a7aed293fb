package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
)

// Prepare makes the keys of people who have none, many at once, so that what is sealed about them afterwards asks the server for nothing. A key is
// durable when Prepare returns without error. Of people whose keys are in the bucket already it does nothing that Seal would not do, too.
func (k *Keyring) Prepare(ctx context.Context, org events.OrganizationID, people []string) error {
	type newKey struct{ name, person string }
	var missing []newKey
	for _, person := range people {
		person = personOf(org, person)
		if name := keyName(org, person); !k.cache.Contains(name) {
			missing = append(missing, newKey{name, person})
		}
	}
	secrets := make([][]byte, len(missing))
	making, limited := errgroup.WithContext(ctx)
	making.SetLimit(writesAtOnce)
	for i, key := range missing {
		making.Go(func() error {
			secret := newSecret()
			_, err := k.bucket.Create(limited, key.name, k.bucket.master.wrap(key.name, secret))
			if errors.Is(err, jetstream.ErrKeyExists) {
				return nil // Seal reads it
			}
			if err == nil {
				secrets[i] = secret
			}
			return unavailable(err)
		})
	}
	err := making.Wait()
	if wrong := k.bucket.confirm(ctx); wrong != nil {
		err = errors.Join(err, wrong)
		for i, secret := range secrets { // nothing is sealed with them yet
			if secret != nil {
				err = errors.Join(err, k.bucket.erase(ctx, missing[i].name))
			}
		}
	}
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	for i, secret := range secrets {
		if secret == nil {
			continue
		}
		if _, err := k.use(missing[i].name, missing[i].person, secret); err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
	}
	return nil
}
