package subscriber

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/feed"
)

// Durable is where the durable consumer of a subscriber is.
type Durable struct {
	// Pending is how many messages the subscriber was not sent yet; the newest heartbeat counts as one.
	Pending uint64
	// Unacknowledged is how many it was sent and has not acknowledged, Redelivered how many of these it was sent more than once.
	Unacknowledged, Redelivered int
	// Active is when it was last sent a message, or has acknowledged one, since the NATS server began; zero: it has not.
	Active time.Time
	// Lost says that messages were dropped before the subscriber had read them. The consumer is gone then, and the other fields are zero, until
	// the subscriber begins anew.
	Lost bool
}

func durableOf(info *jetstream.ConsumerInfo) Durable {
	d := Durable{Pending: info.NumPending, Unacknowledged: info.NumAckPending, Redelivered: info.NumRedelivered}
	for _, last := range []*time.Time{info.Delivered.Last, info.AckFloor.Last} {
		if last != nil && last.After(d.Active) {
			d.Active = last.UTC()
		}
	}
	return d
}

// Durables returns where the durable consumers of all subscribers are, by the subscriber's name. Those that have none are left out. It asks the server once for
// each 256 consumers of the feed.
func (r *Registry) Durables(ctx context.Context) (map[string]Durable, error) {
	all := map[string]Durable{}
	stream, err := r.js.Stream(ctx, feed.StreamName)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return all, nil
	}
	if err != nil {
		return nil, unavailable(err)
	}
	list := stream.ListConsumers(ctx)
	for info := range list.Info() {
		if info.Config.Durable != "" && info.Config.Durable == info.Config.Metadata[ownerKey] {
			all[info.Name] = durableOf(info)
		}
	}
	if err := list.Err(); err != nil {
		return nil, unavailable(err)
	}
	return all, r.addLost(ctx, all)
}

// addLost adds the subscribers that have missed messages.
func (r *Registry) addLost(ctx context.Context, all map[string]Durable) error {
	floors, err := r.kv.Watch(ctx, floorKey+"*")
	if err != nil {
		return unavailable(err)
	}
	defer floors.Stop() //nolint:errcheck // it ends with the connection at the latest
	for {
		select {
		case entry, open := <-floors.Updates():
			if !open || entry == nil { // so far, everything that there is
				return nil
			}
			var known floor
			if entry.Operation() == jetstream.KeyValuePut && json.Unmarshal(entry.Value(), &known) == nil && known.Lost {
				all[strings.TrimPrefix(entry.Key(), floorKey)] = Durable{Lost: true}
			}
		case <-ctx.Done():
			return unavailable(ctx.Err())
		}
	}
}

// Durable returns where the durable consumer of a subscriber is; nil: it has none.
func (r *Registry) Durable(ctx context.Context, name string) (*Durable, error) {
	if !ValidName(name) {
		return nil, ErrUnknown
	}
	consumer, err := r.js.Consumer(ctx, feed.StreamName, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		known, _, err := r.knownFloor(ctx, name)
		if err != nil || !known.Lost {
			return nil, err
		}
		return &Durable{Lost: true}, nil
	}
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable(err)
	}
	d := durableOf(consumer.CachedInfo())
	return &d, nil
}
