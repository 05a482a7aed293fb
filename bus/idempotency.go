package bus

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

const (
	idempotencyAge  = 24 * time.Hour
	idempotencySize = 1 << 20 // keys
)

// idempotencyCache knows which idempotency keys led to which entries, for the keys
// of the last day, and at most the newest million of them. It is made from the ledger,
// so it is the same after a restart. What led to no entry is in [unrecordedAnswers].
//
// A day is what has elapsed, whatever the machine's clock is set to. How old the commits were
// when the process began, only their own times tell.
type idempotencyCache struct {
	byKey map[idempotencyKey]recordedKey
	order []keyUse // in the ledger's order
	// loading is the time while the ledger is loaded; zero afterwards, when a commit is added
	// as soon as it is there.
	loading time.Time
}

type idempotencyKey struct {
	organization events.OrganizationID
	key          string
}

type recordedKey struct {
	digest   string
	position events.Position
	version  events.Version
	expires  time.Duration
}

// answer is the receipt without its events, which the caller reads from the ledger.
func (r recordedKey) answer(digest string) answer {
	if r.digest != digest {
		return answer{err: ErrKeyReused, known: true}
	}
	return answer{receipt: Receipt{Position: r.position, Version: r.version, Repeated: true}, inLedger: true, known: true}
}

type keyUse struct {
	idempotencyKey
	position events.Position
	expires  time.Duration
}

func newIdempotencyCache() *idempotencyCache {
	return &idempotencyCache{byKey: map[idempotencyKey]recordedKey{}}
}

// find returns the entry that a key led to, and whether the key is known.
func (i *idempotencyCache) find(key idempotencyKey, elapsed time.Duration) (recordedKey, bool) {
	found, ok := i.byKey[key]
	return found, ok && elapsed < found.expires
}

// add adds the keys of a commit and removes those that are too old or too many.
func (i *idempotencyCache) add(c events.Commit, elapsed time.Duration) {
	if expires := elapsed + idempotencyAge - i.age(c); expires > elapsed {
		for _, e := range c.Entries {
			if e.Key != "" {
				k := idempotencyKey{e.Organization, e.Key}
				i.byKey[k] = recordedKey{e.Digest, c.Position, e.Version, expires}
				i.order = append(i.order, keyUse{k, c.Position, expires})
			}
		}
	}
	for len(i.order) > 0 && (len(i.order) > idempotencySize || i.order[0].expires <= elapsed) {
		oldest := i.order[0]
		i.order = i.order[1:]
		if i.byKey[oldest.idempotencyKey].position == oldest.position { // else it was used again
			delete(i.byKey, oldest.idempotencyKey)
		}
	}
}

// age returns how old a commit is that is added now.
func (i *idempotencyCache) age(c events.Commit) time.Duration {
	if i.loading.IsZero() {
		return 0
	}
	return max(0, i.loading.Sub(c.At))
}
