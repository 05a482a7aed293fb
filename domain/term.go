package domain

import "time"

// term is from when until when a membership, a grant or an assignment is in effect. The zero value is
// always.
type term struct {
	// from is when it starts, and is in effect; the zero value means that it has started.
	from time.Time
	// until is when it ends, and is in effect no more; the zero value means never.
	until time.Time
	// startRecorded and endRecorded say that an event has recorded that from, or until, passed. Then it
	// has, whatever a clock says.
	startRecorded, endRecorded bool
}

// started reports whether the start has passed at an instant. The zero time is before every start.
func (t *term) started(at time.Time) bool {
	return t.from.IsZero() || t.startRecorded || !at.IsZero() && !at.Before(t.from)
}

// ended reports whether the end has passed at an instant. The zero time is before every end.
func (t *term) ended(at time.Time) bool { return t.endRecorded || ended(t.until, at) }

// pendingStart returns the start, unless it has passed at an instant: then the zero time. Two starts that
// have passed are the same. The term may be nil.
func (t *term) pendingStart(at time.Time) time.Time {
	if t == nil || t.started(at) {
		return time.Time{}
	}
	return t.from
}

// counting says what counts as a source of access, or as a membership. The zero value is what is in effect at
// the organization's instant.
type counting uint8

const (
	// lasting is what is in effect, and has no end.
	lasting counting = iota + 1
	// anytime is everything, also what has ended and what has not started.
	anytime
)

// counts reports whether what has a term counts; nil is always.
func (o Organization) counts(t *term) bool {
	switch {
	case t == nil || o.counting == anytime:
		return true
	case o.counting == lasting && !t.until.IsZero():
		return false
	}
	return t.started(o.at) && !t.ended(o.at)
}

// onlyLasting returns the organization with what counts for roles that must be held: what is in effect,
// and has no end.
func (o Organization) onlyLasting() Organization {
	o.counting = lasting
	return o
}

// start says that it starts at another time; the zero time means that it has started.
func (t *term) start(from time.Time) { t.from, t.startRecorded = from, false }

// end says that it ends at another time; the zero time means never.
func (t *term) end(until time.Time) { t.until, t.endRecorded = until, false }
