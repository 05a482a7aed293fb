package keyring_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/keyring"
)

// TestRestoredKeysOpenTheSameTexts restores a bucket but for one key that was deleted by hand.
func TestRestoredKeysOpenTheSameTexts(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	keys := openKeyring(t, nc)
	ada, bob := seal(t, keys, "ada", "Ada"), seal(t, keys, "bob", "Bob")
	stored := secrets(t, nc)
	other := bustest.New(t)
	require.NoError(t, keyring.Restore(t.Context(), other, func(take func(string, []byte) error) error {
		for name, secret := range stored {
			if name == keyOf(t, nc, bob) {
				secret = nil
			}
			if err := take("$KV.roster_keys."+name, secret); err != nil {
				return err
			}
		}
		return nil
	}))
	restored, err := keyring.OpenExisting(t.Context(), other, with(t))
	require.NoError(t, err)
	text, err := restored.Open(t.Context(), "acme", ada)
	require.NoError(t, err)
	assert.Equal(t, "Ada", text)
	assert.Equal(t, keys.AddressHash("acme", "ada@example.com"), restored.AddressHash("acme", "ada@example.com"))
	_, err = restored.Open(t.Context(), "acme", bob)
	require.ErrorAs(t, err, new(*keyring.UnreadableError))
}
