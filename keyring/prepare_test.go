package keyring_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

func TestPreparedKeysAreDurableAndOne(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	one, other := openKeyring(t, nc), openKeyring(t, nc)
	before := seal(t, other, "p7", "text of p7")
	people := make([]string, 200)
	for i := range people {
		people[i] = fmt.Sprint("p", i)
	}
	var preparing errgroup.Group
	for _, keys := range []*keyring.Keyring{one, other, one} {
		preparing.Go(func() error { return keys.Prepare(t.Context(), "acme", people) })
	}
	require.NoError(t, preparing.Wait())
	assert.Len(t, secrets(t, nc), 1+len(people)+1, "the keys, the secret of the bucket and what wraps them")
	for _, person := range people[:12] {
		sealed := before
		if person != "p7" {
			sealed = seal(t, one, person, "text of "+person)
		}
		for _, keys := range []*keyring.Keyring{one, other, openKeyring(t, nc)} {
			text, err := keys.Open(t.Context(), "acme", sealed)
			require.NoError(t, err)
			assert.Equal(t, "text of "+person, text)
		}
	}
}

// TestNothingIsPreparedUnderAnotherMasterKey replaces the master key behind the back of a keyring.
func TestNothingIsPreparedUnderAnotherMasterKey(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	keys := openKeyring(t, nc)
	before := secrets(t, nc)
	_, err := keyring.RotateMasterKey(t.Context(), nc, with(t).Master, masterKey(t, 9), nil)
	require.NoError(t, err)
	var wrong *keyring.MasterKeyError
	require.ErrorAs(t, keys.Prepare(t.Context(), "acme", []string{"ada", "bob"}), &wrong)
	assert.Len(t, secrets(t, nc), len(before), "keys stayed that nobody can use")
}

// TestNewKeysAreStoredWhenAsked seals with new keys, of which one is there already, and one is not stored.
func TestNewKeysAreStoredWhenAsked(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	one, other := openKeyring(t, nc), openKeyring(t, nc)
	seal(t, other, "bob", "hers was first")
	made, sealed := map[string]keyring.NewKey{}, map[string]events.Sealed{}
	for _, person := range []string{"ada", "bob", "cyd"} {
		key, err := one.NewKey("acme", person)
		require.NoError(t, err)
		made[person], sealed[person] = key, key.Seal("text of "+person)
	}
	assert.Len(t, secrets(t, nc), 3, "a key, the secret of the bucket and what wraps them")
	all, err := one.Store(t.Context(), []keyring.NewKey{made["ada"], made["bob"]})
	require.NoError(t, err)
	assert.False(t, all, "a key that was there already")
	assert.Len(t, secrets(t, nc), 4)
	text, err := other.Open(t.Context(), "acme", sealed["ada"])
	require.NoError(t, err)
	assert.Equal(t, "text of ada", text)
	for _, person := range []string{"bob", "cyd"} {
		_, err = other.Open(t.Context(), "acme", sealed[person])
		require.ErrorIs(t, err, events.ErrUnreadable)
	}
	all, err = one.Store(t.Context(), []keyring.NewKey{made["cyd"]})
	require.NoError(t, err)
	assert.True(t, all)
	text, err = other.Open(t.Context(), "acme", sealed["cyd"])
	require.NoError(t, err)
	assert.Equal(t, "text of cyd", text)
}
