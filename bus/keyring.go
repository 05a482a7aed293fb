package bus

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

const (
	secretName = "secret"
	keySize    = 32
)

// Keyring seals personal data, each person's under a key of their own, so that
// deleting one key forgets one person everywhere. Its methods may be used from
// many goroutines.
type Keyring struct {
	bucket bucket
	cache  *keyCache
	// Keys for what must be equal everywhere, made from one shared secret.
	addresses, tokens []byte
}

// OpenKeyring finds the bucket of keys or makes it, with the shared secret in it.
// Replicas count for a bucket made anew; zero is 1. The keys deserve the server
// that the ledger demands: see [Open].
func OpenKeyring(ctx context.Context, nc *nats.Conn, replicas int) (*Keyring, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	keys, err := openBucket(ctx, js, max(replicas, 1))
	if err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	k := &Keyring{bucket: keys, cache: newKeyCache()}
	secret, err := k.obtain(ctx, secretName)
	if err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	if k.addresses, err = hkdf.Key(sha256.New, secret, nil, "roster address", keySize); err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	if k.tokens, err = hkdf.Key(sha256.New, secret, nil, "roster invite token", keySize); err != nil {
		return nil, fmt.Errorf("open the keyring: %w", err)
	}
	return k, nil
}

// Seal encrypts a text about a person so that only the holder of that person's
// key reads it; the key is made on first use. Empty stays empty.
func (k *Keyring) Seal(ctx context.Context, org events.OrganizationID, person, text string) (events.Sealed, error) {
	if text == "" {
		return "", nil
	}
	person = personOf(org, person)
	name := keyName(org, person)
	key, ok := k.cache.get(name)
	if !ok {
		secret, err := k.obtain(ctx, name)
		if err != nil {
			return "", fmt.Errorf("seal: %w", err)
		}
		if key, err = k.remember(name, person, secret); err != nil {
			return "", fmt.Errorf("seal: %w", err)
		}
	}
	return key.seal(org, text), nil
}

// Open decrypts what Seal made for the same organization. It fails with
// [ErrForgotten] when the key was deleted since.
func (k *Keyring) Open(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
	if sealed == "" {
		return "", nil
	}
	id, box, err := unpack(sealed)
	if err != nil {
		return "", err
	}
	key, err := k.find(ctx, org, id)
	if err != nil {
		return "", err
	}
	return key.open(org, box)
}

// find returns the key of an id, unless it was deleted.
func (k *Keyring) find(ctx context.Context, org events.OrganizationID, id string) (sealKey, error) {
	person := id[:personChars]
	name := keyName(org, person)
	if key, ok := k.cache.get(name); ok && key.id == id {
		return key, nil
	}
	found, err := k.bucket.Get(ctx, name)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return sealKey{}, ErrForgotten
	case err != nil:
		return sealKey{}, fmt.Errorf("find the key: %w", err)
	}
	key, err := k.remember(name, person, found.Value())
	if err == nil && key.id != id {
		err = ErrForgotten
	}
	return key, err
}

func (k *Keyring) remember(name, person string, secret []byte) (sealKey, error) {
	key, err := newSealKey(person, secret)
	if err != nil {
		return sealKey{}, fmt.Errorf("use the key: %w", err)
	}
	k.cache.put(name, key)
	return key, nil
}

// Forget deletes a person's key: nothing sealed under it will be opened again.
// Another process that has used the key lately may hold it for a minute; what it
// seals in that time is forgotten too.
func (k *Keyring) Forget(ctx context.Context, org events.OrganizationID, person string) error {
	name := keyName(org, personOf(org, person))
	if err := k.bucket.erase(ctx, name); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	k.cache.drop(name)
	return nil
}

// AddressHash tells whether two email addresses of an organization are equal,
// but for case and surrounding space, without telling what they are.
func (k *Keyring) AddressHash(org events.OrganizationID, email string) events.AddressHash {
	return events.AddressHash(keyedHash(k.addresses, string(org), strings.ToLower(strings.TrimSpace(email))))
}

// tokenPrefix tells people and scanners for leaked secrets what they have before
// them, and keeps a token from looking like a flag.
const tokenPrefix = "roster_"

// Token returns the secret of an invite: always the same for the same invite and
// nonce, not to be guessed by anyone else.
func (k *Keyring) Token(org events.OrganizationID, invite events.InviteID, nonce string) string {
	return tokenPrefix + keyedHash(k.tokens, string(org), string(invite), nonce)
}

// keyedHash hashes texts of which none but the last may hold a zero byte.
func keyedHash(key []byte, texts ...string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(strings.Join(texts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// obtain returns the secret of a name, made on first use. Of several who make it
// at once, one wins and the others take theirs from it.
func (k *Keyring) obtain(ctx context.Context, name string) ([]byte, error) {
	found, err := k.bucket.Get(ctx, name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		made := make([]byte, keySize)
		_, _ = rand.Read(made) // it never fails
		_, err = k.bucket.Create(ctx, name, made)
		if err == nil {
			return made, nil
		}
		if errors.Is(err, jetstream.ErrKeyExists) {
			found, err = k.bucket.Get(ctx, name)
		}
	}
	if err != nil {
		return nil, err
	}
	return found.Value(), nil
}
