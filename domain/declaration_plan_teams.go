package domain

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
)

// matchTeams finds the team that each declared one is: the one that has its name, or else one
// that has a former name. It puts parents before their children.
func (p *declarationPlan) matchTeams() {
	p.teamIDs, p.teamByName = make([]events.TeamID, len(p.Teams)), map[string]events.TeamID{}
	matched := map[events.TeamID]bool{}
	for i, declared := range p.Teams {
		p.teamIDs[i] = p.org.teamNamed(declared.Name)
		matched[p.teamIDs[i]] = true
	}
	for i, declared := range p.Teams {
		for _, name := range declared.Previously {
			if id := p.org.teamNamed(name); p.teamIDs[i] == "" && !matched[id] {
				p.teamIDs[i] = id
				matched[id] = true
			}
		}
		p.teamIDs[i] = cmp.Or(p.teamIDs[i], declared.Team)
		p.teamByName[collation.FoldCase(declared.Name)] = p.teamIDs[i]
	}
	p.orderTeams()
}

// teamNamed returns the team with a name, without regard to case; empty if there is none. In
// old ledgers several can have it, then the spelling decides.
func (o Organization) teamNamed(name string) events.TeamID {
	named := o.TeamsNamed(name)
	for _, id := range named {
		if o.teams.At(id).Name == name {
			return id
		}
	}
	if len(named) > 0 {
		return named[0]
	}
	return ""
}

// orderTeams puts parents before their children. It refuses teams whose parent is not declared,
// or that stand below themselves.
func (p *declarationPlan) orderTeams() {
	children := map[string][]int{}
	for i, declared := range p.Teams {
		parent := collation.FoldCase(declared.Parent)
		children[parent] = append(children[parent], i)
	}
	p.parentsFirst = children[""]
	for next := 0; next < len(p.parentsFirst); next++ {
		p.parentsFirst = append(p.parentsFirst, children[collation.FoldCase(p.Teams[p.parentsFirst[next]].Name)]...)
	}
	if len(p.parentsFirst) == len(p.Teams) {
		return
	}
	for i, declared := range p.Teams {
		if !slices.Contains(p.parentsFirst, i) {
			p.refused = append(p.refused, RefusedChange{
				DeclaredChange{Team: declared.Name, Path: pointer("teams", i)},
				ErrNoTeam.Because("The team above, %q, is not declared, or stands below this one.", declared.Parent),
			})
		}
	}
}

// arrangeTeams creates, renames, moves and describes teams. All teams that will stand below a
// declared one are declared, too, so the levels are those of the declaration.
func (p *declarationPlan) arrangeTeams() {
	levels := map[events.TeamID]int{}
	for _, i := range p.parentsFirst {
		declared, id, parent := p.Teams[i], p.teamIDs[i], p.teamByName[collation.FoldCase(p.Teams[i].Parent)]
		team := p.org.teams.At(id)
		levels[id] = levels[parent] + 1
		if err := p.org.requireLevels(levels[id], 1, p.before.teamDepth(id)); err != nil {
			p.refused = append(p.refused, RefusedChange{DeclaredChange{Team: declared.Name, Path: pointer("teams", i)}, err})
			continue
		}
		if team == nil {
			p.apply(CreateTeam{
				Team: id, Name: declared.Name, Parent: parent, Description: valueOr(p.Declaration, declared.Description, ""),
				Privacy: valueOr(p.Declaration, declared.Privacy, ""), Colour: valueOr(p.Declaration, declared.Colour, ""),
			}, DeclaredChange{Action: CreatingTeam, Team: declared.Name, To: declared.Parent}, "teams", i)
			continue
		}
		if team.Name != declared.Name {
			p.apply(RenameTeam{Team: id, To: declared.Name}, DeclaredChange{Action: RenamingTeam, Team: declared.Name, From: team.Name, To: declared.Name}, "teams", i)
		}
		if team.Parent != parent {
			p.apply(MoveTeam{Team: id, To: parent},
				DeclaredChange{Action: MovingTeam, Team: declared.Name, From: p.org.teamName(team.Parent), To: declared.Parent}, "teams", i)
		}
		p.describeTeam(i, team)
	}
}

