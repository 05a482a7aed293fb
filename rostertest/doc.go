// Package rostertest starts Roster in a test, so that a service can test what it does when people come and
// go. It is the way to test subscribers.
//
//	func TestWhoLeavesIsForgotten(t *testing.T) {
//		roster := rostertest.Start(t)
//		roster.Organization("acme", "github", "ada",
//			rostertest.Member("bob", "member"),
//			rostertest.Project("site").With("bob", "write"),
//		)
//		index := startIndex(t, roster.Subscriber("index", "acme")) // what is tested
//
//		roster.Do("acme", domain.RemoveMember{Member: "bob"})
//		roster.AwaitHandled("index")
//		assert.False(t, index.Has("bob"))
//	}
//
// [Start] runs what decides commands, the stream of package feed with what subscribers ask for, and what records that ends have
// passed, on a NATS server in the process. It needs no database, no program and no port that must be free, starts in less
// than a tenth of a second, and is gone when the test ends. Tests with a server of their own can be
// parallel.
//
// The HTTP API and the lists are not there: they need PostgreSQL. `roster serve --ephemeral` starts those, too, for
// tests in any language.
//
// # Subscribers
//
// [Server.Subscriber] connects as a subscriber that may read the organizations named, with what the credentials of one allow: what
// works in the test works elsewhere. [Server.RevokeSubscriber] ends that. [Server.Conn] is a connection that may do everything, for the
// test itself.
//
// # Organizations and commands
//
// [Server.Organization] creates an organization under a scheme, a built-in one or one of [Schemes]. [Member], [Project]
// and [Team] describe what is in it. They are commands, as all of package domain, and can be mixed
// with those:
//
//	roster.Organization("studio", "agency", "ada",
//		rostertest.Member("ole", "developer"),
//		rostertest.Project("site"),
//		rostertest.Team("design").With("ole", "").On("site", ""),
//		domain.SetOverride{Project: "site", Member: "ole", Permission: "data", Level: "full"},
//	)
//
// Later commands are given with [Server.Do], which fails the test if a rule refuses them, and [Server.Try], which
// returns the refusal. Both give them as the system, which may do what the scheme allows nobody. [Server.As] gives
// them as somebody, with what that person may do.
//
// # Waiting
//
// When a command returns, what it led to is recorded. The stream has it a moment later, and a subscriber after that. So a
// test waits, for a limited time, and never for a fixed one. [Server.AwaitHandled] waits until a subscriber with a durable consumer
// has handled everything. For the stream there are [Server.AwaitAccess], [Server.AwaitPermission], their
// opposites, [Await], which returns an event, and [Server.AwaitMessage], which returns any message.
// If one waits in vain, the test fails with what is there instead:
//
//	bob still has access to site of acme after 20s, as write.
//	Roster says: bob is write on site: granted 2026-03-02 by the system.
//
// # Time
//
// The time is the machine's, and moves on when the test says so: after [Server.Advance], ends that lie in between have passed and
// are recorded.
//
// # Failures
//
// A subscriber has to go on after Roster or a part of it has ended. [Server.Stop] ends one; [Server.StartAnother] starts another
// one with the same ledger, which may run at the same time. [Server.RebuildFeed] makes the stream again.
package rostertest
