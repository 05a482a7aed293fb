package keyring

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Unwrap returns the secret in an entry of the bucket.
func (m MasterKey) Unwrap(name string, stored []byte) ([]byte, error) { return m.unwrap(name, stored) }

// Wrap wraps a secret for an entry of the bucket.
func (m MasterKey) Wrap(name string, secret []byte) []byte { return m.wrap(name, secret) }

// ErrKilled is the error of every write after the last one that [RotateKilled] lets through.
var ErrKilled = errors.New("killed")

// RotateKilled is [RotateMasterKey], or [Open] where an earlier version stored the keys, in a process that is killed at a write: after so many, and either before or after the server
// has carried out the next one.
func RotateKilled(ctx context.Context, nc *nats.Conn, former, next MasterKey, writes int64, after bool) error {
	keys, err := findKilled(ctx, nc, writes, after)
	if err != nil {
		return err
	}
	_, err = keys.rotate(ctx, former, next, nil)
	if errors.Is(err, ErrNotWrapped) { // it is what Open does
		_, err = keys.rewrite(ctx, MasterKey{}, next, nil)
	}
	return err
}

// RewriteKilled is [Keyring.Rewrite] in a process that is killed before a write.
func RewriteKilled(ctx context.Context, nc *nats.Conn, master MasterKey, writes int64) error {
	keys, err := findKilled(ctx, nc, writes, false)
	if err != nil {
		return err
	}
	_, err = keys.rewrite(ctx, master, master, nil)
	return err
}

// findKilled finds the bucket in a process that is killed at a write.
func findKilled(ctx context.Context, nc *nats.Conn, writes int64, after bool) (bucket, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return bucket{}, err
	}
	keys, err := findBucket(ctx, js)
	k := &killed{after: after}
	k.left.Store(writes)
	keys.KeyValue, keys.stream = killedBucket{keys.KeyValue, k}, killedStream{keys.stream, k}
	return keys, err
}

type killed struct {
	left  atomic.Int64
	after bool
}

func (k *killed) write(do func() (uint64, error)) (uint64, error) {
	left := k.left.Add(-1)
	if left >= 0 {
		return do()
	}
	if left == -1 && k.after {
		_, _ = do() // nobody learns of it
	}
	return 0, ErrKilled
}

type killedBucket struct {
	jetstream.KeyValue
	*killed
}

func (b killedBucket) Put(ctx context.Context, name string, value []byte) (uint64, error) {
	return b.write(func() (uint64, error) { return b.KeyValue.Put(ctx, name, value) })
}

func (b killedBucket) Create(ctx context.Context, name string, value []byte, options ...jetstream.KVCreateOpt) (uint64, error) {
	return b.write(func() (uint64, error) { return b.KeyValue.Create(ctx, name, value, options...) })
}

func (b killedBucket) Update(ctx context.Context, name string, value []byte, revision uint64) (uint64, error) {
	ctx = context.WithoutCancel(ctx) // who looks afterwards sees all that was on its way
	return b.write(func() (uint64, error) { return b.KeyValue.Update(ctx, name, value, revision) })
}

type killedStream struct {
	jetstream.Stream
	*killed
}

// CachedInfo says that the server takes no batches, so that each write is one of its own.
func (s killedStream) CachedInfo() *jetstream.StreamInfo { return &jetstream.StreamInfo{} }

func (s killedStream) Purge(ctx context.Context, options ...jetstream.StreamPurgeOpt) error {
	_, err := s.write(func() (uint64, error) { return 0, s.Stream.Purge(ctx, options...) })
	return err
}
