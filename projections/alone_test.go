package projections

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestAloneEndsWhenItReturns has the next caller come at once.
func TestAloneEndsWhenItReturns(t *testing.T) {
	t.Parallel()
	db := open(t, pgtest.New(t), new(lines))
	for range 50 {
		did, err := db.Alone(t.Context(), func(ctx context.Context) error {
			within, err := db.Alone(ctx, func(context.Context) error { return nil })
			assert.False(t, within)
			return err
		})
		require.NoError(t, err)
		require.True(t, did)
	}
}
