// Package receipt knows how far the replicas of other services have come, and when each has applied an event.
//
// Replicas report the position that they have applied. The reports are kept in a stream, with the time at which
// they came by the clock of the NATS server. A report counts for the subscriber on whose subject it came, which
// NATS lets nobody else use.
//
//	receipts, err := receipt.Open(ctx, nc, 1)
//	all, err := receipts.Replicas(ctx)
//	for _, one := range all { ... }
//	found, done, err := receipts.Of(ctx, organization, position, recorded, mayRead)
//
// All that is said follows from positions and times on this side. That a replica without news answers no more, it only
// claims.
package receipt
