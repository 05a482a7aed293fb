package keyring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

// RotateMasterKey wraps all keys by another master key, on a server that keeps them, and returns how many entries of the
// bucket it has written again. When it returns without error, the former master key opens nothing in the bucket, and no file of
// the bucket has a key that it has wrapped. Progress is told how many are done, of how many; it may be nil.
//
// Whoever was interrupted calls it again with the same master keys. If everything is wrapped by the new one already, it does
// nothing. It fails with a [*MasterKeyError] if neither that nor the former one wraps the keys.
//
// It fails with [ErrNotWrapped] if an earlier version stored the keys, and no [Open] has wrapped them all since.
//
// A [Keyring] that is open with the former master key makes no new keys from then on, and fails with a [*MasterKeyError] where
// it needs a key that it has not in memory.
func RotateMasterKey(ctx context.Context, nc *nats.Conn, former, next MasterKey, progress func(done, total int)) (int, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return 0, err
	}
	keys, err := findBucket(ctx, js)
	if err != nil {
		return 0, fmt.Errorf("rotate the master key: %w", err)
	}
	count, err := keys.rotate(ctx, former, next, progress)
	if err != nil {
		return count, fmt.Errorf("rotate the master key: %w", err)
	}
	return count, nil
}

// ErrNotWrapped says that no master key wraps all keys yet, so none can be replaced.
var ErrNotWrapped = errors.New("no master key wraps the keys yet")

func (b bucket) rotate(ctx context.Context, former, next MasterKey, progress func(done, total int)) (int, error) {
	state, _, err := b.state(ctx)
	if err != nil {
		return 0, err
	}
	if state.ID == "" || state.Rewriting && state.Replaces == "" {
		return 0, ErrNotWrapped
	}
	if state.Rewriting && !state.replacing() && state.ID == former.id { // a process that still does it fails at each entry from then on
		if _, err := b.rewrite(ctx, former, former, nil); err != nil {
			return 0, err
		}
	}
	return b.rewrite(ctx, former, next, progress)
}

// Rewrite writes every entry of the bucket again, then removes what was there before. When it returns, no file on the server has a key that was destroyed before the
// call.
//
// [Keyring.Forget] alone does not ensure that where it was interrupted: the server first writes that a message is deleted, then overwrites it. One that is killed in between
// has the key in a file, and does not find it any more. Like the rotation of a master key, it takes time for each key that there is.
func (k *Keyring) Rewrite(ctx context.Context) error {
	state, _, err := k.bucket.state(ctx)
	if err == nil && state.Rewriting { // complete that first: it removes only what was there when it began
		_, err = k.bucket.rewrite(ctx, k.master, k.master, nil)
	}
	if err == nil {
		_, err = k.bucket.rewrite(ctx, k.master, k.master, nil)
	}
	if err != nil {
		return fmt.Errorf("write the keys again: %w", err)
	}
	return nil
}

// rewrite writes every entry of the bucket again, with the secrets wrapped by the next master key, which may be the former one, then purges what was there
// before. It goes on with a rewrite that was cut off, and it may run in several processes at once.
//
// Erasing one message after the other would take hours, since NATS writes a block of 8 MB anew for each. It removes whole blocks
// at once. So random messages larger than any block separate what was there before from what is written again: no
// block has both.
func (b bucket) rewrite(ctx context.Context, former, next MasterKey, progress func(done, total int)) (int, error) {
	cut, err := b.cut(ctx, former, next)
	if err != nil || cut == 0 {
		return 0, err
	}
	count := 0
	for {
		before, total, err := b.before(ctx, cut)
		if err != nil {
			return count, err
		}
		if len(before) == 0 {
			break
		}
		if progress != nil {
			progress(count, count+total)
		}
		if err := b.writeAgain(ctx, before, former, next); err != nil {
			return count, err
		}
		count += len(before)
	}
	if err := b.purge(ctx, jetstream.WithPurgeSequence(cut+1)); err != nil {
		return count, err
	}
	state, revision, err := b.state(ctx)
	if err == nil && state.Rewriting && state.ID == next.id && state.Cut == cut { // and not one that began meanwhile
		_, err = b.setState(ctx, masterState{ID: next.id}, revision)
	}
	if errors.Is(err, errOtherState) { // another process has completed it
		err = nil
	}
	return count, err
}

