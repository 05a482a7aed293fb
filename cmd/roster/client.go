package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// attempts is how often a request is made that the server cannot serve yet.
const attempts = 5

// client talks to a server over HTTP.
type client struct {
	base, key, actor string
	http             http.Client
	// seen is the newest position that an answer carried; no later answer falls
	// behind it.
	seen uint64
}

// unreachableError says that no server answered.
type unreachableError struct{ err error }

func (e *unreachableError) Error() string { return e.err.Error() }

func (e *unreachableError) Unwrap() error { return e.err }

// get reads a resource into out.
func (c *client) get(ctx context.Context, path string, query url.Values, out any) error {
	return c.do(ctx, http.MethodGet, path, query, nil, out)
}

// do makes a request and reads the answer into out, unless either body is nil. A
// change carries an idempotency key, so that repeating it is harmless.
func (c *client) do(ctx context.Context, method, path string, query url.Values, in, out any) error {
	answer, err := c.open(ctx, method, path, query, in, "application/json")
	if err != nil {
		return err
	}
	defer answer.Close()
	text, err := io.ReadAll(answer)
	if err != nil {
		return &unreachableError{fmt.Errorf("the server broke off its answer: %w", err)}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	return nil
}

// open makes a request and returns the answer's body.
func (c *client) open(ctx context.Context, method, path string, query url.Values, in any, accept string) (io.ReadCloser, error) {
	var body []byte
	header := http.Header{"Authorization": {"Bearer " + c.key}, "Accept": {accept}}
	if in != nil {
		var err error
		if body, err = json.Marshal(in, json.Deterministic(true)); err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
		header.Set("Content-Type", "application/json")
	}
	if method != http.MethodGet {
		header.Set("Idempotency-Key", rand.Text())
	}
	if c.actor != "" {
		header.Set("Roster-Actor", c.actor)
	}
	if c.seen > 0 {
		header.Set("Roster-Min-Position", strconv.FormatUint(c.seen, 10))
	}
	target := c.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	for attempt := 1; ; attempt++ {
		request, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		request.Header = header
		answer, err := c.http.Do(request)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil:
			return nil, &unreachableError{fmt.Errorf("%w: is the server running, and is --url right?", err)}
		case answer.StatusCode < http.StatusBadRequest:
			if position, err := strconv.ParseUint(answer.Header.Get("Roster-Position"), 10, 64); err == nil {
				c.seen = max(c.seen, position)
			}
			return answer.Body, nil
		}
		refused := refusal(answer)
		if refused.Status != http.StatusServiceUnavailable || attempt == attempts {
			return nil, refused
		}
		if err := pause(ctx, answer.Header.Get("Retry-After")); err != nil {
			return nil, err
		}
	}
}

// pause waits for as many seconds as the server asks for, one where it asks for
// nothing that could be understood.
func pause(ctx context.Context, seconds string) error {
	n, err := strconv.Atoi(seconds)
	if err != nil || n < 1 {
		n = 1
	}
	select {
	case <-time.After(time.Duration(n) * time.Second):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// path joins segments, escaped, to the path of a resource.
func path(segments ...string) string {
	var p strings.Builder
	p.WriteString("/v1")
	for _, s := range segments {
		p.WriteByte('/')
		p.WriteString(url.PathEscape(s))
	}
	return p.String()
}
