package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) teamRoutes() {
	const all, one, tag = "/teams", "/teams/{team}", "Teams"
	define(s, spec{"create_team", http.MethodPost, all, tag, "Create a team"},
		func(c createTeam) (domain.Command, error) {
			return domain.CreateTeam{
				Team: idOrNew(c.ID), Name: inputName(c.Name), Parent: c.Parent, Description: c.Description, Privacy: c.Privacy, Colour: c.Colour,
			}, nil
		})
	define(s, spec{"edit_team", http.MethodPatch, one, tag, "Rename, describe, move a team, all or nothing"}, editTeam.command)
	defineItem(s, "rename_team", func(_ context.Context, _ *commandBuilder, c renameTeam) (domain.Command, error) {
		return domain.RenameTeam{Team: c.Team, To: inputName(c.Name)}, nil
	})
	defineItem(s, "describe_team", func(_ context.Context, _ *commandBuilder, c describeTeam) (domain.Command, error) {
		return domain.DescribeTeam{Team: c.Team, Description: c.Description, Privacy: c.Privacy}, nil
	})
	defineItem(s, "move_team", func(_ context.Context, _ *commandBuilder, c moveTeam) (domain.Command, error) {
		return domain.MoveTeam{Team: c.Team, To: c.Parent}, nil
	})
	define(s, spec{"colour_team", http.MethodPatch, one + "/colour", tag, "Change the colour of a team's icon"},
		func(c colourTeam) (domain.Command, error) { return domain.ColourTeam{Team: c.Team, To: c.Colour}, nil })
	define(s, spec{"remove_team", http.MethodDelete, one, tag, "Remove a team with its memberships and assignments"},
		func(c removeTeam) (domain.Command, error) { return domain.RemoveTeam{Team: c.Team}, nil })
	const teams = organizationPath + "/teams"
	list(s, route{http.MethodGet, teams, "list_teams", tag, "List and search the teams that the actor sees"}, s.listTeams)
	read(s, route{http.MethodGet, teams + "/{team}", "get_team", tag, "Look at a team"}, s.getTeam)
}

type createTeam struct {
	ID          events.TeamID  `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Name        string         `json:"name" doc:"Unique in the organization, without regard to case." maxLength:"255" example:"Core"`
	Parent      events.TeamID  `json:"parent,omitzero" doc:"The team above; left out: none."`
	Description string         `json:"description,omitzero" maxLength:"10000" example:"Keeps the engine running."`
	Privacy     events.Privacy `json:"privacy,omitzero" enum:",closed,secret"`
	Colour      events.Colour  `json:"colour,omitzero" doc:"Of the icon, as in #1a2b3c."`
}

// editTeam changes several attributes of a team, all or nothing.
type editTeam struct {
	Team        events.TeamID   `path:"team" json:"team" doc:"The team." maxLength:"255"`
	Name        *string         `json:"name,omitzero" maxLength:"255" example:"Core"`
	Description *string         `json:"description,omitzero" maxLength:"10000" example:"Keeps the engine running."`
	Privacy     *events.Privacy `json:"privacy,omitzero" enum:",closed,secret"`
	Parent      *events.TeamID  `json:"parent,omitzero" doc:"The team above; empty: none."`
}

func (c editTeam) command() (domain.Command, error) {
	var edits teamEdits
	if c.Name != nil {
		edits = append(edits, domain.RenameTeam{Team: c.Team, To: inputName(*c.Name)})
	}
	if c.Description != nil || c.Privacy != nil {
		edits = append(edits, domain.DescribeTeam{Team: c.Team, Description: c.Description, Privacy: c.Privacy})
	}
	if c.Parent != nil {
		edits = append(edits, domain.MoveTeam{Team: c.Team, To: *c.Parent})
	}
	if edits == nil {
		return nil, errMalformed.because("Nothing is to change; name at least one of name, description, privacy, parent.")
	}
	return edits, nil
}

// teamEdits is a batch that the client sent as one command, so its error is that of the
// first refused item.
type teamEdits domain.Batch

// Decide implements [domain.Command].
func (e teamEdits) Decide(org domain.Organization, m events.Moment) ([]events.Event, error) {
	happened, err := domain.Batch(e).Decide(org, m)
	if batch, ok := errors.AsType[*domain.BatchError](err); ok {
		return nil, batch.Items[0].Err
	}
	return happened, err
}

type renameTeam struct {
	Team events.TeamID `json:"team"`
	Name string        `json:"name" maxLength:"255" example:"Core"`
}

type describeTeam struct {
	Team        events.TeamID   `json:"team"`
	Description *string         `json:"description,omitzero" doc:"Left out: stays." maxLength:"10000" example:"Keeps the engine running."`
	Privacy     *events.Privacy `json:"privacy,omitzero" doc:"Left out: stays." enum:",closed,secret"`
}

type moveTeam struct {
	Team   events.TeamID `json:"team"`
	Parent events.TeamID `json:"parent,omitzero" doc:"The team above; empty: none."`
}

type colourTeam struct {
	Team   events.TeamID `path:"team" json:"team" doc:"The team." maxLength:"255"`
	Colour events.Colour `json:"colour" doc:"Of the icon, as in #1a2b3c; empty: none."`
}

type removeTeam struct {
	Team events.TeamID `path:"team" json:"team" doc:"The team." maxLength:"255"`
}

// TeamFacts are the fields that every answer about a team has.
type TeamFacts struct {
	ID          events.TeamID  `json:"id"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitzero"`
	Privacy     events.Privacy `json:"privacy,omitzero"`
	Colour      events.Colour  `json:"colour" doc:"Of the icon: the one that was set, or else one that follows from the id."`
	Members     int            `json:"members" doc:"In the team itself."`
	Parent      events.TeamID  `json:"parent,omitzero" doc:"The team above, where the actor sees it."`
	Created     Origin         `json:"created"`
}

