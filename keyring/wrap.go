package keyring

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// MasterKeyError says that the keys are wrapped by another master key than the one that was given.
type MasterKeyError struct {
	// WrappedBy and Given are ids of master keys. Given is empty where none was given.
	WrappedBy, Given string
	// Replaces is the id of the master key that is being replaced by WrappedBy, if that was not completed.
	Replaces string
}

func (e *MasterKeyError) Error() string {
	switch {
	case e.Replaces != "":
		return fmt.Sprintf("the keys to the personal data are being wrapped by master key %s in place of %s, and not all are yet", e.WrappedBy, e.Replaces)
	case e.Given == "":
		return fmt.Sprintf("the keys to the personal data are wrapped by master key %s, and there is no master key here", e.WrappedBy)
	}
	return fmt.Sprintf("the keys to the personal data are wrapped by master key %s, and the master key here is %s", e.WrappedBy, e.Given)
}

// Unwrap returns [events.ErrUnreadable].
func (e *MasterKeyError) Unwrap() error { return events.ErrUnreadable }

// wrap encrypts a secret for the entry of the bucket with a name. It opens under no other name.
func (m MasterKey) wrap(name string, secret []byte) []byte {
	box := m.aead.Seal(nil, nil, secret, []byte(name)) //nolint:gosec // the cipher draws the nonce itself
	return []byte(m.id + "." + base64.RawURLEncoding.EncodeToString(box))
}

// unwrap returns the secret in an entry with a name. One that an earlier version stored is not wrapped, which its length
// tells. It fails with a [*MasterKeyError] if another master key has wrapped it, and with errDamagedKey.
func (m MasterKey) unwrap(name string, stored []byte) ([]byte, error) {
	if len(stored) == keySize {
		return stored, nil
	}
	id, text, wrapped := strings.Cut(string(stored), ".")
	box, err := base64.RawURLEncoding.DecodeString(text)
	switch {
	case !wrapped || err != nil || len(id) != base64.RawURLEncoding.EncodedLen(masterIDBytes):
		return nil, errDamagedKey
	case id != m.id:
		return nil, &MasterKeyError{WrappedBy: id, Given: m.id}
	}
	secret, err := m.aead.Open(nil, nil, box, []byte(name))
	if err != nil || len(secret) != keySize {
		return nil, errDamagedKey
	}
	return secret, nil
}

// isSecret reports whether an entry of the bucket is wrapped. The others are no secrets.
func isSecret(name string) bool { return name == secretName || strings.HasPrefix(name, personPrefix) }
