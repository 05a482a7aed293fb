package keyring_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/keyring"
)

// TestKeysOutOfReach holds that a server that does not answer is told from keys that are missing.
//
//roster:fault the keys to personal data cannot be reached | commands with names or addresses answer 503, as for the ledger
func TestKeysOutOfReach(t *testing.T) {
	t.Parallel()
	server := bustest.Server(t)
	keys, err := keyring.Open(t.Context(), bustest.Connect(t, server), with(t))
	require.NoError(t, err)
	server.Shutdown()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond) // no answer will come
	defer cancel()
	_, err = keys.Seal(ctx, "acme", "ada", "Ada Lovelace")
	require.ErrorIs(t, err, keyring.ErrUnavailable)
}
