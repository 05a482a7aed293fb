package domain

import (
	"cmp"
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Member is somebody in the organization.
type Member struct {
	// A check reads the first four, and often no more. They lie next to the key for that reason.

	Role events.RoleKey
	// term is that of the membership.
	term
	// optional is nil if the member has none of the optional attributes.
	optional *memberAttributes
	// teams are in order.
	teams []events.TeamID

	// grants are in the order of their projects.
	grants sortedList[Grant]
	// Profile is behind a pointer, so that a Member is small.
	*Profile
}

// Profile holds what no decision about access needs. The value is never changed, only
// replaced.
type Profile struct {
	PersonalData
	// Joined is the event that began the membership. Its actor added the person, or sent the
	// invite that they accepted.
	Joined events.Origin
	// RoleGiven is the event that gave the present role, with its actor as in Joined.
	RoleGiven events.Origin

	// invite is the one that was accepted to join; empty if the person was added.
	invite events.InviteID
}

// Grants lists the member's direct grants, in the order of their projects.
func (m Member) Grants() iter.Seq[Grant] { return m.grants.values() }

// Grant returns the member's direct grant on a project, and whether there is one.
func (m Member) Grant(project events.ProjectID) (Grant, bool) {
	if grant := m.findGrant(project); grant != nil {
		return *grant, true
	}
	return Grant{}, false
}

// findGrant returns the member's grant on a project; nil if there is none.
func (m *Member) findGrant(project events.ProjectID) *Grant {
	if few := m.grants.few; m.grants.many == nil && len(few) <= linearSearchMax {
		for i := range few {
			if few[i].Project == project {
				return &few[i]
			}
		}
		return nil
	}
	return m.grants.find(grantOn(project))
}

// grantOn is the order of grants around the one on a project.
func grantOn(project events.ProjectID) func(*Grant) int {
	return func(g *Grant) int { return cmp.Compare(g.Project, project) }
}

// Teams lists the teams that the member is in directly, in order.
func (m Member) Teams() iter.Seq[events.TeamID] { return slices.Values(m.teams) }

// memberAttributes are the attributes that few members have. The value is never
// changed, only replaced.
type memberAttributes struct {
	// deactivated is the event that deactivated the member; nil where none did. A check reads it,
	// overrides and elevations, so these come first.
	deactivated *events.Origin
	// overrides are in the order of their projects, then permissions.
	overrides sortedList[Override]
	// elevations are in the order of their projects; that in the organization comes first.
	elevations sortedList[Elevation]
	// resumed is the last event that gave access back to a member who was deactivated or whose
	// membership had ended; nil where none did.
	resumed *events.Origin
	// levels are the member's own in the organization; compiled are the same as
	// numbers.
	levels   events.Levels
	compiled []level
	// kept are the member's own levels while their role takes none.
	kept     events.Levels
	attested sortedList[attestation]
}

// attestation is a review of somebody's access to a project, or of all their access if
// the project is empty.
type attestation struct {
	project events.ProjectID
	events.Origin
}

// attestationOf is the order of reviews around that of a project.
func attestationOf(project events.ProjectID) func(*attestation) int {
	return func(a *attestation) int { return cmp.Compare(a.project, project) }
}

// Deactivated returns the event that deactivated the member, and whether one did.
func (m Member) Deactivated() (events.Origin, bool) {
	if m.optional == nil || m.optional.deactivated == nil {
		return events.Origin{}, false
	}
	return *m.optional.deactivated, true
}

func (m *Member) isDeactivated() bool { return m.optional != nil && m.optional.deactivated != nil }

// activeSince returns the event since which the member has been one without a break: they
// joined, were reactivated, or their membership began again after its end.
func (m *Member) activeSince() events.Origin {
	if m.optional == nil || m.optional.resumed == nil {
		return m.Joined
	}
	return *m.optional.resumed
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
	return m.optional.overrides.values()
}

// lasts reports whether a membership counts for roles that must be held: it has started, and is
// neither deactivated nor has an end.
func (o Organization) lasts(m *Member) bool {
	return !m.isDeactivated() && o.onlyLasting().counts(&m.term)
}

// change replaces the optional attributes of the member.
func (m *Member) change(change func(*memberAttributes)) {
	var a memberAttributes
	if m.optional != nil {
		a = *m.optional
	}
	change(&a)
	m.optional = &a
}

// Override returns the override of a permission on a project, and whether there is one.
func (m Member) Override(project events.ProjectID, permission events.PermissionKey) (Override, bool) {
	if m.optional == nil {
		return Override{}, false
	}
	if set := m.optional.overrides.find(overrideOf(project, permission)); set != nil {
		return *set, true
	}
	return Override{}, false
}

// hasOverrides reports whether the member has an override on any project.
func (m *Member) hasOverrides() bool { return m.optional != nil && !m.optional.overrides.isEmpty() }

// OverridesOn returns the overrides on a project, in the order of their permissions. Do
// not change them.
func (m Member) OverridesOn(project events.ProjectID) []Override { return m.overridesOn(project) }

// overridesOn is OverridesOn without a copy of the member.
func (m *Member) overridesOn(project events.ProjectID) []Override {
	if !m.hasOverrides() {
		return nil
	}
	return m.optional.overrides.matching(func(o *Override) int { return cmp.Compare(o.Project, project) })
}
