package conformance

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seed-2026d078/roster/internal/apirequest"
)

// Result says whether the server keeps a promise.
type Result struct {
	Suite, Case, Rule string
	// Failure says what was promised and what happened; empty if the promise is kept.
	Failure string
	Took    time.Duration
}

// concurrency is how many cases run at the same time.
const concurrency = 8

// Run tests a server against every promise of the suites. The key of the server must let
// its bearer act as the system: cases create organizations there, and delete them
// afterwards. Run calls each with every result as soon as there is one, never twice at the
// same time, and returns the results in the order of the suites. Cases that had not
// started when ctx ended are left out.
func Run(ctx context.Context, server apirequest.Server, suites []Suite, each func(Result)) []Result {
	var (
		results []*Result
		mu      sync.Mutex
		running sync.WaitGroup
		free    = make(chan struct{}, concurrency)
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
				mu.Lock()
				defer mu.Unlock()
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

// Try tests a server against one promise of the suite.
func (s Suite) Try(ctx context.Context, server apirequest.Server, c Case) (r Result) {
	r = Result{Suite: s.Name, Case: c.Name, Rule: c.Rule}
	began := time.Now()
	defer func() {
		r.Took = time.Since(began)
		switch recovered := recover().(type) {
		case nil:
		case failure:
			r.Failure = string(recovered)
		default:
			panic(recovered)
		}
	}()
	p := open(ctx, server, c.under)
	defer p.close() //nolint:contextcheck // as in open
	c.Run(p)
	return r
}

// failure is the panic that ends a case. Try recovers it.
type failure string

// caseT ends a case at its first failure, with what was promised and what happened.
type caseT struct {
	ctx context.Context //nolint:containedctx // it lives as long as one case
}

func (t caseT) Context() context.Context { return t.ctx }
func (caseT) Helper()                    {}

func (caseT) Errorf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }
func (caseT) Fatalf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }
