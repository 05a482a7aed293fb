package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/internal/phrase"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// salvageKeys makes the stream of the keys anew if it is damaged, of every key that can be read, and
// prints where the damaged one is kept. It changes nothing if no key can be used, for want of
// the secret that they share; nor where a server runs, which has taken its keys for sound.
func (s *servers) salvageKeys(ctx context.Context, master masterKey, out io.Writer) error {
	if s.NATS != "" {
		return nil
	}
	if err := s.has("nats", "--nats"); err != nil {
		return err
	}
	dir := s.directory.path("nats")
	found, damage, err := natsserver.Salvage(dir, keyring.StreamName)
	if err != nil && !errors.Is(err, natsserver.ErrNoStream) {
		return err
	}
	each := func(take func(subject string, message []byte) error) error {
		for _, message := range found {
			if err := take(message.Subject, message.Data); err != nil {
				return err
			}
		}
		return nil
	}
	_, err = keyring.ReadMessages(ctx, master.key, each)
	if errors.As(err, new(*keyring.MasterKeyError)) {
		return master.explain(err)
	}
	if err != nil {
		return &refusedError{fmt.Errorf("%w: no key can be used without the secret that they share, and it is not in %s, or damaged. Nothing was changed: "+
			"bring back the newest copy of %s", err, keyring.StreamName, dir)}
	}
	if damage == nil {
		return nil
	}
	kept, err := natsserver.Replace(dir, keyring.StreamName, func(nc *nats.Conn) error { return keyring.Restore(ctx, nc, each) })
	if err != nil {
		return fmt.Errorf("make the stream of the keys anew: %w", err)
	}
	fmt.Fprintf(out, "The stream of the keys was damaged. It is made anew of %s that can be read. The damaged one is kept in %s: "+
		"remove that when you are sure, since it has keys of people who are forgotten from now on.\n", phrase.Count(len(found), "record", "records"), kept)
	return nil
}
