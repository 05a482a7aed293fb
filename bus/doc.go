// Package bus keeps the ledger, one ordered, durable, hash-chained stream of commits
// in NATS JetStream, and the desk, which decides commands against its newest state.
//
// # Deciding
//
// A [Desk] folds the ledger into a state in memory and decides commands against it.
// [Desk.Run] decides in one goroutine; callers of [Desk.Do] block until their command
// is durable or refused:
//
//	ledger, err := bus.Open(ctx, nc, bus.OpenConfig{})
//	desk, err := bus.NewDesk[State, Command](ctx, ledger, State{}, bus.DeskConfig{})
//	go desk.Run(ctx)
//	receipt, err := desk.Do(ctx, bus.Request[Command]{Organization: "acme", Command: c})
//
// Commands that arrive while a commit is on its way share the next one. The state is
// an immutable value of any type that has the methods of [State].
//
// # Following
//
// A [Follower] gets every change of the state, with the views before and after it,
// from a checkpoint that its caller keeps. The ledger is read and folded once for the
// desk and all its followers, and a slow follower does not slow the desk:
//
//	follower := bus.NewFollower[State](checkpoint)
//	desk, err := bus.NewDesk[State, Command](ctx, ledger, State{}, bus.DeskConfig{}, follower)
//	err = follower.Follow(ctx, checkpoint, func(s bus.Step[State]) error { ... })
//
// Whoever needs commits without the state uses [Ledger.Follow], or [Ledger.Read] up to
// a position. [Ledger.Verify] checks a whole ledger.
//
// # Guarantees
//
// When Do returns without error, the events are on disk, and every later View contains
// them. No View contains what is not durable. A command with a key takes effect once,
// however often it is repeated within a day. One that changed nothing or was refused is
// answered the same as well, until the desk ends or forgets it among many. Do does not guarantee an order between
// commands of different callers.
//
// When Do fails with [ErrUnavailable], the events may have been appended or not: repeat
// the request under its key. A ledger that lost or changed a commit is found when it is
// read, by its hash chain and by the versions of organizations, and reported as a
// [*BrokenError].
//
// Importing bus does not link a NATS server: package natsserver runs one.
package bus
