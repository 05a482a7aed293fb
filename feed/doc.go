// Package feed is for other services that want to know what happens in Roster: the stream EVENTS, its
// messages, and what a subscriber says to Roster.
//
// The stream has a message for each event, in the form of CloudEvents 1.0 (binary mode: attributes
// in headers, the payload in the body), on the subject roster.events.<organization>.<type>. Behind
// the events of a command it has one for each person and project whose effective access the command
// changed: access.granted.v1, access.changed.v1 or access.revoked.v1. A heartbeat every second, on
// roster.heartbeat, tells quiet from stuck.
//
// # Subscribing
//
//	nc, err := nats.Connect(url, nats.UserCredentials("search.creds"), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort())
//	options := feed.Options{Subscriber: "search", Start: feed.Start{Beginning: true}}
//	err = feed.Subscribe(ctx, nc, options, func(ctx context.Context, m *feed.Message) error {
//		switch e := m.Event.(type) {
//		case events.MemberRemoved:
//			return index.Remove(ctx, m.Organization, e.Member)
//		case feed.AccessMessage:
//			if e.To == nil {
//				return sessions.End(ctx, e.User, e.Project)
//			}
//		case nil: // of a newer Roster: m.Type and m.Data have all
//		}
//		return nil
//	})
//
// Roster keeps the subscriber's place: where the process ends, the next one goes on. Several processes may subscribe
// under the same name. One of them gets messages, the others wait. With [Options].Ephemeral each process
// reads for itself, from [Options].Start on, such as for a cache.
//
// # Guarantees
//
// The handler has been called with every message, in the order of the organization, and has returned nil, before a message
// is acknowledged. If the process is killed, the messages that were not are handled again: at least once. Within a
// process each is handled once, also if the stream is made again or read twice. Package feed/inbox makes it exactly
// once, in a transaction of one's own PostgreSQL.
//
// Handlers of different organizations run side by side, up to [Options].Concurrency. A slow organization does not hold up the others until
// 1,000 messages wait in all.
//
// A gap in an organization's versions is noticed, unless [Options].Types leaves out messages, and so is a relay that began anew: then the
// stream is read again behind the position up to which everything is handled. If the stream no longer has what is
// missing, Subscribe returns a [*Problem] with [SnapshotNeeded]:
//
//	if problem, is := errors.AsType[*feed.Problem](err); is && problem.Code == feed.SnapshotNeeded {
//		// take a snapshot, and subscribe with Start.After at its position, and Restart
//	}
//
// A ledger that was replaced by an older one, from a backup, repeats versions for other events: end the subscribers before
// that.
//
// # Errors
//
// A handler that fails is called again, with growing pauses. After [Options].Tries the message becomes a dead letter: Roster
// keeps it with the error, and the organization's next messages go on. People list dead letters, and have them tried again, or drop them:
//
//	roster feed dead-letters list --subscriber search
//	roster feed dead-letters retry --subscriber search
//	roster feed dead-letters drop --subscriber search --all
//
// Then the message comes later than its place in the order, with [Message].Retried. An error that is not the message's fault, such as a
// database that does not answer, is marked by [Temporary]: it is tried until it works.
package feed
