package bus

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// courier publishes one message at a time and brings back its acknowledgement.
// It takes them from the connection without the goroutine that requests of the
// client library pass through on their way: a tenth of the time a commit takes.
type courier struct {
	nc    *nats.Conn
	inbox string
	wait  time.Duration // for one acknowledgement

	mu   sync.Mutex
	sent uint64
	acks chan *nats.Msg
}

var errNoAck = errors.New("no acknowledgement came")

func newCourier(nc *nats.Conn, wait time.Duration) (*courier, error) {
	c := &courier{nc: nc, inbox: nc.NewInbox() + ".", wait: wait, acks: make(chan *nats.Msg, 64)}
	_, err := nc.ChanSubscribe(c.inbox+"*", c.acks)
	return c, err
}

// publish asks that a message become the next one after the last sequence, and
// returns when the server says that it is or why not.
func (c *courier) publish(ctx context.Context, last uint64, message []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	reply := c.inbox + strconv.FormatUint(c.sent, 36)
	if err := c.nc.PublishMsg(&nats.Msg{
		Subject: subject,
		Reply:   reply,
		Header:  nats.Header{jetstream.ExpectedLastSeqHeader: {strconv.FormatUint(last, 10)}},
		Data:    message,
	}); err != nil {
		return err
	}
	late := time.NewTimer(c.wait)
	defer late.Stop()
	for {
		select {
		case ack := <-c.acks:
			if ack.Subject == reply { // others are late answers to earlier messages
				return acknowledged(ack)
			}
		case <-late.C:
			return errNoAck
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func acknowledged(ack *nats.Msg) error {
	if len(ack.Data) == 0 {
		return nats.ErrNoResponders
	}
	var answer struct {
		Stream string              `json:"stream"`
		Error  *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(ack.Data, &answer); err != nil {
		return fmt.Errorf("read the acknowledgement: %w", err)
	}
	switch {
	case answer.Error != nil:
		return answer.Error
	case answer.Stream != streamName:
		return errors.New("the acknowledgement names another stream: " + answer.Stream)
	}
	return nil
}
