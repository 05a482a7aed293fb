package subscriber

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
)

const (
	bucketName = "SUBSCRIBERS"
	// Keys of the bucket: a subscriber, and how far its durable consumer is known to have read; see keyKey and issuerKey, too.
	subscriberKey = "subscriber."
	floorKey      = "floor."
)

// Registry keeps the subscribers in a bucket of NATS, which all nodes share. Its methods may be called from many
// goroutines. Those that reach the server fail with [ErrUnavailable] if it does not answer.
type Registry struct {
	js       jetstream.JetStream
	kv       jetstream.KeyValue
	receipts *receipt.Receipts
	replicas int // of the streams of dead letters

	mu sync.Mutex
	// watching says that [Registry.Watch] runs, told is the newest revision that it has told of.
	watching bool
	told     uint64
	changed  chan struct{} // closed when these change
}

// Open finds the bucket and the reports of replicas, or creates them. Replicas is the number of servers that keep what is created now
// and later; zero means 1.
//
// It creates the stream of the bucket itself: those of the client library let every replica answer, and one
// that lags behind would know a subscriber that was revoked.
func Open(ctx context.Context, nc *nats.Conn, replicas int) (*Registry, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open the subscribers: %w", err)
	}
	_, err = js.Stream(ctx, "KV_"+bucketName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = js.CreateStream(ctx, jetstream.StreamConfig{
			Name: "KV_" + bucketName, Description: "Who may read the feed of Roster.", Subjects: []string{"$KV." + bucketName + ".>"},
			Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew, MaxMsgsPerSubject: 1, AllowRollup: true, Replicas: max(replicas, 1),
		})
	}
	if err != nil {
		return nil, fmt.Errorf("open the subscribers: %w", err)
	}
	kv, err := js.KeyValue(ctx, bucketName)
	if err != nil {
		return nil, fmt.Errorf("open the subscribers: %w", err)
	}
	// What builds before the first release kept for all subscribers at once is named by nothing any more.
	if err := js.DeleteStream(ctx, "DEAD_LETTERS"); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, fmt.Errorf("open the subscribers: %w", err)
	}
	receipts, err := receipt.Open(ctx, nc, replicas)
	if err != nil {
		return nil, err
	}
	return &Registry{js: js, kv: kv, receipts: receipts, replicas: max(replicas, 1)}, nil
}

// Receipts returns how far the replicas of subscribers have come. Those of one that is revoked stay until they are too old, or the name is given again.
func (r *Registry) Receipts() *receipt.Receipts { return r.receipts }

// Create adds a subscriber, and returns it with its time. It fails with [ErrName], [ErrKey], [ErrTaken],
// [ErrKeyTaken] and [ErrTooMany]. If this registry is watched, that has been told of it.
func (r *Registry) Create(ctx context.Context, s Subscriber) (Subscriber, error) {
	s.Created, s.Rotated = events.Instant(time.Now()), time.Time{}
	if err := s.check(); err != nil {
		return Subscriber{}, err
	}
	all, err := r.List(ctx)
	if err != nil {
		return Subscriber{}, err
	}
	for _, other := range all {
		switch {
		case other.Name == s.Name:
			return Subscriber{}, ErrTaken
		case other.PublicKey == s.PublicKey:
			return Subscriber{}, ErrKeyTaken
		}
	}
	if len(all) >= MaxSubscribers {
		return Subscriber{}, ErrTooMany
	}
	text, err := json.Marshal(s)
	if err != nil {
		return Subscriber{}, err
	}
	if err := r.clear(ctx, s.Name); err != nil { // what a revocation that was cut off has left
		return Subscriber{}, err
	}
	if err := r.receipts.DropAll(ctx, s.Name); err != nil { // those of another one that had the name
		return Subscriber{}, unavailable(err)
	}
	if err := r.claimKey(ctx, s.Name, s.PublicKey); err != nil {
		return Subscriber{}, err
	}
	revision, err := r.kv.Create(ctx, subscriberKey+s.Name, text)
	if errors.Is(err, jetstream.ErrKeyExists) {
		r.freeKey(ctx, s.Name, s.PublicKey)
		return Subscriber{}, ErrTaken
	}
	if err == nil {
		r.awaitTold(ctx, revision)
	}
	return s, unavailable(err)
}

