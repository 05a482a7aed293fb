package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMemoryMayGrowToTwiceWhatIsAlive(t *testing.T) {
	t.Parallel()
	assert.Equal(t, int64(memoryTarget), memoryLimit(0))
	assert.Equal(t, int64(memoryTarget), memoryLimit(memoryTarget/2))
	assert.Equal(t, int64(2<<30), memoryLimit(1<<30))
}
