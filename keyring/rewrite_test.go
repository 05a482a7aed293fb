package keyring_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// store is a bucket with keys, on a server whose files can be read.
type store struct {
	dir string
	nc  *nats.Conn
	// sealed are texts by what they say; forgotten is a text whose key was deleted.
	sealed    map[string]events.Sealed
	forgotten events.Sealed
	digest    string            // of a request
	secrets   map[string][]byte // by the name of their entries, not wrapped
}

// newStore makes a bucket whose keys are wrapped by the master key of [with].
func newStore(t testing.TB) *store {
	t.Helper()
	s := &store{dir: t.TempDir(), sealed: map[string]events.Sealed{}, secrets: map[string][]byte{}}
	server, err := natsserver.Start(natsserver.Config{Dir: s.dir, Unsynced: true})
	require.NoError(t, err)
	t.Cleanup(server.Shutdown)
	s.nc = bustest.Connect(t, server)
	keys := openKeyring(t, s.nc)
	require.NoError(t, keys.Prepare(t.Context(), "acme", []string{"Ada", "Bob"})) // as one batch
	for _, name := range []string{"Ada", "Bob", "Kim"} {
		s.sealed[name] = seal(t, keys, name, name)
	}
	s.forgotten = seal(t, keys, "Ned", "Ned")
	require.NoError(t, keys.Forget(t.Context(), "acme", "Ned"))
	s.digest = keys.Digest("request")
	for name, stored := range secrets(t, s.nc) {
		if secret, err := masterKey(t, 'a').Unwrap(name, stored); err == nil {
			s.secrets[name] = secret
		}
	}
	require.Len(t, s.secrets, 4)
	return s
}

// newStoreOfBefore makes a bucket as versions made it whose keys were not wrapped. Between the keys there are more bytes than the
// server keeps in one file.
func newStoreOfBefore(t testing.TB, between int) *store {
	t.Helper()
	s := newStore(t)
	marks := map[string][]byte{}
	for name, stored := range secrets(t, s.nc) {
		if strings.HasPrefix(name, "forgotten.") {
			marks[name] = stored
		}
	}
	js, err := jetstream.New(s.nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), keyring.StreamName)
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context()))
	require.Len(t, marks, 1)
	for _, entries := range []map[string][]byte{marks, s.secrets} {
		for name, value := range entries {
			_, err := js.Publish(t.Context(), "$KV.roster_keys."+name, value)
			require.NoError(t, err)
			for i := range between {
				_, err := js.Publish(t.Context(), fmt.Sprintf("$KV.roster_keys.forgotten.%s.%d", name, i), bytes.Repeat([]byte{1}, 900_000))
				require.NoError(t, err)
			}
		}
	}
	for name, secret := range s.secrets {
		require.True(t, onDisk(t, s.dir, secret), "%s is stored as it is", name)
	}
	return s
}

// opens requires that all texts open, and those that are forgotten do not.
func (s *store) opens(t testing.TB, keys *keyring.Reader) {
	t.Helper()
	for text, sealed := range s.sealed {
		got, err := keys.Open(t.Context(), "acme", sealed)
		require.NoError(t, err)
		assert.Equal(t, text, got)
	}
	_, err := keys.Open(t.Context(), "acme", s.forgotten)
	require.ErrorIs(t, err, keyring.ErrForgotten)
}

// openWith opens a keyring with a master key, and requires that it is good.
func (s *store) openWith(t testing.TB, master keyring.MasterKey) *keyring.Keyring {
	t.Helper()
	keys, err := keyring.OpenExisting(t.Context(), s.nc, keyring.Config{Master: master})
	require.NoError(t, err)
	assert.Equal(t, s.digest, keys.Digest("request"))
	s.opens(t, keys.Reader)
	return keys
}

