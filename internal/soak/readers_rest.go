package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// restTimeout is how long it may take, once there are no faults, until everybody has read everything.
const restTimeout = 3 * time.Minute

// rest waits until all ends are recorded, the feed has everything, and the readers have read it. It returns what the ledger
// says then.
func (r *readers) rest(ctx context.Context, nc *nats.Conn, ledger *bus.Ledger, f *findings) (*accessHistory, error) {
	deadline := time.Now().Add(restTimeout)
	var history *accessHistory
	for {
		var err error
		if history, err = readAccess(ctx, ledger); err != nil {
			return nil, err
		}
		if !history.pendingBoundary() {
			break
		}
		if time.Now().After(deadline) {
			f.add("ends", "some have passed, and are not recorded")
			break
		}
		if !sleep(ctx, time.Second) {
			return nil, ctx.Err()
		}
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	var behind string
	for time.Now().Before(deadline) {
		if behind, err = r.behind(ctx, js, history); err != nil || behind == "" {
			return history, err
		}
		if !sleep(ctx, time.Second/4) {
			return nil, ctx.Err()
		}
	}
	f.add("the readers", "%s after the last fault, %s", restTimeout, behind)
	return history, nil
}

// behind returns who has not read everything; empty if everybody has.
func (r *readers) behind(ctx context.Context, js jetstream.JetStream, history *accessHistory) (who string, err error) {
	server, _ := r.server(0)
	status, text, failed := r.load.send(ctx, server, command{method: http.MethodGet, path: "/v1/feed"}, "")
	var said struct {
		Position uint64 `json:"position"`
		Newest   uint64 `json:"newest"`
		To       uint64 `json:"rebuilding_to"`
	}
	if failed != nil || status != http.StatusOK || json.Unmarshal(text, &said) != nil {
		return fmt.Sprintf("the feed cannot be looked at: %v, %d, %s", failed, status, text), nil //nolint:nilerr // it is asked again
	}
	if said.Position < said.Newest || said.To > 0 {
		return "the feed lacks something: " + string(text), nil
	}
	for _, c := range r.all {
		var lacks string
		if died := c.died(); died != nil {
			lacks = died.Error()
		} else if c.part.Does == replicaJob {
			lacks, err = c.lacks(history)
		} else {
			lacks, err = c.unread(ctx, js)
		}
		if lacks != "" || err != nil {
			return lacks, err
		}
	}
	return "", nil
}

// unread returns what the durable consumer of a reader has not acknowledged; empty if it has all.
func (c *child) unread(ctx context.Context, js jetstream.JetStream) (string, error) {
	stream, err := js.Stream(ctx, feed.StreamName)
	if err != nil {
		return "", err
	}
	last, err := lastMessage(ctx, stream)
	if err != nil {
		return "", err
	}
	consumer, err := stream.Consumer(ctx, c.part.Subscriber)
	switch {
	case errors.Is(err, jetstream.ErrConsumerNotFound): // it is made anew now and then
		return c.part.Subscriber + " has no consumer", nil
	case err != nil:
		return "", err
	}
	if floor := consumer.CachedInfo().AckFloor.Stream; floor < last {
		return fmt.Sprintf("%s has acknowledged messages up to %d of the stream, and the last one is %d", c.part.Subscriber, floor, last), nil
	}
	return "", nil
}

// lastMessage returns the sequence of the last message of the stream that is no heartbeat; 0 if there is none.
func lastMessage(ctx context.Context, stream jetstream.Stream) (last uint64, err error) {
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(feed.SubjectPrefix+">"))
	if err != nil {
		return 0, err
	}
	for subject := range info.State.Subjects {
		m, err := stream.GetLastMsgForSubject(ctx, subject)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return 0, err
		}
		last = max(last, m.Sequence)
	}
	return last, nil
}

// lacks returns what a replica has not got, as its last answers say; empty if it has everything.
func (c *child) lacks(history *accessHistory) (string, error) {
	text, err := tail(c.part.File)
	if err != nil {
		return "", err
	}
	newest := map[events.OrganizationID]answers{}
	for line := range bytes.Lines(text) {
		var a answers
		if json.Unmarshal(line, &a) == nil { // the first one, and the last one, may be parts of lines
			newest[a.Organization] = a
		}
	}
	for _, org := range loadedOrganizations() {
		if a, want := newest[org], len(history.of[org].entries); int(a.To) < want { //nolint:gosec // it is small
			return fmt.Sprintf("the replica has version %d of %s, and there is version %d", a.To, org, want), nil
		}
	}
	return "", nil
}

// tail returns the last bytes of a file.
func tail(name string) ([]byte, error) {
	const most = 1 << 14
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.NewSectionReader(file, max(info.Size()-most, 0), most))
}
