package soak

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/go-json-experiment/json"
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

// Counts says what a workload has done.
type Counts struct {
	Commands int `json:"commands"`
	Reads    int `json:"reads"`
	// Repeated are attempts that got no answer, or 503.
	Repeated int `json:"repeated"`
	// Longest is how long the slowest operation took, with all its attempts.
	Longest time.Duration `json:"longest"`
}

const (
	clients       = 6
	users         = 8
	organizations = 2
	// attemptTimeout bounds one attempt; a server takes 10 s at most for a command.
	attemptTimeout = 15 * time.Second
	// answerTimeout is how long an operation may be repeated until it must be answered.
	answerTimeout = time.Minute
	// pause is between attempts. It is shorter than Retry-After asks for: the more attempts meet faults, the better.
	pause = 50 * time.Millisecond
	// generation is how long the same people are added and removed. The cost of checking a
	// history grows faster than its length.
	generation = 20 * time.Second
)

// Run makes organizations, and gives commands and reads until ctx ends. It returns when the last
// of them is answered, and fails if one is not.
func (w *Workload) Run(ctx context.Context) error {
	w.client.Timeout = attemptTimeout
	w.started = time.Now()
	w.recorded = map[string]uint64{}
	lasting := context.WithoutCancel(ctx)
	for i := range organizations {
		body := fmt.Appendf(nil, `{"id":%q,"owner":"owner"}`, organization(i))
		created, err := w.answer(lasting, http.MethodPost, "/v1/organizations", body, rand.Text(), 0)
		if err != nil {
			return err
		}
		w.newest = created.position // another server may not have read it yet
	}
	failed := make(chan error, clients)
	var working sync.WaitGroup
	for id := range clients {
		working.Go(func() {
			for ctx.Err() == nil {
				if err := w.operate(lasting, id, w.next()); err != nil {
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

// next returns a random operation.
func (w *Workload) next() operation {
	o := operation{kind: add, organization: organization(mathrand.IntN(organizations))}        //nolint:gosec // chance, no secret
	o.user = fmt.Sprintf("user-%d-%d", time.Since(w.started)/generation, mathrand.IntN(users)) //nolint:gosec // chance, no secret
	switch n := mathrand.IntN(20); {                                                           //nolint:gosec // chance, no secret
	case n < 6:
	case n < 12:
		o.kind = remove
	case n < 19:
		o.kind = look
	default:
		o.kind = list
	}
	return o
}

// operate carries out an operation, and notes what came of it.
func (w *Workload) operate(ctx context.Context, id int, o operation) error {
	members := "/v1/organizations/" + o.organization + "/members"
	key := rand.Text()
	asked := w.position()
	call := time.Since(w.started)
	var got reply
	var err error
	switch o.kind {
	case add:
		got, err = w.answer(ctx, http.MethodPost, members, fmt.Appendf(nil, `{"user":%q}`, o.user), key, asked)
	case remove:
		got, err = w.answer(ctx, http.MethodDelete, members+"/"+o.user, nil, key, asked)
	case look:
		got, err = w.answer(ctx, http.MethodGet, members+"/"+o.user, nil, "", asked)
	case list:
		got, err = w.answer(ctx, http.MethodGet, members+"?limit=20", nil, "", asked)
	}
	returned := time.Since(w.started)
	if err != nil {
		return fmt.Errorf("%s %s in %s: %w", o.kind, o.user, o.organization, err)
	}
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
	w.newest = max(w.newest, out.position)
	w.counts.Longest = max(w.counts.Longest, returned-call)
	if out.recorded {
		w.recorded[key] = out.position
	}
	switch o.kind {
	case add, remove:
		w.counts.Commands++
	case look, list:
		w.counts.Reads++
		if out.position < asked {
			w.broken = append(w.broken, fmt.Sprintf("a %s of %s asks for position %d and is answered at %d", o.kind, o.organization, asked, out.position))
		}
	}
	if o.kind != list {
		w.history = append(w.history, porcupine.Operation{ClientId: id, Input: o, Call: int64(call), Output: out, Return: int64(returned)})
	}
}

// position returns the newest position that was answered.
func (w *Workload) position() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.newest
}

// Counts returns what the workload has done so far.
func (w *Workload) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.counts
}

// reply is a final answer.
type reply struct {
	status   int
	position uint64
	changed  bool
}

// errUnanswered says that an operation was repeated in vain.
var errUnanswered = errors.New("is not answered")

// answer repeats a request until it is answered.
func (w *Workload) answer(ctx context.Context, method, path string, body []byte, key string, position uint64) (reply, error) {
	last := errors.New("there was no server")
	for deadline := time.Now().Add(answerTimeout); time.Now().Before(deadline); time.Sleep(pause) {
		w.mu.Lock()
		w.attempts++
		n := w.attempts
		w.mu.Unlock()
		server, there := w.Server(n)
		if !there {
			continue
		}
		got, err := w.attempt(ctx, server, method, path, body, key, position)
		if err == nil {
			return got, nil
		}
		if failed := (*wrongAnswer)(nil); errors.As(err, &failed) {
			return reply{}, err
		}
		last = err
		w.mu.Lock()
		w.counts.Repeated++
		w.mu.Unlock()
	}
	return reply{}, fmt.Errorf("%w within %s: %w", errUnanswered, answerTimeout, last)
}

// wrongAnswer is one that no server may give, whatever fails.
type wrongAnswer struct {
	status int
	text   []byte
}

func (e *wrongAnswer) Error() string { return fmt.Sprintf("is answered %d: %s", e.status, e.text) }

// attempt makes a request. The answer is final, unless attempt fails.
func (w *Workload) attempt(ctx context.Context, server Server, method, path string, body []byte, key string, position uint64) (reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, server.URL+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+server.Key)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Roster-Min-Position", strconv.FormatUint(position, 10))
	if key != "" {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := w.client.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return reply{}, err
	}
	var said struct {
		Code    string `json:"code"`
		Changed bool   `json:"changed"`
	}
	_ = json.Unmarshal(text, &said) // another body is judged by its status
	switch code := response.StatusCode; {
	case code == http.StatusServiceUnavailable && said.Code != "" && response.Header.Get("Retry-After") != "":
		return reply{}, fmt.Errorf("503 %s", said.Code)
	case code == http.StatusNotFound && said.Code == "no_member", code == http.StatusOK, code == http.StatusCreated:
		position, _ := strconv.ParseUint(response.Header.Get("Roster-Position"), 10, 64) // it is compared with the one that was asked for
		return reply{code, position, said.Changed}, nil
	}
	return reply{}, &wrongAnswer{response.StatusCode, text}
}
