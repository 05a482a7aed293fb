package subscriber

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// keyKey is where the bucket has whose a public key is: two subscribers that are created at once, even on two nodes, cannot have the
// same one.
const keyKey = "key."

// claimFor is for how long a key is kept for a subscriber that does not have it yet, since it is being created.
const claimFor = time.Minute

// claimKey keeps a public key for a subscriber. It fails with [ErrKeyTaken]. One that was kept for a subscriber that does not have it,
// since that was cut off, is free again after a while.
func (r *Registry) claimKey(ctx context.Context, name, publicKey string) error {
	_, err := r.kv.Create(ctx, keyKey+publicKey, []byte(name))
	if !errors.Is(err, jetstream.ErrKeyExists) {
		return unavailable(err)
	}
	claim, err := r.kv.Get(ctx, keyKey+publicKey)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return ErrKeyTaken // until just now
	}
	if err != nil {
		return unavailable(err)
	}
	owner, err := r.Get(ctx, string(claim.Value()))
	switch {
	case err == nil && owner.PublicKey == publicKey, time.Since(claim.Created()) < claimFor:
		return ErrKeyTaken
	case err != nil && !errors.Is(err, ErrUnknown):
		return err
	}
	_, err = r.kv.Update(ctx, keyKey+publicKey, []byte(name), claim.Revision())
	if errors.Is(err, jetstream.ErrKeyExists) {
		return ErrKeyTaken
	}
	return unavailable(err)
}

// freeKey lets others have a public key that a subscriber does not have. If that fails, it is free later: see claimKey.
func (r *Registry) freeKey(ctx context.Context, publicKey string) {
	_ = r.kv.Purge(context.WithoutCancel(ctx), keyKey+publicKey)
}
