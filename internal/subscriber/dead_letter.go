package subscriber

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// Each subscriber has a stream of its own for the messages that it could not handle, so that the room that it takes is its
// own. It is created with the first one. Those that are to be tried again are in it under another subject.

const (
	// deadLetterStream is what the name of such a stream begins with, before that of the subscriber; deadLetterSubject is the same
	// of its subjects, which no subscriber can send on.
	deadLetterStream  = "DEAD_LETTERS_"
	deadLetterSubject = "roster.dead_letters."
	// waiting and retrying are the parts of a subject between the subscriber and the organization.
	waiting, retrying = ".waiting.", ".retrying."

	// deadLetterAge is how long one is kept.
	deadLetterAge = 30 * 24 * time.Hour
	// deadLetterBytes is how large those of a subscriber are at most, deadLetters how many there are, deadLettersPerOrganization how
	// many of one organization, with those that are to be tried again. Then no more are taken, and the subscriber tries on.
	deadLetterBytes            = 64 << 20
	deadLetters                = 10_000
	deadLettersPerOrganization = 1000
	// deadLetterSpare is the room in which letters move to those that are to be tried again, and back, though there is no more for others.
	deadLetterSpare = 16 << 20
	// deadLetterSize is how large one is at most, with its headers. A subscriber can send no larger messages (see package natsserver).
	deadLetterSize = 1 << 20
)

// DeadLetter is a message that a subscriber could not handle.
type DeadLetter struct {
	// Sequence is its number among those of the subscriber. One that is tried again, or is to be, gets another one.
	Sequence     uint64
	Organization events.OrganizationID
	// ID and Type are those of the message.
	ID   string
	Type events.Type
	// At is when it became a dead letter, or was asked to be tried again; after so many Tries, of which the last one ended with Error.
	At    time.Time
	Tries int
	Error string
	// Retrying says that it is to be tried again, and the subscriber has not done that yet.
	Retrying bool
}

// letters returns the stream of a subscriber's dead letters; nil if it has had none.
func (r *Registry) letters(ctx context.Context, name string) (jetstream.Stream, error) {
	stream, err := r.js.Stream(ctx, deadLetterStream+name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	return stream, unavailable(err)
}

// makeLetters is letters, and creates the stream if it is not there.
func (r *Registry) makeLetters(ctx context.Context, name string) (jetstream.Stream, error) {
	stream, err := r.letters(ctx, name)
	if stream != nil || err != nil {
		return stream, err
	}
	stream, err = r.js.CreateStream(ctx, jetstream.StreamConfig{
		Name: deadLetterStream + name, Description: "Messages of Roster's feed that a subscriber could not handle.",
		Subjects: []string{deadLetterSubject + name + ".*.*"},
		Storage:  jetstream.FileStorage, MaxAge: deadLetterAge, MaxBytes: deadLetterBytes + deadLetterSpare, MaxMsgSize: deadLetterSize, Replicas: r.replicas,
		Discard: jetstream.DiscardNew,
	})
	return stream, unavailable(err)
}

// DeadLetters returns the dead letters of a subscriber with a greater sequence than after, oldest first, at most as many as limit. It
// fails with [ErrUnknown].
func (r *Registry) DeadLetters(ctx context.Context, name string, after uint64, limit int) (found []DeadLetter, err error) {
	if _, err := r.Get(ctx, name); err != nil {
		return nil, err
	}
	stream, err := r.letters(ctx, name)
	if stream == nil || err != nil {
		return nil, err
	}
	for len(found) < limit {
		m, err := nextLetter(ctx, stream, after, "")
		if m == nil || err != nil {
			return found, err
		}
		after = m.Sequence
		found = append(found, readDeadLetter(m))
	}
	return found, nil
}

// nextLetter returns the first dead letter behind a sequence, of those that are waiting or retrying, or of all; nil if there is none.
func nextLetter(ctx context.Context, stream jetstream.Stream, after uint64, which string) (*jetstream.RawStreamMsg, error) {
	subject := deadLetterSubject + strings.TrimPrefix(stream.CachedInfo().Config.Name, deadLetterStream)
	if which == "" {
		subject += ".*.*"
	} else {
		subject += which + "*"
	}
	m, err := stream.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(subject))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	return m, unavailable(err)
}

// isIn reports whether a dead letter is waiting, or retrying; empty: either. A subscriber may be called either.
func isIn(m *jetstream.RawStreamMsg, which string) bool {
	_, behindName, _ := strings.Cut(strings.TrimPrefix(m.Subject, deadLetterSubject), ".")
	return strings.HasPrefix("."+behindName, which)
}

// letterAt returns the dead letter with a sequence, if it is waiting, or retrying, or either; nil if it is not.
func letterAt(ctx context.Context, stream jetstream.Stream, sequence uint64, which string) (*jetstream.RawStreamMsg, error) {
	if sequence == 0 {
		return nil, nil
	}
	m, err := stream.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && !isIn(m, which) {
		return nil, nil
	}
	return m, unavailable(err)
}

// deleteLetter deletes a dead letter. One that is gone is none to delete.
func deleteLetter(ctx context.Context, stream jetstream.Stream, sequence uint64) error {
	err := stream.DeleteMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) { // it may be gone, or the server failed
		if _, is := stream.GetMsg(ctx, sequence); errors.Is(is, jetstream.ErrMsgNotFound) {
			return nil
		}
	}
	return unavailable(err)
}

// organizationOfLetter returns the organization that the subject names.
func organizationOfLetter(m *jetstream.RawStreamMsg) events.OrganizationID {
	return events.OrganizationID(m.Subject[strings.LastIndexByte(m.Subject, '.')+1:])
}

// readDeadLetter reads what a subscriber wrote. What is not as it should be stays empty.
func readDeadLetter(m *jetstream.RawStreamMsg) DeadLetter {
	text := func(name string) string {
		text, _ := url.PathUnescape(m.Header.Get(name))
		return strings.ToValidUTF8(text, "\uFFFD")
	}
	tries, _ := strconv.Atoi(m.Header.Get(feed.DeadLetterTries))
	return DeadLetter{
		Sequence: m.Sequence, Organization: organizationOfLetter(m), ID: text(feed.ID), Type: events.Type(text(feed.Type)),
		At: m.Time.UTC(), Tries: tries, Error: text(feed.DeadLetterError), Retrying: isIn(m, retrying),
	}
}
