package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// meet returns the person and the project of a question, or why there is no answer.
func (o Organization) meet(user events.UserID, id events.ProjectID) (*Member, *Project, Reason) {
	member := o.members.At(user)
	if member == nil {
		return nil, nil, NotMember
	}
	project := o.projects.At(id)
	if project == nil {
		return nil, nil, NoSuchProject
	}
	return member, project, ""
}

// basis is a source with no more looked up than a check needs.
type basis struct {
	kind      SourceKind
	role      events.RoleKey
	team, via events.TeamID
	origin    *events.Origin
}

// bases yields every reason for a member's access to a project. It looks at the
// person's own grants and teams alone, so its cost does not grow with the
// organization.
func (o Organization) bases(member *Member, project *Project) iter.Seq[basis] {
	return func(yield func(basis) bool) {
		if grant := member.granted(project.id); grant != nil && !yield(basis{kind: Direct, role: grant.Role, origin: &grant.Origin}) {
			return
		}
		if reach := o.scheme.Reach(member.Role); reach != "" && !yield(basis{kind: ThroughRole, role: reach, origin: &member.RoleGiven}) {
			return
		}
		if len(project.assignments) == 0 {
			return
		}
		for _, via := range member.teams {
			through := project.through(via)
			for i := range through {
				a := &through[i]
				if !yield(basis{kind: ThroughTeam, role: a.Role, team: a.Team, via: a.via, origin: &a.Origin}) {
					return
				}
			}
		}
	}
}
