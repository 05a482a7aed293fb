package domain

import "time"

// term is from when until when a membership, a grant or an assignment is in effect. The zero value is
// always. It is small, so that it can lie in each of them: a check then reads it with the rest.
type term struct {
	// from is when it starts, and is in effect; the zero value means that it has started.
	from instant
	// until is when it ends, and is in effect no more; the zero value means never.
	until instant
	// startRecorded and endRecorded say that an event has recorded that from, or until, passed. Then it
	// has, whatever a clock says.
	startRecorded, endRecorded bool
}

func newTerm(from, until time.Time) term { return term{from: instantOf(from), until: instantOf(until)} }

// From returns when it starts, or has started later than somebody gave it; the zero value means that it started
// at once.
func (t term) From() time.Time { return t.from.time() }

// Until returns when it ends; the zero value means never.
func (t term) Until() time.Time { return t.until.time() }

// isAlways reports whether it has neither a start nor an end.
func (t *term) isAlways() bool { return *t == term{} }

// started reports whether the start has passed at an instant. The zero time is before every start.
func (t *term) started(at time.Time) bool { return t.startRecorded || instantOf(at) >= t.from }

// ended reports whether the end has passed at an instant. The zero time is before every end.
func (t *term) ended(at time.Time) bool {
	return t.endRecorded || t.until != 0 && instantOf(at) >= t.until
}

// pendingStart returns the start, unless it has passed at an instant: then the zero time. Two starts that
// have passed are the same.
func (t *term) pendingStart(at time.Time) time.Time {
	if t.started(at) {
		return time.Time{}
	}
	return t.From()
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

// counts reports whether what has a term counts.
func (o Organization) counts(t *term) bool {
	switch {
	case t.isAlways(), o.counting == anytime:
		return true
	case o.counting == lasting && t.until != 0:
		return false
	}
	return t.inEffect(o.atInstant)
}

// inEffect reports whether it has started and not ended at an instant.
func (t *term) inEffect(at instant) bool {
	return (t.startRecorded || at >= t.from) && !t.endRecorded && (t.until == 0 || at < t.until)
}

// onlyLasting returns the organization with what counts for roles that must be held: what is in effect,
// and has no end.
func (o Organization) onlyLasting() Organization {
	o.counting = lasting
	return o
}

// start says that it starts at another time; the zero time means that it has started.
func (t *term) start(from time.Time) { t.from, t.startRecorded = instantOf(from), false }

// end says that it ends at another time; the zero time means never.
func (t *term) end(until time.Time) { t.until, t.endRecorded = instantOf(until), false }
