package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Reason says why there is no access; the zero value is that there is.
type Reason string

// The reasons for no access, in the order in which they are looked for.
const (
	NotMember       Reason = "not_a_member"
	Invited         Reason = "invited"
	Deactivated     Reason = "deactivated"
	MembershipEnded Reason = "membership_ended"
	NoSuchProject   Reason = "no_such_project"
	NotOnProject    Reason = "not_on_the_project"
)

// Access is what somebody may do on a project, or in the organization, and why.
// The zero value is nothing.
type Access struct {
	// Role is the highest over the sources; empty where there are none.
	Role    events.RoleKey
	Sources []Source
	// Overrides are those that changed something.
	Overrides []AppliedOverride
	// ReadOnly says that what is archived keeps levels at view.
	ReadOnly bool
	Reason   Reason

	catalogue []events.Permission
	// degrees are in the order of the catalogue; nil is nothing at all.
	degrees []degree
	// thawed is degrees as they would be if nothing were archived; nil where nothing is.
	thawed []degree
}

// AppliedOverride is an override with the level that it put another in the place of.
type AppliedOverride struct {
	Override
	Replaced events.Level
}

// Access returns what somebody may do on a project.
func (o Organization) Access(user events.UserID, id events.ProjectID) Access {
	access, project := o.standing(user, id)
	if project != nil && o.readOnly(project) {
		access.ReadOnly = true
		access.freeze()
	}
	return access
}

// standing is Access whether or not something is archived.
func (o Organization) standing(user events.UserID, id events.ProjectID) (Access, *Project) {
	member, project, reason := o.meet(user, id)
	if reason != "" {
		access := Access{Reason: reason}
		if o.scheme != nil {
			access.catalogue = o.scheme.project.catalogue
		}
		return access, nil
	}
	sources := make([]Source, 0, few/2)
	for b := range o.bases(member, project) {
		sources = append(sources, o.source(user, member, b))
	}
	return o.scheme.Resolve(sources, member.overridesOn(project.id)), project
}

// Resolve is the one definition of effective access: the highest role over the
// sources and, for each permission, the highest level, unless an override says
// otherwise and no source bypasses it. It sorts the sources as they are shown.
func (s *Scheme) Resolve(sources []Source, overrides []Override) Access {
	access := Access{Sources: sources, catalogue: s.project.catalogue}
	if len(sources) == 0 {
		access.Reason = NotOnProject
		return access
	}
	slices.SortFunc(sources, s.compareSources)
	access.degrees = make([]degree, len(s.project.catalogue))
	bypass := false
	for _, source := range sources {
		if access.Role == "" || s.project.rank(source.Role) > s.project.rank(access.Role) {
			access.Role = source.Role
		}
		for i, d := range s.conferred(source) {
			access.degrees[i] = max(access.degrees[i], d)
		}
		bypass = bypass || source.Bypass
	}
	if s.Overrides.On && !bypass {
		access.apply(s, overrides)
	}
	return access
}

// conferred returns what one source grants, in the order of the catalogue.
func (s *Scheme) conferred(source Source) []degree {
	if source.Bypass {
		return s.project.everything()
	}
	role := s.project.find(source.Role)
	if role == nil {
		return nil
	}
	if len(source.Levels) == 0 {
		return role.degrees
	}
	return role.all(s.project.compile(source.Levels))
}

func (a *Access) apply(s *Scheme, overrides []Override) {
	for _, override := range overrides {
		i := s.project.index(override.Permission)
		if s.project.knowsLevel(override.Permission, override.Level) != nil {
			continue // set under other rules
		}
		set := s.overridden(a.degrees[i], degreeOf(override.Level))
		if set == a.degrees[i] {
			continue
		}
		a.Overrides = append(a.Overrides, AppliedOverride{override, levelOf(a.catalogue[i].Kind, a.degrees[i])})
		a.degrees[i] = set
	}
}

// freeze keeps levels at view where something is archived; switches go off.
func (a *Access) freeze() {
	if a.ReadOnly && a.degrees != nil {
		a.thawed, a.degrees = a.degrees, slices.Clone(a.degrees)
		for i := range a.degrees {
			a.degrees[i] = min(a.degrees[i], view)
		}
	}
}

// AsReadOnly returns the access as it is where the project or the organization is
// archived: no level is above view.
func (a Access) AsReadOnly() Access {
	a.ReadOnly = true
	a.freeze()
	return a
}

// InOrganization returns what somebody may do in the organization itself.
func (o Organization) InOrganization(user events.UserID) Access {
	access := Access{Reason: o.absence(user, o.members.At(user)), catalogue: o.scheme.organization.catalogue}
	if access.Reason == "" {
		member := o.members.At(user)
		access.Role, access.degrees = member.Role, o.degrees(member)
	}
	access.ReadOnly = o.archived
	access.freeze()
	return access
}

// degrees returns what a member has of every permission in the organization.
func (o Organization) degrees(member *Member) []degree {
	role := o.scheme.organization.find(member.Role)
	if role.Bypass {
		return o.scheme.organization.everything()
	}
	return role.all(member.own())
}

// Level returns the level of a permission; empty for one that there is not.
func (a Access) Level(permission events.PermissionKey) events.Level {
	for i, known := range a.catalogue {
		if known.Key == permission {
			return a.level(i)
		}
	}
	return ""
}

func (a Access) level(i int) events.Level {
	if a.degrees == nil {
		return levelOf(a.catalogue[i].Kind, 0)
	}
	return levelOf(a.catalogue[i].Kind, a.degrees[i])
}

// Levels returns the level of every permission.
func (a Access) Levels() events.Levels {
	levels := events.Levels{}
	for i, permission := range a.catalogue {
		levels[permission.Key] = a.level(i)
	}
	return levels
}
