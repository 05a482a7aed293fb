package bus

import "time"

// Meter is called for what a desk appends, by one goroutine. Functions that are nil
// are not called.
type Meter struct {
	// Appended is called for a commit that has become durable, with the number of its
	// entries, the bytes of its message, and the time that the append took.
	Appended func(entries, bytes int, took time.Duration)
	// Conflicted is called when another writer was faster.
	Conflicted func()
}

// orSilent replaces the functions that are nil.
func (m Meter) orSilent() Meter {
	if m.Appended == nil {
		m.Appended = func(int, int, time.Duration) {}
	}
	if m.Conflicted == nil {
		m.Conflicted = func() {}
	}
	return m
}
