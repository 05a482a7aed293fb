package api

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInParallel(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]int{"none": 0, "one": 1, "a few": manyRows - 1, "many": manyRows, "many more": 10*manyRows + 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			calls := make([]int, n)
			inParallel(n, func(i int) { calls[i]++ })
			for i := range calls {
				assert.Equal(t, 1, calls[i], "calls with %d", i)
			}
		})
		t.Run(name+", of which the last one panics", func(t *testing.T) {
			t.Parallel()
			work := func() {
				inParallel(n, func(i int) {
					if i == n-1 {
						panic("broken")
					}
				})
			}
			if n == 0 {
				assert.NotPanics(t, work)
			} else {
				assert.Panics(t, work)
			}
		})
	}
}
