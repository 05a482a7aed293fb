// Package client is the Go client of the HTTP API of a Roster server.
//
// A [Client] knows the server's address and a key. With the root key it acts as the
// system, or, with [As], in the name of a user and under their rights:
//
//	c := client.New("http://127.0.0.1:8080", key)
//	_, err := c.ChangeMemberRole(ctx, "acme", "bob", client.ChangeMemberRole{Role: "owner"}, client.As("ada"))
//
// # Commands
//
// Every operation of the API is a method. Those that change something return a [Receipt]:
// what happened, the id of what was created, and the position in the ledger. A command
// that finds everything as it should be changes nothing and is no error; Changed is false.
// Options add to one call, or to all when they are given to [New]: [IfVersion],
// [OccurredAt], [Cause]. With [AsDryRun] nothing happens, and the caller learns who would
// gain, lose or change what:
//
//	var would client.DryRun
//	_, err := c.RemoveMember(ctx, "acme", "bob", client.AsDryRun(&would))
//
// # Errors
//
// A refusal is a [*Problem]. Its Code is stable; match that, not the text:
//
//	if p, ok := errors.AsType[*client.Problem](err); ok && p.Code == "last_holder" { ... }
//
// Without an answer the error is an [*UnreachableError]. A request is sent again when the
// connection breaks or the server answers 503 or 429, up to [Attempts] times and until the
// context ends, after a pause that grows or that the server asks for. A command that is
// sent again has the same idempotency key, so that it takes effect once. After an
// UnreachableError it is unknown whether a command took effect: to give it again, even
// from another process, choose its [IdempotencyKey] beforehand.
//
// # Reading your own writes
//
// A client remembers the newest position of the ledger that it has seen, and asks for
// answers that are at least as new. Clients in other processes do not share it: hand them
// the position of a receipt for [AtLeast], or call [Client.CatchUp] first.
//
// # Lists
//
// Lists are iterators, which fetch page after page as they are needed:
//
//	for member, err := range c.ListMembers(ctx, "acme", client.ListMembersQuery{Role: "owner"}) {
//		if err != nil { return err }
//		fmt.Println(member.User)
//	}
//
// A screen that shows a page at a time asks for one with [Client.Call]:
//
//	var page client.Page[client.Member]
//	err := c.Call(ctx, "list_members", map[string]any{"org": "acme", "limit": 50, "after": cursor}, &page)
//
// # Streams
//
// [Client.FollowEvents] yields what happens in an organization while it happens, across
// broken connections, without leaving anything out. To go on after a restart, keep the
// Cursor of the last update and give it to [ResumeAfter]. [Event.Decode] makes a type of
// package events of what happened:
//
//	happened, err := update.Decode()
//	if joined, ok := happened.(events.MemberJoined); ok { ... }
package client

//go:generate go run ../internal/clientgen
