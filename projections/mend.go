package projections

import (
	"context"
	"errors"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// Pauses between two times that the read models are made anew. They double, so that a disk that
// goes on to damage pages does not keep the server busy, and begin anew once the tables have
// been sound for as long as the longest.
const (
	firstMendPause = time.Second
	maxMendPause   = 10 * time.Minute
)

// What is said of damaged read models that could not be made anew.
const (
	unmendedLedger = "the read models are damaged, and are not made anew, since the ledger is not sound: look at it with `roster verify`"
	unmendedKeys   = "the read models are damaged, and are not made anew, since the names whose keys are missing would be lost: " +
		"bring back the newest copy of the keys, or lose those names with `roster rebuild --accept-missing-keys`"
	unmended = "the read models are damaged, and could not be made anew, which is tried again: look at the disk of PostgreSQL, and at the log"
)

// Mend makes the read models anew from the ledger, as [Database.Rebuild] does, each time that damage is
// found in them, until the context ends. Reads and a projector go on meanwhile, as far as
// they do not meet the damage. Where the ledger is not sound or a key to personal data is missing, the
// tables stay as they are, and the [DamageError] says why. The inbox is not mended: the ledger
// does not hold all that is in it.
func (db *Database) Mend(ctx context.Context, ledger *bus.Ledger) {
	for pause := firstMendPause; ; pause = min(2*pause, maxMendPause) {
		began := time.Now()
		if db.waitForDamage(ctx) != nil {
			return
		}
		if time.Since(began) > maxMendPause {
			pause = firstMendPause
		}
		db.mend(ctx, ledger)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// mend makes the damaged read models anew once.
func (db *Database) mend(ctx context.Context, ledger *bus.Ledger) {
	began := time.Now()
	err := db.rebuild(ctx, ledger, nil)
	if err == nil {
		err = db.identify(ctx)
	}
	switch {
	case err == nil:
		db.log.InfoContext(ctx, "the read models were damaged, and are made anew", "position", db.Position(), "took", time.Since(began).Round(time.Millisecond))
	case ctx.Err() != nil, errors.Is(err, errRebuilding):
	default:
		suggestion := unmendedSuggestion(err)
		db.suggest(suggestion)
		db.log.ErrorContext(ctx, "the damaged read models cannot be made anew", "what_to_do", suggestion, "error", err)
	}
}

// unmendedSuggestion returns what to do about an error that kept damaged tables from being made anew.
func unmendedSuggestion(err error) string {
	if _, broken := errors.AsType[*bus.BrokenError](err); broken {
		return unmendedLedger
	}
	if errors.Is(err, events.ErrUnreadable) {
		return unmendedKeys
	}
	return unmended
}
