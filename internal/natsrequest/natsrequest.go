// Package natsrequest sends requests over NATS, and says at once why there is no answer.
//
// NATS drops a message that the credentials of a connection do not permit, and tells so beside it, by an error of the connection. Who
// waits for the answer of a request is not told.
package natsrequest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
)

// ForbiddenError says that the credentials of a connection do not permit a request.
type ForbiddenError struct{ Subject string }

func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("The connection may not send on %s: its credentials are those of another subscriber. Name the one whose credentials it has.", e.Subject)
}

// ErrConnectionClosed says that a connection is closed, and will not connect again.
var ErrConnectionClosed = fmt.Errorf("%w for good: begin again with another one. Connect with nats.MaxReconnects(-1) and nats.IgnoreAuthErrorAbort(): "+
	"otherwise the client gives up after some attempts, or when the server has refused its key twice, as after a rotation", nats.ErrConnectionClosed)

// Closed returns [ErrConnectionClosed] if a connection is closed for good, with its last error, and nil otherwise.
func Closed(nc *nats.Conn) error {
	if !nc.IsClosed() {
		return nil
	}
	if last := nc.LastError(); last != nil && !errors.Is(last, nats.ErrConnectionClosed) {
		return fmt.Errorf("%w (%w)", ErrConnectionClosed, last)
	}
	return ErrConnectionClosed
}

// Send sends a request and returns the answer. Until the context ends, which must have a deadline, it waits. It fails at once with
// a [*ForbiddenError], with [nats.ErrNoResponders] if nobody listens, with [nats.ErrDisconnected] while the connection is lost, and with
// [ErrConnectionClosed].
func Send(ctx context.Context, nc *nats.Conn, m *nats.Msg) (*nats.Msg, error) {
	answer, err := send(ctx, nc, m)
	if err == nil {
		return answer, nil
	}
	if closed := Closed(nc); closed != nil {
		return nil, closed
	}
	if !nc.IsConnected() && !errors.Is(err, nats.ErrDisconnected) {
		err = fmt.Errorf("%w: %w", nats.ErrDisconnected, err)
	}
	return nil, err
}

func send(ctx context.Context, nc *nats.Conn, m *nats.Msg) (*nats.Msg, error) {
	if !nc.IsConnected() { // otherwise the request would wait, and its answer would be for nobody
		if last := nc.LastError(); last != nil {
			return nil, fmt.Errorf("%w: %w", nats.ErrDisconnected, last)
		}
		return nil, nats.ErrDisconnected
	}
	m.Reply = nc.NewInbox()
	answers, err := nc.SubscribeSync(m.Reply)
	if err != nil {
		return nil, err
	}
	defer answers.Unsubscribe() //nolint:errcheck // it ends with the connection at the latest
	before := nc.LastError()    // which the connection keeps
	if err := nc.PublishMsg(m); err != nil {
		return nil, err
	}
	// The server handles what it is sent in order: when it has answered the flush, it has refused the request or taken it.
	if err := nc.FlushWithContext(ctx); err != nil {
		if errors.Is(err, nats.ErrConnectionClosed) {
			err = nats.ErrDisconnected // it says so as well if the connection is lost meanwhile
		}
		return nil, err
	}
	if last := nc.LastError(); !errors.Is(last, before) && refuses(last, m.Subject) {
		return nil, &ForbiddenError{m.Subject}
	}
	return answers.NextMsgWithContext(ctx)
}

// refuses reports whether an error of a connection says that it may not send on a subject.
func refuses(err error, subject string) bool {
	return errors.Is(err, nats.ErrPermissionViolation) && strings.Contains(err.Error(), strconv.Quote(subject))
}
