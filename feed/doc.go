// Package feed tells other services what happened: it derives the stream EVENTS from the ledger.
//
// The stream has a message for each event, in the form of CloudEvents 1.0 (binary mode: attributes
// in headers, the payload in the body), on the subject roster.events.<organization>.<type>. Behind
// the events of a command it has one for each person and project whose effective access the command
// changed: access.granted.v1, access.changed.v1 or access.revoked.v1. A heartbeat every second, on
// roster.heartbeat, tells quiet from stuck.
//
//	relay, err := feed.Open(ctx, nc, ledger, feed.Config{Log: log})
//	after, err := relay.Checkpoint(ctx)
//	follower := bus.NewFollower[domain.Roster](after) // given to bus.NewDesk
//	err = relay.Run(ctx, follower)
//
// Messages of one organization are in order, each is there once, and its id is the same whenever the
// stream is made again. Those of different organizations may be in another order than in the ledger,
// so that what changes the access of many holds up nobody else. Each node runs a relay, one of which
// works at a time.
package feed