// team is a team as a list shows it.
type team struct {
	TeamFacts
	AvailableActions
}

func teamOf(org domain.Organization, id events.TeamID, found domain.Team, visible func(events.TeamID) bool, available domain.AvailableActions) team {
	row := team{
		TeamFacts{
			ID: id, Name: found.Name, Description: found.Description, Privacy: found.Privacy, Colour: teamColour(id, found),
			Members: found.CountMembers(), Created: originOf(org.ID(), found.Created),
		},
		availableOn(available, domain.AddingTeamMember),
	}
	if visible(found.Parent) {
		row.Parent = found.Parent
	}
	return row
}

// teamDetails is a team as those who may see it see it.
type teamDetails struct {
	TeamFacts
	Role      events.RoleKey `json:"role,omitzero" doc:"The actor's own in the team."`
	RoleLabel string         `json:"role_label,omitzero" doc:"What the role is called."`
	AvailableActions
}

type teamQuery struct {
	TeamPath
	AtTime
}

func (s *Server) getTeam(ctx context.Context, in *teamQuery) (*answer[teamDetails], error) {
	p, err := s.asOf(ctx, in.Org, in.AtTime)
	if err != nil {
		return nil, err
	}
	found, was := p.then.Team(in.Team)
	visible := visibleFormerTeams(p.now, p.then, p.actor)
	if !was || !visible(in.Team) {
		return nil, domain.NoTeam(p.actor, in.Team)
	}
	own, _ := found.Member(p.actor)
	row := teamOf(p.then, in.Team, found, visible, p.actions(func(m events.Moment) domain.AvailableActions { return p.now.ActionsOnTeam(m, in.Team) }))
	return fromMemory(p.now, p.position, teamDetails{row.TeamFacts, own.Role, p.then.TeamRoleLabel(own.Role), row.AvailableActions}), nil
}

type teamsQuery struct {
	InOrganization
	Paging
	AtTime
	Search string `query:"search" maxLength:"255" doc:"Words, each of which is a part of the name or the id, in any order; case and diacritics do not matter."`
}

func (s *Server) listTeams(ctx context.Context, in *teamsQuery) (*answer[List[team]], error) {
	if in.asked() {
		return s.listPastTeams(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	m := currentMoment(ctx, org)
	visible := visibleTeams(org, m.Actor)
	found, err := s.Database.ListTeams(ctx, org, projections.TeamFilter{Search: in.Search, Keep: visible, Page: in.page()})
	if err != nil {
		return nil, err
	}
	actions := domain.NewActionFinder(org, m)
	return fromDatabase(org, known, position, rowsOf(found, func(id events.TeamID) team {
		of, _ := org.Team(id)
		return teamOf(org, id, of, visible, actions.OnTeam(id))
	})), nil
}

func (s *Server) listPastTeams(ctx context.Context, in *teamsQuery) (*answer[List[team]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	words, visible := collation.Words(in.Search), visibleFormerTeams(p.now, p.then, p.actor)
	var teams []ordered[events.TeamID]
	for id, of := range paced(p, p.then.Teams()) {
		if visible(id) && matches(words, of.Name, string(id)) {
			teams = append(teams, inOrder(id, of.Name, string(id)))
		}
	}
	return pageOfPast(p, teams, in.Paging, func(id events.TeamID) team {
		of, _ := p.then.Team(id)
		return teamOf(p.then, id, of, visible, domain.AvailableActions{})
	})
}
