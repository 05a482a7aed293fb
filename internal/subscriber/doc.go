// Package subscriber keeps who may read the feed, and answers what they ask Roster for.
//
// A [Registry] holds the subscribers: names, the organizations that each may read, and the public key by which
// NATS knows them. It decides what a subscriber may do. What a subscriber's credentials say decides nothing.
//
// A [Service] answers on the subjects of package feed. It makes the consumers of the stream: subscribers make none
// themselves, since whoever may make a consumer chooses what it reads and where that goes.
//
//	registry, err := subscriber.Open(ctx, nc, 1)
//	_, err = registry.Create(ctx, subscriber.Subscriber{Name: "search", PublicKey: key})
//	service, err := subscriber.NewService(ctx, nc, subscriber.Config{
//		Registry: registry, Ledger: ledger, View: desk.View, Entries: subscriber.LedgerEntries(ledger),
//	})
//	err = service.Run(ctx)
package subscriber
