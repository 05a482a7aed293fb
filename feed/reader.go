package feed

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/natsrequest"
	"github.com/seed-2026d078/roster/internal/retention"
)

const (
	// askTimeout is how long Roster or the server may take to answer.
	askTimeout = 5 * time.Second
	// pullMessages is how many messages are on their way at once. A pull ends after pullExpiry, and the server tells
	// every pullHeartbeat that it is there.
	pullMessages  = 500
	pullExpiry    = 4 * time.Second
	pullHeartbeat = time.Second
	// clockDifference is the largest one between two servers that keep the stream.
	clockDifference = time.Minute
	// pinHeader is the id of the reader that gets messages; another one after another reader did.
	pinHeader = "Nats-Pin-Id"
)

// reader reads the stream through a consumer that Roster makes, and makes again.
type reader struct {
	Options

	nc      *nats.Conn
	js      jetstream.JetStream
	tracker *tracker
	deliver func(*delivery)
	// heard is called at each heartbeat.
	heard func()

	request OpenRequest
	// again says why and where a durable consumer has to be made anew; nil: it goes on where it is.
	again    *anew
	consumer jetstream.Consumer
	opened   time.Time // by the server's clock
	pin      string
	// sure is where reading of an ephemeral subscriber begins again: nothing behind it was dropped before it was read. next is a
	// position that is sure sureAfter nextAt. kept notices it near the end of the stream.
	sure, next *events.Position
	nextAt     time.Time
	kept       retention.Reader
	// last is the number of the consumer's last message, sequence the highest one in the stream; 0 if none has
	// come.
	last, sequence uint64
	epochs         map[string]bool
	gap            *Message // the message behind the last gap
	// pending is how many messages of the stream had not come when the last one did.
	pending atomic.Uint64
}

// anew says that reading has to begin again at a start. Nil stands for the position up to which all is handled.
type anew struct {
	reason string
	start  *Start
}

func (e *anew) Error() string { return e.reason }

// read opens a consumer and reads from it until that fails. It returns whether a message came.
func (r *reader) read(ctx context.Context) (advanced bool, err error) {
	if err := r.open(ctx); err != nil {
		return false, err
	}
	options := []jetstream.PullMessagesOpt{jetstream.PullMaxMessages(pullMessages), jetstream.PullExpiry(pullExpiry), jetstream.PullHeartbeat(pullHeartbeat)}
	for _, group := range r.consumer.CachedInfo().Config.PriorityGroups {
		options = append(options, jetstream.PullPriorityGroup(group))
	}
	messages, err := r.consumer.Messages(options...)
	if err != nil {
		return false, err
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return advanced, err
		}
		if err := r.take(ctx, m); err != nil {
			r.again, _ = errors.AsType[*anew](err)
			return advanced, err
		}
		advanced = true
	}
}

// open asks Roster for the consumer.
func (r *reader) open(ctx context.Context) error {
	r.kept = retention.Reader{}
	if position, known := r.tracker.position(); known && !r.Ephemeral {
		r.request.Start = Start{After: &position}
	}
	if r.next = nil; r.sure != nil {
		r.request.Start = Start{After: r.sure}
	}
	request := r.request
	if r.again != nil {
		request.Restart = true
		if r.again.start != nil {
			request.Start = *r.again.start
		}
	}
	response, err := ask[OpenResponse](ctx, r.nc, SubscriberSubject(r.Subscriber, Open), request)
	if err != nil {
		return err
	}
	if response.Problem != nil {
		return response.Problem
	}
	asking, answered := context.WithTimeout(ctx, askTimeout)
	defer answered()
	consumer, err := r.js.Consumer(asking, StreamName, response.Consumer)
	if err != nil {
		return fmt.Errorf("look at the consumer %s: %w", response.Consumer, err)
	}
	if r.request.Start == (Start{}) && r.Ephemeral {
		r.request.Start = Start{After: &response.Complete}
	}
	if r.Ephemeral {
		r.close(ctx)
	}
	info := consumer.CachedInfo()
	r.opened = info.TimeStamp
	if r.consumer == nil || r.Ephemeral || request.Restart || !info.Created.Equal(r.consumer.CachedInfo().Created) {
		r.consumer, r.last, r.pin = consumer, 0, "" // otherwise it is the same one, and the server knows this reader
	}
	r.request.Restart, r.again = false, nil
	return nil
}

