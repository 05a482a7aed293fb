package subscriber

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// KeepDeadLetter keeps a message that a subscriber could not handle. One that was tried again takes the place of the dead letter that it
// was, so it needs no more room. It fails with [ErrUnknown], and with a [*feed.Problem] if the message
// cannot be read, or if there is no room for it among those of the subscriber.
func (r *Registry) KeepDeadLetter(ctx context.Context, name string, header nats.Header, data []byte) error {
	subscriber, err := r.Get(ctx, name)
	if err != nil {
		return err
	}
	if header.Get(feed.DeadLetterSequence) != "" {
		return r.keepAgain(ctx, name, header)
	}
	org := events.OrganizationID(strings.TrimPrefix(header.Get(feed.Source), feed.SourcePrefix))
	if err := feed.Readable(org, header, data); err != nil {
		return &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("This is no message of the feed: %v. Send its headers and its body as they came.", err)}
	}
	stream, err := r.makeLetters(ctx, name)
	if err != nil {
		return err
	}
	m := &nats.Msg{Subject: deadLetterSubject + name + waiting + string(org), Header: ownHeaders(header), Data: data}
	if err := checkRoom(ctx, stream, m, name, org); err != nil {
		return err
	}
	// The id tells it from all others; if it is sent again, it has another one. It may be stored twice, and that is harmless.
	id := "kept." + rand.Text()
	ack, err := r.js.PublishMsg(ctx, m, jetstream.WithMsgID(id))
	if err != nil {
		return unavailable(err)
	}
	// If the subscriber was revoked meanwhile, that has deleted the stream before or after. Then another one may have the name.
	now, err := r.Get(ctx, name)
	switch {
	case errors.Is(err, ErrUnknown):
		return errors.Join(errGone, r.deleteLetters(ctx, name))
	case err == nil && !now.Created.Equal(subscriber.Created):
		return errors.Join(errGone, deleteKept(ctx, stream, ack.Sequence, id))
	}
	return nil
}

// keepAgain has a dead letter wait again that was tried in vain. If it does not retry any more, it waits already, was handled by another
// process, or is too old.
func (r *Registry) keepAgain(ctx context.Context, name string, header nats.Header) error {
	sequence, err := strconv.ParseUint(header.Get(feed.DeadLetterSequence), 10, 64)
	if err != nil {
		return &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("%s is the sequence that came with the dead letter when it was to be tried again.", feed.DeadLetterSequence)}
	}
	stream, err := r.letters(ctx, name)
	if stream == nil || err != nil {
		return err
	}
	m, err := letterAt(ctx, stream, sequence, retrying)
	if m == nil || err != nil {
		return err
	}
	for _, about := range []string{feed.DeadLetterError, feed.DeadLetterTries} {
		m.Header[about] = header[about]
	}
	return r.move(ctx, stream, name, m, waiting)
}

// deleteKept deletes the dead letter that was kept with an id. If the stream was made again since, another one may have its sequence.
func deleteKept(ctx context.Context, stream jetstream.Stream, sequence uint64, id string) error {
	m, err := stream.GetMsg(ctx, sequence)
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound), errors.Is(err, jetstream.ErrStreamNotFound), err == nil && m.Header.Get(nats.MsgIdHdr) != id:
		return nil
	case err != nil:
		return unavailable(err)
	}
	return deleteLetter(ctx, stream, sequence)
}

// checkRoom fails if a subscriber has as many dead letters as it may have. Those that are kept at the same time may be a few more.
func checkRoom(ctx context.Context, stream jetstream.Stream, m *nats.Msg, name string, org events.OrganizationID) error {
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(deadLetterSubject+name+".*."+string(org)))
	if err != nil {
		return unavailable(err)
	}
	state, ofOrganization := info.State, uint64(0)
	for _, n := range info.State.Subjects {
		ofOrganization += n
	}
	var rule string
	switch {
	case state.Msgs >= deadLetters:
		rule = fmt.Sprintf("%d dead letters", deadLetters)
	case state.Bytes+uint64(m.Size()) > deadLetterBytes: //nolint:gosec // it is not negative
		rule = fmt.Sprintf("%d MiB of dead letters", deadLetterBytes>>20)
	case ofOrganization >= deadLettersPerOrganization:
		rule = fmt.Sprintf("%d dead letters of organization %s", deadLettersPerOrganization, org)
	default:
		return nil
	}
	return &feed.Problem{Code: feed.Full, Detail: fmt.Sprintf("Subscriber %s has %s, and may have no more: mend what it cannot handle, and have them tried again with "+
		"`roster feed dead-letters retry --subscriber %s`, or drop some with `roster feed dead-letters drop`. Until then the message waits.", name, rule, name)}
}

// ownHeaders returns headers without those that tell a NATS server what to do.
func ownHeaders(header nats.Header) nats.Header {
	kept := nats.Header{}
	for name, values := range header {
		if !strings.HasPrefix(strings.ToLower(name), "nats-") {
			kept[name] = values
		}
	}
	return kept
}

// deleteLetters deletes the dead letters of a subscriber.
func (r *Registry) deleteLetters(ctx context.Context, name string) error {
	err := r.js.DeleteStream(ctx, deadLetterStream+name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	return unavailable(err)
}

// keepDeadLetter keeps a dead letter.
func (s *Service) keepDeadLetter(ctx context.Context, name string, m *nats.Msg) (any, error) {
	return &feed.DeadLetterResponse{}, s.Registry.KeepDeadLetter(ctx, name, m.Header, m.Data)
}
