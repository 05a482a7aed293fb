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

// answerEvery is how many messages there are for one that the server is to answer.
const answerEvery = 64

// publisher publishes messages without waiting for one to be acknowledged before the next. Each of them must be
// refused if the one before is not in the stream: so what is acknowledged stands for all before, and the server need
// not answer each. Those that it refuses without an answer are found with the next one that it answers.
type publisher struct {
	nc      *nats.Conn
	inbox   string
	answers *nats.Subscription
	// changed holds a value if the server may have answered.
	changed chan struct{}

	// sent is the number of the last message, asked that of the last one that the server is to answer. The goroutine that
	// publishes sets them.
	sent, asked uint64

	mu sync.Mutex
	// answered is the number of the last message that was acknowledged or refused, stored that of the last one that is in
	// the stream for certain.
	answered, stored uint64
	last             time.Time // when the last answer came, or was asked for while there was no other to wait for
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

// publish sends a message, once there is room among those that are not acknowledged. It fails if one before was refused, or
// if the server does not answer.
//
// The server answers this one if answer says so. Otherwise it answers one of many, and each of the first ones: so if it
// keeps refusing a message, whoever begins with that one again is told why.
func (p *publisher) publish(ctx context.Context, m *nats.Msg, answer bool) error {
	if _, err := p.await(context.WithoutCancel(ctx), max(p.sent+1, maxPending)-maxPending); err != nil {
		return err
	}
	p.sent++
	m.Reply = ""
	if answer || p.sent <= answerEvery || p.sent-p.asked == answerEvery {
		m.Reply = p.inbox + strconv.FormatUint(p.sent, 10)
		p.mu.Lock()
		if p.answered == p.asked {
			p.last = time.Now()
		}
		p.asked = p.sent
		p.mu.Unlock()
	}
	return p.nc.PublishMsg(m)
}

// drain waits until the server has acknowledged the last message that it is to answer. It fails if something was refused.
func (p *publisher) drain(ctx context.Context) (stored uint64, err error) {
	return p.await(ctx, p.asked)
}

// state returns how many messages are in the stream for certain, and fails if one was refused.
func (p *publisher) state() (stored uint64, err error) {
	stored, _, err = p.look()
	return stored, err
}

func (p *publisher) look() (stored, answered uint64, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	err = p.err
	if err == nil && p.answered < p.asked && time.Since(p.last) > ackWait {
		err = fmt.Errorf("the server has not answered for %s", ackWait)
	}
	return p.stored, p.answered, err
}

// await waits until the server has answered a message, or refused one.
func (p *publisher) await(ctx context.Context, number uint64) (stored uint64, err error) {
	for {
		stored, answered, err := p.look()
		if err != nil || answered >= number {
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

// settle waits until everything is answered that is to be, whatever the answer, or until the server is silent for too long.
func (p *publisher) settle() {
	for {
		p.mu.Lock()
		waiting, silent := p.answered < p.asked, time.Since(p.last)
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
	p.answered = max(p.answered, number)
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
