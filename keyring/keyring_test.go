package keyring_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

func TestMain(m *testing.M) { bustest.Main(m) }

// openKeyring opens the keyring of a connection's server. Each call returns one
// with a cache of its own.
func openKeyring(t testing.TB, nc *nats.Conn) *keyring.Keyring {
	t.Helper()
	keys, err := keyring.Open(t.Context(), nc, with(t))
	require.NoError(t, err)
	return keys
}

// with returns the settings with which tests open their keyrings.
func with(t testing.TB) keyring.Config {
	t.Helper()
	return keyring.Config{Master: masterKey(t, 'a')}
}

// masterKey returns one of several master keys.
func masterKey(t testing.TB, one byte) keyring.MasterKey {
	t.Helper()
	key, err := keyring.ParseMasterKey(hex.EncodeToString(bytes.Repeat([]byte{one}, 32)))
	require.NoError(t, err)
	return key
}

func invite(id string) events.Subject { return events.Subject{Kind: events.InviteSubject, ID: id} }

func seal(t testing.TB, keys *keyring.Keyring, person, text string) events.Sealed {
	t.Helper()
	sealed, err := keys.Seal(t.Context(), "acme", person, text)
	require.NoError(t, err)
	return sealed
}

func TestWhatIsSealedOpens(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	keys, other := openKeyring(t, nc), openKeyring(t, nc)
	rapid.Check(t, func(rt *rapid.T) {
		person, text := rapid.String().Draw(rt, "person"), rapid.String().Draw(rt, "text")
		sealed, err := keys.Seal(t.Context(), "acme", person, text)
		require.NoError(rt, err)
		if len(text) > 3 {
			assert.NotContains(rt, string(sealed), text)
		}
		for _, keys := range []*keyring.Keyring{keys, other} {
			got, err := keys.Open(t.Context(), "acme", sealed)
			require.NoError(rt, err)
			assert.Equal(rt, text, got)
		}
	})
}

func TestTextsInTheClearOpenAsTheyAre(t *testing.T) {
	t.Parallel()
	keys := openKeyring(t, bustest.New(t))
	text, err := keys.Open(t.Context(), "acme", events.InClear("Ada"))
	require.NoError(t, err)
	assert.Equal(t, "Ada", text)
	assert.Empty(t, events.InClear(""))
}

func TestWhatIsSealedBelongsToItsOrganization(t *testing.T) {
	t.Parallel()
	keys := openKeyring(t, bustest.New(t))
	sealed := seal(t, keys, "ada", "Ada Lovelace")

	_, err := keys.Open(t.Context(), "globex", sealed)
	assert.Error(t, err, "another organization opens it")

	altered := []byte(sealed)
	if at := &altered[len(altered)-2]; *at == 'A' { // another letter of base64
		*at = 'B'
	} else {
		*at = 'A'
	}
	_, err = keys.Open(t.Context(), "acme", events.Sealed(altered))
	assert.Error(t, err, "an altered text opens")

	for _, malformed := range []events.Sealed{"x", "x.y", "...", sealed + "!"} {
		_, err := keys.Open(t.Context(), "acme", malformed)
		assert.Error(t, err, "%q opens", malformed)
	}
}

func TestForgettingCannotBeUndone(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	keys := openKeyring(t, nc)
	ada, bob := seal(t, keys, "ada", "Ada Lovelace"), seal(t, keys, "bob", "Bob")
	require.NoError(t, keys.Forget(t.Context(), "acme", "ada"))
	again := seal(t, keys, "ada", "Ada King")

	for _, keys := range []*keyring.Keyring{keys, openKeyring(t, nc)} {
		_, err := keys.Open(t.Context(), "acme", ada)
		assert.ErrorIs(t, err, keyring.ErrForgotten)
		for sealed, text := range map[events.Sealed]string{bob: "Bob", again: "Ada King"} {
			got, err := keys.Open(t.Context(), "acme", sealed)
			require.NoError(t, err)
			assert.Equal(t, text, got)
		}
	}
}