// wrappedBy requires that the master key wraps all keys, and that no file has one that is not wrapped, or wrapped as before.
func (s *store) wrappedBy(t testing.TB, master keyring.MasterKey, before map[string][]byte) {
	t.Helper()
	by, err := keyring.WrappedBy(t.Context(), s.nc)
	require.NoError(t, err)
	assert.Equal(t, master.ID(), by)
	after := secrets(t, s.nc)
	for name, secret := range s.secrets {
		got, err := master.Unwrap(name, after[name])
		require.NoError(t, err)
		assert.Equal(t, secret, got)
		assert.NotEqual(t, secret, after[name])
		assert.False(t, onDisk(t, s.dir, secret), "%s is in a file as it is", name)
		assert.False(t, onDisk(t, s.dir, before[name]), "%s is in a file as before", name)
	}
	for name := range after {
		assert.False(t, strings.HasPrefix(name, "separator."), "%s is left", name)
	}
}

// TestKeysOfBeforeAreWrapped opens buckets of earlier versions.
func TestKeysOfBeforeAreWrapped(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]int{"in one block": 0, "in several blocks": 12} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStoreOfBefore(t, between)
			read, err := keyring.OpenReader(t.Context(), s.nc, keyring.MasterKey{})
			require.NoError(t, err)
			s.opens(t, read) // as it was, nothing needs a master key

			before := secrets(t, s.nc)
			var done, total int
			keys, err := keyring.OpenExisting(t.Context(), s.nc, keyring.Config{Master: masterKey(t, 'b'), Progress: func(d, n int) { done, total = d, n }})
			require.NoError(t, err)
			assert.Zero(t, done)
			assert.GreaterOrEqual(t, total, len(s.secrets))
			s.opens(t, keys.Reader)
			s.wrappedBy(t, masterKey(t, 'b'), before)
			s.openWith(t, masterKey(t, 'b'))
			assert.Len(t, secrets(t, s.nc), len(before)+1, "entries, with that which names the master key")

			_, err = keyring.OpenReader(t.Context(), s.nc, keyring.MasterKey{})
			var none *keyring.MasterKeyError
			require.ErrorAs(t, err, &none)
			assert.Equal(t, keyring.MasterKeyError{WrappedBy: masterKey(t, 'b').ID()}, *none)
		})
	}
}

// TestWrongMasterKeyOpensNothing opens a bucket in every way with another master key than the one that wraps its keys, and
// with none.
//
//roster:fault the master key is another one | `serve` and `verify` refuse, and say which one wraps the keys; nothing is changed
func TestWrongMasterKeyOpensNothing(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	before := secrets(t, s.nc)
	for name, master := range map[string]keyring.MasterKey{"another one": masterKey(t, 'b'), "none": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			messages := func(take func(string, []byte) error) error {
				for name, stored := range before {
					if err := take("$KV.roster_keys."+name, stored); err != nil {
						return err
					}
				}
				return nil
			}
			_, read := keyring.OpenReader(t.Context(), s.nc, master)
			_, fromFiles := keyring.ReadMessages(t.Context(), master, messages)
			for _, err := range []error{read, fromFiles} {
				var wrong *keyring.MasterKeyError
				require.ErrorAs(t, err, &wrong)
				assert.Equal(t, keyring.MasterKeyError{WrappedBy: masterKey(t, 'a').ID(), Given: master.ID()}, *wrong)
				require.NotErrorIs(t, err, keyring.ErrNoKeys)
			}
			for _, open := range []func() error{
				func() error { _, err := keyring.Open(t.Context(), s.nc, keyring.Config{Master: master}); return err },
				func() error {
					_, err := keyring.OpenExisting(t.Context(), s.nc, keyring.Config{Master: master})
					return err
				},
				func() error {
					_, err := keyring.RotateMasterKey(t.Context(), s.nc, master, masterKey(t, 'c'), nil)
					return err
				},
			} {
				require.Error(t, open())
			}
			assert.Equal(t, before, secrets(t, s.nc), "the bucket")
		})
	}
}

