package replica

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestLatenessOfHeartbeats(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	type beat struct {
		epoch       string
		at, elapsed time.Duration // at is after noon
		late        time.Duration // 0 stands for none, or for not known
		known       bool
		reopened    bool // before
	}
	const s = time.Second
	for _, tc := range []struct {
		name  string
		beats []beat
	}{
		{"the first two may be old", []beat{{"a", 0, 0, 0, false, true}, {"a", s, s, 0, false, false}, {"a", 2 * s, 2 * s, 0, true, false}}},
		{"the first two at once, both old", []beat{{"a", 0, 0, 0, false, true}, {"a", s, 0, 0, false, false}, {"a", 10 * s, s, 0, true, false}}},
		{"the first one again", []beat{{"a", 0, 0, 0, false, true}, {"a", 0, 10 * s, 0, false, true}, {"a", 11 * s, 11 * s, 0, false, false}, {"a", 12 * s, 12 * s, 0, true, false}}},
		{"the last ones before the relay ended", []beat{{"a", 0, 0, 0, false, true}, {"a", s, s, 0, false, false}, {"a", s, 9 * s, 0, false, true}, {"a", 2 * s, 9 * s, 0, false, false}}},
		{"the third held up for nine seconds", []beat{{"a", 0, 0, 0, false, true}, {"a", s, s, 0, false, false}, {"a", 2 * s, 11 * s, 9*s - 10*time.Millisecond, true, false}}},
		{"held up for eight seconds", []beat{{"a", 0, 0, 0, false, true}, {"a", s, s, 0, false, false}, {"a", 2 * s, 2 * s, 0, true, false}, {"a", 3 * s, 11 * s, 8*s - 9*time.Millisecond, true, false}}},
		{"the same one again", []beat{{"a", 0, 0, 0, false, true}, {"a", s, s, 0, false, false}, {"a", 2 * s, 2 * s, 0, true, false}, {"a", 2 * s, 11 * s, 9*s - 9*time.Millisecond, true, true}}},
		{"the first one was old", []beat{{"a", 0, 0, 0, false, true}, {"a", 30 * s, s, 0, false, false}, {"a", 31 * s, 2 * s, 0, true, false}}},
		{"another relay", []beat{{"a", 0, 0, 0, false, true}, {"a", s, s, 0, false, false}, {"a", 2 * s, 2 * s, 0, true, false}, {"b", 3 * s, 3 * s, 0, false, true}, {"b", 4 * s, 4 * s, 0, false, false}, {"b", 5 * s, 5 * s, 0, true, false}}},
		{"Roster's clock is set back", []beat{{"a", 9 * s, 0, 0, false, true}, {"a", 10 * s, s, 0, false, false}, {"a", 11 * s, 2 * s, 0, true, false}, {"a", s, 3 * s, 0, false, false}, {"a", 2 * s, 4 * s, 0, false, false}, {"a", 3 * s, 5 * s, 0, true, false}}},
		{"a clock here that runs one in 2,000 too fast", []beat{{"a", 0, 0, 0, false, true}, {"a", s, s, 0, false, false}, {"a", 2 * s, 2 * s, 0, true, false}, {"a", 2002 * s, 2003 * s, 0, true, false}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var c relayClock
			for _, b := range tc.beats {
				if b.reopened {
					c.reopened()
				}
				late, known := c.hear(b.epoch, noon.Add(b.at), b.elapsed)
				assert.Equal(t, b.known, known, b)
				if known {
					assert.Equal(t, b.late, late, b)
				}
			}
		})
	}
}
