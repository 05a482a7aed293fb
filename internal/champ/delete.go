package champ

// removeFrom returns the map without the change's key.
func removeFrom[K ~string, V any](m Map[K, V], c *change[K, V]) Map[K, V] {
	m.root = remove(c, m.root, 0)
	if c.resized {
		m.length--
	}
	if m.length == 0 {
		m.root = nil
	}
	return m
}

// remove returns the node without the key: the same node when the key is not
// there or it was altered in place.
func remove[K ~string, V any](c *change[K, V], n *node[K, V], depth uint) *node[K, V] {
	bit := bitpos(c.hash, depth)
	switch {
	case n == nil:

	case depth >= hashBits:
		if i := collisionIndex(n, c.key); i >= 0 {
			return removeEntry(c, n, i)
		}

	case n.childBits&bit != 0:
		i := n.childBits.index(bit)
		child := remove(c, n.children[i], depth+bitsPerNode)
		if len(child.children) > 0 || len(child.entries) > 1 {
			return withChild(c, n, i, child)
		}
		n = editable(c, n, 1, 0)
		n.childBits ^= bit
		n.children = removeAt(n.children, i)
		n.entryBits ^= bit
		n.entries = insertAt(n.entries, n.entryBits.index(bit), child.entries[0])

	case n.entryBits&bit != 0:
		if i := n.entryBits.index(bit); n.entries[i].key == c.key {
			n = removeEntry(c, n, i)
			n.entryBits ^= bit
		}
	}
	return n
}

// removeEntry returns the node without one of its entries.
func removeEntry[K ~string, V any](c *change[K, V], n *node[K, V], i int) *node[K, V] {
	n = editable(c, n, 0, 0)
	n.entries = removeAt(n.entries, i)
	c.resized = true
	return n
}
