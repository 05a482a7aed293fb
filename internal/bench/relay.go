package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
)

// publishedOrganization is the organization whose history the relay publishes.
func publishedOrganization(people int) organization {
	return organization{id: "acme", people: max(people/20, 10), largeTeam: 10}
}

// relaySpeed measures how fast the relay derives and publishes the feed of a ledger, against
// publishing the same messages as they are.
func relaySpeed(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.withDesk(ctx, publishedOrganization(s.People))
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(h.conn, jetstream.WithPublishAsyncMaxPending(512))
	if err != nil {
		return nil, err
	}
	var settings jetstream.StreamConfig
	derived := func(ctx context.Context) (float64, error) {
		if err := js.DeleteStream(ctx, feed.StreamName); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return 0, err
		}
		r, err := relay.Open(ctx, h.conn, h.ledger, relay.Config{})
		if err != nil {
			return 0, err
		}
		running, stop := context.WithCancel(ctx)
		defer stop()
		ended := make(chan error, 1)
		began := time.Now()
		go func() { ended <- r.Run(running, h.desk.Follower()) }()
		for {
			status, err := r.Status(ctx)
			if err != nil {
				return 0, err
			}
			if status.Position >= h.desk.View().Position { // a heartbeat said so, up to a second after the last message
				stream, err := js.Stream(ctx, feed.StreamName)
				if err != nil {
					return 0, err
				}
				last, err := stream.GetLastMsgForSubject(ctx, feed.SubjectPrefix+">")
				if err != nil {
					return 0, err
				}
				took := last.Time.Sub(began)
				settings = stream.CachedInfo().Config
				stop()
				return float64(status.Messages) / took.Seconds(), <-ended
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	if _, err := derived(ctx); err != nil {
		return nil, err
	}
	messages, err := publishedMessages(ctx, js)
	if err != nil {
		return nil, err
	}
	floor := settings
	floor.Name, floor.Subjects = "FLOOR", []string{"floor"}
	raw := func(ctx context.Context) (float64, error) {
		if err := js.DeleteStream(ctx, "FLOOR"); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return 0, err
		}
		if _, err := js.CreateStream(ctx, floor); err != nil {
			return 0, err
		}
		began := time.Now()
		var last jetstream.PubAckFuture
		for _, m := range messages {
			if last, err = js.PublishMsgAsync(&nats.Msg{Subject: "floor", Header: m.Header, Data: m.Data}, jetstream.WithStallWait(time.Minute)); err != nil {
				return 0, err
			}
		}
		select {
		case <-last.Ok(): // the server takes them in order
		case err := <-last.Err():
			return 0, err
		}
		return float64(len(messages)) / time.Since(began).Seconds(), nil
	}
	d, err := interleave(ctx, s.Rounds, derived, raw)
	if err != nil {
		return nil, err
	}
	return []Row{d.row(fmt.Sprintf("the relay, %s messages of a ledger", grouped(len(messages))), "raw publishes of the same", "/s", identity).atLeast(0.7)}, nil
}

// publishedMessages reads the feed.
func publishedMessages(ctx context.Context, js jetstream.JetStream) ([]*nats.Msg, error) {
	consumer, err := js.OrderedConsumer(ctx, feed.StreamName, jetstream.OrderedConsumerConfig{FilterSubjects: []string{feed.SubjectPrefix + ">"}})
	if err != nil {
		return nil, err
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return nil, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return nil, err
	}
	defer messages.Stop()
	all := make([]*nats.Msg, 0, info.NumPending)
	for range info.NumPending {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, err
		}
		header := m.Headers()
		for name := range header {
			if strings.HasPrefix(name, "Nats-") { // what its publisher expected of the server
				header.Del(name)
			}
		}
		all = append(all, &nats.Msg{Header: header, Data: m.Data()})
	}
	return all, nil
}
