// Package bus keeps the ledger.
//
// [Open] finds or makes the stream that the ledger is. [Ledger.Append] adds a
// commit, [Ledger.Follow] reads them in order. A [Desk] decides commands against
// the state in memory, many to one commit. A [Keyring] seals personal data.
// [StartServer] runs NATS inside this process.
package bus