// Get returns a subscriber. It fails with [ErrUnknown].
func (r *Registry) Get(ctx context.Context, name string) (Subscriber, error) {
	s, _, err := r.get(ctx, name)
	return s, err
}

// get returns a subscriber with its revision in the bucket.
func (r *Registry) get(ctx context.Context, name string) (Subscriber, uint64, error) {
	if !ValidName(name) {
		return Subscriber{}, 0, ErrUnknown
	}
	entry, err := r.kv.Get(ctx, subscriberKey+name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return Subscriber{}, 0, ErrUnknown
	}
	if err != nil {
		return Subscriber{}, 0, unavailable(err)
	}
	s, err := read(entry)
	return s, entry.Revision(), err
}

func read(entry jetstream.KeyValueEntry) (s Subscriber, err error) {
	if err := json.Unmarshal(entry.Value(), &s); err != nil {
		return Subscriber{}, fmt.Errorf("read %s of %s: %w", entry.Key(), bucketName, err)
	}
	return s, nil
}

// List returns all subscribers by their names.
func (r *Registry) List(ctx context.Context) ([]Subscriber, error) {
	watcher, err := r.kv.Watch(ctx, subscriberKey+">", jetstream.IgnoreDeletes())
	if err != nil {
		return nil, unavailable(err)
	}
	defer watcher.Stop() //nolint:errcheck // it ends with the connection at the latest
	var all []Subscriber
	for {
		select {
		case entry, open := <-watcher.Updates():
			switch {
			case !open:
				return nil, ErrUnavailable
			case entry == nil:
				slices.SortFunc(all, byName)
				return all, nil
			}
			s, err := read(entry)
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		case <-ctx.Done():
			return nil, unavailable(ctx.Err())
		}
	}
}

func byName(a, b Subscriber) int { return strings.Compare(a.Name, b.Name) }

// Rotate gives a subscriber another public key; the one before is good for nothing from then on. It fails with
// [ErrUnknown], [ErrKey] and [ErrKeyTaken].
func (r *Registry) Rotate(ctx context.Context, name, publicKey string) (Subscriber, error) {
	for {
		s, revision, err := r.get(ctx, name)
		if err != nil {
			return Subscriber{}, err
		}
		all, err := r.List(ctx)
		if err != nil {
			return Subscriber{}, err
		}
		if slices.ContainsFunc(all, func(other Subscriber) bool { return other.PublicKey == publicKey }) {
			return Subscriber{}, ErrKeyTaken
		}
		before := s.PublicKey
		s.PublicKey, s.Rotated = publicKey, events.Instant(time.Now())
		if err := s.check(); err != nil {
			return Subscriber{}, err
		}
		text, err := json.Marshal(s)
		if err != nil {
			return Subscriber{}, err
		}
		if err := r.claimKey(ctx, name, publicKey); err != nil {
			return Subscriber{}, err
		}
		revision, err = r.kv.Update(ctx, subscriberKey+name, text, revision)
		if err == nil {
			r.freeKey(ctx, name, before)
			r.awaitTold(ctx, revision)
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return s, unavailable(err)
		}
		r.freeKey(ctx, name, publicKey) // somebody else was quicker
	}
}

// Revoke removes a subscriber with its consumers. Connections end when the nodes hear of it: see [Registry.Watch]. It
// fails with [ErrUnknown]. If it fails otherwise, what is left is removed by another call or when the
// name is given again.
func (r *Registry) Revoke(ctx context.Context, name string) error {
	s, revision, err := r.get(ctx, name)
	if err != nil {
		return err
	}
	if err := r.kv.Delete(ctx, subscriberKey+name, jetstream.LastRevision(revision)); err != nil {
		return unavailable(err)
	}
	r.freeKey(ctx, name, s.PublicKey)
	return r.clear(ctx, name)
}

// clear removes the consumers and dead letters that a subscriber has left. Whoever makes one looks afterwards whether the
// subscriber is still there.
func (r *Registry) clear(ctx context.Context, name string) error {
	for _, consumer := range feed.Consumers(name) {
		err := r.js.DeleteConsumer(ctx, feed.StreamName, consumer)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			break
		}
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return unavailable(err)
		}
	}
	if err := r.deleteLetters(ctx, name); err != nil {
		return err
	}
	return unavailable(r.kv.Purge(ctx, floorKey+name))
}

// unavailable returns an error of the server as [ErrUnavailable]; nil stays nil, and so does an end that the caller
// asked for.
func unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
