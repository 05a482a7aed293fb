// Package relay derives the stream of package feed from the ledger.
//
//	relay, err := relay.Open(ctx, nc, ledger, relay.Config{Log: log})
//	after, err := relay.Checkpoint(ctx)
//	follower := bus.NewFollower[domain.Roster](after) // given to bus.NewDesk
//	err = relay.Run(ctx, follower)
//
// Messages of one organization are in order, each is there once, and its id is the same whenever the
// stream is made again. Those of different organizations may be in another order than in the ledger,
// so that what changes the access of many holds up nobody else. Each node runs a relay, one of which
// works at a time.
package relay
