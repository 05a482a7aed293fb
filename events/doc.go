// Package events is the vocabulary of Roster: every fact that the ledger can hold.
//
// An [Event] is one fact about one organization. An [Entry] is what one command
// led to. A [Commit] is what the ledger stores: entries that became durable
// together. Wire names never change; a changed meaning is a new version beside
// the old one, so that every ledger ever written can be read.
package events
