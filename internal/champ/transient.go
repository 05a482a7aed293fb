package champ

import "sync"

// Transient lets a run of changes, such as a replay, change nodes in place: a node
// that one change has made is altered by the next one instead of being copied. It is
// what Clojure and Immutable.js call a transient, held apart from the map so that one
// Transient serves any number of maps, also maps inside of maps. The zero value is
// ready for use.
//
// A node from before the Transient, or from another one, is never altered, so every
// version from before stays as it was. For the maps that were changed with it, the
// rule is that of append: go on with the map that a change returned, and forget the
// map on which it was called. Until [Transient.Persist],
//
//   - only one goroutine uses the Transient and the maps that it changed;
//   - no second copy of such a map is kept or changed;
//   - pointers from [Map.At] and loops over such a map are not used after its next
//     change.
//
// A change without the Transient copies even then: its result is valid until the next
// change with the Transient, and the map that it was made of stays valid.
//
// After [Transient.Persist], or when nobody uses the Transient any more, its maps are
// versions like any other and may be shared.
type Transient struct {
	_         [0]sync.Mutex // lets vet find copies: Persist on a copy would have no effect
	persisted bool
}

// Persist ends the run of changes. A later change with the Transient copies, as it
// does with nil.
func (t *Transient) Persist() { t.persisted = true }

// owner returns what nodes that a change makes belong to; nil if they belong to nobody.
func (t *Transient) owner() *Transient {
	if t == nil || t.persisted {
		return nil
	}
	return t
}

// Owns reports whether changes with the transient may alter in place what belongs to
// the owner: the transient is in use, and is that owner.
func (t *Transient) Owns(owner *Transient) bool {
	return t.owner() != nil && t.owner() == owner
}
