package domain

import "slices"

// few elements are found faster by telling strings apart than by ordering them.
const linearSearchMax = 8

// with returns the sorted set with one more element; it never changes the old one.
func insertSorted[T ~string](set []T, id T) []T {
	i, found := slices.BinarySearch(set, id)
	if found {
		return set
	}
	return slices.Insert(slices.Clip(set), i, id)
}

// without returns the sorted set less an element; it never changes the old one.
func removeSorted[T ~string](set []T, id T) []T {
	i, found := slices.BinarySearch(set, id)
	if !found {
		return set
	}
	return slices.Concat(set[:i], set[i+1:])
}
