package soak

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"maps"
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
	// Lists are those reads that are answered from PostgreSQL.
	Lists int `json:"lists"`
	// Repeated are attempts that got no answer, or 503.
	Repeated int `json:"repeated"`
	// Refused counts the answers 503, by their code.
	Refused map[string]int `json:"refused,omitempty"`
	// Longest is how long the slowest operation took, with all its attempts.
	Longest time.Duration `json:"longest"`
	// Faults is how many faults were made and ended.
	Faults int `json:"faults"`
	// Recovery is the longest time from the end of a fault until a command was answered.
	Recovery time.Duration `json:"recovery"`
}

const (
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
	w.counts.Refused = map[string]int{}
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

// Counts returns what the workload has done so far.
func (w *Workload) Counts() Counts {
	w.mu.Lock()
	defer w.mu.Unlock()
	counts := w.counts
	counts.Refused = maps.Clone(counts.Refused)
	return counts
}

// breach notes that a server did not keep something.
func (w *Workload) breach(format string, arguments ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = append(w.broken, fmt.Sprintf(format, arguments...))
}

// await waits until the counts are as they must be, and returns false if they are not in time.
func (w *Workload) await(ctx context.Context, within time.Duration, so func(Counts) bool) bool {
	for deadline := time.Now().Add(within); time.Now().Before(deadline); {
		if so(w.Counts()) {
			return true
		}
		if !sleep(ctx, pollEvery) {
			return true // who gave up cannot tell
		}
	}
	return false
}

// goOn notes a breach if there is nothing new of what is counted during the time.
func (w *Workload) goOn(ctx context.Context, what string, lasts time.Duration, counted func(Counts) int) {
	before := counted(w.Counts())
	if !w.await(ctx, lasts, func(now Counts) bool { return counted(now) > before }) {
		w.breach("%s: none for %s", what, lasts)
	}
}

func commands(c Counts) int { return c.Commands }

// reads returns how many reads were answered without PostgreSQL.
func reads(c Counts) int { return c.Reads - c.Lists }

func refused(code string) func(Counts) int {
	return func(c Counts) int { return c.Refused[code] }
}

// recoveryTimeout is how long after a fault a command must be answered.
const recoveryTimeout = 30 * time.Second

// count waits until a command is answered after the end of a fault, and counts the fault.
func (w *Workload) count(ctx context.Context, ended time.Time) {
	w.goOn(ctx, "commands after the end of a fault", recoveryTimeout, commands)
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() == nil {
		w.counts.Faults++
		w.counts.Recovery = max(w.counts.Recovery, time.Since(ended))
	}
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
		if refused, is := errors.AsType[*refusedError](err); is {
			w.counts.Refused[refused.code]++
		}
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

// refusedError is an answer that says to try again.
type refusedError struct{ code string }

func (e *refusedError) Error() string { return "503 " + e.code }

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
		return reply{}, &refusedError{said.Code}
	case code == http.StatusNotFound && said.Code == "no_member", code == http.StatusOK, code == http.StatusCreated,
		// Names are encrypted before they are compared, so that two clients who add somebody at the same moment seem to
		// give two names.
		code == http.StatusConflict && said.Code == "already_member":
		position, _ := strconv.ParseUint(response.Header.Get("Roster-Position"), 10, 64) // it is compared with the one that was asked for
		return reply{code, position, said.Changed}, nil
	}
	return reply{}, &wrongAnswer{response.StatusCode, text}
}