func TestConcurrentCallersCreateOneKey(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	var rings []*keyring.Keyring
	for range 4 {
		rings = append(rings, openKeyring(t, nc))
	}
	sealed := make([]events.Sealed, 16)
	var sealing sync.WaitGroup
	for i := range sealed {
		sealing.Go(func() {
			var err error
			sealed[i], err = rings[i%len(rings)].Seal(t.Context(), "acme", "ada", "Ada")
			assert.NoError(t, err)
		})
	}
	sealing.Wait()
	for i, s := range sealed {
		got, err := rings[(i+1)%len(rings)].Open(t.Context(), "acme", s)
		require.NoError(t, err)
		assert.Equal(t, "Ada", got)
	}
}

func TestHashesAndTokensDependOnTheBucketAlone(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	keys, same, other := openKeyring(t, nc), openKeyring(t, nc), openKeyring(t, bustest.New(t))

	hash := keys.AddressHash("acme", "ada@example.org")
	assert.Equal(t, hash, same.AddressHash("acme", " Ada@Example.org "))
	assert.NotEqual(t, hash, other.AddressHash("acme", "ada@example.org"), "another bucket")
	assert.NotEqual(t, hash, keys.AddressHash("globex", "ada@example.org"), "another organization")

	external := keys.ExternalIDHash("acme", "4711")
	assert.Equal(t, external, same.ExternalIDHash("acme", "4711"))
	assert.NotEqual(t, external, other.ExternalIDHash("acme", "4711"), "another bucket")
	assert.NotEqual(t, external, keys.ExternalIDHash("globex", "4711"), "another organization")
	assert.NotEqual(t, string(external), string(keys.AddressHash("acme", "4711")), "an address")

	entry := keys.MetadataKey("acme", "ada", "desk")
	assert.Equal(t, entry, same.MetadataKey("acme", "ada", "desk"))
	assert.NotEqual(t, entry, other.MetadataKey("acme", "ada", "desk"), "another bucket")
	assert.NotEqual(t, entry, keys.MetadataKey("acme", "bob", "desk"), "another person")

	assert.Equal(t, keys.Digest("request"), same.Digest("request"))
	assert.NotEqual(t, keys.Digest("request"), other.Digest("request"), "another bucket")

	token := keys.Token("acme", invite("i1"), "n")
	assert.Equal(t, token, same.Token("acme", invite("i1"), "n"))
	assert.NotEqual(t, token, other.Token("acme", invite("i1"), "n"), "another bucket")
	assert.NotEqual(t, token, keys.Token("globex", invite("i1"), "n"), "another organization")
	assert.NotEqual(t, token, keys.Token("acme", invite("i2"), "n"), "another invite")
	assert.NotEqual(t, token, keys.Token("acme", invite("i1"), "m"), "another nonce")
	assert.NotEqual(t, token, keys.Token("acme", events.Subject{Kind: events.ProjectSubject, ID: "i1"}, "n"), "the link of a project")
}

func TestForgottenKeyIsGoneFromTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server, err := natsserver.Start(natsserver.Config{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(server.Shutdown)
	nc := bustest.Connect(t, server)
	keys := openKeyring(t, nc)
	before := secrets(t, nc)
	seal(t, keys, "ada", "Ada")
	var secret []byte
	for name, value := range secrets(t, nc) {
		if _, known := before[name]; !known {
			secret = value
		}
	}
	require.True(t, onDisk(t, dir, secret), "the key is stored")

	require.NoError(t, keys.Forget(t.Context(), "acme", "ada"))
	assert.False(t, onDisk(t, dir, secret), "the key is still on the disk")
	assert.NoError(t, keys.Forget(t.Context(), "acme", "ada"), "forgetting somebody without a key")
}

// secrets returns the content of the bucket.
func secrets(t testing.TB, nc *nats.Conn) map[string][]byte {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	require.NoError(t, err)
	all, err := bucket.WatchAll(t.Context(), jetstream.IgnoreDeletes())
	require.NoError(t, err)
	found := map[string][]byte{}
	for entry := range all.Updates() {
		if entry == nil { // so far, everything that there is
			break
		}
		found[entry.Key()] = entry.Value()
	}
	require.NoError(t, all.Stop())
	return found
}

// onDisk reports whether a file below the directory contains the bytes.
func onDisk(t testing.TB, dir string, wanted []byte) bool {
	t.Helper()
	found := false
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // the server has removed it meanwhile
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found = found || bytes.Contains(content, wanted)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}))
	return found
}

