package champ

import "math/bits"

// Each node takes the next 6 bits of hash. With 5 bits, reading 100,000 keys
// took a fifth longer, editing a third; only Set was faster, by a seventh.
const (
	hashBits = 64
	step     = 6
	places   = 1 << step
)

// bitmap has one bit for each place in a node.
type bitmap uint64

// place returns the bit of the place that a hash has in a node at a depth,
// which is the number of bits that the nodes above took.
func place(hash uint64, depth uint) bitmap { return 1 << ((hash >> depth) % places) }

// index returns where in its array without gaps a node keeps what is at a place.
func (b bitmap) index(place bitmap) int { return bits.OnesCount64(uint64(b & (place - 1))) }

type entry[K ~string, V any] struct {
	key   K
	value V
}

// node has, at each place, nothing, an entry, or a child where several keys meet.
// At the depth of hashBits a node has no places: it lists keys of equal hash.
//
// Only the root may hold less than two keys, so equal content has equal shape.
type node[K ~string, V any] struct {
	entryBits, childBits bitmap
	entries              []entry[K, V]
	children             []*node[K, V]
	owner                *Transient // the edit that made it, if one did
}

// find returns a pointer to the key's value, nil when it is missing.
func (n *node[K, V]) find(hash uint64, key K) *V {
	for ; n != nil; hash >>= step {
		at := place(hash, 0)
		switch {
		case n.childBits&at != 0:
			n = n.children[n.childBits.index(at)]
		case n.entryBits&at != 0:
			if e := &n.entries[n.entryBits.index(at)]; e.key == key {
				return &e.value
			}
			return nil
		case n.childBits|n.entryBits != 0:
			return nil
		default:
			if i := n.listed(key); i >= 0 {
				return &n.entries[i].value
			}
			return nil
		}
	}
	return nil
}

// listed returns the key's index in a node without places, -1 when missing.
func (n *node[K, V]) listed(key K) int {
	for i := range n.entries {
		if n.entries[i].key == key {
			return i
		}
	}
	return -1
}

// each visits entries until visit says no, and reports whether it never did.
func (n *node[K, V]) each(visit func(*entry[K, V]) bool) bool {
	if n == nil {
		return true
	}
	for i := range n.entries {
		if !visit(&n.entries[i]) {
			return false
		}
	}
	for _, child := range n.children {
		if !child.each(visit) {
			return false
		}
	}
	return true
}