// TestRotatedMasterKey wraps the keys by another master key, beside a process that goes on with the former one.
func TestRotatedMasterKey(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	former, next := masterKey(t, 'a'), masterKey(t, 'b')
	runs := s.openWith(t, former)
	stale := openKeyring(t, s.nc) // has no key in memory
	before := secrets(t, s.nc)

	count, err := keyring.RotateMasterKey(t.Context(), s.nc, former, next, nil)
	require.NoError(t, err)
	assert.Equal(t, len(before)-1, count, "all but that which names the master key")
	s.wrappedBy(t, next, before)
	s.openWith(t, next)
	_, err = keyring.OpenExisting(t.Context(), s.nc, with(t))
	require.ErrorAs(t, err, new(*keyring.MasterKeyError))
	for name, stored := range secrets(t, s.nc) {
		_, err := former.Unwrap(name, stored)
		require.Error(t, err, name)
	}
	count, err = keyring.RotateMasterKey(t.Context(), s.nc, former, next, nil)
	require.NoError(t, err)
	assert.Zero(t, count, "again")

	s.opens(t, runs.Reader) // from memory
	rotated := secrets(t, s.nc)
	_, err = runs.Seal(t.Context(), "acme", "new", "New")
	require.ErrorAs(t, err, new(*keyring.MasterKeyError))
	assert.Equal(t, rotated, secrets(t, s.nc), "a key that no other process can use was left")
	_, err = stale.Open(t.Context(), "acme", s.sealed["Ada"])
	require.ErrorAs(t, err, new(*keyring.MasterKeyError))
	require.ErrorIs(t, err, events.ErrUnreadable)
	_, err = stale.Seal(t.Context(), "acme", "Kim", "Kim")
	require.ErrorAs(t, err, new(*keyring.MasterKeyError))
	_, fault := stale.Faults()
	require.ErrorContains(t, fault, "with the master key that wraps the keys")
	missing, err := stale.Check(t.Context(), slices.Values([]keyring.Text{{Organization: "acme", Subject: user("Bob"), Sealed: s.sealed["Bob"]}}))
	require.NoError(t, err)
	require.Len(t, missing, 1)
	require.ErrorAs(t, missing[0], new(*keyring.MasterKeyError))
}

// TestForgottenKeysAreGone forgets somebody before and after the master key is rotated. No file has their key in any form.
func TestForgottenKeysAreGone(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	wrapped := secrets(t, s.nc)
	keys := s.openWith(t, masterKey(t, 'a'))
	ada, bob := keyOf(t, s.nc, s.sealed["Ada"]), keyOf(t, s.nc, s.sealed["Bob"])
	require.NoError(t, keys.Forget(t.Context(), "acme", "Ada"))
	_, err := keyring.RotateMasterKey(t.Context(), s.nc, masterKey(t, 'a'), masterKey(t, 'b'), nil)
	require.NoError(t, err)
	again := secrets(t, s.nc)[bob]
	keys, err = keyring.OpenExisting(t.Context(), s.nc, keyring.Config{Master: masterKey(t, 'b')})
	require.NoError(t, err)
	require.NoError(t, keys.Forget(t.Context(), "acme", "Bob"))
	for _, gone := range [][]byte{s.secrets[ada], s.secrets[bob], wrapped[ada], wrapped[bob], again} {
		require.NotEmpty(t, gone)
		assert.False(t, onDisk(t, s.dir, gone))
	}
	for _, text := range []string{"Ada", "Bob"} {
		_, err := keys.Open(t.Context(), "acme", s.sealed[text])
		require.ErrorIs(t, err, keyring.ErrForgotten)
	}
}

