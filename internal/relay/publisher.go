package relay

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// publisher publishes messages without waiting for one to be acknowledged before the next. Each of them must be
// refused if the one before is not in the stream: so what is acknowledged stands for all before.
type publisher struct {
	nc      *nats.Conn
	inbox   string
	answers *nats.Subscription
	sent    uint64 // messages; of the goroutine that publishes

	// changed holds a value if the server may have answered.
	changed chan struct{}

	mu sync.Mutex
	// answered is how many were acknowledged or refused, stored up to which one they are in the stream.
	answered, stored uint64
	last             time.Time // when the last answer came, or the first of those that wait was sent
	err              error     // why the first one was refused
}

func newPublisher(nc *nats.Conn) (*publisher, error) {
	p := &publisher{nc: nc, inbox: nc.NewInbox() + ".", changed: make(chan struct{}, 1)}
	var err error
	if p.answers, err = nc.Subscribe(p.inbox+"*", p.take); err != nil {
		return nil, err
	}
	return p, p.answers.SetPendingLimits(-1, -1) // there are no more than messages that wait
}

// close stops listening to the server.
func (p *publisher) close() { _ = p.answers.Unsubscribe() } // it fails if the connection is closed

// publish sends a message, once there is room among those that wait. It fails if one before was refused, or if the
// server does not answer.
func (p *publisher) publish(ctx context.Context, m *nats.Msg) error {
	if _, err := p.await(context.WithoutCancel(ctx), func(waiting uint64) bool { return waiting < maxPending }); err != nil {
		return err
	}
	p.sent++
	m.Reply = p.inbox + strconv.FormatUint(p.sent, 10)
	p.mu.Lock()
	if p.answered+1 == p.sent {
		p.last = time.Now()
	}
	p.mu.Unlock()
	return p.nc.PublishMsg(m)
}

// drain waits until everything is acknowledged. It fails if something was refused.
func (p *publisher) drain(ctx context.Context) (stored uint64, err error) {
	return p.await(ctx, func(waiting uint64) bool { return waiting == 0 })
}

// state returns how many messages are in the stream for certain, and fails if one was refused.
func (p *publisher) state() (stored uint64, err error) {
	stored, _, err = p.look()
	return stored, err
}

func (p *publisher) look() (stored, waiting uint64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	err = p.err
	if waiting = p.sent - p.answered; err == nil && waiting > 0 && time.Since(p.last) > ackWait {
		err = fmt.Errorf("the server has not answered for %s", ackWait)
	}
	return p.stored, waiting, err
}

// await waits until the number of messages that wait for an answer is enough, or one was refused.
func (p *publisher) await(ctx context.Context, enough func(waiting uint64) bool) (uint64, error) {
	for {
		stored, waiting, err := p.look()
		if err != nil || enough(waiting) {
			return stored, err
		}
		select {
		case <-p.changed:
		case <-time.After(ackWait):
		case <-ctx.Done():
			return stored, ctx.Err()
		}
	}
}

// settle waits until everything is answered, whatever the answer, or until the server is silent for too long.
func (p *publisher) settle() {
	for {
		p.mu.Lock()
		waiting, silent := p.answered < p.sent, time.Since(p.last)
		p.mu.Unlock()
		if !waiting || silent >= ackWait {
			return
		}
		select {
		case <-p.changed:
		case <-time.After(ackWait - silent):
		}
	}
}

// take takes an answer in.
func (p *publisher) take(m *nats.Msg) {
	number, err := strconv.ParseUint(strings.TrimPrefix(m.Subject, p.inbox), 10, 64)
	if err != nil {
		return // nobody else has the address
	}
	err = refusalOf(m)
	p.mu.Lock()
	p.answered++
	p.last = time.Now()
	switch {
	case err == nil:
		p.stored = max(p.stored, number)
	case p.err == nil:
		p.err = err
	}
	p.mu.Unlock()
	signal(p.changed)
}

// refusalOf returns why the server refuses a message; nil if it has stored it.
func refusalOf(m *nats.Msg) error {
	if len(m.Data) == 0 {
		return jetstream.ErrNoStreamResponse
	}
	if !bytes.Contains(m.Data, []byte(`"error"`)) {
		return nil
	}
	var answer struct {
		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(m.Data, &answer); err != nil {
		return fmt.Errorf("read the answer to a message: %w", err)
	}
	if answer.Error == nil {
		return nil
	}
	return answer.Error
}
