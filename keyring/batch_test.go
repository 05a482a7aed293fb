package keyring_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// onFiles returns a connection to a server whose files are in a directory, which must have some streams.
func onFiles(t testing.TB, dir string, streams ...string) *nats.Conn {
	t.Helper()
	server, err := natsserver.Start(natsserver.Config{Dir: dir, Streams: streams, ReadFirst: streams, Unsynced: true})
	require.NoError(t, err)
	t.Cleanup(server.Shutdown)
	return bustest.Connect(t, server)
}

// TestForgettingOneOfABatch forgets people whose keys were made in one batch, one after the other.
func TestForgettingOneOfABatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	nc := onFiles(t, dir)
	keys := openKeyring(t, nc)
	people := []string{"Ada", "Bob", "Kim"}
	require.NoError(t, keys.Prepare(t.Context(), "acme", people))
	wrapped := secrets(t, nc)
	for i, person := range people {
		sealed := seal(t, keys, person, person)
		name := keyOf(t, nc, sealed)
		require.True(t, inBatch(t, nc, name))
		require.True(t, onDisk(t, dir, wrapped[name]))
		require.NoError(t, keys.Forget(t.Context(), "acme", person))
		assert.False(t, onDisk(t, dir, wrapped[name]), "the key of %s is still on the disk", person)
		for _, keys := range []*keyring.Keyring{keys, openKeyring(t, nc)} {
			_, err := keys.Open(t.Context(), "acme", sealed)
			require.ErrorIs(t, err, keyring.ErrForgotten)
			for _, other := range people[i+1:] {
				text, err := keys.Open(t.Context(), "acme", seal(t, keys, other, other))
				require.NoError(t, err)
				assert.Equal(t, other, text)
			}
		}
	}
}

// inBatch reports whether an entry of the bucket was stored as one of a batch.
func inBatch(t testing.TB, nc *nats.Conn, name string) bool {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), keyring.StreamName)
	require.NoError(t, err)
	message, err := stream.GetLastMsgForSubject(t.Context(), "$KV.roster_keys."+name)
	require.NoError(t, err)
	return message.Header.Get("Nats-Batch-Id") != ""
}

// TestBucketsOfBeforeTakeBatches opens buckets that do not allow batches yet.
func TestBucketsOfBeforeTakeBatches(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	ada := seal(t, openKeyring(t, nc), "Ada", "Ada")
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), keyring.StreamName)
	require.NoError(t, err)
	settings := stream.CachedInfo().Config
	settings.AllowAtomicPublish = false
	_, err = js.UpdateStream(t.Context(), settings)
	require.NoError(t, err)

	_, err = keyring.OpenReader(t.Context(), nc, with(t).Master)
	require.NoError(t, err)
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	assert.False(t, info.Config.AllowAtomicPublish, "a reader has changed the bucket")

	keys := openKeyring(t, nc)
	require.NoError(t, keys.Prepare(t.Context(), "acme", []string{"Bob", "Kim"}))
	assert.True(t, inBatch(t, nc, keyOf(t, nc, seal(t, keys, "Bob", "Bob"))))
	text, err := keys.Open(t.Context(), "acme", ada)
	require.NoError(t, err)
	assert.Equal(t, "Ada", text)
}

// keyBatch is keys of people that are stored as one batch.
type keyBatch struct {
	messages []*nats.Msg
	wrapped  map[string][]byte // by person
}

// newKeyBatch makes keys as another server has them.
func newKeyBatch(t testing.TB, people ...string) keyBatch {
	t.Helper()
	other := bustest.New(t)
	keys := openKeyring(t, other)
	b := keyBatch{wrapped: map[string][]byte{}}
	for i, person := range people {
		name := keyOf(t, other, seal(t, keys, person, person))
		b.wrapped[person] = secrets(t, other)[name]
		message := &nats.Msg{Subject: "$KV.roster_keys." + name, Data: b.wrapped[person], Header: nats.Header{}}
		message.Header.Set("Nats-Batch-Id", "one")
		message.Header.Set("Nats-Batch-Sequence", strconv.Itoa(i+1))
		b.messages = append(b.messages, message)
	}
	b.messages[len(people)-1].Header.Set("Nats-Batch-Commit", "1")
	return b
}

// send sends messages of the batch, and waits until the server has them.
func (b keyBatch) send(t testing.TB, nc *nats.Conn, from, to int) {
	t.Helper()
	for _, message := range b.messages[from:to] {
		_, err := nc.RequestMsgWithContext(t.Context(), message)
		require.NoError(t, err)
	}
}

// TestKilledDuringABatch starts a server with the files of one that was killed. A server keeps the messages of a batch in files beside
// the stream until all are in it.
//
//roster:fault the server is killed while the keys of a list of invites are made | all of them are there, or none; no file has one that is destroyed later
func TestKilledDuringABatch(t *testing.T) {
	t.Parallel()
	for name, stored := range map[string]bool{"before the keys are in the bucket": false, "before the files beside it are removed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, after := t.TempDir(), t.TempDir()
			nc := onFiles(t, dir)
			openKeyring(t, nc)
			batch := newKeyBatch(t, "Ada", "Bob")
			batch.send(t, nc, 0, 1)
			beside := filepath.Join("jetstream", "$G", "streams", keyring.StreamName, "batches")
			require.Eventually(t, func() bool { return onDisk(t, filepath.Join(dir, beside), batch.wrapped["Ada"]) }, time.Minute, time.Millisecond)
			if stored {
				staged := t.TempDir()
				require.NoError(t, os.CopyFS(staged, os.DirFS(filepath.Join(dir, beside))))
				batch.send(t, nc, 1, 2)
				require.NoError(t, os.CopyFS(after, os.DirFS(dir)))
				require.NoError(t, os.CopyFS(filepath.Join(after, beside), os.DirFS(staged)))
			} else {
				require.NoError(t, os.CopyFS(after, os.DirFS(dir)))
			}
			require.True(t, onDisk(t, after, batch.wrapped["Ada"]))

			nc = onFiles(t, after, keyring.StreamName)
			found := secrets(t, nc)
			if stored {
				assert.Len(t, found, 2+len(batch.wrapped))
			} else {
				assert.Len(t, found, 2, "the secret of the bucket, and what wraps it")
			}
			keys := openKeyring(t, nc)
			for person, key := range batch.wrapped {
				require.Equal(t, stored, onDisk(t, after, key))
				require.NoError(t, keys.Forget(t.Context(), "acme", person))
				assert.False(t, onDisk(t, after, key), "the key of %s is still on the disk", person)
			}
		})
	}
}
