// Package projections keeps the read models: tables in Postgres that follow the ledger,
// from which lists take their order and the words in them.
//
// # Following the ledger
//
// Open brings the tables up to date with the migrations. One process then projects:
//
//	db, err := projections.Open(ctx, url, keyring.Open, log)
//	go db.Project(ctx, desk.Follower())
//
// A projector folds the ledger. For each key that a batch of commits may have changed it
// writes the row that the state after the batch has, so that no rule is written twice.
// Commits within 5 ms share a transaction, unless somebody waits for them.
//
// # Reading
//
// Postgres holds what is sealed in the state in memory (names, logins and addresses) and
// the order by name. Lists take the organization as of an instant and return ids, or
// people as they are called; roles, sources, levels and counts come from the state:
//
//	org := desk.View().State.Organization("acme").At(time.Now())
//	page, err := db.ListProjectMembers(ctx, org, "apollo", projections.ProjectMemberFilter{})
//
// The views effective_access and access_source, with functions for other instants, are
// for people who ask with SQL.
//
// # Guarantees
//
// The tables and their checkpoint move in one transaction: a reader sees whole commits.
// Wait returns when a position has been reached, so that people read what they wrote; it
// gives up when its context ends.
//
// The state given to a list may be newer than the tables. Who is not in it any more is
// left out; who has come since is not found until the tables are there.
//
// What has ended is decided by the instant of the organization, never by the clock of
// the database.
//
// Every write counts its rows. Where a table is not what the ledger says, Project ends
// with a [DriftError], and nothing is written until [Database.Rebuild] has made the
// tables anew. It does so beside those in use, then swaps them.
//
// Damaged pages, damaged indexes and files that are gone are remembered and reported, by
// Damage and as a [DamageError]. Mend makes the tables anew then, as Rebuild does, and Project
// goes on.
//
// The inbox is no read model: what was shown and confirmed is in no ledger, so Rebuild
// leaves it alone.
//
// # Files
//
// From the bottom: keys, errors and texts; table, model and statement for SQL; page and
// fill for lists; the nouns (member, project, team, invite, audit, inbox), each with what
// writes its table and what lists it; dirty_keys, which says what an event may change;
// the projector and Rebuild, which write all tables.
package projections
