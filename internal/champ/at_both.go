package champ

// AtBoth is [Map.At] of a key in one map and of another key in a second map. It goes down both maps
// side by side: the processor then loads what it needs of the two at the same time, and does not wait for memory
// twice. In large maps that takes little longer than one look-up.
func AtBoth[K, L ~string, V, W any](m Map[K, V], key K, other Map[L, W], otherKey L) (*V, *W) {
	a, b := m.root, other.root
	if a == nil || b == nil {
		return m.At(key), other.At(otherKey)
	}
	hashA, hashB := hash(string(key)), hash(string(otherKey))
	for {
		nextA, nextB := childOf(a, hashA), childOf(b, hashB)
		if nextA == nil && nextB == nil {
			return valueOf(a, hashA, key), valueOf(b, hashB, otherKey)
		}
		if nextA != nil {
			a, hashA = nextA, hashA>>bitsPerNode
		}
		if nextB != nil {
			b, hashB = nextB, hashB>>bitsPerNode
		}
	}
}
