package keyring

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

// ErrForgotten says that the key of a person was deleted on purpose: what was sealed with it
// cannot be read any more.
var ErrForgotten = errors.New("this person was forgotten: the key to their data was deleted")

// Reader opens sealed texts. Its methods may be called from many goroutines.
type Reader struct {
	// find returns what is stored under a name, or fails with errAbsent.
	find func(ctx context.Context, name string) ([]byte, error)
	// each calls take with everything that is stored.
	each   func(ctx context.Context, take func(name string, stored []byte)) error
	master MasterKey                       // wraps the keys
	cache  *expirable.LRU[string, sealKey] // by name of the key
	faults faults
}

func (b bucket) reader() *Reader {
	return &Reader{find: b.find, each: b.each, master: b.master, cache: newCache()}
}

func newCache() *expirable.LRU[string, sealKey] {
	return expirable.NewLRU[string, sealKey](cachedKeys, nil, cachedFor)
}

// OpenReader returns a Reader of the keys on a server. It writes nothing. It fails with [ErrNoKeys] if there is no bucket, or not the secret
// that all keys need, and with a [*MasterKeyError] if another master key wraps the keys. Keys that an earlier version stored are
// not wrapped, and need none.
func OpenReader(ctx context.Context, nc *nats.Conn, master MasterKey) (*Reader, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	keys, err := findBucket(ctx, js)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	keys.master = master
	if _, err := usable(ctx, keys.find, master); err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	return keys.reader(), nil
}

// ReadMessages is like [OpenReader] for the keys in the messages of the bucket's stream, which read
// hands over in their order, such as those in the files of a server that does not run.
func ReadMessages(ctx context.Context, master MasterKey, read func(take func(subject string, message []byte) error) error) (*Reader, error) {
	found := map[string][]byte{}
	err := read(func(subject string, message []byte) error {
		if name, is := nameOf(subject); is && !isSeparator(name) {
			found[name] = append([]byte{}, message...)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	find := func(_ context.Context, name string) ([]byte, error) {
		stored, is := found[name]
		if !is || len(stored) == 0 { // an empty message says that it was deleted
			return nil, errAbsent
		}
		return stored, nil
	}
	if _, err := usable(ctx, find, master); err != nil {
		return nil, err
	}
	return &Reader{find: find, master: master, cache: newCache(), each: func(_ context.Context, take func(string, []byte)) error {
		for name, stored := range found {
			take(name, stored)
		}
		return nil
	}}, nil
}

// usable returns the secret that all keys need. It fails with [ErrNoKeys] if there is none, or a damaged one, and with a
// [*MasterKeyError].
func usable(ctx context.Context, find func(context.Context, string) ([]byte, error), master MasterKey) ([]byte, error) {
	stored, err := find(ctx, stateName)
	if err != nil && !errors.Is(err, errAbsent) {
		return nil, err
	}
	state, err := parseState(stored)
	if err == nil {
		err = state.check(master)
	}
	if err != nil {
		return nil, err
	}
	stored, err = find(ctx, secretName)
	if errors.Is(err, errAbsent) {
		return nil, ErrNoKeys
	}
	if err != nil {
		return nil, err
	}
	secret, err := master.unwrap(secretName, stored)
	if errors.Is(err, errDamagedKey) {
		return nil, fmt.Errorf("%w: the secret that all of them need is damaged", ErrNoKeys)
	}
	return secret, err
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
	fault := errMissingKey // or a later key of the same person is there
	stored, err := r.find(ctx, name)
	if err == nil {
		var secret []byte
		if secret, fault = r.master.unwrap(name, stored); fault == nil {
			if keyID(person, secret) == id {
				return r.use(name, person, secret)
			}
			fault = errMissingKey
		}
	}
	if err == nil || errors.Is(err, errAbsent) {
		_, err = r.find(ctx, markName(org, id))
		switch {
		case err == nil:
			return sealKey{}, ErrForgotten
		case errors.Is(err, errAbsent):
			return sealKey{}, r.faults.add(org, id, fault)
		}
	}
	return sealKey{}, fmt.Errorf("find the key: %w", err)
}

// use makes a key of its secret and caches it.
func (r *Reader) use(name, person string, secret []byte) (sealKey, error) {
	key, err := newSealKey(person, secret)
	if err != nil {
		return sealKey{}, err
	}
	r.keep(name, person, key)
	return key, nil
}

// keep caches a key.
func (r *Reader) keep(name, person string, key sealKey) {
	r.faults.remove(key.id)
	r.faults.remove(person)
	r.cache.Add(name, key)
}