// TestRewriteRemovesWhatIsLeftOfAKey deletes a key as a server does that is killed before it overwrites it.
//
//roster:fault the NATS server is killed while it destroys a key | what began the destruction goes on, and has all keys written again; no file has the key
func TestRewriteRemovesWhatIsLeftOfAKey(t *testing.T) {
	t.Parallel()
	former, next := masterKey(t, 'a'), masterKey(t, 'b')
	tests := map[string]func(testing.TB, *store){
		"at once": func(t testing.TB, s *store) { t.Helper() },
		"after one that was killed": func(t testing.TB, s *store) {
			t.Helper()
			require.ErrorIs(t, keyring.RewriteKilled(t.Context(), s.nc, former, 21), keyring.ErrKilled)
			s.openWith(t, former)
		},
	}
	for name, before := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			before(t, s)
			keys := s.openWith(t, former)
			ada := keyOf(t, s.nc, s.sealed["Ada"])
			wrapped := secrets(t, s.nc)[ada]
			js, err := jetstream.New(s.nc)
			require.NoError(t, err)
			bucket, err := js.KeyValue(t.Context(), "roster_keys")
			require.NoError(t, err)
			entry, err := bucket.Get(t.Context(), ada)
			require.NoError(t, err)
			stream, err := js.Stream(t.Context(), keyring.StreamName)
			require.NoError(t, err)
			require.NoError(t, stream.DeleteMsg(t.Context(), entry.Revision()))
			require.NoError(t, keys.Forget(t.Context(), "acme", "Ada", s.sealed["Ada"]))
			require.True(t, onDisk(t, s.dir, wrapped), "forgetting finds nothing to overwrite")

			delete(s.sealed, "Ada")
			delete(s.secrets, ada)
			left := secrets(t, s.nc)
			require.NoError(t, keys.Rewrite(t.Context()))
			assert.False(t, onDisk(t, s.dir, wrapped))
			s.wrappedBy(t, former, left)
			s.openWith(t, former)
		})
	}
	t.Run("then the master key is rotated", func(t *testing.T) {
		t.Parallel()
		s := newStore(t)
		require.ErrorIs(t, keyring.RewriteKilled(t.Context(), s.nc, former, 21), keyring.ErrKilled)
		before := secrets(t, s.nc)
		_, err := keyring.RotateMasterKey(t.Context(), s.nc, next, masterKey(t, 'c'), nil)
		var wrong *keyring.MasterKeyError
		require.ErrorAs(t, err, &wrong)
		assert.Equal(t, keyring.MasterKeyError{WrappedBy: former.ID(), Given: next.ID()}, *wrong)
		_, err = keyring.RotateMasterKey(t.Context(), s.nc, former, next, nil)
		require.NoError(t, err)
		s.wrappedBy(t, next, before)
		s.openWith(t, next)
	})
}