func (p *declarationPlan) describeTeam(i int, team *Team) {
	declared, id := p.Teams[i], p.teamIDs[i]
	description, privacy := valueOr(p.Declaration, declared.Description, team.Description), valueOr(p.Declaration, declared.Privacy, team.Privacy)
	if description != team.Description || privacy != team.Privacy {
		change := DeclaredChange{Action: DescribingTeam, Team: declared.Name}
		if privacy != team.Privacy {
			change.From, change.To = string(team.Privacy), string(privacy)
		}
		p.apply(DescribeTeam{Team: id, Description: &description, Privacy: &privacy}, change, "teams", i)
	}
	if colour := valueOr(p.Declaration, declared.Colour, team.Colour); colour != team.Colour {
		p.apply(ColourTeam{Team: id, To: colour}, DeclaredChange{Action: ColouringTeam, Team: declared.Name, From: string(team.Colour), To: string(colour)}, "teams", i)
	}
}

// fillTeams adds people to teams and changes their roles in them, and assigns teams. The role
// of who makes the declaration waits for [declarationPlan.clearTeams], since it gives them rights.
func (p *declarationPlan) fillTeams() {
	for i, declared := range p.Teams {
		for j, member := range declared.Members {
			if member.Member == p.m.Actor && p.inTeam(p.teamIDs[i], member.Member) {
				continue
			}
			p.fillTeam(p.teamIDs[i], declared.Name, member, pointer("teams", i, "members", j))
		}
		for j, assignment := range declared.Projects {
			p.assign(p.teamIDs[i], declared.Name, assignment, pointer("teams", i, "projects", j))
		}
	}
}

func (p *declarationPlan) inTeam(id events.TeamID, user events.UserID) bool {
	_, is := p.org.teams.At(id).Member(user)
	return is
}

func (p *declarationPlan) fillTeam(id events.TeamID, name string, declared DeclaredTeamMember, path string) {
	change := DeclaredChange{Member: declared.Member, Team: name, To: string(declared.Role), Path: path}
	if p.refuseLeaving(declared.Member, change) {
		return
	}
	teamMember, inTeam := p.org.teams.At(id).Member(declared.Member)
	if !inTeam {
		change.Action = AddingTeamMember
		p.apply(AddTeamMember{Team: id, Member: declared.Member, Role: declared.Role}, change)
		return
	}
	role, err := p.org.scheme.team.orDefault(declared.Role)
	if err != nil || role != teamMember.Role {
		change.Action, change.From, change.To = ChangingTeamMemberRole, string(teamMember.Role), string(role)
		p.apply(ChangeTeamMemberRole{Team: id, Member: declared.Member, To: role}, change)
	}
}

// assign assigns a team, or gives its assignment a role that ranks higher. Roles that rank lower
// wait for [declarationPlan.clearTeams], so that a project keeps its owners.
func (p *declarationPlan) assign(id events.TeamID, name string, declared DeclaredAssignment, path string) {
	change := DeclaredChange{Action: AssigningTeam, Team: name, Project: declared.Project, To: string(declared.Role), Path: path}
	assignment, assigned := p.assignment(id, declared.Project)
	role, err := p.org.scheme.assignmentRoleOrDefault(declared.Role)
	switch {
	case !assigned || err != nil:
		p.applyOn(declared.Project, AssignTeam{
			Team: id, Project: declared.Project, Role: declared.Role,
			From: valueOr(p.Declaration, declared.From, time.Time{}), Until: valueOr(p.Declaration, declared.Until, time.Time{}),
		}, change)
	case p.org.scheme.project.rank(role) >= p.org.scheme.project.rank(assignment.Role):
		p.changeAssignment(id, assignment, declared, role, change)
	}
}

func (p *declarationPlan) changeAssignment(id events.TeamID, now Assignment, declared DeclaredAssignment, role events.RoleKey, change DeclaredChange) {
	if role != now.Role {
		change.Action, change.From, change.To = ChangingAssignment, string(now.Role), string(role)
		p.applyOn(declared.Project, ChangeAssignment{Team: id, Project: declared.Project, To: role}, change)
	}
	change.Action = ChangingAssignmentEnd
	p.changeTerm(termChange{
		change, changingAssignmentStart, now.term, declared.From, declared.Until,
		func(from time.Time) Command { return ChangeAssignmentStart{id, declared.Project, from} },
		func(until time.Time) Command { return ChangeAssignmentEnd{id, declared.Project, until} },
	})
}

