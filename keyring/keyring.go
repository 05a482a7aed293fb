package keyring

import (
	"context"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/mailbox"
)

// Keyring seals personal data with one key per person, so that deleting one key
// forgets one person. Its methods may be called from many goroutines.
type Keyring struct {
	*Reader
	bucket bucket

	// Derived from the secret of the bucket, for what must be equal everywhere.
	addresses, externalIDs, metadataKeys, digests, tokens *keyedHash
	links                                                 unsubscription
}

// Config is what [Open] needs.
type Config struct {
	// Master wraps the keys. All processes need the same one.
	Master MasterKey
	// Replicas is the number of servers that keep a bucket created now; zero means 1.
	Replicas int
	// Progress is told how many keys that an earlier version stored are wrapped, of how many; it may be nil.
	Progress func(done, total int)
}

// Open finds the bucket of keys, or creates it with a new secret in it. If an earlier version has stored keys that are not
// wrapped, it wraps them first; one that was interrupted goes on at the next call. It fails with a [*MasterKeyError] if another
// master key wraps the keys.
//
// A Keyring cannot be closed: the goroutine that drops expired keys from its cache
// runs until the process ends. Open one per process.
//
// Open does not ask whether the server syncs its writes. Use a server that is good
// enough for the ledger, whose Open asks.
func Open(ctx context.Context, nc *nats.Conn, cfg Config) (*Keyring, error) {
	return open(ctx, nc, cfg, func(js jetstream.JetStream) (bucket, error) {
		if cfg.Master.IsZero() {
			return bucket{}, errNoMasterKey
		}
		keys, err := openBucket(ctx, js, max(cfg.Replicas, 1))
		keys.master = cfg.Master
		if err == nil {
			err = keys.begin(ctx)
		}
		return keys, err
	})
}

// OpenExisting is like Open, but creates nothing: it fails with [ErrNoKeys] if there is no
// bucket, or no secret in it, or one that is damaged. A new secret would fit to nothing in the ledger.
func OpenExisting(ctx context.Context, nc *nats.Conn, cfg Config) (*Keyring, error) {
	return open(ctx, nc, cfg, func(js jetstream.JetStream) (bucket, error) {
		keys, err := findBucket(ctx, js)
		if err == nil && cfg.Master.IsZero() {
			err = errNoMasterKey
		}
		keys.master = cfg.Master
		return keys, err
	})
}

var errNoMasterKey = errors.New("a keyring needs a master key")

// begin creates the secret of a bucket that has none.
func (b bucket) begin(ctx context.Context) error {
	_, err := b.find(ctx, secretName)
	if !errors.Is(err, errAbsent) {
		return err
	}
	// Of several processes, the first one that names its master key decides.
	_, err = b.setState(ctx, masterState{ID: b.master.id}, 0)
	if err != nil && !errors.Is(err, errOtherState) {
		return err
	}
	state, _, err := b.state(ctx)
	if err == nil {
		err = state.check(b.master)
	}
	if err == nil {
		_, err = b.obtain(ctx, secretName)
	}
	return err
}

// open makes a keyring of a bucket and of the secret in it.
func open(ctx context.Context, nc *nats.Conn, cfg Config, find func(jetstream.JetStream) (bucket, error)) (k *Keyring, err error) {
	defer func() {
		if err != nil {
			k, err = nil, fmt.Errorf("open the keyring: %w", err)
		}
	}()
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	keys, err := find(js)
	if err != nil {
		return nil, err
	}
	secret, err := usable(ctx, keys.find, cfg.Master)
	if err != nil {
		return nil, err
	}
	if err := keys.allowBatches(ctx, js); err != nil {
		return nil, err
	}
	if _, err := keys.rewrite(ctx, MasterKey{}, cfg.Master, cfg.Progress); err != nil {
		return nil, fmt.Errorf("wrap the keys: %w", err)
	}
	k = &Keyring{Reader: keys.reader(), bucket: keys}
	for purpose, derived := range map[string]**keyedHash{
		"roster address": &k.addresses, "roster external id": &k.externalIDs, "roster metadata key": &k.metadataKeys,
		"roster request": &k.digests, "roster invite token": &k.tokens,
	} {
		key, err := hkdf.Key(sha256.New, secret, nil, purpose, keySize)
		if err != nil {
			return nil, err
		}
		*derived = newKeyedHash(key)
	}
	var links, nonces []byte
	for purpose, key := range map[string]*[]byte{"roster unsubscribe token": &links, "roster unsubscribe nonce": &nonces} {
		if *key, err = hkdf.Key(sha256.New, secret, nil, purpose, keySize); err != nil {
			return nil, err
		}
	}
	k.links, err = newUnsubscription(links, nonces)
	return k, err
}

// Seal encrypts a text about a person with that person's key, which it creates if
// there is none. The empty text stays empty.
func (k *Keyring) Seal(ctx context.Context, org events.OrganizationID, person, text string) (events.Sealed, error) {
	if text == "" {
		return "", nil
	}
	person = personOf(org, person)
	name := keyName(org, person)
	key, ok := k.cache.Get(name)
	if !ok {
		secret, err := k.bucket.obtain(ctx, name)
		if errors.Is(err, errDamagedKey) || errors.As(err, new(*MasterKeyError)) {
			err = k.faults.add(org, person, err)
		}
		if err != nil {
			return "", fmt.Errorf("seal: %w", err)
		}
		if key, err = k.use(name, person, secret); err != nil {
			return "", fmt.Errorf("seal: %w", err)
		}
	}
	return key.seal(org, text), nil
}

// AddressHash returns a hash of an email address. Two addresses of an organization
// have the same hash if they are the same mailbox, whatever their case or the form of their domain.
// Without the secret of the bucket, nobody can compute it or search for it.
func (k *Keyring) AddressHash(org events.OrganizationID, email string) events.AddressHash {
	return events.AddressHash(k.addresses.of(string(org), mailbox.Key(email)))
}

// ExternalIDHash returns a hash of the id that another system has for a person. Two members
// of an organization have the same hash if the ids are equal.
func (k *Keyring) ExternalIDHash(org events.OrganizationID, id string) events.ExternalIDHash {
	return events.ExternalIDHash(k.externalIDs.of(string(org), id))
}

// MetadataKey returns what stands for the key of an entry of somebody's metadata. It needs
// no key of the person, so it can be computed before anything is sealed.
func (k *Keyring) MetadataKey(org events.OrganizationID, person, key string) events.MetadataKey {
	return events.MetadataKey(k.metadataKeys.of(string(org), person, key))
}

// Digest returns a keyed hash of a request. The ledger keeps it; without a key, whoever
// reads the ledger could find out a short text in the request by trying.
func (k *Keyring) Digest(request string) string { return k.digests.of(request) }

// tokenPrefix lets people, and scanners for leaked secrets, recognize a token. It
// also prevents a token from being read as a command-line flag.
const tokenPrefix = "roster_"

// Token returns the secret that opens an invite, or a project by its public link, or the text that proves a domain. It is
// the same each time for the same subject and nonce, and nobody can guess it without the
// secret of the bucket.
func (k *Keyring) Token(org events.OrganizationID, opens events.Subject, nonce events.Nonce) string {
	id := opens.ID
	switch opens.Kind { //nolint:exhaustive // invites have tokens as they are; no id has a line break, so nothing else has the same
	case events.ProjectSubject:
		id = "public link\n" + id
	case events.EmailDomainSubject:
		id = "email domain\n" + id
	}
	return tokenPrefix + k.tokens.of(string(org), id, string(nonce))
}
