package bus

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

// The id of a key: which person of an organization, then which key of theirs. A
// person who was forgotten and comes back has another key, and the id tells that
// the old one is gone.
const (
	personBytes = 15
	printBytes  = 6
)

var personChars = base64.RawURLEncoding.EncodedLen(personBytes)

// sealKey is one person's key.
type sealKey struct {
	id   string
	aead cipher.AEAD
}

// personOf stands for a person of an organization in names of keys, which allow
// few characters.
func personOf(org events.OrganizationID, person string) string {
	sum := sha256.Sum256([]byte(string(org) + "\x00" + person))
	return base64.RawURLEncoding.EncodeToString(sum[:personBytes])
}

// keyName is where the bucket holds a person's key.
func keyName(org events.OrganizationID, person string) string {
	return "person." + string(org) + "." + person
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
	sum := sha256.Sum256(secret)
	return sealKey{id: person + base64.RawURLEncoding.EncodeToString(sum[:printBytes]), aead: aead}, nil
}

func (k sealKey) seal(org events.OrganizationID, text string) events.Sealed {
	box := k.aead.Seal(nil, nil, []byte(text), bound(org, k.id)) //nolint:gosec // the cipher draws the nonce itself
	return events.Sealed(k.id + "." + base64.RawURLEncoding.EncodeToString(box))
}

func (k sealKey) open(org events.OrganizationID, box []byte) (string, error) {
	text, err := k.aead.Open(nil, nil, box, bound(org, k.id))
	if err != nil {
		return "", errors.New("the sealed text was altered, or belongs to another organization")
	}
	return string(text), nil
}

// bound ties what is sealed to its place, so that it cannot be passed off as
// somebody else's.
func bound(org events.OrganizationID, id string) []byte {
	return []byte(string(org) + "\x00" + id)
}

// unpack splits what seal put together.
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
