package bus

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	bucketName   = "roster_keys"
	bucketStream = "KV_" + bucketName
)

// bucket holds the keys, each written once and never changed.
type bucket struct {
	jetstream.KeyValue
	stream jetstream.Stream
}

// openBucket finds the bucket or makes it. It makes the stream itself, because
// buckets as the client library makes them deny deletion: they leave what is
// purged on the disk until its block is written anew. They also let every replica
// answer: one that lags behind would not know a key, as if somebody was forgotten.
func openBucket(ctx context.Context, js jetstream.JetStream, replicas int) (bucket, error) {
	stream, err := js.Stream(ctx, bucketStream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		stream, err = js.CreateStream(ctx, jetstream.StreamConfig{
			Name:              bucketStream,
			Description:       "The keys to personal data in the ledger of Roster. Without them names and addresses are gone.",
			Subjects:          []string{"$KV." + bucketName + ".>"},
			Storage:           jetstream.FileStorage,
			Discard:           jetstream.DiscardNew,
			MaxMsgsPerSubject: 1,
			AllowRollup:       true,
			Replicas:          replicas,
		})
	}
	if err != nil {
		return bucket{}, err
	}
	if stream.CachedInfo().Config.DenyDelete {
		return bucket{}, &SettingError{Stream: bucketStream, Setting: "deny_delete", Want: "false", Got: "true"}
	}
	keys, err := js.KeyValue(ctx, bucketName)
	return bucket{keys, stream}, err
}

// erase overwrites a key on the disk. There need not be one.
func (b bucket) erase(ctx context.Context, name string) error {
	key, err := b.Get(ctx, name)
	if err == nil {
		err = b.stream.SecureDeleteMsg(ctx, key.Revision())
	}
	if errors.Is(err, jetstream.ErrKeyNotFound) || errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	return err
}
