package soak

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// Server is the base URL of a server, and its root key.
type Server struct{ URL, Key string }

// Workload is what clients do. Run it once. [Workload.Counts] may be called meanwhile, Check and
// CheckLedger afterwards.
type Workload struct {
	// Server returns the server for the nth attempt, counted over all clients; false if there is
	// none now. It is called from many goroutines.
	Server func(n int) (Server, bool)

	client  http.Client
	started time.Time

	mu       sync.Mutex
	attempts int
	newest   uint64 // position that was answered
	counts   Counts
	history  []porcupine.Operation
	recorded map[string]uint64 // positions of commands, by idempotency key
	broken   []string
}

const (
	users         = 8
	organizations = 2
	// generation is how long the same people are added and removed. The cost of checking a
	// history grows faster than its length.
	generation = 20 * time.Second
)

// clients are what each client does: one operation after the other, of these kinds. Some only read, so that
// reads go on while commands have to wait, and lists do not keep other reads back.
var clients = [][]kind{
	{add, remove},
	{add, remove},
	{add, remove, look},
	{add, remove, look},
	{look},
	{look},
	{list},
}

// Run makes organizations, and gives commands and reads until ctx ends. It returns when the last
// of them is answered, and fails if one is not.
func (w *Workload) Run(ctx context.Context) error {
	w.client.Timeout = attemptTimeout
	w.started = time.Now()
	w.recorded = map[string]uint64{}
	w.mu.Lock() // the counts may be asked for already
	w.counts.Refused = map[string]int{}
	w.mu.Unlock()
	lasting := context.WithoutCancel(ctx)
	for i := range organizations {
		body := fmt.Appendf(nil, `{"id":%q,"owner":"owner"}`, organization(i))
		created, err := w.answer(lasting, http.MethodPost, "/v1/organizations", body, rand.Text(), 0)
		if err != nil {
			return err
		}
		w.newest = created.position // another server may not have read it yet
	}
	failed := make(chan error, len(clients))
	var working sync.WaitGroup
	for id, kinds := range clients {
		working.Go(func() {
			for ctx.Err() == nil {
				if err := w.operate(lasting, id, w.next(kinds)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	working.Wait()
	close(failed)
	return <-failed
}

func organization(i int) string { return fmt.Sprint("org-", i) }

// next returns a random operation of one of the kinds.
func (w *Workload) next(kinds []kind) operation {
	return operation{
		kind:         kinds[mathrand.IntN(len(kinds))],                                                  //nolint:gosec // chance, no secret
		organization: organization(mathrand.IntN(organizations)),                                        //nolint:gosec // chance, no secret
		user:         fmt.Sprintf("user-%d-%d", time.Since(w.started)/generation, mathrand.IntN(users)), //nolint:gosec // chance, no secret
	}
}

// operate carries out an operation, and notes what came of it.
func (w *Workload) operate(ctx context.Context, id int, o operation) error {
	members := "/v1/organizations/" + o.organization + "/members"
	key := rand.Text()
	call := time.Since(w.started)
	asked := w.position() // of everything that was answered before the call
	var got reply
	var err error
	switch o.kind {
	case add:
		got, err = w.answer(ctx, http.MethodPost, members, fmt.Appendf(nil, `{"user":%q,"name":%q}`, o.user, "Name of "+o.user), key, asked)
	case remove:
		got, err = w.answer(ctx, http.MethodDelete, members+"/"+o.user, nil, key, asked)
	case look:
		got, err = w.answer(ctx, http.MethodGet, members+"/"+o.user, nil, "", asked)
	case list:
		got, err = w.answer(ctx, http.MethodGet, members+"?limit=20", nil, "", asked)
	}
	if err != nil {
		return fmt.Errorf("%s %s in %s: %w", o.kind, o.user, o.organization, err)
	}
	w.advance(got.position)
	returned := time.Since(w.started) // calls after that ask for the position
	out := outcome{member: got.status == http.StatusOK, position: got.position}
	switch o.kind {
	case add:
		out.recorded = got.changed
		out.member = !got.changed
	case remove:
		out.recorded = got.changed
	case look, list:
	}
	w.note(id, o, out, key, asked, call, returned)
	return nil
}

// note adds an operation to the history.
func (w *Workload) note(id int, o operation, out outcome, key string, asked uint64, call, returned time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts.Longest = max(w.counts.Longest, returned-call)
	if out.recorded {
		w.recorded[key] = out.position
	}
	switch o.kind {
	case add, remove:
		w.counts.Commands++
	case look, list:
		w.counts.Reads++
		if o.kind == list {
			w.counts.Lists++
		}
		if out.position < asked {
			w.broken = append(w.broken, fmt.Sprintf("a %s of %s asks for position %d and is answered at %d", o.kind, o.organization, asked, out.position))
		}
	}
	if o.kind != list {
		w.history = append(w.history, porcupine.Operation{ClientId: id, Input: o, Call: int64(call), Output: out, Return: int64(returned)})
	}
}

// advance notes a position that was answered.
func (w *Workload) advance(to uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.newest = max(w.newest, to)
}

// position returns the newest position that was answered.
func (w *Workload) position() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.newest
}

// breach notes that a server did not keep something.
func (w *Workload) breach(format string, arguments ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = append(w.broken, fmt.Sprintf(format, arguments...))
}
