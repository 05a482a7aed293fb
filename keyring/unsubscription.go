package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// Unsubscription is what the link in a mail switches off: mails of a kind of notices to somebody, in an organization.
type Unsubscription struct {
	Kind         events.NoticeKind
	Organization events.OrganizationID
	User         events.UserID
}

// unsubscription encrypts what links say. Each nonce is a keyed hash of the text, so that nothing has to be stored, and only equal texts have the same.
type unsubscription struct {
	nonces []byte
	cipher.AEAD
}

func newUnsubscription(key, nonces []byte) (unsubscription, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return unsubscription{}, err
	}
	aead, err := cipher.NewGCM(block)
	return unsubscription{nonces, aead}, err
}

// UnsubscribeToken returns the secret of a link: the same each time. Without the secret of the bucket, nobody can make one, or read what it says.
func (k *Keyring) UnsubscribeToken(u Unsubscription) string {
	text := []byte(strings.Join([]string{string(u.Kind), string(u.Organization), string(u.User)}, "\n")) // no id has a line break
	mac := hmac.New(sha256.New, k.links.nonces)
	mac.Write(text)
	nonce := mac.Sum(nil)[:k.links.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(k.links.Seal(nonce, nonce, text, nil))
}

// Unsubscription returns what [Keyring.UnsubscribeToken] made a token of, and whether it did.
func (k *Keyring) Unsubscription(token string) (Unsubscription, bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(sealed) < k.links.NonceSize() {
		return Unsubscription{}, false
	}
	nonce, text := sealed[:k.links.NonceSize()], sealed[k.links.NonceSize():]
	plain, err := k.links.Open(nil, nonce, text, nil)
	if err != nil {
		return Unsubscription{}, false
	}
	parts := strings.SplitN(string(plain), "\n", 3)
	return Unsubscription{events.NoticeKind(parts[0]), events.OrganizationID(parts[1]), events.UserID(parts[2])}, true
}
