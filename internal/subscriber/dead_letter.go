package subscriber

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

const (
	// deadLetterStream is the stream of messages that subscribers could not handle.
	deadLetterStream = "DEAD_LETTERS"
	// deadLetterAge is how long one is kept. deadLettersPerOrganization is how many there are of a subscriber and an organization, and
	// deadLetterBytes how large all of them are at most: then no more are taken, and the subscriber tries on.
	deadLetterAge              = 30 * 24 * time.Hour
	deadLettersPerOrganization = 1000
	deadLetterBytes            = 1 << 30
	// deadLetterSize is how large one is at most, with its headers. A subscriber can send no larger messages (see package natsserver).
	deadLetterSize = 1 << 20
	// MaxDeadLetters is how many dead letters a list has at most.
	MaxDeadLetters = 1000
)

// DeadLetter is a message that a subscriber could not handle.
type DeadLetter struct {
	// Sequence is its number. One that is tried again, and cannot be handled, gets another one.
	Sequence     uint64
	Organization events.OrganizationID
	// ID and Type are those of the message.
	ID   string
	Type events.Type
	// At is when it became a dead letter, after so many Tries, of which the last one ended with Error.
	At    time.Time
	Tries int
	Error string
	// Retrying says that it is to be tried again, and the subscriber has not done that yet.
	Retrying bool
}

// openDeadLetters finds or creates the stream of dead letters. Those that are to be tried again are in it under another subject.
func openDeadLetters(ctx context.Context, js jetstream.JetStream, replicas int) (jetstream.Stream, error) {
	stream, err := js.Stream(ctx, deadLetterStream)
	if err == nil && stream.CachedInfo().Config.MaxMsgSize != deadLetterSize {
		cfg := stream.CachedInfo().Config
		cfg.MaxMsgSize = deadLetterSize
		return js.UpdateStream(ctx, cfg)
	}
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return stream, err
	}
	return js.CreateStream(ctx, jetstream.StreamConfig{
		Name: deadLetterStream, Description: "Messages that subscribers of Roster's feed could not handle.",
		Subjects: []string{feed.SubscriberSubject("*", feed.DeadLetter) + ".*", feed.SubscriberSubject("*", feed.Retry) + ".*"},
		Storage:  jetstream.FileStorage, MaxAge: deadLetterAge, MaxBytes: deadLetterBytes, MaxMsgSize: deadLetterSize, Replicas: max(replicas, 1),
		MaxMsgsPerSubject: deadLettersPerOrganization, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
	})
}

// DeadLetters returns the dead letters of a subscriber, at most [MaxDeadLetters], oldest first, and whether there are more. It
// fails with [ErrUnknown].
func (r *Registry) DeadLetters(ctx context.Context, name string) (all []DeadLetter, more bool, err error) {
	if _, err := r.Get(ctx, name); err != nil {
		return nil, false, err
	}
	for _, what := range []string{feed.Retry, feed.DeadLetter} {
		for after := uint64(0); ; {
			m, err := r.nextDeadLetter(ctx, name, what, after)
			if err != nil {
				return nil, false, err
			}
			if m == nil {
				break
			}
			if len(all) == MaxDeadLetters {
				return all, true, nil
			}
			after = m.Sequence
			all = append(all, readDeadLetter(m, what == feed.Retry))
		}
	}
	return all, false, nil
}

