package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Member returns somebody's membership, and whether there is one.
func (o Organization) Member(id events.UserID) (Member, bool) {
	if member := o.members.At(id); member != nil {
		return *member, true
	}
	return Member{Profile: new(Profile)}, false
}

// Members yields every member, in no particular order.
func (o Organization) Members() iter.Seq2[events.UserID, Member] { return o.members.All() }

// CountMembers returns how many members there are.
func (o Organization) CountMembers() int { return o.members.Len() }

func (s *state) changeMember(id events.UserID, change func(*Member)) {
	members, member := champ.Update(s.owner, s.members, id)
	change(member)
	s.members = members
}

// Attested returns the newest review of a member's access to a project, and
// whether there is one. A review of all that the member has counts as well; one of
// an earlier project with the same id does not.
func (o Organization) Attested(user events.UserID, id events.ProjectID) (events.Origin, bool) {
	member, project := o.members.At(user), o.projects.At(id)
	if member == nil || project == nil {
		return events.Origin{}, false
	}
	newest := member.attested(project)
	return newest, newest.Version > 0
}

// attested returns the newest review of the member's access to a project; the zero value
// if there is none.
func (m *Member) attested(on *Project) (newest events.Origin) {
	if m.optional == nil {
		return newest
	}
	for _, of := range []events.ProjectID{"", on.id} {
		if a := m.optional.attested.find(attestationOf(of)); a != nil && a.Version > on.Created.Version && a.Version > newest.Version {
			newest = a.Origin
		}
	}
	return newest
}
