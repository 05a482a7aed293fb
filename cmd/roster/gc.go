package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// heapGrowth is by how many percent of what is alive the heap grows before it is
// collected. Nearly all of it is the state, which stays alive: at Go's 100 percent,
// collecting took a fifth of the time of loading.
const heapGrowth = 300

// memoryTarget is how much memory the runtime takes, in bytes, as long as what is alive
// needs no more than half of it. With the program itself it is less than 400 MB.
const memoryTarget = 320 << 20

// tuneCollector tunes the collector, unless the environment does.
func tuneCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}

// memoryEvery is how often the use of memory is looked at.
const memoryEvery = time.Second

// tuneMemory keeps the memory of the process near to what the state needs, unless the
// environment sets a limit, until ctx ends. The heap may grow to memoryTarget, or to twice
// what is alive if that is more. What a large import took and needs no more goes back
// to the system once the import is over; the collector alone would take minutes for that.
func tuneMemory(ctx context.Context) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	tick := time.NewTicker(memoryEvery)
	defer tick.Stop()
	m := newMemoryUse()
	var last, returned uint64 // allocated so far: at the last look, and when memory was returned
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		live, allocated := m.read()
		debug.SetMemoryLimit(memoryLimit(live))
		atRest := allocated-last < atRestBytes
		last = allocated
		if atRest && allocated-returned > live/2+memoryTarget/8 {
			debug.FreeOSMemory()
			_, returned = m.read()
		}
	}
}

// atRestBytes is up to how many bytes are allocated between two looks while nothing
// large goes on.
const atRestBytes = 4 << 20

// memoryLimit returns the limit while so many bytes are alive.
func memoryLimit(live uint64) int64 {
	return max(memoryTarget, int64(2*live)) //nolint:gosec // no machine has that much
}

// memoryUse reads what the runtime says of the heap.
type memoryUse []metrics.Sample

func newMemoryUse() memoryUse {
	return memoryUse{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
}

// read returns the bytes that were alive at the last collection, and those allocated since
// the start of the process.
func (m memoryUse) read() (live, allocated uint64) {
	metrics.Read(m)
	return m[0].Value.Uint64(), m[1].Value.Uint64()
}
