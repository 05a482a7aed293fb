package subscriber

import (
	"context"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/feed"
)

// RetryDeadLetters has a subscriber try its dead letters again: those with these sequences, or all. It returns how many there are. Those
// that are gone are passed over. It fails with [ErrUnknown].
func (r *Registry) RetryDeadLetters(ctx context.Context, name string, sequences ...uint64) (n int, err error) {
	if _, err := r.Get(ctx, name); err != nil {
		return 0, err
	}
	stream, err := r.letters(ctx, name)
	if stream == nil || err != nil {
		return 0, err
	}
	if len(sequences) > 0 {
		for _, sequence := range sequences {
			m, err := letterAt(ctx, stream, sequence, waiting)
			if err != nil {
				return n, err
			}
			if m == nil {
				continue
			}
			if err := r.move(ctx, stream, name, m, retrying); err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
	last := stream.CachedInfo().State.LastSeq
	for after := uint64(0); ; {
		m, err := nextLetter(ctx, stream, after, waiting)
		if err != nil || m == nil || m.Sequence > last { // or else one that was tried meanwhile, in vain
			return n, err
		}
		after = m.Sequence
		if err := r.move(ctx, stream, name, m, retrying); err != nil {
			return n, err
		}
		n++
	}
}

// move makes a waiting dead letter one that is to be tried again, or the other way round. If it is cut off in between, the letter is both. It
// has an id, so that it moves once if two move it at once.
func (r *Registry) move(ctx context.Context, stream jetstream.Stream, name string, m *jetstream.RawStreamMsg, to string) error {
	moved := &nats.Msg{Subject: deadLetterSubject + name + to + string(organizationOfLetter(m)), Header: ownHeaders(m.Header), Data: m.Data}
	if _, err := r.js.PublishMsg(ctx, moved, jetstream.WithMsgID("moved."+strconv.FormatUint(m.Sequence, 10))); err != nil {
		return unavailable(err)
	}
	return deleteLetter(ctx, stream, m.Sequence)
}

// nextRetry returns the first dead letter of a subscriber that is to be tried again; nil if there is none. The one that
// is done is deleted before.
func (r *Registry) nextRetry(ctx context.Context, name string, done uint64) (*jetstream.RawStreamMsg, error) {
	stream, err := r.letters(ctx, name)
	if stream == nil || err != nil {
		return nil, err
	}
	if done > 0 {
		m, err := letterAt(ctx, stream, done, retrying)
		if err != nil {
			return nil, err
		}
		if m != nil {
			if err := deleteLetter(ctx, stream, done); err != nil {
				return nil, err
			}
		}
	}
	return nextLetter(ctx, stream, 0, retrying)
}

// nextRetry answers with the next dead letter that is to be tried again.
func (s *Service) nextRetry(ctx context.Context, name string, text []byte) (*feed.RetryResponse, error) {
	var request feed.RetryRequest
	if err := unmarshal(text, &request); err != nil {
		return nil, err
	}
	m, err := s.Registry.nextRetry(ctx, name, request.Done)
	if err != nil || m == nil {
		return &feed.RetryResponse{}, err
	}
	return &feed.RetryResponse{Sequence: m.Sequence, Header: ownHeaders(m.Header), Data: m.Data}, nil
}
