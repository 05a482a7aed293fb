package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	bucketName    = "roster_keys"
	subjectPrefix = "$KV." + bucketName + "."
)

// nameOf returns the name of what the bucket stores in a message with a subject.
func nameOf(subject string) (string, bool) { return strings.CutPrefix(subject, subjectPrefix) }

// ErrNoKeys says that there are no keys where some must be, or not the secret that all of
// them need.
var ErrNoKeys = errors.New("the keys to the personal data are missing on the NATS server")

// ErrUnavailable says that the NATS server did not answer, as while its cluster elects a leader.
var ErrUnavailable = errors.New("the keys to the personal data cannot be reached: try again")

// unavailable returns an error of the server as [ErrUnavailable]; nil stays nil, and so does an
// end that the caller asked for.
func unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// StreamName is the name of the stream in which NATS keeps the bucket of keys.
const StreamName = "KV_" + bucketName

// bucket stores the secrets of keys, wrapped by a master key, and marks of those that were deleted on purpose. Each is
// written once, and written again only when all are wrapped by another master key.
type bucket struct {
	jetstream.KeyValue
	nc     *nats.Conn
	stream jetstream.Stream
	master MasterKey // wraps the secrets
}

// openBucket finds the bucket or creates it. It creates the stream itself, because
// buckets made by the client library have two properties that keys must not have.
// They deny deletion, so a purged key stays on the disk until its block is written
// again. They let every replica answer, and one that lags behind would answer for
// a new key as if the person had been forgotten.
func openBucket(ctx context.Context, js jetstream.JetStream, replicas int) (bucket, error) {
	stream, err := js.Stream(ctx, StreamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, jetstream.StreamConfig{
			Name:              StreamName,
			Description:       "The keys to personal data in the ledger of Roster. Without them names and addresses are gone.",
			Subjects:          []string{subjectPrefix + ">"},
			Storage:           jetstream.FileStorage,
			Discard:           jetstream.DiscardNew,
			MaxMsgsPerSubject: 1,
			AllowRollup:       true,
			Replicas:          replicas,

			AllowAtomicPublish: true, // see createBatch
		})
	}
	if err != nil {
		return bucket{}, err
	}
	return useBucket(ctx, js, stream)
}

// findBucket finds the bucket, or fails with [ErrNoKeys].
func findBucket(ctx context.Context, js jetstream.JetStream) (bucket, error) {
	stream, err := js.Stream(ctx, StreamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return bucket{}, ErrNoKeys
	}
	if err != nil {
		return bucket{}, err
	}
	return useBucket(ctx, js, stream)
}

// Restore creates the bucket on a server that has none, and puts in what the messages of another
// one say, which read hands over in their order.
func Restore(ctx context.Context, nc *nats.Conn, read func(take func(subject string, message []byte) error) error) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	keys, err := openBucket(ctx, js, 1)
	if err != nil {
		return fmt.Errorf("restore the keys: %w", err)
	}
	return read(func(subject string, message []byte) error {
		name, is := nameOf(subject)
		if !is || len(message) == 0 { // an empty message says that a key was deleted
			return nil
		}
		if _, err := keys.Put(ctx, name, message); err != nil {
			return fmt.Errorf("restore a key: %w", err)
		}
		return nil
	})
}

func useBucket(ctx context.Context, js jetstream.JetStream, stream jetstream.Stream) (bucket, error) {
	if stream.CachedInfo().Config.DenyDelete {
		return bucket{}, fmt.Errorf("stream %s has deny_delete true, so no key could be deleted: set it to false", StreamName)
	}
	keys, err := js.KeyValue(ctx, bucketName)
	return bucket{KeyValue: keys, nc: js.Conn(), stream: stream}, err
}

// obtain returns the secret stored under a name, and creates it if there is none.
// Of several callers that create it at the same time, one wins and all get its
// secret.
func (b bucket) obtain(ctx context.Context, name string) ([]byte, error) {
	stored, err := b.find(ctx, name)
	if errors.Is(err, errAbsent) {
		secret := newSecret()
		_, err = b.Create(ctx, name, b.master.wrap(name, secret))
		if err == nil {
			if err := b.confirm(ctx); err != nil {
				return nil, errors.Join(err, b.erase(ctx, name)) // nothing is sealed with it yet
			}
			return secret, nil
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return nil, unavailable(err)
		}
		stored, err = b.find(ctx, name)
	}
	if err != nil {
		return nil, err
	}
	return b.master.unwrap(name, stored)
}

// confirm fails if all keys are being wrapped by another master key, which may have missed those that were just made.
func (b bucket) confirm(ctx context.Context) error {
	state, _, err := b.state(ctx)
	if err != nil {
		return err
	}
	return state.check(b.master)
}

// errAbsent says that the bucket has nothing under a name.
var errAbsent = errors.New("there is no such key")

// find returns what is stored under a name, or fails with errAbsent.
func (b bucket) find(ctx context.Context, name string) ([]byte, error) {
	found, err := b.Get(ctx, name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, errAbsent
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return found.Value(), nil
}

// mark stores when a key was deleted. A mark that is there already stays.
func (b bucket) mark(ctx context.Context, name string, at time.Time) error {
	_, err := b.Create(ctx, name, []byte(at.Format(time.RFC3339)))
	if errors.Is(err, jetstream.ErrKeyExists) {
		return nil
	}
	return unavailable(err)
}

// each calls take with everything that the bucket stores.
func (b bucket) each(ctx context.Context, take func(name string, stored []byte)) error {
	return b.entries(ctx, func(entry jetstream.KeyValueEntry) { take(entry.Key(), entry.Value()) })
}

// entries calls take with every entry of the bucket.
func (b bucket) entries(ctx context.Context, take func(jetstream.KeyValueEntry)) error {
	all, err := b.WatchAll(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer all.Stop() //nolint:errcheck // it ends with the connection at the latest
	for {
		select {
		case entry, open := <-all.Updates():
			switch {
			case !open:
				return errors.New("the server ended before all keys were read")
			case entry == nil: // so far, everything that there is
				return nil
			case entry.Operation() == jetstream.KeyValuePut:
				take(entry)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// erase overwrites a secret on the disk. It is no error if there is none.
func (b bucket) erase(ctx context.Context, name string) error {
	var tried uint64
	var failed error
	for {
		key, err := b.Get(ctx, name)
		switch {
		case errors.Is(err, jetstream.ErrKeyNotFound):
			return nil
		case err != nil:
			return unavailable(err)
		case key.Revision() == tried:
			return unavailable(failed)
		}
		tried = key.Revision()
		failed = b.stream.SecureDeleteMsg(ctx, tried)
		if !errors.Is(failed, jetstream.ErrMsgDeleteUnsuccessful) { // else it may have been written again meanwhile
			return unavailable(failed)
		}
	}
}

// newSecret returns the secret of a new key.
func newSecret() []byte {
	secret := make([]byte, keySize)
	_, _ = rand.Read(secret) // it never fails
	return secret
}

const (
	secretName = "secret"
	keySize    = 32

	cachedKeys = 1 << 15
	cachedFor  = time.Minute
)
