package projections

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestWritersPauseUnlessSomebodyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newCheckpointWaiter(nil, "")
		began := time.Now()
		w.pause(t.Context(), began)
		assert.Equal(t, writeEvery, time.Since(began), "nobody waits")

		var waiting sync.WaitGroup
		waiting.Go(func() { assert.NoError(t, w.Wait(t.Context(), 1)) })
		synctest.Wait()
		began = time.Now()
		w.pause(t.Context(), began)
		assert.Zero(t, time.Since(began), "somebody waits")
		w.advance(1)
		waiting.Wait()

		began = time.Now()
		time.Sleep(2 * writeEvery)
		w.pause(t.Context(), began)
		assert.Equal(t, 2*writeEvery, time.Since(began), "the transaction took longer than the pause")

		began = time.Now()
		assert.NoError(t, w.Wait(t.Context(), 1))
		w.pause(t.Context(), began)
		assert.Equal(t, writeEvery, time.Since(began), "who asks for a position that is reached does not wait")
	})
}
