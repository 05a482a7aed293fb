package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/sethvargo/go-retry"
)

// firstPause is how long a client waits before it sends a request again. Each later
// pause is twice as long as the one before, up to maxPause; a server that asks for more
// gets it.
const (
	firstPause = 100 * time.Millisecond
	maxPause   = 5 * time.Second
)

// do makes a request and reads the JSON of its answer into result, unless that is nil.
// The result of a dry run goes to the variable that the option names.
func (c *Client) do(ctx context.Context, r request, result any, s settings) error {
	s.envelope(r.query)
	receipt, given := result.(*Receipt)
	if s.dryRun != nil {
		if !given {
			receipt = new(Receipt)
		}
		result = receipt
	}
	r.accept = "application/json"
	answer, err := c.send(ctx, r, s)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if result == nil {
		return nil
	}
	if err := json.UnmarshalRead(answer.Body, result); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", r.method, r.path, err)
	}
	if s.dryRun != nil {
		*s.dryRun = receipt.DryRun
	}
	return nil
}

// send makes a request, repeats it if that may help, and returns an answer that is no
// problem. The caller closes the answer if it is a stream; any other is read already.
func (c *Client) send(ctx context.Context, r request, s settings) (*http.Response, error) {
	target := c.BaseURL + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	header := c.header(r, s)
	wait := time.Duration(0)                                                                                                   // as the server asked
	pauses := retry.WithMaxRetries(uint64(s.attempts-1), retry.WithCappedDuration(maxPause, retry.NewExponential(firstPause))) //nolint:gosec // it is at least 1
	backoff := retry.BackoffFunc(func() (time.Duration, bool) {
		pause, stop := pauses.Next()
		return max(pause, wait), stop
	})
	return retry.DoValue(ctx, backoff, func(ctx context.Context) (*http.Response, error) {
		wait = 0
		request, err := http.NewRequestWithContext(ctx, r.method, target, bytes.NewReader(r.body))
		if err != nil {
			return nil, err
		}
		request.Header = header
		answer, err := s.http.Do(request)
		if err == nil && !r.stream {
			err = readWhole(answer)
		}
		switch {
		case err != nil && ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, retry.RetryableError(&UnreachableError{err})
		case answer.StatusCode == http.StatusServiceUnavailable, answer.StatusCode == http.StatusTooManyRequests:
			wait = retryAfter(answer.Header)
			return nil, retry.RetryableError(problemOf(answer))
		case answer.StatusCode >= http.StatusBadRequest:
			return nil, problemOf(answer)
		}
		if position, err := strconv.ParseUint(answer.Header.Get("Roster-Position"), 10, 64); err == nil {
			c.learn(position)
		}
		return answer, nil
	})
}

// readWhole reads an answer to its end.
func readWhole(answer *http.Response) error {
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close() // an error changes nothing: the body is read, or lost
	answer.Body = io.NopCloser(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("the server broke off its answer: %w", err)
	}
	return nil
}

// header returns the headers of a request. A change has an idempotency key, which stays the
// same when the request is repeated.
func (c *Client) header(r request, s settings) http.Header {
	header := http.Header{"Authorization": {"Bearer " + c.Key}, "Accept": {r.accept}}
	set := func(name, value string) {
		if value != "" {
			header.Set(name, value)
		}
	}
	switch {
	case s.csv != nil:
		set("Content-Type", "text/csv; charset=utf-8")
	case r.body != nil:
		set("Content-Type", "application/json")
	}
	if r.method != http.MethodGet {
		set("Idempotency-Key", rand.Text())
	}
	set("Idempotency-Key", s.key)
	set("Roster-Actor", s.actor)
	set("Roster-On-Behalf-Of", s.onBehalfOf)
	set("Last-Event-ID", r.after)
	if s.version > 0 {
		set("If-Match", strconv.Quote(strconv.FormatUint(s.version, 10)))
	}
	if seen := max(c.Position(), s.position); seen > 0 {
		set("Roster-Min-Position", strconv.FormatUint(seen, 10))
	}
	return header
}

// retryAfter returns how long the server asks to wait; zero if it does not say.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// envelope adds the options of a command to its query.
func (s settings) envelope(query url.Values) {
	if !s.occurredAt.IsZero() {
		query.Set("occurred_at", s.occurredAt.UTC().Format(time.RFC3339Nano))
	}
	if s.cause != "" {
		query.Set("cause", s.cause)
	}
	if s.dryRun != nil {
		query.Set("dry_run", "true")
		if s.dryRunAfter != "" {
			query.Set("after", s.dryRunAfter)
		}
	}
}
