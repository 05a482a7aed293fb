package collation

import (
	"bytes"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// maxKey is the largest number of bytes of a key. An index of Postgres cannot hold much more.
const maxKey = 255

// keyMaker makes one key at a time.
type keyMaker struct {
	collator *collate.Collator
	buffer   collate.Buffer
}

var keyMakers = sync.Pool{New: func() any { return &keyMaker{collator: collate.New(language.Und)} }}

// Key returns the collation key of a name, at most 255 bytes: the order of the bytes of keys
// is the order of names. It is the root order of Unicode, which is that of no language:
// letters go before accents, accents before case, and digits are compared one by one. Texts
// that are equal after [Normalize] have one key, and others may: order those by something
// else, such as their ids. Long names are ordered by how they begin, about 50 characters with
// their accents.
func Key(name string) []byte {
	m := keyMakers.Get().(*keyMaker) //nolint:forcetypeassert // the pool holds nothing else
	defer keyMakers.Put(m)
	m.buffer.Reset()
	key := m.collator.KeyFromString(&m.buffer, norm.NFC.String(name))
	return bytes.Clone(key[:min(len(key), maxKey)])
}
