package subscriber

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
)

// NATS counts what a stream drops as read: the place of a consumer moves on, and nothing tells that it has missed
// messages. So the nodes look at the consumers now and then, and keep up to where each is known to have read. If
// messages behind that are dropped, the consumer is deleted, and its reader is told so when it asks for another one.
//
// A reader whose place is so near to the end of what is kept that messages are dropped between two looks is told so
// too, even if it had read them in time.

// checkEvery is the time between two looks.
const checkEvery = 10 * time.Second

// floor is up to where a durable consumer is known to have read.
type floor struct {
	// Consumer is when the consumer was created: another one of the same name begins elsewhere.
	Consumer time.Time `json:"consumer"`
	Sequence uint64    `json:"sequence"`
	// Lost says that messages behind Sequence were dropped.
	Lost bool `json:"lost,omitzero"`
}

// knownFloor returns what is known of a durable consumer, with its revision; the zero value and 0 for nothing.
func (r *Registry) knownFloor(ctx context.Context, name string) (known floor, revision uint64, err error) {
	entry, err := r.kv.Get(ctx, floorKey+name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return floor{}, 0, nil
	}
	if err != nil {
		return floor{}, 0, unavailable(err)
	}
	if err := json.Unmarshal(entry.Value(), &known); err != nil {
		return floor{}, 0, fmt.Errorf("read %s of %s: %w", entry.Key(), bucketName, err)
	}
	return known, entry.Revision(), nil
}

// keepFloor keeps what is known of a durable consumer, in the place of what had a revision; 0 for nothing. If another node was
// quicker, that is kept.
func (r *Registry) keepFloor(ctx context.Context, name string, known floor, revision uint64) error {
	text, err := json.Marshal(known)
	if err != nil {
		return err
	}
	if revision == 0 {
		_, err = r.kv.Create(ctx, floorKey+name, text)
	} else {
		_, err = r.kv.Update(ctx, floorKey+name, text, revision)
	}
	if errors.Is(err, jetstream.ErrKeyExists) {
		return nil
	}
	return unavailable(err)
}

// watchConsumers looks at the consumers until the context ends.
func (s *Service) watchConsumers(ctx context.Context) {
	readers := map[string]floor{} // of readers' own consumers
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := s.checkConsumers(ctx, readers); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "consumers of the feed were not looked at", "error", err)
		}
	}
}

// checkConsumers looks once. It deletes the consumers that may not read any more, those that read an organization in whose place there is
// another one, and those that have missed messages.
func (s *Service) checkConsumers(ctx context.Context, readers map[string]floor) error {
	info, err := s.stream.Info(ctx)
	if err != nil || relay.Rebuilding(info) {
		return err
	}
	var found []*jetstream.ConsumerInfo
	list := s.stream.ListConsumers(ctx)
	for c := range list.Info() {
		if c.Config.Metadata[ownerKey] != "" {
			found = append(found, c)
		}
	}
	if err := list.Err(); err != nil {
		return err
	}
	all, err := s.Registry.List(ctx) // after the consumers, so that each has its subscriber
	if err != nil {
		return err
	}
	byName := map[string]Subscriber{}
	for _, one := range all {
		byName[one.Name] = one
	}
	dropped, err := relay.Dropped(ctx, s.stream) // after the places of the consumers
	if err != nil {
		return err
	}
	present := map[string]bool{}
	for _, c := range found {
		present[c.Name] = true
		if err := s.checkConsumer(ctx, c, byName[c.Config.Metadata[ownerKey]], dropped, readers); err != nil {
			return err
		}
	}
	for name := range readers {
		if !present[name] {
			delete(readers, name)
		}
	}
	return nil
}

// checkConsumer looks at a consumer of a subscriber, which is the zero value if it was revoked.
func (s *Service) checkConsumer(ctx context.Context, c *jetstream.ConsumerInfo, of Subscriber, dropped uint64, readers map[string]floor) error {
	switch {
	case c.Config.Metadata[createdKey] != formatCreated(of):
		return s.delete(ctx, c.Name, "it may not read any more")
	case s.readsReplaced(c):
		return s.delete(ctx, c.Name, replaced)
	}
	if c.Config.Durable == "" {
		known, is := readers[c.Name]
		if is && known.Consumer.Equal(c.Created) && dropped > known.Sequence {
			delete(readers, c.Name)
			return s.delete(ctx, c.Name, "it has missed messages that are no longer kept")
		}
		known = floor{Consumer: c.Created, Sequence: c.Delivered.Stream}
		if !is && time.Since(c.Created) < 2*checkEvery {
			known.Sequence = max(c.Config.OptStartSeq, 1) - 1 // nobody has looked at it yet
			if dropped > known.Sequence {
				return s.delete(ctx, c.Name, "it has missed messages that are no longer kept")
			}
		}
		readers[c.Name] = known
		return nil
	}
	known, revision, err := s.Registry.knownFloor(ctx, of.Name)
	if err != nil {
		return err
	}
	began, behind := relay.Began(c)
	isNew := !known.Consumer.Equal(began)
	if isNew {
		known = floor{Consumer: began, Sequence: behind}
	}
	if dropped > known.Sequence {
		known.Lost = true
		if err := s.Registry.keepFloor(ctx, of.Name, known, revision); err != nil {
			return err
		}
		return s.delete(ctx, c.Name, "it has missed messages that are no longer kept")
	}
	read := max(known.Sequence, c.AckFloor.Stream)
	if !isNew && known.Sequence-dropped > (read-dropped)/2 {
		return nil // what is kept does for a while
	}
	known.Sequence = read
	return s.Registry.keepFloor(ctx, of.Name, known, revision)
}

// readsReplaced reports whether a consumer reads an organization in whose place there is another one.
func (s *Service) readsReplaced(c *jetstream.ConsumerInfo) bool {
	state := s.View().State
	return slices.ContainsFunc(c.Config.FilterSubjects, func(subject string) bool {
		token, _, _ := strings.Cut(strings.TrimPrefix(subject, feed.SubjectPrefix), ".")
		id, _, _ := strings.Cut(token, "~")
		now := state.Organization(events.OrganizationID(id))
		return now.Exists() && !strings.HasPrefix(subject, feed.Subject(now.ID(), now.Created().Version, ""))
	})
}

// replaced is why a consumer is deleted that does not read what its reader may.
const replaced = "another organization is in the place of one that it reads"

// delete deletes a consumer, whose reader asks for another one then.
func (s *Service) delete(ctx context.Context, consumer, reason string) error {
	s.Log.WarnContext(ctx, "a consumer of the feed was deleted", "consumer", consumer, "reason", reason)
	err := s.stream.DeleteConsumer(ctx, consumer)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil
	}
	return err
}
