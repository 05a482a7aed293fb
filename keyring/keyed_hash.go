package keyring

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strings"
	"sync"
)

// keyedHash hashes texts with a key. It keeps the beginnings of hashes, which depend on the key alone: a list of invites takes thousands.
type keyedHash struct{ begun sync.Pool }

func newKeyedHash(key []byte) *keyedHash {
	return &keyedHash{sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

// of returns the hash of texts. Only the last one may contain a zero byte.
func (k *keyedHash) of(texts ...string) string {
	mac := k.begun.Get().(hash.Hash) //nolint:forcetypeassert // the pool has no others
	defer k.begun.Put(mac)
	mac.Reset()
	mac.Write([]byte(strings.Join(texts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
