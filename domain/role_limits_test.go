package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// giver is who answers for what a step gives: the sender where an invite is accepted.
// It is the system for what is bounded by nobody.
func giver(s step) events.UserID {
	switch c := s.command.(type) {
	case domain.CreateOrganization, domain.TransferOwnership, domain.ChangeScheme, domain.Batch, domain.ImportHistory:
		return events.System
	case domain.RestoreOrganization, domain.RestoreProject:
		return events.System // what was there is back
	case domain.AcceptInvite:
		invite, _ := s.before.Invite(c.Invite)
		return invite.Sent.Actor
	}
	return s.Actor
}

// TestNobodyHandsOutMoreThanTheyHave looks at every role and level that anybody has
// after a person's command and had not before, in the organization and on projects.
func TestNobodyHandsOutMoreThanTheyHave(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		by := giver(s)
		if by == events.System {
			return
		}
		for user := range s.after.Members() {
			bounded(t, s, user, "", s.before.InOrganization(user), s.after.InOrganization(user), s.before.InOrganization(by))
			for project := range s.after.Projects() {
				was, is, own := s.before.Access(user, project), s.after.Access(user, project), s.before.Access(by, project)
				if !excepted(s, user, is) {
					bounded(t, s, user, project, was, is, own)
				}
			}
		}
	})
}

func bounded(t *rapid.T, s step, user events.UserID, project events.ProjectID, was, is, own domain.Access) {
	list := s.after.Scheme().Scheme.ProjectRoles
	if project == "" {
		list = s.after.Scheme().Scheme.OrganizationRoles
	}
	rank := func(a domain.Access) int {
		if a.Role == "" {
			return -1
		}
		return find(list, a.Role).Rank
	}
	assert.False(t, rank(is) > rank(was) && rank(is) > rank(own), "%#v by %q, who is %q on %q, makes %q %q", s.command, s.Actor, own.Role, project, user, is.Role)
	had, has, mine := was.Levels(), is.Levels(), own.Levels()
	for permission, level := range has {
		assert.False(t, height(level) > height(had[permission]) && height(level) > height(mine[permission]) && !keptOverride(s, was, is, permission), "%#v by %q, who has %q of %q on %q, gives %q %q", s.command, s.Actor, mine[permission], permission, project, user, level)
	}
}

// excepted is what the rules give on projects beyond what the giver has there.
func excepted(s step, user events.UserID, is domain.Access) bool {
	member, _ := s.after.Member(user)
	defaults := s.after.Scheme().Teams.Confer == events.MembersDefault
	switch c := s.command.(type) {
	case domain.CreateProject:
		return true // whoever opens one is granted the creator's role, others reach it anyway
	case domain.ReactivateMember, domain.ChangeMemberEnd:
		return true // the member is back where they were
	case domain.ChangeMemberRole:
		return defaults && c.Member == user // their default role changes along, wherever their teams are assigned
	case domain.AssignTeam, domain.ChangeAssignmentEnd, domain.MoveTeam:
		return defaults && s.before.Scheme().Protects(member.Role) // nobody gives the role that comes with being protected
	case domain.RedefineRole:
		by, _ := s.before.Member(s.Actor)
		for range by.Overrides() {
			return true // the author is bounded by their role, not by what is overridden on one project
		}
	}
	return is.Reason != ""
}

// keptOverride tells whether a level comes from an override that stood there before,
// while its person was away.
func keptOverride(s step, was, is domain.Access, permission events.PermissionKey) bool {
	if _, sets := s.command.(domain.SetOverride); sets || was.Reason == "" {
		return false
	}
	for _, o := range is.Overrides {
		if o.Permission == permission {
			return true
		}
	}
	return false
}
