package bench

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

// publisher is the floor of durable commands. It publishes one message again and again
// to a stream with the settings of the ledger, on the same server.
type publisher struct {
	stream  jetstream.JetStream
	message []byte
}

// publisher returns a publisher of messages as large as the newest commit.
func (h *ledgerFixture) publisher(ctx context.Context) (*publisher, error) {
	commit, err := h.ledger.At(ctx, h.desk.View().Position)
	if err != nil {
		return nil, err
	}
	message, err := events.Encode(commit)
	if err != nil {
		return nil, err
	}
	stream, err := jetstream.New(h.conn)
	if err != nil {
		return nil, err
	}
	original, err := stream.Stream(ctx, "LEDGER")
	if err != nil {
		return nil, err
	}
	settings := original.CachedInfo().Config
	settings.Name, settings.Subjects = "FLOOR", []string{"floor"}
	_, err = stream.CreateStream(ctx, settings)
	return &publisher{stream, message}, err
}

// publish returns when the message is durable.
func (p *publisher) publish(ctx context.Context) error {
	_, err := p.stream.Publish(ctx, "floor", p.message)
	return err
}
