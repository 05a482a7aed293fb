package champ

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// hashes make keys meet in every way: seldom, in the first node, all the way
// down to the last bits, and in all bits.
var hashes = map[string]func(string) uint64{
	"spread": hash,
	"first":  func(key string) uint64 { return hash(key) % 4 },
	"last":   func(key string) uint64 { return hash(key) << (hashBits - 2) },
	"equal":  func(string) uint64 { return 1 << 40 },
}

// version is a map beside the Go map that it has to equal.
type version struct {
	hash  func(string) uint64
	champ Map[string, int]
	model map[string]int
}

// set returns the version with a value more; with a transient it is the same
// version, changed.
func (v version) set(transient *Transient, key string, value int) version {
	c := newChange[string, int](transient, key, v.hash)
	v.champ = putInto(v.champ, &c)
	*c.slot = value
	v.model = maps.Clone(v.model)
	if v.model == nil {
		v.model = map[string]int{}
	}
	v.model[key] = value
	return v
}

func (v version) delete(transient *Transient, key string) version {
	c := newChange[string, int](transient, key, v.hash)
	v.champ = removeFrom(v.champ, &c)
	v.model = maps.Clone(v.model)
	delete(v.model, key)
	return v
}

// check compares all that the map tells with the model.
func (v version) check(t rapid.TB) {
	t.Helper()
	seen := 0
	for key, got := range v.champ.All() {
		want, has := v.model[key]
		require.True(t, has, "All: %s is %d", key, got)
		require.Equal(t, want, got, "All: %s is %d", key, got)
		seen++
	}
	require.Equal(t, len(v.model), seen)
	require.Equal(t, len(v.model), v.champ.Len())
	for _, key := range alphabet {
		want, has := v.model[key]
		got := find(v.champ.root, v.hash(key), key)
		require.Equal(t, has, got != nil, "find: %s", key)
		if has {
			require.Equal(t, want, *got, "find: %s", key)
		}
	}
}

// checkShape compares the nodes with those of a map that never knew another key.
func (v version) checkShape(t rapid.TB) {
	t.Helper()
	rebuilt := version{hash: v.hash}
	for key, value := range v.model {
		rebuilt = rebuilt.set(nil, key, value)
	}
	require.True(t, sameShape(v.champ.root, rebuilt.champ.root), "the shape depends on the history of %v", v.model)
}

// sameShape reports whether two nodes put the same entries in the same places;
// entries without a place may be in any order.
func sameShape(a, b *node[string, int]) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.entryBits != b.entryBits || a.childBits != b.childBits ||
		len(a.entries) != len(b.entries) || len(a.children) != len(b.children) {
		return false
	}
	for i, e := range a.entries {
		if a.entryBits|a.childBits == 0 {
			i = collisionIndex(b, e.key)
		}
		if i < 0 || e != b.entries[i] {
			return false
		}
	}
	for i := range a.children {
		if !sameShape(a.children[i], b.children[i]) {
			return false
		}
	}
	return true
}

// alphabet is small enough for keys to be set and deleted again and again.
var alphabet = func() (keys []string) {
	for i := range 40 {
		keys = append(keys, fmt.Sprintf("user-%d", i))
	}
	return keys
}()

// TestVersions forks, changes and edits versions at random. All that ever
// existed must go on to equal their models.
func TestVersions(t *testing.T) {
	t.Parallel()
	for name, hash := range hashes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				versions := []version{{hash: hash}}
				anyKey, anyValue := rapid.SampledFrom(alphabet), rapid.Int()
				change := func(v version, transient *Transient) version {
					if rapid.IntRange(0, 2).Draw(t, "delete") == 0 {
						return v.delete(transient, anyKey.Draw(t, "key"))
					}
					return v.set(transient, anyKey.Draw(t, "key"), anyValue.Draw(t, "value"))
				}
				keep := func(t *rapid.T, v version) {
					v.checkShape(t)
					versions = append(versions, v)
				}
				t.Repeat(map[string]func(*rapid.T){
					"change": func(t *rapid.T) {
						keep(t, change(rapid.SampledFrom(versions).Draw(t, "from"), nil))
					},
					"transient": func(t *rapid.T) {
						v, transient := rapid.SampledFrom(versions).Draw(t, "from"), new(Transient)
						for range rapid.IntRange(1, 40).Draw(t, "changes") {
							v = change(v, transient)
						}
						trial := change(v, nil)
						v.check(t)
						trial.check(t)
						v = change(v, transient)
						transient.Persist()
						keep(t, v)
						keep(t, change(v, transient))
					},
				})
				for _, v := range versions {
					v.check(t)
				}
			})
		})
	}
}

// TestAtBoth asks two maps of different depths at once, and each alone.
func TestAtBoth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		anyKey := rapid.SampledFrom(alphabet)
		draw := func(label string) (m Map[string, int]) {
			for _, key := range rapid.SliceOf(anyKey).Draw(t, label) {
				m = Set(nil, m, key, m.Len())
			}
			return m
		}
		few, many := draw("few"), draw("many")
		for i := range rapid.SampledFrom([]int{0, 10_000}).Draw(t, "more") {
			many = Set(nil, many, names["user"](100+i), i)
		}
		for range 20 {
			key, other := anyKey.Draw(t, "key"), anyKey.Draw(t, "other key")
			value, otherValue := AtBoth(few, key, many, other)
			require.Same(t, few.At(key), value)
			require.Same(t, many.At(other), otherValue)
			otherValue, value = AtBoth(many, other, few, key)
			require.Same(t, few.At(key), value)
			require.Same(t, many.At(other), otherValue)
		}
	})
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	var empty Map[string, int]
	_, ok := empty.Get("ada")
	assert.False(t, ok, "the zero map has content")
	assert.False(t, empty.Has("ada"), "the zero map has content")
	assert.Nil(t, empty.At("ada"), "the zero map has content")
	assert.Zero(t, empty.Len(), "the zero map has content")
	assert.Empty(t, slices.Collect(empty.Keys()), "the zero map has keys")
	assert.True(t, Delete(nil, Set(nil, empty, "ada", 1), "ada") == empty, "a map without its last key is not the zero map")
}

func TestDeleteMissingReturnsTheSameMap(t *testing.T) {
	t.Parallel()
	m := Set(nil, Set(nil, Map[string, int]{}, "ada", 1), "bob", 2)
	assert.True(t, Delete(nil, m, "eve") == m, "deleting a missing key made another map")
}

func TestLoopsStop(t *testing.T) {
	t.Parallel()
	var m Map[string, int]
	for i, key := range alphabet {
		m = Set(nil, m, key, i)
	}
	for range m.Len() {
		seen := 0
		for key := range m.Keys() {
			if seen++; m.Has(key) && seen == m.Len()/2 {
				break
			}
		}
		require.Equal(t, m.Len()/2, seen, "visited keys")
	}
}

func TestReadingAllocatesNothing(t *testing.T) { // not parallel: counts allocations
	type userID string
	var empty, m Map[userID, member]
	for _, key := range alphabet {
		m = Set(nil, m, userID(key), member{name: key})
	}
	missing := 0
	allocations := testing.AllocsPerRun(100, func() {
		for _, key := range alphabet {
			if value, _ := m.Get(userID(key)); value.name != key || m.At(userID(key)).name != key {
				missing++
			}
			empty = Delete(nil, empty, userID(key))
		}
	})
	assert.Zero(t, allocations, "allocations")
	assert.Zero(t, missing, "missing keys")
}
