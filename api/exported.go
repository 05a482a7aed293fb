package api

import (
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func stateOf(org domain.Organization) exportedState {
	found := exportedState{Members: map[events.UserID]events.RoleKey{}, Teams: map[string]exportedTeam{}}
	for user, member := range org.Members() {
		found.Members[user] = member.Role
	}
	for id := range org.Projects() {
		found.Projects = append(found.Projects, id)
	}
	slices.Sort(found.Projects)
	for id, team := range org.Teams() {
		found.Teams[team.Name] = exportedTeamOf(org, id, team)
	}
	return found
}

func exportedTeamOf(org domain.Organization, id events.TeamID, team domain.Team) exportedTeam {
	parent, _ := org.Team(team.Parent)
	found := exportedTeam{
		Description: team.Description, Parent: parent.Name, Privacy: team.Privacy,
		Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]events.RoleKey{},
	}
	for user, place := range team.Members() {
		found.Members[user] = place.Role
	}
	for on := range team.Projects() {
		project, _ := org.Project(on)
		assignment, _ := project.Assignment(id)
		found.Projects[on] = assignment.Role
	}
	return found
}

func accessOf(org domain.Organization) exportedAccess {
	found := exportedAccess{}
	for user := range org.Members() {
		roles := map[events.ProjectID]events.RoleKey{}
		for _, project := range org.ReachableProjects(user) {
			if role := org.Access(user, project).Role; role != "" { // else it has ended, or is suspended
				roles[project] = role
			}
		}
		if len(roles) > 0 {
			found[user] = roles
		}
	}
	return found
}

func stateFrom(state projections.State) exportedState {
	found := exportedState{
		Members: state.Members, Projects: slices.Sorted(maps.Keys(state.Projects)), Teams: map[string]exportedTeam{},
	}
	for _, team := range state.Teams {
		found.Teams[team.Name] = exportedTeam{
			Description: team.Description, Members: team.Members, Parent: state.Teams[team.Parent].Name,
			Privacy: team.Privacy, Projects: team.Projects,
		}
	}
	return found
}

func accessFrom(state projections.State) exportedAccess { return state.Access }
