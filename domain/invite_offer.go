package domain

import (
	"maps"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// inviteOffer is what an invite gives to whoever accepts it.
type inviteOffer struct {
	role   events.RoleKey
	levels events.Levels
	from   time.Time
	until  time.Time
	// member is whom it is for, where that is known.
	member   events.UserID
	projects []events.ProjectRole
	teams    []events.TeamRole
}

// offered returns what an invite gives.
func (i *Invite) offered() inviteOffer {
	o := inviteOffer{role: i.Role, levels: i.Levels, from: i.From, until: i.Until, member: i.Member}
	for _, p := range i.projects {
		o.projects = append(o.projects, p.ProjectRole)
	}
	o.teams = slices.Collect(i.Teams())
	return o
}

// standing returns what an invite gives, without the projects and teams that are gone.
func (o Organization) standing(i *Invite) inviteOffer {
	offer := inviteOffer{role: i.Role, levels: i.Levels, from: i.From, until: i.Until, member: i.Member}
	for _, p := range i.projects {
		if !p.Deleted {
			offer.projects = append(offer.projects, p.ProjectRole)
		}
	}
	for _, t := range i.teams {
		if team := o.teams.At(t.Team); team != nil && team.Created == t.created {
			offer.teams = append(offer.teams, t.TeamRole)
		}
	}
	return offer
}

// validate returns the offer with the roles that it leaves out. It fails unless the actor may give all of it.
func (c inviteOffer) validate(org Organization, m events.Moment) (inviteOffer, error) {
	var err error
	if c.role, err = org.validateMembership(m, c.role, c.levels, c.from, c.until); err != nil {
		return c, err
	}
	c.from = startOf(c.from, m)
	if c.projects, err = c.validProjects(org, m.Actor); err != nil {
		return c, err
	}
	c.teams, err = c.validTeams(org, m.Actor)
	return c, err
}

// equal reports whether two offers give the same.
func (c inviteOffer) equal(d inviteOffer) bool {
	return c.role == d.role && maps.Equal(c.levels, d.levels) && c.from.Equal(d.from) && c.until.Equal(d.until) && slices.Equal(c.teams, d.teams) &&
		slices.EqualFunc(c.projects, d.projects, func(a, b events.ProjectRole) bool {
			return a.Project == b.Project && a.Role == b.Role && maps.Equal(a.Levels, b.Levels)
		})
}

// validProjects validates each project as adding a member to it does.
func (c inviteOffer) validProjects(org Organization, actor events.UserID) ([]events.ProjectRole, error) {
	if len(c.projects) > MaxItems {
		return nil, ErrTooMany.Because("An invite names at most %d projects, not %d.", MaxItems, len(c.projects))
	}
	chosen, named := slices.Clone(c.projects), map[events.ProjectID]bool{}
	for i := range chosen {
		p := &chosen[i]
		if named[p.Project] {
			return nil, ErrProjectTwice.Because("The invite names project %q twice; name it once, with one role.", p.Project)
		}
		named[p.Project] = true
		if err := org.Authorize(actor, AddingProjectMember, About{Project: p.Project}); err != nil {
			return nil, err
		}
		role, err := org.scheme.projectRoleOrDefault(p.Role, c.role)
		if err != nil {
			return nil, err
		}
		if err := org.scheme.project.validateOwnLevels(role, p.Levels); err != nil {
			return nil, err
		}
		if err := org.mayGrant(p.Project, actor, c.member, role, p.Levels, nil); err != nil {
			return nil, err
		}
		p.Role = role
	}
	return chosen, nil
}

// validTeams validates each team as adding a member to it does.
func (c inviteOffer) validTeams(org Organization, actor events.UserID) ([]events.TeamRole, error) {
	switch {
	case len(c.teams) > MaxItems:
		return nil, ErrTooMany.Because("An invite names at most %d teams, not %d.", MaxItems, len(c.teams))
	case len(c.teams) > 0 && !org.scheme.Teams.On:
		return nil, ErrTeamsOff
	}
	chosen, named := slices.Clone(c.teams), map[events.TeamID]bool{}
	for i := range chosen {
		t := &chosen[i]
		if named[t.Team] {
			return nil, ErrTeamTwice.Because("The invite names team %q twice; name it once, with one role.", t.Team)
		}
		named[t.Team] = true
		role, err := org.scheme.team.orDefault(t.Role)
		if err != nil {
			return nil, err
		}
		if err := org.mayAddToTeam(actor, t.Team, role, c.role); err != nil {
			return nil, err
		}
		t.Role = role
	}
	return chosen, nil
}

// mayAddToTeam fails unless the actor may put somebody into a team, with a role there, who holds a role in the organization.
func (o Organization) mayAddToTeam(actor events.UserID, team events.TeamID, role, held events.RoleKey) error {
	if err := o.Authorize(actor, AddingTeamMember, About{Team: team}); err != nil {
		return err
	}
	if err := o.mayAssignInTeam(team, actor, AddingTeamMember, role); err != nil {
		return err
	}
	return o.mayGiveThrough(o.Ancestors(team), actor, held)
}
