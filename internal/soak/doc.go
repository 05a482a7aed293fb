// Package soak loads servers of Roster while they fail, and finds out whether they kept what
// they promise.
//
// A [Workload] gives commands under idempotency keys, and reads with the newest position that was
// answered, from several clients to several organizations. What is not answered is repeated until
// it is. Somebody else kills the servers meanwhile, or cuts them off. The workload then says what
// was broken:
//
//   - Each answer fits to one order of all commands and reads in which each takes effect between its
//     first attempt and its answer ([Workload.Check]; the histories are checked by porcupine).
//   - No read is older than the position that it asks for.
//   - Each acknowledged command is in the ledger once, where its answer said ([Workload.CheckLedger]).
//   - A server that cannot answer says so by 503, with Retry-After.
//
// [Run] does all of this with one server that it kills again and again.
package soak
