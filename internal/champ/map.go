// Package champ is a persistent hash map.
//
// It is the compressed hash-array mapped prefix tree of Steindorfer and Vinju,
// "Optimizing Hash-Array Mapped Tries for Fast and Lean Immutable JVM
// Collections", OOPSLA 2015: a few bits of a key's hash select a branch
// of a node, a node keeps entries and children in two arrays without gaps, and
// deleting a key restores the shape that the map would have without it.
package champ

import "iter"

// Map is a value that maps keys to values. Every change returns another version
// and leaves the one it came from as it was; versions share what they have in
// common. The zero Map is empty. Any number of goroutines may read versions
// while others make new ones; only a [Transient] in use restricts that.
type Map[K ~string, V any] struct {
	root   *node[K, V] // nil when empty
	length int
}

// Len returns the number of keys.
func (m Map[K, V]) Len() int { return m.length }

// Has reports whether the map has the key.
func (m Map[K, V]) Has(key K) bool { return m.At(key) != nil }

// Get returns the key's value, or the zero value and false when it is missing.
func (m Map[K, V]) Get(key K) (value V, ok bool) {
	if found := m.At(key); found != nil {
		return *found, true
	}
	return value, false
}

// At returns a pointer to the key's value, nil when it is missing, which saves
// copying a large one. Versions share the value: only read it, and let go of
// the pointer before the map is changed with a [Transient].
func (m Map[K, V]) At(key K) *V { return find(m.root, hash(string(key)), key) }

// Set returns the map with the key set to the value. It changes in place what the transient has made; with nil, nothing.
//
// Set, Update and Delete are functions, since every package that knows a map compiles all of its methods again.
func Set[K ~string, V any](transient *Transient, m Map[K, V], key K, value V) Map[K, V] {
	m, slot := Update(transient, m, key)
	*slot = value
	return m
}

// Update returns the map with the key and a pointer to the key's value, which
// is the zero value if the key was missing. It changes in place what the transient has made; with nil, nothing. Write through the pointer before any other
// use of the map; afterwards only read through it, as with [Map.At].
func Update[K ~string, V any](transient *Transient, m Map[K, V], key K) (Map[K, V], *V) {
	c := newChange[K, V](transient, key, hash)
	m = putInto(m, &c)
	return m, c.slot
}

// Delete returns the map without the key: the same map when it is missing. It changes in place what the transient has made; with nil, nothing.
func Delete[K ~string, V any](transient *Transient, m Map[K, V], key K) Map[K, V] {
	c := newChange[K, V](transient, key, hash)
	return removeFrom(m, &c)
}

// All returns the entries, in no order to rely on.
func (m Map[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		eachEntry(m.root, func(e *entry[K, V]) bool { return yield(e.key, e.value) })
	}
}

// Keys returns the keys, in no order to rely on.
func (m Map[K, V]) Keys() iter.Seq[K] {
	return func(yield func(K) bool) {
		eachEntry(m.root, func(e *entry[K, V]) bool { return yield(e.key) })
	}
}