func TestOpenExistingMakesNoKeys(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = keyring.OpenExisting(t.Context(), nc, with(t))
	require.ErrorIs(t, err, keyring.ErrNoKeys)
	_, err = js.Stream(t.Context(), keyring.StreamName)
	require.ErrorIs(t, err, jetstream.ErrStreamNotFound, "a bucket was made")

	keys := openKeyring(t, nc)
	same, err := keyring.OpenExisting(t.Context(), nc, with(t))
	require.NoError(t, err)
	assert.Equal(t, keys.Digest("request"), same.Digest("request"))

	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	require.NoError(t, err)
	require.NoError(t, bucket.Purge(t.Context(), "secret"))
	_, err = keyring.OpenExisting(t.Context(), nc, with(t))
	assert.ErrorIs(t, err, keyring.ErrNoKeys, "without the secret")
}

func TestBucketThatDeniesDeletionIsRefused(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "roster_keys"})
	require.NoError(t, err)

	_, err = keyring.Open(t.Context(), nc, with(t))
	require.Error(t, err)
	assert.True(t, strings.Contains(err.Error(), "deny_delete"), err)
}

// TestMissingKeysAreNoForgetting takes keys out of the bucket, and puts others in their place.
//
//roster:fault keys to personal data are missing | it is said whose; they are not taken for forgotten
func TestMissingKeysAreNoForgetting(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		damage   func(t *testing.T, bucket jetstream.KeyValue, name string)
		readable bool
	}{
		"nothing": {readable: true, damage: func(*testing.T, jetstream.KeyValue, string) {}},
		"the key is gone": {damage: func(t *testing.T, bucket jetstream.KeyValue, name string) {
			t.Helper()
			require.NoError(t, bucket.Purge(t.Context(), name))
		}},
		"another key in its place": {damage: func(t *testing.T, bucket jetstream.KeyValue, name string) {
			t.Helper()
			_, err := bucket.Put(t.Context(), name, bytes.Repeat([]byte{7}, 32))
			require.NoError(t, err)
		}},
		"half a key": {damage: func(t *testing.T, bucket jetstream.KeyValue, name string) {
			t.Helper()
			_, err := bucket.Put(t.Context(), name, bytes.Repeat([]byte{7}, 16))
			require.NoError(t, err)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nc := bustest.New(t)
			first := openKeyring(t, nc)
			ada, bob, kim := seal(t, first, "ada", "Ada"), seal(t, first, "bob", "Bob"), seal(t, first, "kim", "Kim")
			require.NoError(t, first.Forget(t.Context(), "acme", "bob"))
			js, err := jetstream.New(nc)
			require.NoError(t, err)
			bucket, err := js.KeyValue(t.Context(), "roster_keys")
			require.NoError(t, err)
			row.damage(t, bucket, keyOf(t, nc, ada))

			keys := openKeyring(t, nc)
			text, err := keys.Read(t.Context(), "acme", ada)
			texts := slices.Values([]keyring.Text{
				{Organization: "acme", Subject: user("ada"), Sealed: ada},
				{Organization: "acme", Subject: user("bob"), Sealed: bob},
				{Organization: "acme", Subject: user("kim"), Sealed: kim},
				{Organization: "acme", Subject: user("ned"), Sealed: events.InClear("Ned")},
			})
			missing, unchecked := keys.Check(t.Context(), texts)
			require.NoError(t, unchecked)
			known, fault := keys.Faults()
			if row.readable {
				require.NoError(t, err)
				assert.Equal(t, "Ada", text)
				assert.Empty(t, missing)
				assert.Zero(t, known)
				return
			}
			require.ErrorIs(t, err, events.ErrUnreadable)
			require.NotErrorIs(t, err, keyring.ErrForgotten)
			require.Len(t, missing, 1)
			assert.Equal(t, user("ada"), missing[0].Subject)
			assert.Equal(t, 1, known)
			assert.ErrorContains(t, fault, `user "ada" in organization "acme"`)
			_, err = keys.Open(t.Context(), "acme", bob)
			require.ErrorIs(t, err, keyring.ErrForgotten)
			_, err = keys.Open(t.Context(), "acme", kim)
			require.NoError(t, err)
		})
	}
}

