package subscriber

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
)

const (
	// maxAckPending is how many messages of a durable consumer may wait for their acknowledgement, ackWait for how
	// long before they are sent again.
	maxAckPending = 1000
	ackWait       = 30 * time.Second
	// pinnedFor is for how long one reader of a durable consumer gets its messages after its last request.
	pinnedFor = 10 * time.Second
	// goneAfter is how long the consumer of one reader stays without a request.
	goneAfter = 10 * time.Second

	// Metadata of a consumer: the name of the subscriber that it is for, and when that was created.
	ownerKey, createdKey = "roster-subscriber", "roster-subscriber-created"

	// durableGroup is the priority group of a durable consumer.
	durableGroup = "readers"
)

func formatCreated(s Subscriber) string { return s.Created.Format(time.RFC3339Nano) }

// errGone says that the subscriber was revoked while it was answered.
var errGone = fmt.Errorf("%w any more", ErrUnknown)

// open makes a consumer, or finds the durable one.
func (s *Service) open(ctx context.Context, name string, text []byte) (*feed.OpenResponse, error) {
	var request feed.OpenRequest
	if err := unmarshal(text, &request); err != nil {
		return nil, err
	}
	subscriber, err := s.Registry.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	subjects, err := filters(subscriber, s.View().State, request)
	if err != nil {
		return nil, err
	}
	info, err := s.stream.Info(ctx)
	if err != nil {
		return nil, err
	}
	if relay.Rebuilding(info) {
		return nil, &feed.Problem{Code: feed.Rebuilding, Detail: "The stream is being made again: ask again in a moment."}
	}
	var consumer jetstream.Consumer
	if request.Durable {
		consumer, err = s.openDurable(ctx, subscriber, request, subjects)
	} else {
		consumer, err = s.openOwn(ctx, subscriber, request, subjects)
	}
	if errors.Is(err, relay.ErrDropped) {
		return nil, snapshotNeeded(name)
	}
	if err != nil {
		return nil, err
	}
	complete, err := relay.Complete(ctx, s.stream)
	if err != nil {
		return nil, err
	}
	config := consumer.CachedInfo().Config
	return &feed.OpenResponse{Consumer: config.Name, Group: config.PriorityGroups[0], Complete: complete}, nil
}

// openOwn makes a consumer for one reader. Its group is new, so a reader that had a consumer of the same name before
// gets none of its messages.
func (s *Service) openOwn(ctx context.Context, subscriber Subscriber, request feed.OpenRequest, subjects []string) (jetstream.Consumer, error) {
	sequence, err := s.startOf(ctx, subscriber, request)
	if err != nil {
		return nil, err
	}
	config := jetstream.ConsumerConfig{
		FilterSubjects: subjects, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: sequence + 1, AckPolicy: jetstream.AckNonePolicy,
		PriorityPolicy: jetstream.PriorityPolicyOverflow, PriorityGroups: []string{rand.Text()[:16]},
		MemoryStorage: true, Replicas: 1, InactiveThreshold: goneAfter,
	}
	for _, config.Name = range feed.Consumers(subscriber.Name)[1:] {
		consumer, err := s.create(ctx, subscriber, config)
		if !errors.Is(err, jetstream.ErrConsumerExists) {
			return consumer, err
		}
	}
	return nil, &feed.Problem{Code: feed.TooManyReaders, Detail: fmt.Sprintf("Subscriber %s has %d readers: end one. What a reader that ended has left is gone after %s.",
		subscriber.Name, feed.MaxReaders, goneAfter)}
}

