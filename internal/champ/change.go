package champ

import "slices"

// change puts one key into a map or drops it: down to the key's place, and
// back through the nodes that come out different.
type change[K ~string, V any] struct {
	transient *Transient // owns the nodes that the change makes, if any edit does
	key       K
	hash      uint64
	rehash    func(key string) uint64 // for the key that is in the way
	slot      *V                      // where the value of a key that was put belongs
	resized   bool                    // the key came or went
}

// begin prepares a change. The hash function is an argument so that tests can
// make keys collide.
func begin[K ~string, V any](transient *Transient, key K, hash func(string) uint64) change[K, V] {
	return change[K, V]{transient: transient.owner(), key: key, hash: hash(string(key)), rehash: hash}
}

// adopt returns the node with this child in place of the one at i.
func (c *change[K, V]) adopt(n *node[K, V], i int, child *node[K, V]) *node[K, V] {
	if n.children[i] == child {
		return n
	}
	n = c.own(n, 0, 0)
	n.children[i] = child
	return n
}

// own returns the node if the edit owns it, otherwise a copy with room for so
// many more entries and children.
func (c *change[K, V]) own(n *node[K, V], entries, children int) *node[K, V] {
	if c.transient != nil && c.transient == n.owner {
		return n
	}
	return &node[K, V]{
		entryBits: n.entryBits,
		childBits: n.childBits,
		entries:   clone(n.entries, entries),
		children:  clone(n.children, children),
		owner:     c.transient,
	}
}

// clone returns a copy with room for so many more.
func clone[T any](all []T, more int) []T {
	if len(all)+more == 0 {
		return nil
	}
	room := make([]T, len(all), len(all)+more)
	copy(room, all)
	return room
}

// cut removes what is at i in place, and the array with its last element.
func cut[T any](all []T, i int) []T {
	if len(all) == 1 {
		return nil
	}
	return slices.Delete(all, i, i+1)
}
