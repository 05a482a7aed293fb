package domain

import (
	"cmp"

	"github.com/seed-2026d078/roster/internal/champ"
)

// maxEnded is how many invites that have ended, and how many requests for access that are closed, the state of an organization keeps. When one more ends, the
// one that ended first is forgotten. It counts neither invites by which people joined who are still members, nor requests for an elevation that lasts.
const maxEnded = 10_000

// endOrder is the ids of what has ended, in the order in which it did. The zero value is empty.
type endOrder[ID ~string] struct {
	// ids are in the order of their numbers, and numbers finds the number of an id. Numbers grow.
	ids     sortedList[endedID[ID]]
	numbers champ.Map[ID, uint64]
	last    uint64
}

type endedID[ID ~string] struct {
	number uint64
	id     ID
}

// numberOrder is the order of ids around the one with a number.
func numberOrder[ID ~string](number uint64) func(*endedID[ID]) int {
	return func(e *endedID[ID]) int { return cmp.Compare(e.number, number) }
}

// add says that something has ended now, also if it had before.
func (o *endOrder[ID]) add(owner *champ.Transient, id ID) {
	o.remove(owner, id)
	o.last++
	o.ids = o.ids.set(endedID[ID]{o.last, id}, numberOrder[ID](o.last))
	o.numbers = champ.Set(owner, o.numbers, id, o.last)
}

// remove says that something has not ended, or is gone.
func (o *endOrder[ID]) remove(owner *champ.Transient, id ID) {
	if number := o.numbers.At(id); number != nil {
		o.ids = o.ids.without(numberOrder[ID](*number))
		o.numbers = champ.Delete(owner, o.numbers, id)
	}
}

// surplus returns what ended first, as long as there is more than is kept.
func (o *endOrder[ID]) surplus() (first ID, is bool) {
	if o.numbers.Len() <= maxEnded {
		return first, false
	}
	for e := range o.ids.all() {
		return e.id, true
	}
	return first, false
}
