package main

import (
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/natsserver"
)

// admit lets subscribers in to the server in this process, and no others, if it listens for them.
func (b *broker) admit(all []subscriber.Subscriber) error {
	if !b.listens {
		return nil
	}
	return b.own.SetSubscribers(natsSubscribers(all))
}

// natsSubscribers returns subscribers with what they may use of a NATS server.
func natsSubscribers(all []subscriber.Subscriber) []natsserver.Subscriber {
	known := make([]natsserver.Subscriber, len(all))
	for i, s := range all {
		known[i] = natsserver.Subscriber{Name: s.Name, Key: s.PublicKey}
		for _, service := range feed.Services(s.Name) {
			known[i].Services = append(known[i].Services, natsserver.Service(service))
		}
	}
	return known
}
