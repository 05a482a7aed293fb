package domain

import (
	"cmp"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// openProjects creates projects, renames and describes them, and restores those that are
// archived.
func (p *declarationPlan) openProjects() {
	p.declaredProjects, p.staffed = map[events.ProjectID]bool{}, map[events.ProjectID]bool{}
	for i, declared := range p.Projects {
		p.declaredProjects[declared.Project] = true
		p.staffed[declared.Project] = declared.Members != nil
		name := cmp.Or(declared.Name, string(declared.Project))
		project := p.org.projects.At(declared.Project)
		if project == nil {
			p.apply(CreateProject{Project: declared.Project, Name: name, Description: valueOr(p.Declaration, declared.Description, "")},
				DeclaredChange{Action: CreatingProject, Project: declared.Project, To: name}, "projects", i)
			continue
		}
		if project.Archived && !valueOr(p.Declaration, declared.Archived, true) {
			p.apply(RestoreProject{Project: declared.Project}, DeclaredChange{Action: RestoringProject, Project: declared.Project}, "projects", i)
		}
		if p.Partial && declared.Name == "" {
			name = project.Name
		}
		if name != project.Name {
			p.applyOn(declared.Project, RenameProject{Project: declared.Project, To: name},
				DeclaredChange{Action: RenamingProject, Project: declared.Project, From: project.Name, To: name}, "projects", i)
		}
		if description := valueOr(p.Declaration, declared.Description, project.Description); description != project.Description {
			p.applyOn(declared.Project, DescribeProject{Project: declared.Project, Description: description}, DeclaredChange{Action: DescribingProject, Project: declared.Project}, "projects", i)
		}
	}
	if p.Partial {
		p.openAssigned()
	}
}

// openAssigned creates the projects that assignments name and nothing else.
func (p *declarationPlan) openAssigned() {
	for i, declared := range p.Teams {
		for j, assignment := range declared.Projects {
			if p.org.projects.At(assignment.Project) == nil {
				p.apply(CreateProject{Project: assignment.Project, Name: string(assignment.Project)},
					DeclaredChange{Action: CreatingProject, Project: assignment.Project, To: string(assignment.Project)}, "teams", i, "projects", j)
			}
		}
	}
}

// fillProjects adds people to projects, and changes those who get a role that ranks no lower.
func (p *declarationPlan) fillProjects() {
	for i, declared := range p.Projects {
		for j, member := range declared.Members {
			change := DeclaredChange{Action: AddingProjectMember, Member: member.Member, Project: declared.Project, To: string(member.Role), Path: pointer("projects", i, "members", j)}
			if p.refuseLeaving(member.Member, change) {
				continue
			}
			grant, granted := p.grant(member.Member, declared.Project)
			role, err := p.projectRole(member)
			switch {
			case !granted || err != nil:
				p.applyOn(declared.Project, AddProjectMember{
					Project: declared.Project, Member: member.Member, Role: role, Levels: member.Levels,
					From: valueOr(p.Declaration, member.From, time.Time{}), Until: valueOr(p.Declaration, member.Until, time.Time{}),
				}, change)
			case p.org.scheme.project.rank(role) >= p.org.scheme.project.rank(grant.Role):
				p.changeGrant(declared.Project, member, role, change)
			}
		}
	}
}

// projectRole returns the role of somebody who is declared on a project, or their default.
func (p *declarationPlan) projectRole(declared DeclaredProjectMember) (events.RoleKey, error) {
	held := events.RoleKey("")
	if member := p.org.members.At(declared.Member); member != nil {
		held = member.Role
	}
	return p.org.scheme.projectRoleOrDefault(declared.Role, held)
}

// grant returns a grant that has not ended, and whether there is one.
func (p *declarationPlan) grant(user events.UserID, on events.ProjectID) (Grant, bool) {
	member := p.org.members.At(user)
	if member == nil {
		return Grant{}, false
	}
	grant, granted := member.Grant(on)
	return grant, granted && !grant.ended(p.org.at)
}

func (p *declarationPlan) changeGrant(on events.ProjectID, declared DeclaredProjectMember, role events.RoleKey, change DeclaredChange) {
	grant, _ := p.grant(declared.Member, on)
	if grant.Role != role {
		change.Action, change.From, change.To = ChangingProjectMemberRole, string(grant.Role), string(role)
		p.applyOn(on, ChangeProjectMemberRole{Project: on, Member: declared.Member, To: role}, change)
		grant, _ = p.grant(declared.Member, on)
	}
	if !maps.Equal(grant.Levels(), valueOr(p.Declaration, orNil(declared.Levels), grant.Levels())) {
		change.Action, change.From, change.To = ChangingProjectMemberLevels, formatLevels(grant.Levels()), formatLevels(declared.Levels)
		p.applyOn(on, ChangeProjectMemberLevels{Project: on, Member: declared.Member, To: declared.Levels}, change)
	}
	change.Action = ChangingProjectMemberEnd
	p.changeTerm(termChange{
		change, changingProjectMemberStart, grant.term, declared.From, declared.Until,
		func(from time.Time) Command { return ChangeProjectMemberStart{on, declared.Member, from} },
		func(until time.Time) Command { return ChangeProjectMemberEnd{on, declared.Member, until} },
	})
}

// clearProjects lowers roles on projects, and ends the grants that are not declared, except of
// those who leave the organization.
func (p *declarationPlan) clearProjects(picks func(events.UserID) bool) {
	for i, declared := range p.Projects {
		p.clearProject(i, declared, picks)
	}
}

func (p *declarationPlan) clearProject(i int, declared DeclaredProject, picks func(events.UserID) bool) {
	named := map[events.UserID]bool{}
	for j, member := range declared.Members {
		named[member.Member] = true
		if picks(member.Member) {
			role, _ := p.projectRole(member) // fillProjects would have refused it
			p.changeGrant(declared.Project, member, role, DeclaredChange{Member: member.Member, Project: declared.Project, Path: pointer("projects", i, "members", j)})
		}
	}
	if declared.Members == nil {
		return
	}
	for _, user := range slices.Sorted(p.org.projects.At(declared.Project).Granted()) {
		grant, granted := p.grant(user, declared.Project)
		if granted && picks(user) && !named[user] && !p.leaving[user] && p.present(user) != nil {
			p.applyOn(declared.Project, RemoveProjectMember{Project: declared.Project, Member: user},
				DeclaredChange{Action: RemovingProjectMember, Member: user, Project: declared.Project, From: string(grant.Role)})
		}
	}
}

// deletes reports whether the declaration deletes a project: it names others.
func (p *declarationPlan) deletes(project events.ProjectID) bool {
	return p.Projects != nil && !p.Partial && !p.declaredProjects[project]
}

// closeProjects deletes the projects that are not declared, and decides the archiving of others.
func (p *declarationPlan) closeProjects() {
	for i, declared := range p.Projects {
		if !p.org.projects.At(declared.Project).Archived && valueOr(p.Declaration, declared.Archived, false) && p.archiving[declared.Project] == nil {
			p.decideArchiving(declared.Project, pointer("projects", i))
		}
	}
	for _, id := range sortedKeys(p.org.Projects()) {
		if p.deletes(id) {
			p.apply(DeleteProject{Project: id}, DeclaredChange{Action: DeletingProject, Project: id, From: p.org.projects.At(id).Name})
		}
	}
}

// archiveProjects archives projects, also those that were restored to be changed.
func (p *declarationPlan) archiveProjects() {
	archive := func(id events.ProjectID, path string) {
		p.accept(p.archiving[id], DeclaredChange{Action: ArchivingProject, Project: id, Path: path})
		delete(p.archiving, id)
	}
	for i, declared := range p.Projects {
		archive(declared.Project, pointer("projects", i))
	}
	for _, id := range slices.Sorted(maps.Keys(p.archiving)) {
		archive(id, "")
	}
}

func sortedKeys[K cmp.Ordered, V any](all iter.Seq2[K, V]) []K {
	var keys []K
	for key := range all {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
