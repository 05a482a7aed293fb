package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// batchKeys is how many messages a server takes as one batch, unless it is set up otherwise.
	batchKeys = 1000
	// batchTimeout bounds the wait for the answer to a batch.
	batchTimeout = 5 * time.Second
)

// Headers of the messages of an atomic batch, which the client library does not know yet.
const (
	batchIDHeader       = "Nats-Batch-Id"
	batchSequenceHeader = "Nats-Batch-Sequence"
	batchCommitHeader   = "Nats-Batch-Commit"
)

// allowBatches lets a bucket that an earlier version made take keys as one batch. Where the server refuses that, they are stored one by one.
func (b *bucket) allowBatches(ctx context.Context, js jetstream.JetStream) error {
	settings := b.stream.CachedInfo().Config
	if settings.AllowAtomicPublish {
		return nil
	}
	settings.AllowAtomicPublish = true
	stream, err := js.UpdateStream(ctx, settings)
	if errors.As(err, new(*jetstream.APIError)) {
		return nil
	}
	if err == nil {
		b.stream = stream
	}
	return unavailable(err)
}

// errNoBatch says that the server did not take entries as one batch: one of them is not as it was read, or the server takes no batches.
var errNoBatch = errors.New("the server does not take these entries as one")

// entry is what is to be stored under a name.
type entry struct {
	name     string
	stored   []byte
	revision uint64 // of what is there; zero for nothing
}

// createBatch stores new keys as putBatch does.
func (b bucket) createBatch(ctx context.Context, keys []NewKey) error {
	entries := make([]entry, len(keys))
	for i, key := range keys {
		entries[i] = entry{key.name, key.wrapped, 0}
	}
	return b.putBatch(ctx, entries)
}

// putBatch stores entries, at most batchKeys, all or none. The server syncs them to its disk together, and not one by one. It fails
// with errNoBatch.
func (b bucket) putBatch(ctx context.Context, entries []entry) error {
	if !b.stream.CachedInfo().Config.AllowAtomicPublish {
		return errNoBatch
	}
	id, last := rand.Text(), len(entries)-1
	message := func(i int) *nats.Msg {
		return &nats.Msg{Subject: subjectPrefix + entries[i].name, Data: entries[i].stored, Header: nats.Header{
			batchIDHeader:                       {id},
			batchSequenceHeader:                 {strconv.Itoa(i + 1)},
			jetstream.ExpectedLastSubjSeqHeader: {strconv.FormatUint(entries[i].revision, 10)},
		}}
	}
	for i := range last {
		if err := b.nc.PublishMsg(message(i)); err != nil {
			return unavailable(err)
		}
	}
	commit := message(last)
	commit.Header.Set(batchCommitHeader, "1")
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	answer, err := b.nc.RequestMsgWithContext(ctx, commit)
	if err != nil {
		return unavailable(err)
	}
	var stored struct {
		Count int                 `json:"count"`
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &stored); err != nil {
		return fmt.Errorf("the answer to a batch of keys: %w", err)
	}
	switch {
	case stored.Error != nil:
		return fmt.Errorf("%w: %w", errNoBatch, stored.Error)
	case stored.Count != len(entries):
		return fmt.Errorf("the server has stored %d of %d entries", stored.Count, len(entries))
	}
	return nil
}
