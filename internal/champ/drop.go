package champ

import "slices"

// drop returns the map without the change's key.
func (m Map[K, V]) drop(c *change[K, V]) Map[K, V] {
	m.root = c.drop(m.root, 0)
	if c.resized {
		m.length--
	}
	if m.length == 0 {
		m.root = nil
	}
	return m
}

// drop returns the node without the key: the same node when the key is not
// there or it was altered in place.
func (c *change[K, V]) drop(n *node[K, V], depth uint) *node[K, V] {
	at := place(c.hash, depth)
	switch {
	case n == nil:

	case depth >= hashBits:
		if i := n.listed(c.key); i >= 0 {
			return c.remove(n, i)
		}

	case n.childBits&at != 0:
		i := n.childBits.index(at)
		child := c.drop(n.children[i], depth+step)
		if len(child.children) > 0 || len(child.entries) > 1 {
			return c.adopt(n, i, child)
		}
		n = c.own(n, 1, 0)
		n.childBits ^= at
		n.children = cut(n.children, i)
		n.entryBits ^= at
		n.entries = slices.Insert(n.entries, n.entryBits.index(at), child.entries[0])

	case n.entryBits&at != 0:
		if i := n.entryBits.index(at); n.entries[i].key == c.key {
			n = c.remove(n, i)
			n.entryBits ^= at
		}
	}
	return n
}

// remove returns the node without one of its entries.
func (c *change[K, V]) remove(n *node[K, V], i int) *node[K, V] {
	n = c.own(n, 0, 0)
	n.entries = cut(n.entries, i)
	c.resized = true
	return n
}