// RetryDeadLetters has a subscriber try its dead letters again: those with these sequences, or all. It returns how many there are. Those
// that are gone or that cannot be read are passed over, and these stay. It fails with [ErrUnknown].
func (r *Registry) RetryDeadLetters(ctx context.Context, name string, sequences ...uint64) (n int, err error) {
	if _, err := r.Get(ctx, name); err != nil {
		return 0, err
	}
	if len(sequences) > 0 {
		for _, sequence := range sequences {
			m, err := r.nextDeadLetter(ctx, name, feed.DeadLetter, sequence-1)
			if err != nil {
				return n, err
			}
			if m == nil || m.Sequence != sequence || !readable(m) {
				continue
			}
			if err := r.retry(ctx, name, m); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	state, err := r.letters.Info(ctx)
	if err != nil {
		return 0, unavailable(err)
	}
	for after := uint64(0); ; {
		m, err := r.nextDeadLetter(ctx, name, feed.DeadLetter, after)
		if err != nil || m == nil || m.Sequence > state.State.LastSeq { // or else one that was tried meanwhile, in vain
			return n, err
		}
		after = m.Sequence
		if !readable(m) {
			continue
		}
		if err := r.retry(ctx, name, m); err != nil {
			return n, err
		}
		n++
	}
}

// readable reports whether the subscriber can read a dead letter.
func readable(m *jetstream.RawStreamMsg) bool {
	return feed.Readable(organizationOfLetter(m), m.Header, m.Data) == nil
}

// retry moves a dead letter to those that are to be tried again. If that is cut off in between, it is both, and is tried again.
func (r *Registry) retry(ctx context.Context, name string, m *jetstream.RawStreamMsg) error {
	header := nats.Header{}
	for key, values := range m.Header {
		if !strings.HasPrefix(strings.ToLower(key), "nats-") {
			header[key] = values
		}
	}
	to := &nats.Msg{Subject: feed.SubscriberSubject(name, feed.Retry) + "." + string(organizationOfLetter(m)), Header: header, Data: m.Data}
	// It has no message id: a subscriber could have sent the same one, and the letter would be lost.
	stored, err := r.js.PublishMsg(ctx, to)
	if err == nil && stored.Duplicate {
		err = errors.New("the server took a dead letter for a duplicate")
	}
	if err != nil {
		return unavailable(err)
	}
	return r.deleteDeadLetter(ctx, m.Sequence)
}

// nextRetry returns the first dead letter of a subscriber that is to be tried again, and can be read; nil if there is none. The one that
// is done is deleted before.
func (r *Registry) nextRetry(ctx context.Context, name string, done uint64) (*jetstream.RawStreamMsg, error) {
	if done > 0 {
		m, err := r.nextDeadLetter(ctx, name, feed.Retry, done-1)
		if err != nil {
			return nil, err
		}
		if m != nil && m.Sequence == done {
			if err := r.deleteDeadLetter(ctx, done); err != nil {
				return nil, err
			}
		}
	}
	m, err := r.nextDeadLetter(ctx, name, feed.Retry, 0)
	for err == nil && m != nil && !readable(m) {
		m, err = r.nextDeadLetter(ctx, name, feed.Retry, m.Sequence)
	}
	return m, err
}

func (r *Registry) deleteDeadLetter(ctx context.Context, sequence uint64) error {
	err := r.letters.DeleteMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	return unavailable(err)
}

// nextDeadLetter returns the first dead letter of a subscriber behind a sequence; nil if there is none.
func (r *Registry) nextDeadLetter(ctx context.Context, name, what string, after uint64) (*jetstream.RawStreamMsg, error) {
	m, err := r.letters.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(feed.SubscriberSubject(name, what)+".*"))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	return m, unavailable(err)
}

// organizationOfLetter returns the organization that the subject names; empty if that can be none.
func organizationOfLetter(m *jetstream.RawStreamMsg) events.OrganizationID {
	org := events.OrganizationID(m.Subject[strings.LastIndexByte(m.Subject, '.')+1:])
	if !org.Valid() {
		return ""
	}
	return org
}

// readDeadLetter reads what a subscriber wrote. What is not as it should be stays empty.
func readDeadLetter(m *jetstream.RawStreamMsg, retrying bool) DeadLetter {
	text := func(name string) string {
		text, _ := url.PathUnescape(m.Header.Get(name))
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	tries, _ := strconv.Atoi(m.Header.Get(feed.DeadLetterTries))
	return DeadLetter{
		Sequence: m.Sequence, Organization: organizationOfLetter(m), ID: text(feed.ID), Type: events.Type(text(feed.Type)),
		At: m.Time.UTC(), Tries: tries, Error: text(feed.DeadLetterError), Retrying: retrying,
	}
}

// retry answers with the next dead letter that is to be tried again.
func (s *Service) retry(ctx context.Context, name string, text []byte) (*feed.RetryResponse, error) {
	var request feed.RetryRequest
	if err := unmarshal(text, &request); err != nil {
		return nil, err
	}
	m, err := s.Registry.nextRetry(ctx, name, request.Done)
	if err != nil || m == nil {
		return &feed.RetryResponse{}, err
	}
	return &feed.RetryResponse{Sequence: m.Sequence, Header: m.Header, Data: m.Data}, nil
}
