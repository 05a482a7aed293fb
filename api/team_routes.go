package api

import (
	"net/http"

	"github.com/seed-2026d078/roster/events"
)

// CommandOnTeam is a command about a team.
type CommandOnTeam struct {
	Command
	Team events.TeamID `path:"team" doc:"The team." maxLength:"255"`
}

// CommandOnTeamMember is a command about somebody in a team.
type CommandOnTeamMember struct {
	CommandOnTeam
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// newTeam is createTeam as its own route has it.
type newTeam struct {
	ID          events.TeamID  `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Name        string         `json:"name" doc:"Unique in the organization." maxLength:"255"`
	Parent      events.TeamID  `json:"parent,omitzero" doc:"The team above; left out: none."`
	Description string         `json:"description,omitzero" maxLength:"10000"`
	Privacy     events.Privacy `json:"privacy,omitzero" enum:",closed,secret"`
	Colour      events.Colour  `json:"colour,omitzero" doc:"Of the icon, as in #1a2b3c."`
}

type teamCreation struct {
	Command
	Body newTeam
}

type teamEdit struct {
	CommandOnTeam
	Body editTeam
}

type teamColouring struct {
	CommandOnTeam
	Body struct {
		Colour events.Colour `json:"colour" doc:"Of the icon, as in #1a2b3c; empty: none."`
	}
}

func (s *Server) teamRoutes() {
	const all, one, tag = "/v1/organizations/{org}/teams", "/v1/organizations/{org}/teams/{team}", "Teams"
	command(s, route{http.MethodPost, all, "create_team", tag, "Create a team"},
		func(in *teamCreation) order {
			return createTeam{in.Body.ID, in.Body.Name, in.Body.Parent, in.Body.Description, in.Body.Privacy, in.Body.Colour}
		})
	command(s, route{http.MethodPatch, one, "edit_team", tag, "Rename, describe, move a team, all or nothing"},
		func(in *teamEdit) order {
			in.Body.team = in.Team
			return in.Body
		})
	command(s, route{http.MethodPatch, one + "/colour", "colour_team", tag, "Change the colour of a team's icon"},
		func(in *teamColouring) order { return colourTeam{in.Team, in.Body.Colour} })
	command(s, route{http.MethodDelete, one, "remove_team", tag, "Remove a team with its memberships and assignments"},
		func(in *CommandOnTeam) order { return removeTeam{in.Team} })
	list(s, route{http.MethodGet, all, "list_teams", tag, "List and search the teams that the actor sees"}, s.listTeams)
	read(s, route{http.MethodGet, one, "get_team", tag, "Look at a team"}, s.getTeam)
}

type teamMemberAddition struct {
	CommandOnTeam
	Body joining
}

type teamRoleChange struct {
	CommandOnTeamMember
	Body newRole
}

func (s *Server) teamMemberRoutes() {
	const all, one, tag = "/v1/organizations/{org}/teams/{team}/members", "/v1/organizations/{org}/teams/{team}/members/{user}", "Team members"
	command(s, route{http.MethodPost, all, "add_team_member", tag, "Put a member of the organization into a team"},
		func(in *teamMemberAddition) order { return addTeamMember{in.Team, in.Body.User, in.Body.Role} })
	command(s, route{http.MethodPatch, one, "change_team_role", tag, "Change somebody's role in a team"},
		func(in *teamRoleChange) order { return changeTeamRole{in.Team, in.User, in.Body.Role} })
	command(s, route{http.MethodDelete, one, "remove_team_member", tag, "Take somebody out of a team, or leave"},
		func(in *CommandOnTeamMember) order { return removeTeamMember{in.Team, in.User} })
	list(s, route{http.MethodGet, all, "list_team_members", tag, "List who is in a team"}, s.listTeamMembers)
}
