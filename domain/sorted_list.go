package domain

import (
	"cmp"
	"iter"
	"math/bits"
	"slices"
)

// maxLeaf is the most elements of a leaf of a [sortedList]. A change copies a leaf.
const maxLeaf = 64

// sortedList is a list in the order of the keys of its elements. It is a value: a change returns
// another list, and the one before stays as it was. A change copies one leaf, and the list of leaves, so
// that adding to a long list costs little more than adding to a short one. The zero value is empty.
type sortedList[T any] struct {
	// few are all elements, as long as they fit into one leaf; there are very many such lists. It has
	// no spare capacity.
	few []T
	// many are the leaves of a longer list: two or more, none of them empty. It is nil if few has the elements.
	many *[][]T
}

// leaves returns the leaves, none of which is empty.
func (l *sortedList[T]) leaves() [][]T {
	switch {
	case l.many != nil:
		return *l.many
	case len(l.few) > 0:
		return [][]T{l.few}
	}
	return nil
}

func (l *sortedList[T]) len() int {
	n := len(l.few)
	if l.many != nil {
		for _, leaf := range *l.many {
			n += len(leaf)
		}
	}
	return n
}

// lookupSteps returns what it costs to find an element, in steps of a budget.
func (l *sortedList[T]) lookupSteps() int {
	if l.many == nil {
		return stepsToVisit
	}
	return stepsToVisit + bits.Len(uint(len(*l.many)))/4
}

func (l *sortedList[T]) isEmpty() bool { return len(l.few) == 0 && l.many == nil }

// all yields pointers to the elements, in order. Only read through them.
func (l *sortedList[T]) all() iter.Seq[*T] {
	few, many := l.few, l.many
	return func(yield func(*T) bool) {
		for i := range few {
			if !yield(&few[i]) {
				return
			}
		}
		if many == nil {
			return
		}
		for _, leaf := range *many {
			for i := range leaf {
				if !yield(&leaf[i]) {
					return
				}
			}
		}
	}
}

// values yields the elements, in order.
func (l *sortedList[T]) values() iter.Seq[T] {
	return func(yield func(T) bool) {
		for element := range l.all() {
			if !yield(*element) {
				return
			}
		}
	}
}

// find returns the element for which order returns 0; nil if there is none. Order compares the key
// of an element to the one that is looked for. Only read through the pointer.
func (l *sortedList[T]) find(order func(*T) int) *T {
	leaf := l.few
	if l.many != nil {
		leaf = (*l.many)[leafOf(*l.many, order)]
	}
	if i, found := indexIn(leaf, order); found {
		return &leaf[i]
	}
	return nil
}

// matching returns the elements for which order returns 0; they lie side by side.
func (l *sortedList[T]) matching(order func(*T) int) []T {
	leaves := l.leaves()
	before := func(e *T) int { // as if the key that is looked for came right before those that match
		if order(e) < 0 {
			return -1
		}
		return 1
	}
	var found []T
	for n := leafOf(leaves, before); n < len(leaves); n++ {
		from, _ := indexIn(leaves[n], before)
		to := from
		for to < len(leaves[n]) && order(&leaves[n][to]) == 0 {
			to++
		}
		if found == nil {
			found = leaves[n][from:to:to]
		} else {
			found = append(found, leaves[n][from:to]...)
		}
		if to < len(leaves[n]) {
			break
		}
	}
	return found
}

// set returns the list with an element, in place of the one for which order returns 0 if there is one.
func (l *sortedList[T]) set(element T, order func(*T) int) sortedList[T] {
	if l.many == nil {
		leaf := withElement(l.few, element, order)
		if len(leaf) <= maxLeaf {
			return sortedList[T]{few: leaf}
		}
		return sortedList[T]{many: &[][]T{leaf[: maxLeaf/2 : maxLeaf/2], leaf[maxLeaf/2:]}}
	}
	leaves := *l.many
	n := leafOf(leaves, order)
	leaf := withElement(leaves[n], element, order)
	if len(leaf) <= maxLeaf {
		leaves = slices.Clone(leaves)
		leaves[n] = leaf
	} else {
		leaves = slices.Concat(leaves[:n], [][]T{leaf[: maxLeaf/2 : maxLeaf/2], leaf[maxLeaf/2:]}, leaves[n+1:])
	}
	return sortedList[T]{many: &leaves}
}

// without returns the list without the element for which order returns 0.
func (l *sortedList[T]) without(order func(*T) int) sortedList[T] {
	if l.many == nil {
		if i, found := indexIn(l.few, order); found {
			return sortedList[T]{few: slices.Concat(l.few[:i], l.few[i+1:])}
		}
		return *l
	}
	leaves := *l.many
	n := leafOf(leaves, order)
	i, found := indexIn(leaves[n], order)
	if !found {
		return *l
	}
	leaf := slices.Concat(leaves[n][:i], leaves[n][i+1:])
	// A leaf that is empty, or small, joins the one beside it, so that there are not many small ones.
	if first := max(n-1, 0); len(leaf) == 0 || len(leaves[first])+len(leaves[first+1])-1 <= maxLeaf/2 {
		joined := slices.Concat(leaves[first], leaf)
		if first == n {
			joined = slices.Concat(leaf, leaves[n+1])
		}
		if len(leaves) == 2 {
			return sortedList[T]{few: joined}
		}
		leaves = slices.Concat(leaves[:first], [][]T{joined}, leaves[first+2:])
		return sortedList[T]{many: &leaves}
	}
	leaves = slices.Clone(leaves)
	leaves[n] = leaf
	return sortedList[T]{many: &leaves}
}

// with returns a list of the same keys whose elements a function has changed.
func (l *sortedList[T]) with(change func(*T)) sortedList[T] {
	if l.many == nil {
		few := slices.Clone(l.few)
		for i := range few {
			change(&few[i])
		}
		return sortedList[T]{few: few}
	}
	leaves := slices.Clone(*l.many)
	for n := range leaves {
		leaves[n] = slices.Clone(leaves[n])
		for i := range leaves[n] {
			change(&leaves[n][i])
		}
	}
	return sortedList[T]{many: &leaves}
}

// sameList reports whether two lists are the same memory.
func sameList[T any](a, b sortedList[T]) bool {
	return a.many == b.many && len(a.few) == len(b.few) && (len(a.few) == 0 || &a.few[0] == &b.few[0])
}

// leafOf returns which leaf has an element, or would get it.
func leafOf[T any](leaves [][]T, order func(*T) int) int {
	low, high := 0, len(leaves)-1
	for low < high {
		middle := (low + high + 1) / 2
		if order(&leaves[middle][0]) <= 0 {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low
}

// indexIn returns where in a leaf an element is, or belongs.
func indexIn[T any](leaf []T, order func(*T) int) (int, bool) {
	low, high := 0, len(leaf)
	for low < high {
		middle := (low + high) / 2
		switch o := order(&leaf[middle]); {
		case o == 0:
			return middle, true
		case o < 0:
			low = middle + 1
		default:
			high = middle
		}
	}
	return low, false
}

// withElement returns a leaf with an element more, or one replaced. The old leaf stays as it was.
func withElement[T any](leaf []T, element T, order func(*T) int) []T {
	i, found := indexIn(leaf, order)
	if !found {
		return inserted(leaf, i, element)
	}
	leaf = slices.Clone(leaf)
	leaf[i] = element
	return leaf
}

// idOrder is the order of ids around one.
func idOrder[T ~string](id T) func(*T) int {
	return func(e *T) int { return cmp.Compare(*e, id) }
}
