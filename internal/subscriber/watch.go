package subscriber

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/internal/backoff"
)

// Pauses before a watch that failed begins again.
const (
	firstPause = 100 * time.Millisecond
	maxPause   = 5 * time.Second
)

// Watch calls take with all subscribers by their names, at once and after each change, until the context ends or take
// fails. It returns nil at the end of the context.
func (r *Registry) Watch(ctx context.Context, take func([]Subscriber) error) error {
	err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (advanced bool, err error) {
		watcher, err := r.kv.Watch(ctx, subscriberKey+">")
		if err != nil {
			return false, retry.RetryableError(err)
		}
		defer watcher.Stop() //nolint:errcheck // it ends with the connection at the latest
		all, begun, newest := map[string]Subscriber{}, false, uint64(0)
		defer r.tell(0, false)
		for {
			var entry jetstream.KeyValueEntry
			var open bool
			select {
			case entry, open = <-watcher.Updates():
			case <-ctx.Done():
				return false, ctx.Err()
			}
			switch {
			case !open:
				return begun, retry.RetryableError(ErrUnavailable)
			case entry == nil:
				begun = true
			case entry.Operation() != jetstream.KeyValuePut:
				delete(all, strings.TrimPrefix(entry.Key(), subscriberKey))
			default:
				s, err := read(entry)
				if err != nil {
					return begun, err
				}
				all[s.Name] = s
			}
			if begun {
				if err := take(slices.SortedFunc(maps.Values(all), byName)); err != nil {
					return begun, err
				}
				if entry != nil {
					newest = entry.Revision()
				}
				r.tell(newest, true)
			} else {
				newest = entry.Revision()
			}
		}
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // whoever ends the context wants no error of it
	}
	return err
}

// toldWithin is how long who creates a subscriber waits until it can connect to this node.
const toldWithin = 2 * time.Second

// tell notes the newest revision that was told of, and whether more will be.
func (r *Registry) tell(revision uint64, watching bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told, r.watching = revision, watching
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// awaitTold waits until a revision was told of, if somebody watches, so that a subscriber can connect to this node
// once it knows that it may.
func (r *Registry) awaitTold(ctx context.Context, revision uint64) {
	ctx, cancel := context.WithTimeout(ctx, toldWithin)
	defer cancel()
	for {
		r.mu.Lock()
		if !r.watching || r.told >= revision {
			r.mu.Unlock()
			return
		}
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}
