package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json"
)

// The forms in which a server streams events.
const (
	asLines   = "application/x-ndjson"
	asUpdates = "text/event-stream"
)

// stream prints events as they come, one a line. Where it follows, it goes on until
// the context ends.
func (sh *shell) stream(ctx context.Context, path string, query url.Values, follow bool) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	accept := asLines
	if follow {
		accept = asUpdates
	}
	body, err := client.open(ctx, http.MethodGet, path, query, nil, accept)
	if err != nil {
		return err
	}
	defer body.Close()
	in := bufio.NewReader(body)
	for {
		text, err := in.ReadBytes('\n')
		switch {
		case follow && ctx.Err() != nil:
			return nil
		case errors.Is(err, io.EOF) && !follow:
			return sh.printLine(text, follow)
		case err != nil:
			return &unreachableError{fmt.Errorf("the stream ended: %w", err)}
		}
		if err := sh.printLine(text, follow); err != nil {
			return err
		}
	}
}

// printLine prints the event that a line of a stream carries, if it does.
func (sh *shell) printLine(text []byte, update bool) error {
	if update {
		data, found := bytes.CutPrefix(text, []byte("data:"))
		if !found {
			return nil // a comment, an id, the end of an update
		}
		text = data
	}
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil
	}
	if sh.Output == "json" {
		fmt.Fprintf(sh.out, "%s\n", text)
		return nil
	}
	var event row
	if err := json.Unmarshal(text, &event); err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	sh.printEvent(event)
	return nil
}
