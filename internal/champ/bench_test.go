package champ

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// names are the two kinds of key that organizations bring: short ones that
// count, and ULIDs.
var names = map[string]func(i int) string{
	"user": func(i int) string { return fmt.Sprintf("user-%d", i) },
	"ulid": func(i int) string {
		var id [16]byte
		random := rand.New(rand.NewPCG(uint64(i), 0))
		binary.BigEndian.PutUint64(id[:], 0x01999f00_00000000+random.Uint64()>>32)
		binary.BigEndian.PutUint64(id[8:], random.Uint64())
		return base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(id[:])
	},
}

// member is a value of the size that organizations keep.
type member struct {
	name   string
	fields [8]int
}

// sample holds the same content in a Go map, which is the floor, and in a Map.
type sample struct {
	floor  map[string]member
	champ  Map[string, member]
	probes [2][]string // two copies of the keys, each in random order, no string shared with the maps
}

func newSample(name func(int) string, size int) sample {
	s := sample{floor: make(map[string]member)}
	transient := new(Transient)
	for i := range size {
		s.floor[name(i)] = member{}
		s.champ = Set(transient, s.champ, name(i), member{})
	}
	transient.Persist()
	random := rand.New(rand.NewPCG(1, 2))
	for p := range s.probes {
		for _, i := range random.Perm(size) {
			s.probes[p] = append(s.probes[p], name(i))
		}
	}
	return s
}

// keys calls do with one key after another as long as the benchmark wants.
func (s sample) keys(b *testing.B, do func(key string)) {
	b.ReportAllocs()
	for round := 0; ; round++ {
		for _, key := range s.probes[round%len(s.probes)] {
			if !b.Loop() {
				return
			}
			do(key)
		}
	}
}

// each runs a benchmark with samples of all kinds and sizes.
func each(b *testing.B, run func(b *testing.B, s sample)) {
	for _, kind := range []string{"user", "ulid"} {
		for _, size := range []int{10, 1_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", kind, size), func(b *testing.B) {
				run(b, newSample(names[kind], size))
			})
		}
	}
}

func BenchmarkGet(b *testing.B) {
	each(b, func(b *testing.B, s sample) {
		sum := 0
		b.Run("floor", func(b *testing.B) { s.keys(b, func(key string) { sum += s.floor[key].fields[0] }) })
		b.Run("At", func(b *testing.B) { s.keys(b, func(key string) { sum += s.champ.At(key).fields[0] }) })
		b.Run("Get", func(b *testing.B) {
			s.keys(b, func(key string) {
				value, _ := s.champ.Get(key)
				sum += value.fields[0]
			})
		})
		require.Zero(b, sum, "values changed")
	})
}

// BenchmarkAtBoth looks up two keys at once, and one after the other.
func BenchmarkAtBoth(b *testing.B) {
	each(b, func(b *testing.B, s sample) {
		others, sum, n := s.probes[1], 0, 0
		other := func() string { // another key than that of the round, in random order too
			n++
			return others[n*7919%len(others)]
		}
		b.Run("At", func(b *testing.B) {
			s.keys(b, func(key string) { sum += s.champ.At(key).fields[0] + s.champ.At(other()).fields[0] })
		})
		b.Run("AtBoth", func(b *testing.B) {
			s.keys(b, func(key string) {
				one, two := AtBoth(s.champ, key, s.champ, other())
				sum += one.fields[0] + two.fields[0]
			})
		})
		require.Zero(b, sum, "values changed")
	})
}

func BenchmarkSet(b *testing.B) {
	each(b, func(b *testing.B, s sample) {
		value := member{name: "Ada"}
		b.Run("floor", func(b *testing.B) { s.keys(b, func(key string) { s.floor[key] = value }) })
		b.Run("SetIn", func(b *testing.B) {
			transient := new(Transient)
			s.keys(b, func(key string) { s.champ = Set(transient, s.champ, key, value) })
		})
		b.Run("Set", func(b *testing.B) {
			s.keys(b, func(key string) { s.champ = Set(nil, s.champ, key, value) })
		})
	})
}

// BenchmarkBuild fills an empty map; one operation is one key.
func BenchmarkBuild(b *testing.B) {
	each(b, func(b *testing.B, s sample) {
		size := len(s.floor)
		b.Run("floor", func(b *testing.B) {
			var m map[string]member
			s.keys(b, func(key string) {
				if len(m) == 0 || len(m) == size {
					m = make(map[string]member)
				}
				m[key] = member{}
			})
		})
		b.Run("SetIn", func(b *testing.B) {
			var m Map[string, member]
			transient := new(Transient)
			s.keys(b, func(key string) {
				if m.Len() == size {
					m = Map[string, member]{}
				}
				m = Set(transient, m, key, member{})
			})
		})
	})
}

// BenchmarkAll visits all entries; one operation is one entry.
func BenchmarkAll(b *testing.B) {
	each(b, func(b *testing.B, s sample) {
		b.Run("floor", func(b *testing.B) {
			for n := b.N; n > 0; {
				for range s.floor {
					n--
				}
			}
		})
		b.Run("All", func(b *testing.B) {
			for n := b.N; n > 0; {
				for range s.champ.All() {
					n--
				}
			}
		})
	})
}
