package champ

// change sets or deletes one key: it goes down to the node of the key, and replaces the
// nodes on the way back that have changed.
//
// What works on it, and on nodes, are functions: every package that knows a type that holds a Map compiles its methods
// again, and of each method, for each pair of types, a wrapper besides.
type change[K ~string, V any] struct {
	transient *Transient // owns the nodes that the change makes; nil if nobody does
	key       K
	hash      uint64
	rehash    func(key string) uint64 // for the key that shares a branch
	slot      *V                      // the value of a key that was set
	resized   bool                    // the number of keys has changed
}

// newChange prepares a change. The hash function is an argument so that tests can
// make keys collide.
func newChange[K ~string, V any](transient *Transient, key K, hash func(string) uint64) change[K, V] {
	return change[K, V]{transient: transient.owner(), key: key, hash: hash(string(key)), rehash: hash}
}

// withChild returns the node with this child in place of the one at i.
func withChild[K ~string, V any](c *change[K, V], n *node[K, V], i int, child *node[K, V]) *node[K, V] {
	if n.children[i] == child {
		return n
	}
	n = editable(c, n, 0, 0)
	n.children[i] = child
	return n
}

// editable returns the node if the transient owns it, otherwise a copy with room for so
// many more entries and children.
func editable[K ~string, V any](c *change[K, V], n *node[K, V], entries, children int) *node[K, V] {
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

// insertAt makes room for an element at i in place, and fills it.
func insertAt[T any](all []T, i int, element T) []T {
	all = append(all, element)
	copy(all[i+1:], all[i:])
	all[i] = element
	return all
}

// removeAt removes the element at i in place. Without its last element the array is nil.
func removeAt[T any](all []T, i int) []T {
	last := len(all) - 1
	if last == 0 {
		return nil
	}
	copy(all[i:], all[i+1:])
	clear(all[last:])
	return all[:last]
}
