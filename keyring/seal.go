package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// The id of a key names the person of an organization, then the key itself. A
// person who was forgotten and returns has a new key, with another id; so a text
// that was sealed with the old one is recognized.
const (
	personBytes      = 15
	fingerprintBytes = 6
)

// Entries of the bucket are named by what they are.
const (
	personPrefix = "person."
	markPrefix   = "forgotten."
)

var personChars = base64.RawURLEncoding.EncodedLen(personBytes)

var (
	errDamagedKey = errors.New("the key is damaged")
	errAltered    = errors.New("the sealed text was altered, or belongs to another organization")
)

// sealKey is one person's key.
type sealKey struct {
	id   string
	aead cipher.AEAD
}

// personOf returns a hash that stands for a person of an organization, since the
// names of keys allow few characters.
func personOf(org events.OrganizationID, person string) string {
	sum := sha256.Sum256([]byte(string(org) + "\x00" + person))
	return base64.RawURLEncoding.EncodeToString(sum[:personBytes])
}

// keyName returns the name under which the bucket stores a person's key.
func keyName(org events.OrganizationID, person string) string {
	return personPrefix + string(org) + "." + person
}

// markName returns the name under which the bucket stores that a key was deleted on purpose.
func markName(org events.OrganizationID, id string) string {
	return markPrefix + string(org) + "." + id
}

// keyID returns the id of a person's key with a secret.
func keyID(person string, secret []byte) string {
	sum := sha256.Sum256(secret)
	return person + base64.RawURLEncoding.EncodeToString(sum[:fingerprintBytes])
}

func newSealKey(person string, secret []byte) (sealKey, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return sealKey{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealKey{}, err
	}
	return sealKey{id: keyID(person, secret), aead: aead}, nil
}

func (k sealKey) seal(org events.OrganizationID, text string) events.Sealed {
	box := k.aead.Seal(nil, nil, []byte(text), boundTo(org, k.id)) //nolint:gosec // the cipher draws the nonce itself
	return events.Sealed(k.id + "." + base64.RawURLEncoding.EncodeToString(box))
}

func (k sealKey) open(org events.OrganizationID, box []byte) (string, error) {
	text, err := k.aead.Open(nil, nil, box, boundTo(org, k.id))
	if err != nil {
		return "", errAltered
	}
	return string(text), nil
}

// boundTo returns what a sealed text is authenticated with: it does not open for
// another organization or another key.
func boundTo(org events.OrganizationID, id string) []byte {
	return []byte(string(org) + "\x00" + id)
}

// unpack splits a sealed text into the id of its key and the encrypted bytes.
func unpack(sealed events.Sealed) (id string, box []byte, err error) {
	id, text, ok := strings.Cut(string(sealed), ".")
	if !ok || len(id) < personChars {
		return "", nil, errors.New("the sealed text names no key")
	}
	box, err = base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", nil, fmt.Errorf("the sealed text is not base64url: %w", err)
	}
	return id, box, nil
}
