package champ

import "slices"

// delete returns the map without the change's key.
func (m Map[K, V]) delete(c *change[K, V]) Map[K, V] {
	m.root = c.delete(m.root, 0)
	if c.resized {
		m.length--
	}
	if m.length == 0 {
		m.root = nil
	}
	return m
}

// delete returns the node without the key: the same node when the key is not
// there or it was altered in place.
func (c *change[K, V]) delete(n *node[K, V], depth uint) *node[K, V] {
	bit := bitpos(c.hash, depth)
	switch {
	case n == nil:

	case depth >= hashBits:
		if i := n.collisionIndex(c.key); i >= 0 {
			return c.remove(n, i)
		}

	case n.childBits&bit != 0:
		i := n.childBits.index(bit)
		child := c.delete(n.children[i], depth+bitsPerNode)
		if len(child.children) > 0 || len(child.entries) > 1 {
			return c.withChild(n, i, child)
		}
		n = c.editable(n, 1, 0)
		n.childBits ^= bit
		n.children = removeAt(n.children, i)
		n.entryBits ^= bit
		n.entries = slices.Insert(n.entries, n.entryBits.index(bit), child.entries[0])

	case n.entryBits&bit != 0:
		if i := n.entryBits.index(bit); n.entries[i].key == c.key {
			n = c.remove(n, i)
			n.entryBits ^= bit
		}
	}
	return n
}

// remove returns the node without one of its entries.
func (c *change[K, V]) remove(n *node[K, V], i int) *node[K, V] {
	n = c.editable(n, 0, 0)
	n.entries = removeAt(n.entries, i)
	c.resized = true
	return n
}
