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
// since that was cut off, is free for that one at once, and for others after a while.
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
	if by := string(claim.Value()); by != name {
		owner, err := r.Get(ctx, by)
		switch {
		case err == nil && owner.PublicKey == publicKey, time.Since(claim.Created()) < claimFor:
			return ErrKeyTaken
		case err != nil && !errors.Is(err, ErrUnknown):
			return err
		}
	}
	_, err = r.kv.Update(ctx, keyKey+publicKey, []byte(name), claim.Revision())
	if errors.Is(err, jetstream.ErrKeyExists) {
		return ErrKeyTaken
	}
	return unavailable(err)
}

// freeKey lets others have a public key that was kept for a subscriber, unless the subscriber has it. If that fails, it is free later: see
// claimKey.
func (r *Registry) freeKey(ctx context.Context, name, publicKey string) {
	ctx = context.WithoutCancel(ctx)
	claim, err := r.kv.Get(ctx, keyKey+publicKey)
	if err != nil || string(claim.Value()) != name {
		return
	}
	owner, err := r.Get(ctx, name)
	if errors.Is(err, ErrUnknown) || err == nil && owner.PublicKey != publicKey {
		_ = r.kv.Purge(ctx, keyKey+publicKey, jetstream.LastRevision(claim.Revision()))
	}
}
