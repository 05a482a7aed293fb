package relay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// settings returns those of the stream. It can be made again from the ledger at any time, so its
// writes are not synced where a server syncs others. Its messages are told apart by their ids, and
// only one relay can append, so the server need not look for duplicates.
func settings(cfg Config) jetstream.StreamConfig {
	s := jetstream.StreamConfig{
		Name:        feed.StreamName,
		Description: "What happened in Roster, for other services: one CloudEvent per event and per change of access.",
		Subjects:    []string{feed.SubjectPrefix + ">", feed.HeartbeatSubject},
		Storage:     jetstream.FileStorage,
		Retention:   jetstream.LimitsPolicy,
		Discard:     jetstream.DiscardOld,
		MaxMsgs:     -1,
		MaxBytes:    cfg.MaxBytes,
		MaxAge:      cfg.MaxAge,
		MaxMsgSize:  -1,
		Replicas:    max(cfg.Replicas, 1),
		Duplicates:  100 * time.Millisecond, // the least that there can be
		AllowDirect: true,
		AllowRollup: true, // for the heartbeats of earlier programs, see beats
	}
	if s.Replicas == 1 {
		s.PersistMode = jetstream.AsyncPersistMode
	}
	return s
}

// openStream finds the stream, with these settings, or creates it.
func openStream(ctx context.Context, js jetstream.JetStream, cfg Config) (jetstream.Stream, error) {
	want := settings(cfg)
	stream, err := js.Stream(ctx, feed.StreamName)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return js.CreateStream(ctx, want)
	case err != nil:
		return nil, err
	}
	has := stream.CachedInfo().Config
	if has.MaxAge == want.MaxAge && has.MaxBytes == want.MaxBytes {
		return stream, nil
	}
	has.MaxAge, has.MaxBytes = want.MaxAge, want.MaxBytes
	return js.UpdateStream(ctx, has)
}

func isHeartbeat(h nats.Header) bool { return h.Get(feed.Type) == string(feed.HeartbeatType) }

// newestHeartbeat returns the last heartbeat; nil if there is none.
func (r *Relay) newestHeartbeat(ctx context.Context) (*jetstream.RawStreamMsg, error) {
	m, err := r.stream.GetLastMsgForSubject(ctx, feed.HeartbeatSubject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	return m, err
}

// place is where a relay goes on.
type place struct {
	// sequence is that of the last message of the stream, previous that of the last one that is no heartbeat; both
	// are 0 if there is none.
	sequence, previous uint64
	// complete is up to where every commit is out. All messages of later ones are behind the sequence
	// since.
	complete events.Checkpoint
	since    uint64
	// out is, for each organization that has messages of later commits, how far they go.
	out map[events.OrganizationID]progress
}

// progress is how far an organization's messages go: all with a lower version, and those with this
// one up to the index.
type progress struct {
	version events.Version
	index   int
}

// find finds the place in the stream's last message, and in those of the commits that were not
// complete then.
func (r *Relay) find(ctx context.Context) (place, error) {
	info, err := r.stream.Info(ctx)
	if err != nil {
		return place{}, fmt.Errorf("look at the stream %s: %w", feed.StreamName, err)
	}
	p := place{sequence: info.State.LastSeq, since: info.State.LastSeq, out: map[events.OrganizationID]progress{}}
	if info.State.Msgs == 0 {
		return p, nil
	}
	last, err := r.stream.GetMsg(ctx, p.sequence)
	if err != nil {
		return place{}, fmt.Errorf("read the last message of %s: %w", feed.StreamName, err)
	}
	position, err := parseNumber(last.Header, feed.Complete)
	if err != nil {
		return place{}, err
	}
	p.complete.Position = events.Position(position)
	if err := p.complete.Hash.UnmarshalText([]byte(last.Header.Get(hash))); err != nil {
		return place{}, err
	}
	if p.since, err = parseNumber(last.Header, sinceHeader); err != nil {
		return place{}, err
	}
	if p.previous = p.sequence; isHeartbeat(last.Header) {
		if p.previous, err = previousOf(last); err != nil {
			return place{}, err
		}
	}
	return p, r.readOn(ctx, &p)
}

// readOn notes which messages are out behind the sequence since.
func (r *Relay) readOn(ctx context.Context, p *place) error {
	consumer, err := r.stream.CreateConsumer(ctx, jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: p.since + 1, AckPolicy: jetstream.AckNonePolicy,
		HeadersOnly: true, MemoryStorage: true, Replicas: 1, InactiveThreshold: time.Minute,
	})
	if err != nil {
		return fmt.Errorf("read the end of %s: %w", feed.StreamName, err)
	}
	// The consumer is on one server. If that one stops, no heartbeat comes.
	messages, err := consumer.Messages(jetstream.PullExpiry(ackWait), jetstream.PullHeartbeat(2*time.Second))
	if err != nil {
		return fmt.Errorf("read the end of %s: %w", feed.StreamName, err)
	}
	defer messages.Stop()
	for at := uint64(0); at < p.sequence; {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("read the end of %s: %w", feed.StreamName, err)
		}
		about, err := m.Metadata()
		if err != nil {
			return err
		}
		at = about.Sequence.Stream
		if err := p.note(m.Headers()); err != nil {
			return err
		}
	}
	return nil
}

// note notes a message that is out.
func (p *place) note(h nats.Header) error {
	if isHeartbeat(h) {
		return nil
	}
	version, err := parseNumber(h, feed.Version)
	if err != nil {
		return err
	}
	index, err := parseNumber(h, feed.Index)
	if err != nil {
		return err
	}
	p.out[events.OrganizationID(strings.TrimPrefix(h.Get(feed.Source), feed.SourcePrefix))] = progress{events.Version(version), int(index)} //nolint:gosec // an index is small
	return nil
}
