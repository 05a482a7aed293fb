package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestRepeatOnAFullDisk repeats a command with personal data, whose keys could not be made now.
func TestRepeatOnAFullDisk(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	const members = "POST /v1/organizations/acme/members"
	first := h.As("").With("Idempotency-Key", "k").May(members, o{"user": "bob", "name": "Bob Example"})
	full, err := bus.Open(t.Context(), h.NATS, bus.OpenConfig{Synced: true, Writable: func() error { return fmt.Errorf("%w: 0 bytes", bus.ErrNoSpace) }})
	require.NoError(t, err)
	h = h.Configured(func(c *api.Config) { c.Ledger = full })
	repeated := h.As("").With("Idempotency-Key", "k").May(members, o{"user": "bob", "name": "Bob Example"})
	assert.Equal(t, first.At("position"), repeated.At("position"))
	for _, key := range []string{"", "l"} {
		h.As("").With("Idempotency-Key", key).Ask(members, o{"user": "kim", "name": "Kim Example"}).Refused(http.StatusServiceUnavailable, "no_space")
	}
}
