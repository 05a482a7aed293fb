package domain

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// sourceRef is a source of access with only what a check needs. [Organization.source]
// looks up the rest.
type sourceRef struct {
	kind SourceKind
	role events.RoleKey
	// bypass says that the role gives every permission at its highest level.
	bypass bool
	// grant is set for the kinds Direct and Creator.
	grant *Grant
	// assignment is set for the kind ThroughTeam.
	assignment *inheritedAssignment
}

// compiledLevels returns the person's own levels that come with the source; nil for none.
func (r *sourceRef) compiledLevels() []level {
	if r.grant == nil {
		return nil
	}
	return r.grant.compiledLevels()
}

// sourceRefs yields every source of a member's access to a project that holds at an
// instant. Its cost grows with the member's own grants and teams, not with the
// organization.
func (s *Scheme) sourceRefs(at time.Time, member *Member, project *Project) iter.Seq[sourceRef] {
	return func(yield func(sourceRef) bool) {
		if grant := member.findGrant(project.id); grant != nil && !grant.ended(at) {
			if !yield(sourceRef{kind: grant.kind(), role: grant.Role, grant: grant}) {
				return
			}
		}
		held := s.organization.find(member.Role)
		if held.AllProjects != "" && !yield(sourceRef{kind: ThroughRole, role: held.AllProjects, bypass: held.Bypass}) {
			return
		}
		if len(project.assignments) == 0 {
			return
		}
		for _, via := range member.teams {
			reaching := project.assignmentsVia(via)
			for i := range reaching {
				a := &reaching[i]
				if ended(a.Until, at) {
					continue
				}
				role := s.assignmentRole(a.Role, member.Role)
				if role != "" && !yield(sourceRef{kind: ThroughTeam, role: role, assignment: a}) {
					return
				}
			}
		}
	}
}

// hasSource reports whether somebody has a source of access to a project that holds,
// also if they are deactivated.
func (o Organization) hasSource(user events.UserID, id events.ProjectID) bool {
	member, project := o.members.At(user), o.projects.At(id)
	if member == nil || project == nil {
		return false
	}
	for range o.scheme.sourceRefs(o.at, member, project) {
		return true
	}
	return false
}

// HasAccess reports whether an active member has a source of access to a project that
// holds.
func (o Organization) HasAccess(user events.UserID, id events.ProjectID) bool {
	member, project, reason := o.lookup(user, id)
	if reason != "" {
		return false
	}
	for range o.scheme.sourceRefs(o.at, member, project) {
		return true
	}
	return false
}

// source looks up everything about a source of a member's access.
func (o Organization) source(user events.UserID, member *Member, ref sourceRef) Source {
	s := Source{Kind: ref.kind, Role: ref.role, Bypass: ref.bypass}
	switch {
	case ref.grant != nil:
		s.Levels, s.Began, s.Until, s.Origin = ref.grant.Levels(), ref.grant.Joined().At, ref.grant.Until(), ref.grant.Origin
	case ref.assignment != nil:
		s.Team, s.Via, s.Until, s.Origin = ref.assignment.Team, ref.assignment.via, ref.assignment.Until, ref.assignment.Origin
		s.Entered = o.teams.At(s.Via).members.At(user).Joined()
		s.Began = later(ref.assignment.Joined().At, s.Entered.At)
	default:
		s.Began, s.Until, s.Origin = member.RoleGiven.At, member.Until(), member.RoleGiven
	}
	return s
}
