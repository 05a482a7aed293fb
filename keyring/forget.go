package keyring

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// InvitePerson returns the person under whose key the texts of an invite are sealed: nobody knows who will accept it, so that is the
// invite itself.
func InvitePerson(id events.InviteID) string { return "invite " + string(id) }

// Forget destroys a person's key, and leaves a mark that it did. Nothing that was sealed with the
// key opens again. It is no error if there is no key.
//
// Texts are some that the organization has. Keys of the person that sealed one of them get a mark, too: also those that are missing
// or damaged, which is no fault from then on.
//
// Another process that used the key in the last minute may hold it for a minute
// more. What it seals in that time does not open afterwards either.
func (k *Keyring) Forget(ctx context.Context, org events.OrganizationID, person string, texts ...events.Sealed) error {
	if err := k.forget(ctx, org, personOf(org, person), texts); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}

func (k *Keyring) forget(ctx context.Context, org events.OrganizationID, person string, texts []events.Sealed) error {
	name := keyName(org, person)
	ids := map[string]bool{}
	for _, text := range texts {
		if id := KeyOf(text); strings.HasPrefix(id, person) {
			ids[id] = true
		}
	}
	stored, err := k.bucket.find(ctx, name)
	there := err == nil
	if err != nil && !errors.Is(err, errAbsent) {
		return err
	}
	if there {
		secret, err := k.master.unwrap(name, stored)
		switch {
		case err == nil:
			ids[keyID(person, secret)] = true
		case !errors.Is(err, errDamagedKey):
			return err
		}
	}
	// First the marks: a key that is gone without one is a fault.
	for id := range ids {
		if err := k.bucket.mark(ctx, markName(org, id), events.Instant(time.Now())); err != nil {
			return err
		}
	}
	if there {
		if err := k.bucket.erase(ctx, name); err != nil {
			return err
		}
	}
	k.cache.Remove(name)
	k.faults.remove(person)
	for id := range ids {
		k.faults.remove(id)
	}
	return nil
}

// Has reports whether a person has a key.
func (k *Keyring) Has(ctx context.Context, org events.OrganizationID, person string) (bool, error) {
	_, err := k.bucket.find(ctx, keyName(org, personOf(org, person)))
	if errors.Is(err, errAbsent) {
		return false, nil
	}
	return err == nil, err
}
