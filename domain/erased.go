package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// ErasedName is what people see in place of the name of somebody whose data was erased.
const ErasedName = "erased person"

// Erased returns the event that erased somebody's data, and whether there is one since they were a member last.
func (o Organization) Erased(user events.UserID) (events.Origin, bool) { return o.erased.Get(user) }

// HasErased reports whether there is anybody whose data was erased.
func (o Organization) HasErased() bool { return o.erased.Len() > 0 }

// ErasedPeople yields all of them, in no particular order.
func (o Organization) ErasedPeople() iter.Seq2[events.UserID, events.Origin] { return o.erased.All() }

// erasePerson removes the texts that outlive a membership.
func (s *state) erasePerson(e events.PersonErased, origin events.Origin) {
	s.erased = champ.Set(s.owner, s.erased, e.Person, origin)
	s.voidAccessRequests(e.Person, origin, func(*AccessRequest) bool { return true })
	for _, id := range e.Invites {
		if s.closed.At(id) == nil {
			continue
		}
		closed, invite := champ.Update(s.owner, s.closed, id)
		invite.Email = ""
		s.closed = closed
	}
}
