package domain

import (
	"iter"

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
	// assignment is set for the kind ThroughTeam, and via is the team that the person is in:
	// the one assigned, or one below it.
	assignment *Assignment
	via        events.TeamID
	// elevation is set for the kind ThroughElevation.
	elevation *Elevation
}

// compiledLevels returns the person's own levels that come with the source; nil for none.
func (r *sourceRef) compiledLevels() []level {
	if r.grant == nil {
		return nil
	}
	return r.grant.compiledLevels()
}

// until returns when the source ends; 0 if it has no end but that of the membership.
func (r *sourceRef) until() instant {
	switch {
	case r.grant != nil:
		return r.grant.until
	case r.assignment != nil:
		return r.assignment.until
	case r.elevation != nil:
		return instantOf(r.elevation.Until)
	}
	return 0
}

// sourceRefs yields every source of a member's access to a project that holds at the
// organization's instant. Those through teams come last. Its cost grows with the member's own
// grants and teams and the teams above those, not with the organization.
func (o Organization) sourceRefs(member *Member, project *Project) iter.Seq[sourceRef] {
	s := o.scheme
	return func(yield func(sourceRef) bool) {
		if grant := member.findGrant(project.id); grant != nil && o.counts(&grant.term) {
			if !yield(sourceRef{kind: grant.kind(), role: grant.Role, grant: grant}) {
				return
			}
		}
		held := s.organization.find(member.Role)
		if held.AllProjects != "" && !yield(sourceRef{kind: ThroughRole, role: held.AllProjects, bypass: held.Bypass}) {
			return
		}
		if member.isElevated() && !o.yieldElevations(yield, member, project) {
			return
		}
		if project.assignments.isEmpty() {
			return
		}
		for _, via := range member.teams {
			for team, above := via, o.ancestorsOf(via); ; team, above = above.team, above.next {
				if !o.spend(project.assignments.lookupSteps()) {
					return
				}
				if a := project.findAssignment(team); a != nil && o.counts(&a.term) {
					role := s.assignmentRole(a.Role, member.Role)
					if role != "" && !yield(sourceRef{kind: ThroughTeam, role: role, assignment: a, via: via}) {
						return
					}
				}
				if above == nil {
					break
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
	for range o.sourceRefs(member, project) {
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
	for range o.sourceRefs(member, project) {
		return true
	}
	return false
}

// source looks up everything about a source of a member's access.
func (o Organization) source(user events.UserID, member *Member, ref sourceRef) Source {
	s := Source{Kind: ref.kind, Role: ref.role, Bypass: ref.bypass}
	switch {
	case ref.grant != nil:
		s.Levels, s.From, s.Until, s.Origin = ref.grant.Levels(), ref.grant.From(), ref.grant.Until(), ref.grant.Origin
	case ref.assignment != nil:
		s.Team, s.Via, s.From, s.Until, s.Origin = ref.assignment.Team, ref.via, ref.assignment.From(), ref.assignment.Until(), ref.assignment.Origin
		s.Entered = o.teams.At(s.Via).members.At(user).Joined()
	case ref.elevation != nil:
		s.Elevation, s.Until, s.Origin = *ref.elevation, ref.elevation.Until, ref.elevation.Origin
	default:
		s.From, s.Until, s.Origin = member.From(), member.Until(), member.RoleGiven
	}
	s.Began = o.began(&person{id: user, Member: member}, &ref)
	return s
}
