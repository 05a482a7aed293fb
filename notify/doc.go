// Package notify turns events into messages to people.
//
// [Run] reads the ledger in order and hands every notice to a [Channel]. A channel
// keeps its own place, so that each notice reaches it once, whatever stops in
// between; adding mail or webhooks is adding a channel.
package notify
