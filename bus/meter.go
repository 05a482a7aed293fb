package bus

import "time"

// Meter is told what a desk records, one call at a time. The zero value listens
// to nothing.
type Meter struct {
	// Appended tells of a durable commit: its commands, the bytes of their
	// entries, and how long the append took.
	Appended func(entries, bytes int, took time.Duration)
	// Conflicted tells that another writer was faster.
	Conflicted func()
}

// orSilent fills in what nobody listens to.
func (m Meter) orSilent() Meter {
	if m.Appended == nil {
		m.Appended = func(int, int, time.Duration) {}
	}
	if m.Conflicted == nil {
		m.Conflicted = func() {}
	}
	return m
}
