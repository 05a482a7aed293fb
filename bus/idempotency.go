package bus

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

const (
	idempotencyAge  = 24 * time.Hour
	idempotencySize = 1 << 20 // keys
)

// idempotencyCache knows which idempotency keys led to which entries, for the keys
// of the last day, and at most a million of them. It is made from the ledger,
// so it is the same after a restart, unless there were too many. What led to no entry is in [unrecordedAnswers].
//
// If there are too many, an organization that has more than an equal share loses the oldest of
// its own for each that is added to it, and of those the oldest of the actor who added it, if
// that one has more than an equal share of the organization's. So who uses many keys takes no
// room from others. If nobody has more than that, the oldest key is forgotten.
//
// A day is what has elapsed, whatever the machine's clock is set to. How old the commits were
// when the process began, only their own times tell.
type idempotencyCache struct {
	byKey map[idempotencyKey]recordedKey
	// order is all of them in the ledger's order, and some that were forgotten.
	order         []keyUse
	organizations map[events.OrganizationID]*organizationKeys
	// limit is how many there may be.
	limit int
	// loading is the time while the ledger is loaded; zero afterwards, when a commit is added
	// as soon as it is there.
	loading time.Time
}

type idempotencyKey struct {
	organization events.OrganizationID
	key          string
}

// organizationKeys are those of one organization.
type organizationKeys struct {
	count  int
	actors map[events.UserID][]keyUse // in the ledger's order
}

type recordedKey struct {
	digest   string
	position events.Position
	version  events.Version
	expires  time.Duration
	actor    events.UserID
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
	actor    events.UserID
	position events.Position
	expires  time.Duration
}

func newIdempotencyCache() *idempotencyCache {
	return &idempotencyCache{byKey: map[idempotencyKey]recordedKey{}, organizations: map[events.OrganizationID]*organizationKeys{}, limit: idempotencySize}
}

// find returns the entry that a key led to, and whether the key is known.
func (i *idempotencyCache) find(key idempotencyKey, elapsed time.Duration) (recordedKey, bool) {
	found, ok := i.byKey[key]
	return found, ok && elapsed < found.expires
}

// add adds the keys of a commit and removes those that are too old or too many.
func (i *idempotencyCache) add(c events.Commit, elapsed time.Duration) {
	for len(i.order) > 0 && i.order[0].expires <= elapsed {
		i.remove(i.order[0])
		i.order = i.order[1:]
	}
	expires := elapsed + idempotencyAge - i.age(c)
	if expires <= elapsed {
		return
	}
	for _, e := range c.Entries {
		if e.Key == "" {
			continue
		}
		use := keyUse{idempotencyKey{e.Organization, e.Key}, e.Actor, c.Position, expires}
		i.removeKey(use.idempotencyKey) // it may have been used before
		i.byKey[use.idempotencyKey] = recordedKey{e.Digest, c.Position, e.Version, expires, e.Actor}
		i.order = append(i.order, use)
		i.keysOf(e.Organization).add(use)
		if len(i.byKey) > i.limit {
			i.remove(i.excess(use))
		}
	}
	if len(i.order) > 2*len(i.byKey)+minOrder {
		i.order = slices.DeleteFunc(i.order, i.forgotten)
	}
}

// minOrder is up to how many forgotten keys the order has.
const minOrder = 1024

// excess returns the key that is forgotten for one that was added.
func (i *idempotencyCache) excess(added keyUse) keyUse {
	of := i.organizations[added.organization]
	if of.count <= i.limit/len(i.organizations) {
		for i.forgotten(i.order[0]) {
			i.order = i.order[1:]
		}
		return i.order[0]
	}
	if own := of.actors[added.actor]; len(own) > of.count/len(of.actors) {
		return own[0]
	}
	return of.oldest()
}

// forgotten reports whether a key is not known any more, or was used again.
func (i *idempotencyCache) forgotten(use keyUse) bool {
	return i.byKey[use.idempotencyKey].position != use.position
}

func (i *idempotencyCache) remove(use keyUse) {
	if !i.forgotten(use) {
		i.removeKey(use.idempotencyKey)
	}
}

func (i *idempotencyCache) removeKey(key idempotencyKey) {
	known, ok := i.byKey[key]
	if !ok {
		return
	}
	delete(i.byKey, key)
	of := i.organizations[key.organization]
	if of.remove(known.actor, key); of.count == 0 {
		delete(i.organizations, key.organization)
	}
}

func (i *idempotencyCache) keysOf(id events.OrganizationID) *organizationKeys {
	of := i.organizations[id]
	if of == nil {
		of = &organizationKeys{actors: map[events.UserID][]keyUse{}}
		i.organizations[id] = of
	}
	return of
}

func (o *organizationKeys) add(use keyUse) {
	o.count++
	o.actors[use.actor] = append(o.actors[use.actor], use)
}

// remove removes a key, which nearly always is the oldest of its actor.
func (o *organizationKeys) remove(actor events.UserID, key idempotencyKey) {
	o.count--
	own := o.actors[actor]
	at := slices.IndexFunc(own, func(use keyUse) bool { return use.idempotencyKey == key })
	if at == 0 {
		own = own[1:]
	} else {
		own = slices.Delete(own, at, at+1)
	}
	if o.actors[actor] = own; len(own) == 0 {
		delete(o.actors, actor)
	}
}

// oldest returns the key that was added first.
func (o *organizationKeys) oldest() (oldest keyUse) {
	for _, own := range o.actors {
		if oldest.position == 0 || own[0].position < oldest.position {
			oldest = own[0]
		}
	}
	return oldest
}

// age returns how old a commit is that is added now.
func (i *idempotencyCache) age(c events.Commit) time.Duration {
	if i.loading.IsZero() {
		return 0
	}
	return max(0, i.loading.Sub(c.At))
}
