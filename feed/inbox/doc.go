// Package inbox makes a subscriber of package feed handle each message exactly once, in a transaction of its own PostgreSQL.
//
//	box, err := inbox.Open(ctx, pool, "billing")
//	err = feed.Subscribe(ctx, nc, feed.Options{Subscriber: "billing"}, box.Handle(
//		func(ctx context.Context, tx pgx.Tx, m *feed.Message) error {
//			_, err := tx.Exec(ctx, "INSERT INTO seats ...")
//			return err
//		}))
//
// # Guarantees
//
// What the handler writes with its transaction is there once for each message, however often the message comes: after the
// process was killed at any moment, after the stream was made again, and after a dead letter was tried again. The transaction
// also notes how far the subscriber has come in the organization, in the table roster_inbox. What a handler does elsewhere
// happens at least once.
//
// Where the database does not answer, or has rolled back because of another transaction, the message is tried until it works: that is not its
// fault. Any other error of the handler counts as a try.
package inbox
