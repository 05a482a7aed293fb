// Package projections keeps the read models.
//
// Postgres holds the sources of access, not a row for every person and project:
// SQL finds candidates and sources, package domain makes roles and permissions of
// them. A projector folds the ledger and writes, for each key that a batch of
// commits touches, what the state after the batch says: so no rule is written
// twice. Each file holds one model, its writes and its queries.
package projections
