package subscriber

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/feed"
)

// close lets the next reader of a durable consumer have its messages, and deletes a consumer of a reader's own. It does
// nothing if the consumer is another reader's now.
func (s *Service) close(ctx context.Context, name string, text []byte) (*feed.CloseResponse, error) {
	var request feed.CloseRequest
	if err := unmarshal(text, &request); err != nil {
		return nil, err
	}
	if _, err := s.Registry.Get(ctx, name); err != nil {
		return nil, err
	}
	if !slices.Contains(feed.Consumers(name), request.Consumer) {
		return nil, &feed.Problem{Code: feed.Forbidden, Detail: fmt.Sprintf("Subscriber %s has no consumer %q.", name, request.Consumer)}
	}
	consumer, err := s.stream.Consumer(ctx, request.Consumer)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return &feed.CloseResponse{}, nil
	}
	if err != nil {
		return nil, err
	}
	info := consumer.CachedInfo()
	groups := slices.DeleteFunc(info.PriorityGroups, func(g jetstream.PriorityGroupState) bool { return g.Group != request.Group })
	switch {
	case len(groups) == 0:
	case request.Consumer != name:
		err = s.stream.DeleteConsumer(ctx, request.Consumer)
	case groups[0].PinnedClientID != "" && groups[0].PinnedClientID == request.Pin:
		err = s.stream.UnpinConsumer(ctx, request.Consumer, request.Group)
	}
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		err = nil
	}
	return &feed.CloseResponse{}, err
}

// unmarshal reads a request.
func unmarshal(text []byte, request any) error {
	if err := json.Unmarshal(text, request, json.RejectUnknownMembers(true)); err != nil {
		return &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("The request cannot be read: %v.", err)}
	}
	return nil
}
