package champ

import "testing"

// TestChangeIn holds that a change shows in its own version alone.
func TestChangeIn(t *testing.T) {
	t.Parallel()
	var empty Map[string, int]
	one, slot := empty.UpdateTransient(nil, "a")
	*slot++
	two, slot := one.UpdateTransient(nil, "a")
	*slot++
	transient := new(Transient)
	three, slot := two.UpdateTransient(transient, "a")
	*slot++
	three, slot = three.UpdateTransient(transient, "a")
	*slot++
	transient.Persist()
	for want, m := range []Map[string, int]{0: empty, 1: one, 2: two, 4: three, 3: {}} {
		if got, _ := m.Get("a"); m.Len() > 0 && got != want {
			t.Errorf("a is %d, want %d", got, want)
		}
	}
	if empty.Has("a") || one.Len() != 1 || three.Len() != 1 {
		t.Error("a change shows elsewhere")
	}
}
