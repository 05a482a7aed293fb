package rostertest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// streamReader reads the stream from its beginning. It begins when it is asked first.
type streamReader struct {
	conn  *nats.Conn
	begin sync.Once

	mu      sync.Mutex
	changed chan struct{} // closed with the next message
	err     error         // why it cannot go on
	all     map[events.OrganizationID]*told
}

// told is what the stream has told of an organization.
type told struct {
	messages []*nats.Msg
	ids      map[string]struct{}
	access   map[pair]feed.AccessLevel
	// awaited are, by type, the messages up to which all were returned.
	awaited map[events.Type]int
}

// pair is somebody on a project.
type pair struct {
	user    events.UserID
	project events.ProjectID
}

// until calls done after every message, until it returns true. It fails when the context ends.
func (r *streamReader) until(ctx context.Context, org events.OrganizationID, done func(*told) bool) error {
	r.begin.Do(r.start)
	for {
		r.mu.Lock()
		err, changed, finished := r.err, r.changed, false
		if err == nil {
			finished = done(r.of(org))
		}
		r.mu.Unlock()
		if err != nil || finished {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// start starts to read; the reader ends with its connection.
func (r *streamReader) start() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changed, r.all = make(chan struct{}), map[events.OrganizationID]*told{}
	js, err := jetstream.New(r.conn)
	if err != nil {
		r.err = err
		return
	}
	ctx := context.Background()
	consumer, err := js.OrderedConsumer(ctx, feed.StreamName, jetstream.OrderedConsumerConfig{FilterSubjects: []string{feed.SubjectPrefix + ">"}})
	if err == nil {
		_, err = consumer.Consume(r.take)
	}
	r.err = err
}

// take takes a message in. One that the stream has again after it was rebuilt is left out.
func (r *streamReader) take(m jetstream.Msg) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := m.Headers()
	t := r.of(events.OrganizationID(strings.TrimPrefix(h.Get(feed.Source), feed.SourcePrefix)))
	if _, known := t.ids[h.Get(feed.ID)]; known {
		return
	}
	t.ids[h.Get(feed.ID)] = struct{}{}
	t.messages = append(t.messages, &nats.Msg{Subject: m.Subject(), Header: h, Data: m.Data()})
	if err := t.apply(events.Type(h.Get(feed.Type)), m.Data()); err != nil {
		r.err = fmt.Errorf("message %s of the stream: %w", h.Get(feed.ID), err)
	}
	close(r.changed)
	r.changed = make(chan struct{})
}

// of returns what was told of an organization.
func (r *streamReader) of(org events.OrganizationID) *told {
	t := r.all[org]
	if t == nil {
		t = &told{ids: map[string]struct{}{}, access: map[pair]feed.AccessLevel{}, awaited: map[events.Type]int{}}
		r.all[org] = t
	}
	return t
}

// apply notes a change of access.
func (t *told) apply(kind events.Type, data []byte) error {
	switch kind {
	case feed.AccessGranted, feed.AccessChanged, feed.AccessRevoked:
	default:
		return nil
	}
	var body feed.AccessMessage
	if err := json.Unmarshal(data, &body); err != nil {
		return err
	}
	if body.To == nil {
		delete(t.access, pair{body.User, body.Project})
	} else {
		t.access[pair{body.User, body.Project}] = *body.To
	}
	return nil
}

// next returns the next message of a type that it has not returned; nil if there is none yet.
func (t *told) next(kind events.Type) *nats.Msg {
	for i := t.awaited[kind]; i < len(t.messages); i++ {
		if m := t.messages[i]; m.Header.Get(feed.Type) == string(kind) {
			t.awaited[kind] = i + 1
			return m
		}
	}
	t.awaited[kind] = len(t.messages)
	return nil
}

// reaches reports whether all messages are there up to a version.
func (t *told) reaches(version events.Version) bool {
	if len(t.messages) == 0 {
		return version == 0
	}
	number := func(name string) uint64 {
		n, _ := strconv.ParseUint(t.messages[len(t.messages)-1].Header.Get(name), 10, 64)
		return n
	}
	at := events.Version(number(feed.Version))
	return at > version || at == version && number(feed.Index)+1 == number(feed.Count)
}