func (b bucket) purge(ctx context.Context, what jetstream.StreamPurgeOpt) error {
	return unavailable(b.stream.Purge(ctx, what))
}

const (
	// separatorSize is the length of the messages of a separator. Servers accept 1 MB unless they are set up otherwise.
	separatorSize = 512 << 10
	// separatorMessages makes the separator longer than a block of any stream, which has at most 8 MiB.
	separatorMessages = 8<<20/separatorSize + 1

	separatorPrefix = "separator."
)

// isSeparator reports whether an entry of the bucket is a part of a separator, which says nothing.
func isSeparator(name string) bool { return strings.HasPrefix(name, separatorPrefix) }

// cut returns the sequence of the cut of a rewrite, which it begins unless that is done; zero if the rewrite is complete.
func (b bucket) cut(ctx context.Context, former, next MasterKey) (uint64, error) {
	state, revision, err := b.state(ctx)
	if err != nil {
		return 0, err
	}
	switch {
	case state.ID == next.id && former.id != next.id && !state.replacing():
		return 0, nil
	case state.Rewriting && (state.ID != next.id || state.Replaces != former.id), !state.Rewriting && state.ID != former.id:
		return 0, state.mismatch(former)
	case state.Cut > 0:
		return state.Cut, nil
	}
	// First the announcement: keys that are made after it are wrapped by the next master key, or not used.
	announced := masterState{ID: next.id, Rewriting: true, Replaces: former.id}
	if state != announced {
		if revision, err = b.setState(ctx, announced, revision); errors.Is(err, errOtherState) {
			return b.cut(ctx, former, next)
		}
		if err != nil {
			return 0, err
		}
	}
	part := make([]byte, separatorSize)
	for i := range separatorMessages {
		_, _ = rand.Read(part) // it never fails; what is random stays as long where a stream is compressed
		if announced.Cut, err = b.Put(ctx, separatorPrefix+strconv.Itoa(i), part); err != nil {
			return 0, unavailable(err)
		}
	}
	if _, err = b.setState(ctx, announced, revision); errors.Is(err, errOtherState) { // another process made the cut
		if err := b.purge(ctx, jetstream.WithPurgeSubject(subjectPrefix+separatorPrefix+">")); err != nil {
			return 0, err
		}
		return b.cut(ctx, former, next)
	}
	return announced.Cut, err
}

const (
	// entriesAtOnce bounds the memory that a rewrite takes, writesAtOnce the requests that it has on their way.
	entriesAtOnce = 50_000
	writesAtOnce  = 64
)

// before returns entries that were written up to the cut, at most entriesAtOnce, and how many there are.
func (b bucket) before(ctx context.Context, cut uint64) (found []jetstream.KeyValueEntry, total int, err error) {
	err = b.entries(ctx, func(entry jetstream.KeyValueEntry) {
		if entry.Revision() > cut || isSeparator(entry.Key()) {
			return
		}
		total++
		if len(found) < entriesAtOnce {
			found = append(found, entry)
		}
	})
	return found, total, err
}

// writeAgain writes entries again. One that was changed or erased meanwhile is left as it is.
func (b bucket) writeAgain(ctx context.Context, found []jetstream.KeyValueEntry, former, next MasterKey) error {
	for part := range slices.Chunk(found, batchKeys) {
		entries := make([]entry, len(part))
		for i, e := range part {
			entries[i] = entry{e.Key(), e.Value(), e.Revision()}
			if isSecret(e.Key()) {
				// What the former master key does not open is kept as it is: the next one has wrapped it, or it is damaged.
				if secret, err := former.unwrap(e.Key(), e.Value()); err == nil {
					entries[i].stored = next.wrap(e.Key(), secret)
				}
			}
		}
		err := b.putBatch(ctx, entries)
		if errors.Is(err, errNoBatch) {
			err = b.updateEach(ctx, entries)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// updateEach stores entries one by one, several at a time, but for those that are not as they were read.
func (b bucket) updateEach(ctx context.Context, entries []entry) error {
	writing, ctx := errgroup.WithContext(ctx)
	writing.SetLimit(writesAtOnce)
	for _, e := range entries {
		if ctx.Err() != nil {
			break
		}
		writing.Go(func() error {
			_, err := b.Update(ctx, e.name, e.stored, e.revision)
			if replaced(err) {
				return nil
			}
			return unavailable(err)
		})
	}
	return writing.Wait()
}