// openDurable finds the subscriber's durable consumer, or makes it. One that is gone, since it may not read what it read, or
// somebody has deleted it, is made where it was; so is one that reads an organization in whose place there is another one.
func (s *Service) openDurable(ctx context.Context, subscriber Subscriber, request feed.OpenRequest, subjects []string) (jetstream.Consumer, error) {
	if request.Restart {
		return s.restartDurable(ctx, subscriber, request, subjects)
	}
	known, revision, err := s.Registry.knownFloor(ctx, subscriber.Name)
	if err != nil {
		return nil, err
	}
	if known.Lost {
		return nil, relay.ErrDropped
	}
	consumer, err := s.stream.Consumer(ctx, subscriber.Name)
	if err == nil && s.readsReplaced(consumer.CachedInfo()) { // messages of the other organization may lie before its place
		if err := s.delete(ctx, subscriber.Name, replaced); err != nil {
			return nil, err
		}
		err = jetstream.ErrConsumerNotFound
	}
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		if revision > 0 {
			request.Start = feed.Start{Beginning: known.Sequence == 0, Sequence: known.Sequence}
		}
		sequence, err := s.startOf(ctx, subscriber, request)
		if err != nil {
			return nil, err
		}
		return s.createDurable(ctx, subscriber, sequence, subjects, revision)
	}
	if err != nil {
		return nil, err
	}
	info := consumer.CachedInfo()
	if began, _ := relay.Began(info); known.Consumer.Equal(began) {
		if err := s.checkKept(ctx, known.Sequence); err != nil {
			return nil, err
		}
	}
	config := info.Config
	if slices.Equal(config.FilterSubjects, subjects) {
		return consumer, nil
	}
	config.FilterSubjects = subjects
	return s.stream.UpdateConsumer(ctx, config)
}

// restartDurable makes the durable consumer anew.
func (s *Service) restartDurable(ctx context.Context, subscriber Subscriber, request feed.OpenRequest, subjects []string) (jetstream.Consumer, error) {
	sequence, err := s.startOf(ctx, subscriber, request) // before anything is deleted
	if err != nil {
		return nil, err
	}
	if err := s.stream.DeleteConsumer(ctx, subscriber.Name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil, err
	}
	_, revision, err := s.Registry.knownFloor(ctx, subscriber.Name)
	if err != nil {
		return nil, err
	}
	return s.createDurable(ctx, subscriber, sequence, subjects, revision)
}

// createDurable makes the durable consumer, and keeps where it begins in the place of what had a revision.
func (s *Service) createDurable(ctx context.Context, subscriber Subscriber, sequence uint64, subjects []string, revision uint64) (jetstream.Consumer, error) {
	consumer, err := s.create(ctx, subscriber, jetstream.ConsumerConfig{
		Name: subscriber.Name, Durable: subscriber.Name, FilterSubjects: subjects,
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: sequence + 1,
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait, MaxAckPending: maxAckPending, MaxDeliver: -1,
		PriorityPolicy: jetstream.PriorityPolicyPinned, PriorityGroups: []string{durableGroup}, PinnedTTL: pinnedFor,
	})
	if err != nil {
		return nil, err
	}
	return consumer, s.Registry.keepFloor(ctx, subscriber.Name, floor{Consumer: consumer.CachedInfo().Created, Sequence: sequence}, revision)
}

// create makes a consumer. Afterwards it looks whether messages behind the start were dropped meanwhile, and whether the
// subscriber is still there: a revocation that came later finds the consumer and deletes it.
func (s *Service) create(ctx context.Context, subscriber Subscriber, config jetstream.ConsumerConfig) (jetstream.Consumer, error) {
	config.Metadata = map[string]string{ownerKey: subscriber.Name, createdKey: formatCreated(subscriber)}
	consumer, err := s.stream.CreateConsumer(ctx, config)
	if err != nil {
		return nil, err
	}
	err = s.checkKept(ctx, config.OptStartSeq-1)
	if err == nil {
		var now Subscriber
		if now, err = s.Registry.Get(ctx, subscriber.Name); err == nil && !now.Created.Equal(subscriber.Created) {
			err = errGone
		}
	}
	if err == nil {
		return consumer, nil
	}
	return nil, errors.Join(err, s.stream.DeleteConsumer(context.WithoutCancel(ctx), config.Name))
}