func user(id string) events.Subject { return events.Subject{Kind: events.UserSubject, ID: id} }

// keyOf returns the name of the key with which a text was sealed.
func keyOf(t testing.TB, nc *nats.Conn, sealed events.Sealed) string {
	t.Helper()
	for name := range secrets(t, nc) {
		_, person, _ := strings.Cut(name, "acme.")
		if person != "" && strings.HasPrefix(string(sealed), person) {
			return name
		}
	}
	require.Fail(t, "no key of this text")
	return ""
}

func TestAlteredTextsAreFaults(t *testing.T) {
	t.Parallel()
	keys := openKeyring(t, bustest.New(t))
	altered := []byte(seal(t, keys, "ada", "Ada"))
	if at := &altered[len(altered)-2]; *at == 'A' { // another letter of base64
		*at = 'B'
	} else {
		*at = 'A'
	}
	for _, sealed := range []events.Sealed{events.Sealed(altered), "x"} {
		_, err := keys.Read(t.Context(), "acme", sealed)
		require.ErrorIs(t, err, events.ErrUnreadable, "%s", sealed)
	}
	known, _ := keys.Faults()
	assert.Equal(t, 2, known)
}

// TestKeysInMessages reads the keys out of the files of a server that has stopped.
func TestKeysInMessages(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server, err := natsserver.Start(natsserver.Config{Dir: dir})
	require.NoError(t, err)
	nc, err := server.Connect()
	require.NoError(t, err)
	keys := openKeyring(t, nc)
	ada, bob, kim := seal(t, keys, "ada", "Ada"), seal(t, keys, "bob", "Bob"), seal(t, keys, "kim", "Kim")
	require.NoError(t, keys.Forget(t.Context(), "acme", "kim"))
	require.NoError(t, keys.Forget(t.Context(), "acme", "bob"))
	nc.Close()
	server.Shutdown()

	read, err := keyring.ReadMessages(t.Context(), with(t).Master, func(take func(string, []byte) error) error {
		return natsserver.Read(dir, keyring.StreamName, func(_ uint64, subject string, message []byte) error { return take(subject, message) })
	})
	require.NoError(t, err)
	text, err := read.Open(t.Context(), "acme", ada)
	require.NoError(t, err)
	assert.Equal(t, "Ada", text)
	for _, forgotten := range []events.Sealed{bob, kim} {
		_, err = read.Open(t.Context(), "acme", forgotten)
		require.ErrorIs(t, err, keyring.ErrForgotten)
	}
	_, err = keyring.ReadMessages(t.Context(), with(t).Master, func(func(string, []byte) error) error { return nil })
	require.ErrorIs(t, err, keyring.ErrNoKeys)
}

// TestForgettingCoversMissingKeys forgets people whose keys are missing or damaged, whose texts are known. That is no fault any more.
func TestForgettingCoversMissingKeys(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	if err != nil {
		openKeyring(t, nc)
		bucket, err = js.KeyValue(t.Context(), "roster_keys")
	}
	require.NoError(t, err)
	for name, lose := range map[string]func(key string) error{
		"missing": func(key string) error { return bucket.Delete(t.Context(), key) },
		"damaged": func(key string) error { _, err := bucket.Put(t.Context(), key, []byte("half")); return err },
	} {
		sealed := seal(t, openKeyring(t, nc), name, "Ada")
		other := seal(t, openKeyring(t, nc), "other", "Bob")
		require.NoError(t, lose(keyOf(t, nc, sealed)))
		keys := openKeyring(t, nc)
		_, err := keys.Open(t.Context(), "acme", sealed)
		require.ErrorIs(t, err, events.ErrUnreadable, name)
		require.NoError(t, keys.Forget(t.Context(), "acme", name, sealed, other))
		_, err = keys.Open(t.Context(), "acme", sealed)
		require.ErrorIs(t, err, keyring.ErrForgotten, name)
		faults, _ := keys.Faults()
		assert.Zero(t, faults, name)
		got, err := keys.Open(t.Context(), "acme", other)
		require.NoError(t, err)
		assert.Equal(t, "Bob", got)
	}
}
