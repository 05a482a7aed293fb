package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// MasterKey wraps the keys that the bucket stores: whoever has a copy of the bucket without it can
// use none of them. The zero MasterKey is none.
type MasterKey struct {
	id   string
	aead cipher.AEAD
}

// masterIDBytes is the length of the id of a master key. An id tells master keys apart, and nothing of the key can be
// derived from it.
const masterIDBytes = 9

// NewMasterKey returns a new master key, and the text of which [ParseMasterKey] makes it again.
func NewMasterKey() (MasterKey, string) {
	secret := make([]byte, keySize)
	_, _ = rand.Read(secret) // it never fails
	text := base64.StdEncoding.EncodeToString(secret)
	key, err := ParseMasterKey(text)
	if err != nil {
		panic(err) // the text is what ParseMasterKey reads
	}
	return key, text
}

// ParseMasterKey makes a master key of the text of its 32 bytes: 64 hexadecimal digits, or base64
// with 44 characters. Space around it does not count. The error does not contain the text.
func ParseMasterKey(text string) (MasterKey, error) {
	text = strings.TrimSpace(text)
	var secret []byte
	var err error
	switch len(text) {
	case hex.EncodedLen(keySize):
		secret, err = hex.DecodeString(text)
	case base64.StdEncoding.EncodedLen(keySize):
		secret, err = base64.StdEncoding.Strict().DecodeString(text)
	}
	if err != nil || len(secret) != keySize {
		return MasterKey{}, fmt.Errorf("a master key is 32 bytes, written as 64 hexadecimal digits or as base64 with 44 characters; "+
			"this text of %d characters is neither (openssl rand -base64 32 makes one)", len(text))
	}
	wrapping, err := hkdf.Key(sha256.New, secret, nil, "roster master key", keySize)
	if err != nil {
		return MasterKey{}, err
	}
	id, err := hkdf.Key(sha256.New, secret, nil, "roster master key id", masterIDBytes)
	if err != nil {
		return MasterKey{}, err
	}
	block, err := aes.NewCipher(wrapping)
	if err != nil {
		return MasterKey{}, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return MasterKey{id: base64.RawURLEncoding.EncodeToString(id), aead: aead}, err
}

// ID returns what tells this master key from others. It is no secret.
func (m MasterKey) ID() string { return m.id }

// IsZero reports whether this is no master key.
func (m MasterKey) IsZero() bool { return m.id == "" }

// String returns the id, so that the key itself is in no log.
func (m MasterKey) String() string { return "master key " + m.id }

// GoString is String.
func (m MasterKey) GoString() string { return m.String() }
