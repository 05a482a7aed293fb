package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	// attemptTimeout bounds one attempt; a server takes 10 s at most for a command.
	attemptTimeout = 15 * time.Second
	// answerTimeout is how long an operation may be repeated until it must be answered.
	answerTimeout = time.Minute
	// pause is between attempts. It is shorter than Retry-After asks for: the more attempts meet faults, the better.
	pause = 50 * time.Millisecond
)

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