// TestForgettingWhileKeysAreRewritten forgets people whose keys are written again meanwhile.
func TestForgettingWhileKeysAreRewritten(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	keys := s.openWith(t, masterKey(t, 'a'))
	people := make([]string, 200)
	for i := range people {
		people[i] = fmt.Sprintf("p%d", i)
	}
	require.NoError(t, keys.Prepare(t.Context(), "acme", people))
	before := secrets(t, s.nc)
	var both errgroup.Group
	both.Go(func() error {
		for range 3 {
			if err := keys.Rewrite(t.Context()); err != nil {
				return err
			}
		}
		return nil
	})
	for part := range slices.Chunk(people, 50) {
		both.Go(func() error {
			for _, person := range part {
				if err := keys.Forget(t.Context(), "acme", person); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, both.Wait())
	after := secrets(t, s.nc)
	gone := 0
	for name, wrapped := range before {
		if _, there := after[name]; !there {
			gone++
			assert.False(t, onDisk(t, s.dir, wrapped), name)
		}
	}
	assert.Equal(t, len(people), gone)
}

// TestKilledWhileKeysAreWrapped kills the process at each write, before the server carries it out and after, then
// goes on.
//
//roster:fault the server is killed while keys are wrapped, or `roster keys rotate-master` is | the next start, or the same command, goes on; every name stays readable
func TestKilledWhileKeysAreWrapped(t *testing.T) {
	t.Parallel()
	former, next := masterKey(t, 'a'), masterKey(t, 'b')
	for name, make := range map[string]func(testing.TB) *store{
		"keys of before":         func(t testing.TB) *store { t.Helper(); return newStoreOfBefore(t, 0) },
		"another master key":     newStore,
		"several blocks of keys": func(t testing.TB) *store { t.Helper(); return newStoreOfBefore(t, 2) },
	} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", after the write: ", after), func(t *testing.T) {
				t.Parallel()
				s := make(t)
				before := secrets(t, s.nc)
				killed := 0
				// First before the cut, where each run begins again, then every few writes.
				writes := []int64{0, 1, 2, 9, 16, 17, 18}
				if after {
					writes = writes[:6]
				}
				for ; ; killed++ {
					count := int64(2)
					if killed < len(writes) {
						count = writes[killed]
					} else if after {
						count = 1
					}
					require.Less(t, killed, 100, "it comes to no end")
					err := keyring.RotateKilled(t.Context(), s.nc, former, next, count, after)
					if err == nil {
						break
					}
					require.ErrorIs(t, err, keyring.ErrKilled)
					current := secrets(t, s.nc)
					for name, secret := range s.secrets {
						got, err := next.Unwrap(name, current[name])
						if err != nil {
							got, err = former.Unwrap(name, current[name])
						}
						require.NoError(t, err)
						require.Equal(t, secret, got)
					}
				}
				assert.Greater(t, killed, 8)
				s.wrappedBy(t, next, before)
				s.openWith(t, next)
			})
		}
	}
}

// TestInterruptedRotationIsCompleted opens a bucket in the middle of a rotation.
func TestInterruptedRotationIsCompleted(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	former, next := masterKey(t, 'a'), masterKey(t, 'b')
	before := secrets(t, s.nc)
	require.ErrorIs(t, keyring.RotateKilled(t.Context(), s.nc, former, next, 21, false), keyring.ErrKilled)
	want := keyring.MasterKeyError{WrappedBy: next.ID(), Replaces: former.ID()}
	for _, master := range []keyring.MasterKey{former, next} {
		_, err := keyring.OpenExisting(t.Context(), s.nc, keyring.Config{Master: master})
		var unfinished *keyring.MasterKeyError
		require.ErrorAs(t, err, &unfinished)
		want.Given = master.ID()
		assert.Equal(t, want, *unfinished)
	}
	_, err := keyring.RotateMasterKey(t.Context(), s.nc, former, masterKey(t, 'c'), nil)
	require.ErrorAs(t, err, new(*keyring.MasterKeyError), "to a third one")
	_, err = keyring.RotateMasterKey(t.Context(), s.nc, masterKey(t, 'c'), next, nil)
	require.ErrorAs(t, err, new(*keyring.MasterKeyError), "from a third one")
	_, err = keyring.RotateMasterKey(t.Context(), s.nc, former, next, nil)
	require.NoError(t, err)
	s.wrappedBy(t, next, before)
	s.openWith(t, next)
}

// TestSeveralProcessesWrapAtOnce opens a bucket of an earlier version in several processes at the same time.
func TestSeveralProcessesWrapAtOnce(t *testing.T) {
	t.Parallel()
	s := newStoreOfBefore(t, 0)
	before := secrets(t, s.nc)
	var opening errgroup.Group
	for range 4 {
		opening.Go(func() error {
			_, err := keyring.OpenExisting(t.Context(), s.nc, with(t))
			return err
		})
	}
	require.NoError(t, opening.Wait())
	s.wrappedBy(t, masterKey(t, 'a'), before)
	s.openWith(t, masterKey(t, 'a'))
}

