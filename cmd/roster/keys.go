package main

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// keysEvery is how often watchKeys looks whether more keys, or fewer, are missing.
const keysEvery = 10 * time.Second

// watchKeys checks at the start whether every key that the state needs is there, and again
// whenever that number has changed, until ctx ends. It logs whose are missing.
func watchKeys(ctx context.Context, keys *keyring.Reader, state func() domain.Roster, log *slog.Logger) {
	tick := time.NewTicker(keysEvery)
	defer tick.Stop()
	for known := -1; ; {
		if missing, _ := keys.Faults(); missing != known {
			if _, err := keys.Check(ctx, textsOf(state())); err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "the keys to personal data could not be checked", "error", err)
			}
			missing, first := keys.Faults()
			if known = missing; first != nil {
				log.ErrorContext(ctx, "keys to personal data are missing or damaged", "keys", missing, "one", first)
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// checkKeys fails if a key is missing that the state needs. It is for a start that empties the read models of an
// older version: they may be the last to have a name.
func checkKeys(ctx context.Context, ledger *bus.Ledger, keys *keyring.Reader) error {
	var view bus.View[domain.Roster]
	err := ledger.Read(ctx, events.Checkpoint{}, 0, func(commits []events.Commit) (err error) {
		view, err = view.Fold(commits)
		return err
	})
	if err != nil {
		return err
	}
	missing, err := keys.Check(ctx, textsOf(view.State))
	if err != nil || len(missing) == 0 {
		return err
	}
	return &refusedError{fmt.Errorf("%w\nKeys that are missing: %d. This version makes the read models anew, which would lose the names behind them, so nothing was changed. "+
		"Bring back the newest copy of the keys. If there is none, go on without those names with `roster rebuild --accept-missing-keys`", missing[0], len(missing))}
}

// textsOf yields every sealed text of a state.
func textsOf(state domain.Roster) iter.Seq[keyring.Text] {
	return func(yield func(keyring.Text) bool) {
		for id, org := range state.Organizations() {
			for user, member := range org.Members() {
				for text := range member.Texts() {
					if !yield(keyring.Text{Organization: id, Subject: events.Subject{Kind: events.UserSubject, ID: string(user)}, Sealed: text}) {
						return
					}
				}
			}
			for _, r := range org.AccessRequests() {
				for text := range r.Texts() {
					if !yield(keyring.Text{Organization: id, Subject: events.Subject{Kind: events.UserSubject, ID: string(r.Member)}, Sealed: text}) {
						return
					}
				}
			}
			for invite, sent := range org.Invites() {
				if !yield(keyring.Text{Organization: id, Subject: events.Subject{Kind: events.InviteSubject, ID: string(invite)}, Sealed: sent.Email}) {
					return
				}
			}
		}
	}
}
