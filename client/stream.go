package client

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/sethvargo/go-retry"
)

// Update is an event that a stream carried.
type Update struct {
	Event

	// Data is the event as the server sent it.
	Data jsontext.Value `json:"-"`
	// Cursor is the position of the update: with [ResumeAfter], a stream begins after
	// it.
	Cursor string `json:"-"`
}

// FollowEvents yields the events of an organization from now on, or since the time that the
// query names, or after the cursor of [ResumeAfter], as they happen. It connects again when a connection breaks, leaves
// nothing out and yields nothing twice. It ends with the context, with a refusal, or
// when the server cannot be reached as often as [Attempts] allows; the error says which.
func (c *Client) FollowEvents(ctx context.Context, org string, q ListEventsQuery, opts ...Option) iter.Seq2[Update, error] {
	r, err := operations[auditLog].request([]string{org}, q)
	return c.follow(ctx, r, err, q.Since == "", opts)
}

// FollowAllEvents yields the events of all organizations: first the past ones, then new ones
// as they happen. Only the system may. It connects again as
// [Client.FollowEvents] does.
func (c *Client) FollowAllEvents(ctx context.Context, q StreamEventsQuery, opts ...Option) iter.Seq2[Update, error] {
	r, err := operations[allEvents].request(nil, q)
	return c.follow(ctx, r, err, false, opts)
}

// NotificationUpdate is what the stream of somebody's notifications carried.
type NotificationUpdate struct {
	// Notification is one that has come; nil if how many are unread has changed, or the stream begins.
	Notification *Notification `json:"notification,omitzero"`
	// Unread is how many of the list were not marked as shown; More says that not all are counted.
	Unread int  `json:"unread"`
	More   bool `json:"more,omitzero"`
	// Cursor is the position of the update, as in [Update].
	Cursor string `json:"-"`
}

// FollowNotifications yields the notifications of somebody from now on, or after the cursor of [ResumeAfter], and how many are unread. It begins
// with that number. It connects again as [Client.FollowEvents] does.
func (c *Client) FollowNotifications(ctx context.Context, user string, opts ...Option) iter.Seq2[NotificationUpdate, error] {
	return func(yield func(NotificationUpdate, error) bool) {
		r, err := operations[notifications].request([]string{user}, nil)
		for u, err := range c.follow(ctx, r, err, false, opts) {
			read := NotificationUpdate{Cursor: u.Cursor}
			if err == nil {
				err = json.Unmarshal(u.Data, &read)
			}
			if !yield(read, err) || err != nil {
				return
			}
		}
	}
}

// Follow yields the events of the stream that has this operation id; see
// [Client.FollowEvents]. Arguments are as with [Client.Call].
func Follow(ctx context.Context, c *Client, id string, arguments any, opts ...Option) iter.Seq2[Update, error] {
	r, err := requestOf(id, arguments, nil)
	return c.follow(ctx, r, err, id == auditLog && r.query.Get("since") == "", opts)
}

// The ids of the operations that can be streamed.
const (
	auditLog  = "list_events"
	allEvents = "stream_events"

	notifications = "list_notifications"
)

// StreamEvents yields the events of all organizations that have happened, in the order of the
// ledger. Only the system may.
func (c *Client) StreamEvents(ctx context.Context, q StreamEventsQuery, opts ...Option) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for line, err := range Lines(ctx, c, allEvents, q, opts...) {
			var e Event
			if err == nil {
				err = json.Unmarshal(line, &e)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// Lines yields the lines of JSON in the answer of the operation with this id, as the server
// sent them; a line is valid until the next one. Arguments are as with [Client.Call].
func Lines(ctx context.Context, c *Client, id string, arguments any, opts ...Option) iter.Seq2[jsontext.Value, error] {
	return func(yield func(jsontext.Value, error) bool) {
		body, err := c.Open(ctx, id, arguments, "application/x-ndjson", opts...)
		if err != nil {
			yield(nil, err)
			return
		}
		defer body.Close()
		for lines := bufio.NewReader(body); ; {
			line, err := lines.ReadBytes('\n')
			if errors.Is(err, io.EOF) {
				if len(line) == 0 {
					return
				}
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				line, err = nil, brokenOff(ctx, err)
			}
			if !yield(bytes.TrimSpace(line), err) || err != nil {
				return
			}
		}
	}
}

// follow yields the updates of a stream over as many connections as it needs, but no more
// updates than the query allows. If fromNow is set, a later connection resumes where the
// first one began.
func (c *Client) follow(ctx context.Context, r request, err error, fromNow bool, opts []Option) iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		if err != nil {
			yield(Update{}, err)
			return
		}
		s := c.settings(opts)
		r.accept, r.stream, r.after = "text/event-stream", true, s.after
		limit, _ := strconv.Atoi(r.query.Get("limit")) // 0 is no limit
		pause := retry.WithCappedDuration(firstPause, retry.NewExponential(firstPause))
		err := retry.Do(ctx, pause, func(ctx context.Context) error {
			answer, err := c.send(ctx, r, s)
			if err != nil {
				return err
			}
			defer answer.Body.Close()
			if fromNow && r.after == "" {
				// This cursor is after every event of that commit.
				r.after = fmt.Sprintf("%s.%d.0", answer.Header.Get("Roster-Position"), math.MaxInt32)
			}
			for u, err := range updates(answer.Body) {
				if err != nil {
					return err
				}
				if r.after = u.Cursor; !yield(u, nil) {
					return errEnough
				}
				if limit--; limit == 0 {
					return errEnough
				}
			}
			return retry.RetryableError(io.ErrUnexpectedEOF)
		})
		if !errors.Is(err, errEnough) {
			yield(Update{}, err)
		}
	}
}

// errEnough ends a stream whose reader has what it wanted.
var errEnough = errors.New("enough")

// updates yields the updates of one connection until it ends. It drops an incomplete last
// update.
func updates(body io.Reader) iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		var u Update
		for lines := bufio.NewReader(body); ; {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			line = strings.TrimRight(line, "\r\n")
			field, value, _ := strings.Cut(line, ":")
			value = strings.TrimPrefix(value, " ")
			switch {
			case field == "id":
				u.Cursor = value
			case field == "data":
				u.Data = jsontext.Value(value)
			case line == "" && u.Data != nil:
				err := json.Unmarshal(u.Data, &u.Event)
				if err != nil {
					err = fmt.Errorf("read the stream: %w", err)
				}
				if !yield(u, err) || err != nil {
					return
				}
				u = Update{}
			}
		}
	}
}

// brokenOff is the error of an answer that ended too early.
func brokenOff(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &UnreachableError{fmt.Errorf("the stream ended: %w", err)}
}
