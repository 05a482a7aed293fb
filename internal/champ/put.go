package champ

// putInto returns the map with the change's key, whose slot is yet to be filled.
func putInto[K ~string, V any](m Map[K, V], c *change[K, V]) Map[K, V] {
	m.root = put(c, m.root, 0)
	if c.resized {
		m.length++
	}
	return m
}

// put returns the node with the key in it and its slot to be filled: the same
// node when it was altered in place.
func put[K ~string, V any](c *change[K, V], n *node[K, V], depth uint) *node[K, V] {
	bit := bitpos(c.hash, depth)
	switch {
	case n == nil:
		n = &node[K, V]{entryBits: bit, entries: []entry[K, V]{{key: c.key}}, owner: c.transient}
		c.slot, c.resized = &n.entries[0].value, true
		return n

	case depth >= hashBits:
		if i := collisionIndex(n, c.key); i >= 0 {
			return reuse(c, n, i)
		}
		return insert(c, n, len(n.entries))

	case n.childBits&bit != 0:
		i := n.childBits.index(bit)
		return withChild(c, n, i, put(c, n.children[i], depth+bitsPerNode))

	case n.entryBits&bit == 0:
		n = insert(c, n, n.entryBits.index(bit))
		n.entryBits |= bit
		return n
	}

	i := n.entryBits.index(bit)
	other := &n.entries[i]
	if other.key == c.key {
		return reuse(c, n, i)
	}
	child := pair(c, other, c.rehash(string(other.key)), depth+bitsPerNode)
	n = editable(c, n, 0, 1)
	n.entryBits ^= bit
	n.entries = removeAt(n.entries, i)
	n.childBits ^= bit
	n.children = insertAt(n.children, n.childBits.index(bit), child)
	return n
}

// reuse returns the node with the key's entry ready for another value.
func reuse[K ~string, V any](c *change[K, V], n *node[K, V], i int) *node[K, V] {
	n = editable(c, n, 0, 0)
	c.slot = &n.entries[i].value
	return n
}

// insert returns the node with an entry for the key.
func insert[K ~string, V any](c *change[K, V], n *node[K, V], i int) *node[K, V] {
	n = editable(c, n, 1, 0)
	n.entries = insertAt(n.entries, i, entry[K, V]{key: c.key})
	c.slot, c.resized = &n.entries[i].value, true
	return n
}

// pair returns a node with an entry for the key beside another of this hash.
func pair[K ~string, V any](c *change[K, V], other *entry[K, V], hash uint64, depth uint) *node[K, V] {
	n := &node[K, V]{owner: c.transient}
	bit, taken := bitpos(c.hash, depth), bitpos(hash, depth)
	switch {
	case depth >= hashBits:
		n.entries = []entry[K, V]{*other, {key: c.key}}
		c.slot = &n.entries[1].value
	case bit == taken:
		n.childBits = bit
		n.children = []*node[K, V]{pair(c, other, hash, depth+bitsPerNode)}
	case bit < taken:
		n.entryBits = bit | taken
		n.entries = []entry[K, V]{{key: c.key}, *other}
		c.slot = &n.entries[0].value
	default:
		n.entryBits = bit | taken
		n.entries = []entry[K, V]{*other, {key: c.key}}
		c.slot = &n.entries[1].value
	}
	c.resized = true
	return n
}
