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
//   - Each acknowledged command is in the ledger once, where its answer said, and the time of no
//     organization runs backwards ([Workload.CheckLedger]).
//   - A server that cannot answer says so by 503, with Retry-After.
//
// [Run] does all of this with servers of its own, and makes one kind of fault after the other: it kills the
// server, fills its disk, sets its clock, tears the network between the parts, puts an earlier version
// beside it, and kills what the feed is made of and who reads it. What those have heard is compared with the ledger. For each it notes, too, what does not go on meanwhile though it must, and what does not
// go on by itself afterwards.
package soak
