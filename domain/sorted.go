package domain

import "slices"

// linearSearchMax is the length up to which a sorted list is searched from its start:
// comparing strings for equality is faster than for order (BenchmarkCheck).
const linearSearchMax = 8

// insertSorted returns the sorted set with one more element. The old set stays as it
// was.
func insertSorted[T ~string](set []T, id T) []T {
	i, found := slices.BinarySearch(set, id)
	if found {
		return set
	}
	return inserted(set, i, id)
}

// inserted returns the list with one more element at an index. The old list stays as it was. The
// new one has no spare capacity, since there are very many such lists.
func inserted[T any](list []T, i int, element T) []T {
	return slices.Concat(list[:i], []T{element}, list[i:])
}

// removeSorted returns the sorted set without an element. The old set stays as it was.
func removeSorted[T ~string](set []T, id T) []T {
	i, found := slices.BinarySearch(set, id)
	if !found {
		return set
	}
	return slices.Concat(set[:i], set[i+1:])
}
