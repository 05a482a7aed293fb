package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// meet returns the person and the project of a question, or why there is no answer.
func (o *Organization) lookup(user events.UserID, id events.ProjectID) (*Member, *Project, Reason) {
	member := o.members.At(user)
	if member == nil || member.optional != nil {
		if reason := o.inactiveReason(user, member); reason != "" {
			return nil, nil, reason
		}
	}
	project := o.projects.At(id)
	if project == nil {
		return nil, nil, NoSuchProject
	}
	return member, project, ""
}

// absence says why somebody is no active member; empty where they are one.
func (o *Organization) inactiveReason(user events.UserID, member *Member) Reason {
	switch {
	case member == nil && o.hasPendingInvite(user):
		return Invited
	case member == nil:
		return NotMember
	case member.optional == nil:
		return ""
	case member.optional.deactivated != nil:
		return Deactivated
	case o.ended(member.optional.until):
		return MembershipEnded
	}
	return ""
}

func (o *Organization) hasPendingInvite(user events.UserID) bool {
	pending := o.invitees.At(user)
	return pending != nil && !o.invites.At(*pending).Expired(o.at)
}

// active returns somebody's membership where it gives access, else nil.
func (o Organization) active(user events.UserID) *Member {
	member := o.members.At(user)
	if member == nil || o.inactiveReason(user, member) != "" {
		return nil
	}
	return member
}

// basis is a source with no more looked up than a check needs.
type sourceRef struct {
	kind SourceKind
	role events.RoleKey
	// bypass grants everything.
	bypass bool
	// grant is what a direct one, or the creator's, comes from; else nil.
	grant *Grant
	// assigned is what one through a team comes from; else nil.
	assignment *inheritedAssignment
}

// own returns the levels that the person has beside the role of this source.
func (b *sourceRef) compiledLevels() []level {
	if b.grant == nil {
		return nil
	}
	return b.grant.compiledLevels()
}

// bases yields every reason for a member's access to a project. It looks at the
// person's own grants and teams alone, so its cost does not grow with the
// organization.
func (o *Organization) sourceRefs(member *Member, project *Project) iter.Seq[sourceRef] {
	return func(yield func(sourceRef) bool) {
		if grant := member.findGrant(project.id); grant != nil && (grant.optional == nil || !o.ended(grant.optional.until)) {
			if !yield(sourceRef{kind: grant.kind(), role: grant.Role, grant: grant}) {
				return
			}
		}
		held := o.scheme.organization.find(member.Role)
		if held.AllProjects != "" && !yield(sourceRef{kind: ThroughRole, role: held.AllProjects, bypass: held.Bypass}) {
			return
		}
		if len(project.assignments) == 0 {
			return
		}
		for _, via := range member.teams {
			through := project.assignmentsVia(via)
			for i := range through {
				a := &through[i]
				if o.ended(a.Until) {
					continue
				}
				role := o.scheme.assignmentRole(a.Role, member.Role)
				if role != "" && !yield(sourceRef{kind: ThroughTeam, role: role, assignment: a}) {
					return
				}
			}
		}
	}
}

// sourced tells whether anything holds that gives a member access to a project,
// suspended or not.
func (o *Organization) hasSource(user events.UserID, id events.ProjectID) bool {
	member, project := o.members.At(user), o.projects.At(id)
	if member == nil || project == nil {
		return false
	}
	for range o.sourceRefs(member, project) {
		return true
	}
	return false
}

// readOnly tells whether a project, or its organization, is archived.
func (o *Organization) readOnly(p *Project) bool { return o.archived || p.Archived }
