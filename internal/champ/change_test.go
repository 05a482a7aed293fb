package champ

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestChangeIn holds that a change shows in its own version alone.
func TestChangeIn(t *testing.T) {
	t.Parallel()
	var empty Map[string, int]
	one, slot := Update(nil, empty, "a")
	*slot++
	two, slot := Update(nil, one, "a")
	*slot++
	transient := new(Transient)
	three, slot := Update(transient, two, "a")
	*slot++
	three, slot = Update(transient, three, "a")
	*slot++
	transient.Persist()
	for want, m := range []Map[string, int]{0: empty, 1: one, 2: two, 4: three, 3: {}} {
		got, _ := m.Get("a")
		if m.Len() > 0 {
			assert.Equal(t, want, got)
		}
	}
	assert.False(t, empty.Has("a"), "a change shows elsewhere")
	assert.Equal(t, 1, one.Len(), "a change shows elsewhere")
	assert.Equal(t, 1, three.Len(), "a change shows elsewhere")
}
