package backoff_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sethvargo/go-retry"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/backoff"
)

var errLost = errors.New("the connection was lost")

func TestDoPausesLongerUntilAnAttemptAdvances(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var at []time.Duration
		err := backoff.Do(t.Context(), time.Second, 3*time.Second, func(context.Context) (bool, error) {
			at = append(at, time.Since(began))
			if len(at) == 6 {
				return false, nil
			}
			return len(at) == 4, retry.RetryableError(errLost)
		})
		require.NoError(t, err)
		const s = time.Second
		assert.Equal(t, []time.Duration{0, 1 * s, 3 * s, 6 * s, 7 * s, 9 * s}, at)
	})
}

func TestDoEndsWithAnErrorThatIsNotMarked(t *testing.T) {
	t.Parallel()
	err := backoff.Do(t.Context(), time.Hour, time.Hour, func(context.Context) (bool, error) { return true, errLost })
	assert.ErrorIs(t, err, errLost)
}
