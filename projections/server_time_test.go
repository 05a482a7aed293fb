package projections

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServerTime(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	now, err := f.ServerTime(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), now, time.Minute)
}