// take takes in a message or a heartbeat.
func (r *reader) take(ctx context.Context, m jetstream.Msg) error {
	about, err := m.Metadata()
	if err != nil {
		return err
	}
	if err := r.follow(ctx, m, about); err != nil {
		return err
	}
	d, err := readDelivery(m)
	if err != nil {
		return err
	}
	r.pending.Store(about.NumPending)
	if err := r.advance(d, about); err != nil {
		return err
	}
	switch r.tracker.receive(d) {
	case isNext:
		if d.message != nil {
			r.deliver(d)
			break
		}
		r.acknowledge(ctx, d)
		r.heard()
	case isHandled:
		r.acknowledge(ctx, d)
	case isInFlight: // it is acknowledged when it is handled
	case isAfterGap:
		return r.missing(d.message)
	}
	if r.Ephemeral {
		return r.tracker.waitFor(ctx, maxInFlight)
	}
	return nil
}

// sureAfter is after how long Roster has looked, for certain, whether messages were dropped before an ephemeral subscriber read them. It
// looks every 10 seconds, and deletes the consumer if they were.
const sureAfter = 30 * time.Second

// advance is called with a message of the stream. It fails if others before it may have been dropped before they were read, and notes
// up to where an ephemeral subscriber has missed nothing.
func (r *reader) advance(d *delivery, about *jetstream.MsgMetadata) error {
	if !r.Ephemeral {
		return nil // Roster knows its place
	}
	if d.beat != nil && !r.kept.Beat(about.Sequence.Stream, d.beat.Dropped, d.beat.Checked) {
		return &anew{reason: "messages may have been dropped before they were read"}
	}
	if position, known := r.tracker.position(); known && (r.next == nil || time.Since(r.nextAt) >= sureAfter) {
		if r.next != nil {
			r.sure = r.next
		}
		r.next, r.nextAt = &position, time.Now()
	}
	return nil
}

// follow fails unless a message is the consumer's next one, of a stream that has lost nothing since it was read.
func (r *reader) follow(ctx context.Context, m jetstream.Msg, about *jetstream.MsgMetadata) error {
	pin := m.Headers().Get(pinHeader)
	switch {
	case about.Sequence.Consumer == r.last+1:
	case !r.Ephemeral && (r.last == 0 || pin != r.pin):
		if err := r.takeOver(ctx, about); err != nil {
			return err
		}
	default:
		return &anew{reason: "messages got lost on the way"}
	}
	r.pin, r.last, r.sequence = pin, about.Sequence.Consumer, max(r.sequence, about.Sequence.Stream)
	epoch := m.Headers().Get(Epoch)
	if r.epochs[epoch] {
		return nil
	}
	first := len(r.epochs) == 0
	r.epochs[epoch] = true
	if first || about.Timestamp.Before(r.opened.Add(-clockDifference)) {
		return nil
	}
	return &anew{reason: "the relay began anew, and messages may have lost their places"}
}

// takeOver is called with a message before which another reader may have got some. What that one did not acknowledge
// would come later than this message. So reading begins there.
func (r *reader) takeOver(ctx context.Context, about *jetstream.MsgMetadata) error {
	if err := r.tracker.waitFor(ctx, 0); err != nil {
		return err
	}
	asking, answered := context.WithTimeout(ctx, askTimeout)
	defer answered()
	if err := r.nc.FlushWithContext(asking); err != nil {
		return err
	}
	info, err := r.consumer.Info(asking)
	if err != nil {
		return err
	}
	var start *Start
	_, known := r.tracker.position()
	if floor := info.AckFloor.Stream; !known || floor > r.sequence {
		r.tracker.goOnElsewhere()
		if start = new(Start{Sequence: floor}); floor == 0 {
			start = &Start{Beginning: true}
		}
	}
	if about.NumDelivered == 1 && about.Sequence.Consumer == info.AckFloor.Consumer+1 {
		return nil
	}
	return &anew{"another reader has not acknowledged all that it got", start}
}

