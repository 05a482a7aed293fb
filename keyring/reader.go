package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"github.com/seed-2026d078/roster/events"
)

// ErrForgotten says that the key of a person was deleted on purpose: what was sealed with it
// cannot be read any more.
var ErrForgotten = errors.New("this person was forgotten: the key to their data was deleted")

// Reader opens sealed texts. Its methods may be called from many goroutines.
type Reader struct {
	// find returns what is stored under a name, or fails with errAbsent.
	find   func(ctx context.Context, name string) ([]byte, error)
	cache  *expirable.LRU[string, sealKey] // by name of the key
	faults faults
}

func newReader(find func(context.Context, string) ([]byte, error)) *Reader {
	return &Reader{find: find, cache: expirable.NewLRU[string, sealKey](cachedKeys, nil, cachedFor)}
}

// ReadMessages returns a Reader of the keys in the messages of the bucket's stream, which read
// hands over in their order, such as those in the files of a server that does not run. It
// fails with [ErrNoKeys] if the secret of the bucket is not among them.
func ReadMessages(read func(take func(subject string, message []byte) error) error) (*Reader, error) {
	found := map[string][]byte{}
	err := read(func(subject string, message []byte) error {
		if name, is := nameOf(subject); is {
			found[name] = append([]byte{}, message...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	if len(found[secretName]) != keySize {
		return nil, ErrNoKeys
	}
	return newReader(func(_ context.Context, name string) ([]byte, error) {
		stored, is := found[name]
		if !is {
			return nil, errAbsent
		}
		return stored, nil
	}), nil
}

// Open decrypts what Seal returned for the same organization. It fails with
// [ErrForgotten] if the key was deleted by [Keyring.Forget], and with a [*UnreadableError] if
// the key is not there otherwise, or if the text does not open. A text that an old event holds in the clear is
// returned as it is, see [events.InClear].
func (r *Reader) Open(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
	if text, clear := sealed.Clear(); clear || sealed == "" {
		return text, nil
	}
	id, box, err := unpack(sealed)
	if err != nil {
		return "", r.faults.add(org, "", err)
	}
	key, err := r.key(ctx, org, id)
	if err != nil {
		return "", err
	}
	text, err := key.open(org, box)
	if err != nil {
		return "", r.faults.add(org, id, err)
	}
	return text, nil
}

// Read is like Open, but returns the empty text if the person was forgotten.
func (r *Reader) Read(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
	text, err := r.Open(ctx, org, sealed)
	if errors.Is(err, ErrForgotten) {
		return "", nil
	}
	return text, err
}

// key returns the key with an id.
func (r *Reader) key(ctx context.Context, org events.OrganizationID, id string) (sealKey, error) {
	person := id[:personChars]
	name := keyName(org, person)
	if key, ok := r.cache.Get(name); ok && key.id == id {
		return key, nil
	}
	stored, err := r.find(ctx, name)
	if err == nil && keyID(person, stored) == id {
		return r.use(org, name, person, stored)
	}
	if err == nil || errors.Is(err, errAbsent) {
		// There is no such key, or a later one of the same person.
		_, err = r.find(ctx, markName(org, id))
		switch {
		case err == nil:
			return sealKey{}, ErrForgotten
		case errors.Is(err, errAbsent):
			return sealKey{}, r.faults.add(org, id, errMissingKey)
		}
	}
	return sealKey{}, fmt.Errorf("find the key: %w", err)
}

// use makes a key of its secret and caches it.
func (r *Reader) use(org events.OrganizationID, name, person string, secret []byte) (sealKey, error) {
	key, err := newSealKey(person, secret)
	if err != nil {
		return sealKey{}, r.faults.add(org, keyID(person, secret), err)
	}
	r.faults.remove(key.id)
	r.cache.Add(name, key)
	return key, nil
}
