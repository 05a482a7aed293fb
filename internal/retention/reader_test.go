package retention_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/internal/retention"
)

// stream has heartbeats, of which it keeps the last two, and drops messages.
type stream struct {
	beats                  map[uint64][2]uint64 // what heartbeats say, by their sequence
	beat, beatBefore       uint64               // the last ones
	last, dropped          uint64
	foundDropped, foundEnd uint64 // the last look
}

// read reads up to n messages behind a sequence, and returns the last one. It calls skip for each that was dropped.
func (s *stream) read(from uint64, n int, beat func(sequence, dropped, checked uint64), skip func()) (at uint64) {
	at = from
	for ; n > 0 && at < s.last; n-- {
		at++
		about, isBeat := s.beats[at]
		switch {
		case isBeat && at >= s.beatBefore:
			beat(at, about[0], about[1])
		case !isBeat && at <= s.dropped:
			skip()
		}
	}
	return at
}

// TestReaderIsTold reads a stream in any order of events. If messages were dropped before they were read, the reader is told soon
// after; a reader that keeps up is never told.
func TestReaderIsTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &stream{beats: map[uint64][2]uint64{}}
		var reader retention.Reader
		at, begun, told, lost := uint64(0), false, false, false
		slow := rapid.Bool().Draw(t, "slow")
		read := func(n int) {
			at = s.read(at, n, func(sequence, dropped, checked uint64) {
				told = told || !reader.Beat(sequence, dropped, checked)
				begun = true
			}, func() { lost = lost || begun })
		}
		look := func() { s.foundEnd, s.foundDropped = s.last, s.dropped }
		beat := func() {
			s.last++
			s.beats[s.last], s.beat, s.beatBefore = [2]uint64{s.foundDropped, s.foundEnd}, s.last, s.beat
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				s.last++
			case 1:
				beat()
			case 2:
				look()
			case 3:
				if keep := uint64(rapid.IntRange(0, 3).Draw(t, "keep")); s.last > keep && slow {
					s.dropped = max(s.dropped, s.last-keep)
				}
			case 4:
				read(rapid.IntRange(1, 5).Draw(t, "n"))
			}
			if !slow {
				read(1000)
			}
		}
		for range 4 {
			beat()
			read(1000)
			look()
		}
		if lost {
			assert.True(t, told, "it was not told")
		}
		if !slow {
			assert.False(t, told, "nothing was dropped")
		}
	})
}

// TestHeartbeatReadAfterALook has message 2 dropped behind a look at which there was the heartbeat 4, and before the heartbeat 3 was read.
func TestHeartbeatReadAfterALook(t *testing.T) {
	t.Parallel()
	var reader retention.Reader
	assert.True(t, reader.Beat(1, 0, 0))
	assert.True(t, reader.Beat(3, 0, 1))
	assert.True(t, reader.Beat(4, 0, 3))
	assert.True(t, reader.Beat(5, 0, 4))
	assert.False(t, reader.Beat(6, 2, 5))
}

func TestReaderThatKeepsUp(t *testing.T) {
	t.Parallel()
	var reader retention.Reader
	for n := uint64(10); n < 10_000; n += 10 {
		dropped := n - 10 - min(n-10, 50) // what is five heartbeats old
		assert.True(t, reader.Beat(n, dropped, n-10))
	}
	assert.False(t, reader.Beat(10_010, 10_005, 10_007), "what comes behind the last heartbeat")
}

func TestOldRelaysDoNotTell(t *testing.T) {
	t.Parallel()
	var reader retention.Reader
	for n := uint64(1); n < 1000; n++ {
		assert.True(t, reader.Beat(n, 0, 0))
	}
}
