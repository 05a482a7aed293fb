package feed

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
)

// maxError is the length of an error in the header of a dead letter, in bytes.
const maxError = 2000

// storeDeadLetter has Roster keep a message that the handler has failed for, with the error.
func (s *subscription) storeDeadLetter(ctx context.Context, d *delivery, failed error, tries int) error {
	header := nats.Header{}
	for name, values := range d.message.Header {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, "nats-") && !strings.HasPrefix(lower, "roster-") {
			header[name] = values
		}
	}
	text := failed.Error()
	header[DeadLetterError] = []string{url.PathEscape(strings.ToValidUTF8(text[:min(len(text), maxError)], ""))}
	header[DeadLetterTries] = []string{strconv.Itoa(tries)}
	if d.letter > 0 {
		header[DeadLetterSequence] = []string{strconv.FormatUint(d.letter, 10)}
	}
	response, err := request[DeadLetterResponse](ctx, s.nc, &nats.Msg{Subject: SubscriberSubject(s.Subscriber, DeadLetter), Header: header, Data: d.message.Data})
	if err == nil && response.Problem != nil {
		err = response.Problem
	}
	if err != nil {
		return fmt.Errorf("store a dead letter: %w", err)
	}
	s.Log.ErrorContext(ctx, "a message could not be handled and is a dead letter now", "subscriber", s.Subscriber, "message", d.message.ID, "tries", tries, "error", failed)
	return nil
}

// retryDeadLetters looks, at each heartbeat, for the dead letters that somebody wants tried again.
func (s *subscription) retryDeadLetters(ctx context.Context) {
	done := uint64(0) // the letter that Roster does not know to be handled
	for {
		select {
		case <-s.heard:
		case <-ctx.Done():
			return
		}
		err := s.retryAll(ctx, &done)
		if err != nil && ctx.Err() == nil && !errors.Is(err, nats.ErrNoResponders) {
			s.Log.WarnContext(ctx, "dead letters are not tried again for now", "subscriber", s.Subscriber, "error", err)
		}
	}
}

// retryAll has dead letters handled, one after the other, until there is none.
func (s *subscription) retryAll(ctx context.Context, done *uint64) error {
	for {
		response, err := ask[RetryResponse](ctx, s.nc, SubscriberSubject(s.Subscriber, Retry), RetryRequest{Done: *done})
		if err != nil {
			return err
		}
		if response.Problem != nil {
			return response.Problem
		}
		*done = 0
		if response.Sequence == 0 {
			return nil
		}
		if err := s.retryDeadLetter(ctx, response); err != nil {
			return err
		}
		*done = response.Sequence
	}
}

// retryDeadLetter has a dead letter handled, and waits for that.
func (s *subscription) retryDeadLetter(ctx context.Context, letter RetryResponse) error {
	m, err := parseMessage(letter.Header, letter.Data)
	if err != nil {
		return err
	}
	m.Retried = true
	d := &delivery{message: m, letter: letter.Sequence, done: make(chan struct{})}
	s.lanes.add(d)
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
