// Package replica gives a service a copy of organizations in its own memory, so that it answers who may
// do what without a network.
//
//	access, err := replica.Open(ctx, nc, replica.Options{Subscriber: "search"})
//	defer access.Close()
//	allowed, err := access.Check("acme", "ada", "apollo", "data", "view")
//
// It folds the events of the organizations with the rules of package domain, which are the ones that Roster itself
// decides with. It begins with their history, and then follows the stream of package feed.
//
// # Guarantees
//
// The events of a command become visible together, and those of an organization in order. [Replica.Wait] returns
// when everything up to a position is visible. Check locks and allocates nothing.
//
// While a replica has not heard for Options.MaxStaleness that it has everything, it answers no question, and
// returns a [*StaleError]; Options.FailOpen lets it answer from what it has. Each heartbeat of the stream is such
// news, if the replica has applied what it covers. How old it is is measured by the clock of who sent it, so one
// that was held up on its way does not count as new.
//
// Once its connection is closed for good, a replica follows no more, and Wait fails with [feed.ErrConnectionClosed]. It answers until
// Options.MaxStaleness has passed.
//
// What has an end is judged by Roster's clock, as the heartbeats tell it; until three were heard, by that of the
// machine. That time does not run backwards, unless Roster's clock is set back by more than five minutes.
//
// # What it does not do
//
// A replica knows neither the secrets of invites and public links nor anybody's name or address, which are sealed.
// It cannot tell that Roster itself has not published yet what it has recorded, which `roster feed status`
// tells. If Roster's ledger is replaced by an older copy, begin anew: Close, and Open again.
package replica
