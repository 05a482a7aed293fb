// Package personaldata finds what is known about a person over all organizations, for an export of it, and erases it: on request, or a
// while after they have left.
//
//	report, err := personaldata.NewEraser(desk, ledger, keys, database, files).Erase(ctx, personaldata.Request{User: "ada"})
//
// # Guarantees
//
// When Erase returns without error, no name, login, address, avatar, external id or metadata of the person can be read in the ledger, in
// what is derived from it, or in the files of the NATS server and of the database that this process uses, or of mails that it wrote, but for what the
// [Report] names. What is interrupted is completed by [Eraser.Resume], which every process runs, or by the same call. Their id, which is a pseudonym, stays, and so do keyed hashes: whoever
// has the ledger and the secret of the keyring can test a guess.
package personaldata
