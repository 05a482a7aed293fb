package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMemoryMayGrowToThreeTimesWhatIsAlive(t *testing.T) {
	t.Parallel()
	assert.Equal(t, int64(memoryTarget), memoryLimit(0))
	assert.Equal(t, int64(memoryTarget), memoryLimit(memoryTarget/3))
	assert.Equal(t, int64(3<<30), memoryLimit(1<<30))
}