// missing is called with a message before which others are missing. If they still are when it comes again, the stream
// does not have them.
func (r *reader) missing(m *Message) error {
	if r.gap != nil && r.gap.ID == m.ID {
		return &Problem{Code: SnapshotNeeded, Detail: fmt.Sprintf("Messages of organization %[1]s between the one that was read last and %[2]s are not in the stream. Take a snapshot with `roster export snapshot --org %[1]s`, "+
			"and subscribe with Start.After at its position, and Restart.", m.Organization, m.ID)}
	}
	r.gap = m
	return &anew{reason: "messages before " + m.ID + " are missing"}
}

// acknowledge tells the server that a message is handled. If that gets lost, the message comes again, and is acknowledged
// then.
func (r *reader) acknowledge(ctx context.Context, d *delivery) {
	if r.Ephemeral {
		return
	}
	if err := d.from.Ack(); err != nil {
		r.Log.DebugContext(ctx, "a message was not acknowledged", "subscriber", r.Subscriber, "error", err)
	}
}

// readDelivery reads a message or a heartbeat.
func readDelivery(from jetstream.Msg) (*delivery, error) {
	header := from.Headers()
	a := ReadAttributes(header)
	d := &delivery{from: from, complete: events.Position(a.Number(Complete))}
	if header.Get(Type) == string(HeartbeatType) {
		d.at, d.beat = a.Instant(Time), new(Heartbeat)
		if err := json.Unmarshal(from.Data(), d.beat); err != nil {
			return nil, &malformedError{a.Text(ID), err}
		}
	} else {
		m, err := parseMessage(header, from.Data())
		if err != nil {
			return nil, err
		}
		d.message, d.at = m, m.Recorded
	}
	if a.Err() != nil {
		return nil, &malformedError{a.Text(ID), a.Err()}
	}
	return d, nil
}

// close tells Roster that this reader reads no more from its consumer. Otherwise Roster finds out by itself.
func (r *reader) close(ctx context.Context) {
	if r.consumer == nil {
		return
	}
	info := r.consumer.CachedInfo()
	request := CloseRequest{Consumer: info.Name, Pin: r.pin}
	for _, request.Group = range info.Config.PriorityGroups {
		if _, err := ask[CloseResponse](ctx, r.nc, SubscriberSubject(r.Subscriber, Close), request); err != nil {
			r.Log.DebugContext(ctx, "a reader was not closed", "subscriber", r.Subscriber, "error", err)
		}
	}
}

// ask sends a request to Roster and returns the answer.
func ask[Response any](ctx context.Context, nc *nats.Conn, subject string, about any) (response Response, err error) {
	body, err := json.Marshal(about)
	if err != nil {
		return response, err
	}
	return request[Response](ctx, nc, &nats.Msg{Subject: subject, Data: body})
}

// request sends a message to Roster and returns the answer.
func request[Response any](ctx context.Context, nc *nats.Conn, m *nats.Msg) (response Response, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	reply, err := natsrequest.Send(ctx, nc, m)
	if forbidden, is := errors.AsType[*natsrequest.ForbiddenError](err); is {
		return response, &Problem{Code: Forbidden, Detail: forbidden.Error()}
	}
	if err != nil {
		return response, fmt.Errorf("ask Roster on %s: %w", m.Subject, err)
	}
	if err := json.Unmarshal(reply.Data, &response); err != nil {
		return response, fmt.Errorf("read Roster's answer on %s: %w", m.Subject, err)
	}
	return response, nil
}