// assignment returns an assignment that has not ended, and whether there is one.
func (p *declarationPlan) assignment(id events.TeamID, on events.ProjectID) (Assignment, bool) {
	project := p.org.projects.At(on)
	if project == nil {
		return Assignment{}, false
	}
	a, assigned := project.Assignment(id)
	return a, assigned && !a.ended(p.org.at)
}

// clearTeams takes people out of teams.
func (p *declarationPlan) clearTeams(picks func(events.UserID) bool) {
	for i, declared := range p.Teams {
		if declared.Members != nil {
			p.clearTeam(i, declared, picks)
		}
	}
}

// findOwnTeams finds the teams by which who makes the declaration may have something.
func (p *declarationPlan) findOwnTeams() map[events.TeamID]bool {
	own := map[events.TeamID]bool{}
	if member := p.org.members.At(p.m.Actor); member != nil {
		for _, team := range member.teams {
			for above := range p.org.Ancestors(team) {
				own[above] = true
			}
		}
	}
	return own
}

// unassignTeams lowers and ends assignments, of teams of who makes the declaration or of others.
func (p *declarationPlan) unassignTeams(own bool) {
	for i, declared := range p.Teams {
		if p.ownTeams[p.teamIDs[i]] == own {
			p.clearAssignments(i, declared)
		}
	}
}

func (p *declarationPlan) clearAssignments(i int, declared DeclaredTeam) {
	id, named := p.teamIDs[i], map[events.ProjectID]bool{}
	for j, assignment := range declared.Projects {
		named[assignment.Project] = true
		now, _ := p.assignment(id, assignment.Project)
		role, _ := p.org.scheme.assignmentRoleOrDefault(assignment.Role) // assign would have refused it
		p.changeAssignment(id, now, assignment, role, DeclaredChange{Team: declared.Name, Project: assignment.Project, Path: pointer("teams", i, "projects", j)})
	}
	if declared.Projects == nil {
		return
	}
	for _, project := range sortedKeys(p.org.teams.At(id).Projects()) {
		if a, assigned := p.assignment(id, project); assigned && !named[project] && !p.deletes(project) {
			p.applyOn(project, UnassignTeam{Team: id, Project: project}, DeclaredChange{Action: UnassigningTeam, Team: declared.Name, Project: project, From: string(a.Role)})
		}
	}
}

// clearTeam takes out of a team who is not declared, except those who leave the organization.
func (p *declarationPlan) clearTeam(i int, declared DeclaredTeam, picks func(events.UserID) bool) {
	id, named := p.teamIDs[i], map[events.UserID]bool{}
	for j, member := range declared.Members {
		named[member.Member] = true
		if member.Member == p.m.Actor && picks(member.Member) {
			p.fillTeam(id, declared.Name, member, pointer("teams", i, "members", j))
		}
	}
	for _, user := range sortedKeys(p.org.teams.At(id).Members()) {
		if !picks(user) || named[user] || p.leaving[user] || p.present(user) == nil {
			continue
		}
		teamMember, _ := p.org.teams.At(id).Member(user)
		p.apply(RemoveTeamMember{Team: id, Member: user}, DeclaredChange{Action: RemovingTeamMember, Member: user, Team: declared.Name, From: string(teamMember.Role)})
	}
}

// removeTeams removes the teams that are not declared, those below others first.
func (p *declarationPlan) removeTeams() {
	if p.Teams == nil {
		return
	}
	depths, declared := map[events.TeamID]int{}, map[events.TeamID]bool{}
	for _, id := range p.teamIDs {
		declared[id] = true
	}
	for id := range p.org.Teams() {
		for above := id; above != "" && !declared[id]; above = p.org.teams.At(above).Parent {
			depths[id]++
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(depths), func(a, b events.TeamID) int {
		return cmp.Or(cmp.Compare(depths[b], depths[a]), cmp.Compare(p.org.teamName(a), p.org.teamName(b)), cmp.Compare(a, b))
	}) {
		p.apply(RemoveTeam{Team: id}, DeclaredChange{Action: RemovingTeam, Team: p.org.teamName(id), From: p.org.teamName(p.org.teams.At(id).Parent)})
	}
}
