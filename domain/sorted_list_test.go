package domain

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// numbered is an element with a key of two parts, as overrides have.
type numbered struct{ group, key, value int }

func keyed(group, key int) func(*numbered) int {
	return func(n *numbered) int { return cmp.Or(cmp.Compare(n.group, group), cmp.Compare(n.key, key)) }
}

func inGroup(group int) func(*numbered) int {
	return func(n *numbered) int { return cmp.Compare(n.group, group) }
}

// TestSortedList changes lists at random, and compares each version, also those before, to a plain list.
func TestSortedList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			list  sortedList[numbered]
			plain []numbered
		}
		var now version
		var all []version
		change := func(group, key, value int) {
			now.list = now.list.set(numbered{group, key, value}, keyed(group, key))
			i, found := slices.BinarySearchFunc(now.plain, numbered{group, key, 0}, func(a, b numbered) int { return keyed(b.group, b.key)(&a) })
			now.plain = slices.Clone(now.plain)
			if found {
				now.plain[i].value = value
			} else {
				now.plain = slices.Insert(now.plain, i, numbered{group, key, value})
			}
		}
		for key := range rapid.IntRange(0, 300).Draw(t, "long") {
			change(key/7, key%7, 0)
		}
		anyKey := rapid.IntRange(0, 310)
		for range rapid.IntRange(0, 300).Draw(t, "changes") {
			key := anyKey.Draw(t, "key")
			if rapid.IntRange(0, 3).Draw(t, "set") == 0 {
				change(key/7, key%7, rapid.Int().Draw(t, "value"))
			} else {
				now.list = now.list.without(keyed(key/7, key%7))
				now.plain = slices.DeleteFunc(slices.Clone(now.plain), func(n numbered) bool { return keyed(key/7, key%7)(&n) == 0 })
			}
			if rapid.IntRange(0, 49).Draw(t, "keep") == 0 {
				all = append(all, now)
			}
		}
		for _, v := range append(all, now) {
			require.True(t, slices.Equal(v.plain, slices.Collect(v.list.values())))
			require.Equal(t, len(v.plain), v.list.len())
			require.Equal(t, len(v.plain) == 0, v.list.isEmpty())
			checkLeaves(t, v.list)
			for key := range 311 {
				found := v.list.find(keyed(key/7, key%7))
				i, there := slices.BinarySearchFunc(v.plain, numbered{key / 7, key % 7, 0}, func(a, b numbered) int { return keyed(b.group, b.key)(&a) })
				require.Equal(t, there, found != nil)
				if there {
					require.Equal(t, v.plain[i], *found)
				}
			}
			for group := range 46 {
				want := slices.DeleteFunc(slices.Clone(v.plain), func(n numbered) bool { return n.group != group })
				require.True(t, slices.Equal(want, v.list.matching(inGroup(group))))
			}
			doubled := v.list.with(func(n *numbered) { n.value *= 2 })
			require.True(t, slices.Equal(v.plain, slices.Collect(v.list.values())), "with changes another list")
			for i, n := range slices.Collect(doubled.values()) {
				require.Equal(t, 2*v.plain[i].value, n.value)
			}
		}
	})
}

// checkLeaves holds the shape: one leaf in place, or two and more none of which is empty or too long.
func checkLeaves(t *rapid.T, l sortedList[numbered]) {
	if l.many == nil {
		require.LessOrEqual(t, len(l.few), maxLeaf)
		return
	}
	require.Empty(t, l.few)
	require.GreaterOrEqual(t, len(*l.many), 2)
	for i, leaf := range *l.many {
		require.NotEmpty(t, leaf)
		require.LessOrEqual(t, len(leaf), maxLeaf)
		if i > 0 {
			require.GreaterOrEqual(t, len(leaf)+len((*l.many)[i-1]), maxLeaf/4, "there are not many small leaves")
		}
	}
}

// TestSortedListLimits adds one element more than fits into a leaf, and takes them away again.
func TestSortedListLimits(t *testing.T) {
	t.Parallel()
	var list sortedList[numbered]
	for key := range maxLeaf {
		list = list.set(numbered{0, key, 0}, keyed(0, key))
	}
	assert.Nil(t, list.many, "they fit")
	list = list.set(numbered{0, maxLeaf, 0}, keyed(0, maxLeaf))
	require.NotNil(t, list.many)
	assert.Len(t, *list.many, 2)
	for key := maxLeaf; key > maxLeaf/2; key-- {
		assert.NotNil(t, list.many, "%d do not become one leaf yet", key+1)
		list = list.without(keyed(0, key))
	}
	assert.NotNil(t, list.many)
	list = list.without(keyed(0, 0))
	assert.Nil(t, list.many, "%d are one leaf again", maxLeaf/2)
	assert.Equal(t, maxLeaf/2, list.len())
	assert.True(t, sameList(list, list))
	assert.False(t, sameList(list, list.set(numbered{}, keyed(0, 1))), "a change makes another list")
}
