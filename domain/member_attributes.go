package domain

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// memberAttributes are the attributes that few members have. The value is never
// changed, only replaced.
type memberAttributes struct {
	// deactivated is the event that suspended the member; nil where none did.
	deactivated *events.Origin
	until       time.Time
	// levels are the member's own in the organization; compiled are the same as
	// numbers.
	levels   events.Levels
	compiled []level
	// overrides are in the order of their projects, then permissions.
	overrides []Override
	attested  []attestation
}

// attestation is a review of somebody's access; to all of it where project is empty.
type attestation struct {
	project events.ProjectID
	events.Origin
}

// Until returns when the membership ends; the zero value never does.
func (m Member) Until() time.Time {
	if m.optional == nil {
		return time.Time{}
	}
	return m.optional.until
}

// Deactivated returns the event that suspended the member, and whether one did.
func (m Member) Deactivated() (events.Origin, bool) {
	if m.optional == nil || m.optional.deactivated == nil {
		return events.Origin{}, false
	}
	return *m.optional.deactivated, true
}

// Levels returns the member's own levels in the organization; nil for none.
func (m Member) Levels() events.Levels {
	if m.optional == nil {
		return nil
	}
	return m.optional.levels
}

// compiledLevels returns the member's own levels as numbers; nil for none.
func (m *Member) compiledLevels() []level {
	if m.optional == nil {
		return nil
	}
	return m.optional.compiled
}

// Overrides yields the member's overrides, in the order of project and permission.
func (m Member) Overrides() iter.Seq[Override] {
	if m.optional == nil {
		return func(func(Override) bool) {}
	}
	return slices.Values(m.optional.overrides)
}

// permanent reports whether a membership counts for roles that must be held: it is
// neither suspended nor has an end.
func (m *Member) permanent() bool {
	return m.optional == nil || m.optional.deactivated == nil && m.optional.until.IsZero()
}

// change replaces the optional attributes of the member.
func (m *Member) change(change func(*memberAttributes)) {
	var s memberAttributes
	if m.optional != nil {
		s = *m.optional
	}
	change(&s)
	m.optional = &s
}

// changeAttributes is change for attributes that decide whether the member is counted.
func (o Organization) changeAttributes(transient *champ.Transient, id events.UserID, change func(*memberAttributes)) Organization {
	return o.changeAndRecount(transient, id, func(m *Member) { m.change(change) })
}

func (o Organization) setLevels(transient *champ.Transient, e events.MemberLevelsChanged) Organization {
	return o.changeMember(transient, e.Member, func(m *Member) {
		m.change(func(s *memberAttributes) { s.levels, s.compiled = e.To, o.scheme.organization.compile(e.To) })
	})
}

// attest keeps the newest review of each project, and the newest of everything.
func (o Organization) attest(transient *champ.Transient, e events.AccessAttested, origin events.Origin) Organization {
	return o.changeMember(transient, e.Member, func(m *Member) {
		m.change(func(s *memberAttributes) {
			i, found := slices.BinarySearchFunc(s.attested, e.Project, func(a attestation, p events.ProjectID) int { return cmp.Compare(a.project, p) })
			if found {
				s.attested = slices.Clone(s.attested)
				s.attested[i].Origin = origin
				return
			}
			s.attested = slices.Insert(slices.Clip(s.attested), i, attestation{e.Project, origin})
		})
	})
}

// Attested returns the newest review of a member's access to a project, and
// whether there is one. A review of all that the member has counts as well; one of
// an earlier project with the same id does not.
func (o Organization) Attested(user events.UserID, id events.ProjectID) (events.Origin, bool) {
	member, project := o.members.At(user), o.projects.At(id)
	if member == nil || member.optional == nil || project == nil {
		return events.Origin{}, false
	}
	var newest events.Origin
	for _, a := range member.optional.attested {
		if (a.project == "" || a.project == id) && a.Version > project.Created.Version && a.Version > newest.Version {
			newest = a.Origin
		}
	}
	return newest, newest.Version > 0
}
