package main

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// keysEvery is how often watchKeys looks whether more keys, or fewer, are missing.
const keysEvery = 10 * time.Second

// watchKeys checks at the start whether every key that the state needs is there, and again
// whenever that number has changed, until ctx ends. It logs whose are missing.
func watchKeys(ctx context.Context, keys *keyring.Keyring, state func() domain.Roster, log *slog.Logger) {
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
			for invite, sent := range org.Invites() {
				if !yield(keyring.Text{Organization: id, Subject: events.Subject{Kind: events.InviteSubject, ID: string(invite)}, Sealed: sent.Email}) {
					return
				}
			}
		}
	}
}
