package api

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// manyRows is from how many rows on more processors than one are worth it.
const manyRows = 64

// inParallel calls do with each index below n, and returns when all calls have. Many are divided among as many goroutines as there are processors for the program, so that a long list takes no
// more of the server than that. A panic of one is that of the caller.
func inParallel(n int, do func(i int)) {
	workers := runtime.GOMAXPROCS(0)
	if n < manyRows {
		workers = 1
	}
	panics := make(chan string, workers)
	work := func(from, to int) {
		defer func() {
			if p := recover(); p != nil {
				panics <- fmt.Sprintf("%v\n%s", p, debug.Stack())
			}
		}()
		for i := from; i < to; i++ {
			do(i)
		}
	}
	var others sync.WaitGroup
	for w := 1; w < workers; w++ {
		others.Go(func() { work(w*n/workers, (w+1)*n/workers) })
	}
	work(0, n/workers)
	others.Wait()
	select {
	case p := <-panics:
		panic(p)
	default:
	}
}