// TestLostStateIsMadeAgain removes the entry that names the master key.
func TestLostStateIsMadeAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	former, next := masterKey(t, 'a'), masterKey(t, 'b')
	js, err := jetstream.New(s.nc)
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	require.NoError(t, err)
	require.NoError(t, bucket.Purge(t.Context(), "master"))
	by, err := keyring.WrappedBy(t.Context(), s.nc)
	require.NoError(t, err)
	assert.Equal(t, former.ID(), by)
	_, err = keyring.RotateMasterKey(t.Context(), s.nc, former, next, nil)
	require.ErrorIs(t, err, keyring.ErrNotWrapped)
	_, err = keyring.OpenExisting(t.Context(), s.nc, keyring.Config{Master: next})
	require.ErrorAs(t, err, new(*keyring.MasterKeyError))
	s.openWith(t, former)
	_, err = keyring.RotateMasterKey(t.Context(), s.nc, former, next, nil)
	require.NoError(t, err)
	s.openWith(t, next)
}

// TestNodesNeedTheSameMasterKey opens a new bucket with several master keys at the same time. One wins.
func TestNodesNeedTheSameMasterKey(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	opened := make([]error, 4)
	var opening errgroup.Group
	for i := range opened {
		opening.Go(func() error {
			_, opened[i] = keyring.Open(t.Context(), nc, keyring.Config{Master: masterKey(t, byte('a'+i))})
			return nil
		})
	}
	require.NoError(t, opening.Wait())
	by, err := keyring.WrappedBy(t.Context(), nc)
	require.NoError(t, err)
	for i, err := range opened {
		if key := masterKey(t, byte('a'+i)); key.ID() == by {
			require.NoError(t, err)
		} else {
			require.ErrorAs(t, err, new(*keyring.MasterKeyError))
		}
	}
}

// TestBackupNeedsTheMasterKey opens a copy of the bucket with the master key, and searches it without.
func TestBackupNeedsTheMasterKey(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	backup := secrets(t, s.nc)
	other := bustest.New(t)
	require.NoError(t, keyring.Restore(t.Context(), other, func(take func(string, []byte) error) error {
		for _, name := range slices.Sorted(maps.Keys(backup)) {
			if err := take("$KV.roster_keys."+name, backup[name]); err != nil {
				return err
			}
		}
		return nil
	}))
	restored := *s
	restored.nc = other
	restored.openWith(t, masterKey(t, 'a'))
	_, err := keyring.OpenExisting(t.Context(), other, keyring.Config{Master: masterKey(t, 'b')})
	require.ErrorAs(t, err, new(*keyring.MasterKeyError))
	for _, stored := range backup {
		for _, secret := range s.secrets {
			assert.False(t, bytes.Contains(stored, secret))
		}
	}
}

// BenchmarkRotateMasterKey wraps 10,000 keys by another master key, on a server that syncs each write.
func BenchmarkRotateMasterKey(b *testing.B) {
	server, err := natsserver.Start(natsserver.Config{Dir: b.TempDir()})
	require.NoError(b, err)
	b.Cleanup(server.Shutdown)
	nc := bustest.Connect(b, server)
	openKeyring(b, nc)
	js, err := jetstream.New(nc)
	require.NoError(b, err)
	for i := range 10_000 {
		name := fmt.Sprintf("person.acme.%d", i)
		_, err := js.PublishAsync("$KV.roster_keys."+name, masterKey(b, 'a').Wrap(name, make([]byte, 32)))
		require.NoError(b, err)
		if i%1000 == 999 {
			<-js.PublishAsyncComplete()
		}
	}
	former, next := masterKey(b, 'a'), masterKey(b, 'b')
	for b.Loop() {
		_, err := keyring.RotateMasterKey(b.Context(), nc, former, next, nil)
		require.NoError(b, err)
		former, next = next, former
	}
}

// BenchmarkOpen opens a sealed text whose key is in memory.
func BenchmarkOpen(b *testing.B) {
	keys := openKeyring(b, bustest.New(b))
	sealed := seal(b, keys, "ada", "Ada Lovelace")
	for b.Loop() {
		if _, err := keys.Open(b.Context(), "acme", sealed); err != nil {
			b.Fatal(err)
		}
	}
}
