package conformance

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// Server is where the cases run. They found organizations there, and delete them again.
type Server struct {
	// URL is the address, without a slash at the end.
	URL string
	// Key lets the bearer act as the system.
	Key string
	// Client asks; nil is the default one.
	Client *http.Client
}

// Result says whether a promise was kept.
type Result struct {
	Suite, Case, Rule string
	// Failure is what came in place of what was promised; empty where it was kept.
	Failure string
	Took    time.Duration
}

// abreast is how many cases run at a time.
const abreast = 8

// Run holds a server to every promise of the suites. It tells of each case as it
// ends, one at a time, and returns the results in the order of the suites. Cases that
// had not begun when the context ended are left out.
func Run(ctx context.Context, server Server, suites []Suite, each func(Result)) []Result {
	var (
		results []*Result
		told    sync.Mutex
		running sync.WaitGroup
		free    = make(chan struct{}, abreast)
	)
	for _, suite := range suites {
		for _, c := range suite.Cases {
			select {
			case <-ctx.Done():
				continue
			case free <- struct{}{}:
			}
			result := new(Result)
			results = append(results, result)
			running.Go(func() {
				defer func() { <-free }()
				*result = suite.Try(ctx, server, c)
				told.Lock()
				defer told.Unlock()
				each(*result)
			})
		}
	}
	running.Wait()
	all := make([]Result, len(results))
	for i, result := range results {
		all[i] = *result
	}
	return all
}

// Try holds a server to one promise of the suite.
func (s Suite) Try(ctx context.Context, server Server, c Case) (r Result) {
	server.Client = cmp.Or(server.Client, http.DefaultClient)
	r = Result{Suite: s.Name, Case: c.Name, Rule: c.Rule}
	began := time.Now()
	defer func() {
		r.Took = time.Since(began)
		switch thrown := recover().(type) {
		case nil:
		case failure:
			r.Failure = string(thrown)
		default:
			panic(thrown)
		}
	}()
	p := open(ctx, server, c.under)
	defer p.close()
	c.Run(p)
	return r
}

// failure ends a case; Try catches it.
type failure string

// fail ends the case, saying what was promised and what came.
func fail(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }
