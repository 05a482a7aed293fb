package domain

import (
	"fmt"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Explain tells in words what somebody may do on a project and why, or why not
// and what would give access. It names every source, so only those may read it
// who see the teams.
func (o Organization) Explain(user events.UserID, id events.ProjectID, access Access) string {
	switch access.Reason {
	case NotMember:
		return fmt.Sprintf("%s has no access to %s: not in the organization; invite them to the organization first.", user, id)
	case NoSuchProject:
		return fmt.Sprintf("%s has no access to %s: there is no such project.", user, id)
	case NotOnProject:
		return fmt.Sprintf("%s has no access to %s: in the organization, but not on the project; %s.", user, id, o.remedy())
	}
	reasons := make([]string, len(access.Sources))
	for i, source := range access.Sources {
		reasons[i] = o.reason(source)
	}
	return fmt.Sprintf("%s is %s on %s: %s.", user, access.Role, id, strings.Join(reasons, "; "))
}

// remedy says what would give access to a member of the organization.
func (o Organization) remedy() string {
	ways := []string{"add them to the project"}
	if o.scheme.Teams.On {
		ways = append(ways, "put them into a team that is assigned to it")
	}
	for _, role := range o.scheme.Scheme.OrganizationRoles {
		if role.AllProjects != "" {
			ways = append(ways, fmt.Sprintf("make them %s of the organization", role.Key))
		}
	}
	return strings.Join(ways, ", or ")
}

func (o Organization) reason(s Source) string {
	switch s.Kind {
	case Direct:
		return fmt.Sprintf("direct (%s), granted %s", s.Role, stated(s.Origin))
	case ThroughRole:
		return fmt.Sprintf("through a role of the organization (%s), held since %s", s.Role, stated(s.Origin))
	case ThroughTeam:
		return fmt.Sprintf("via team %s (%s), assigned %s; %s", o.teamName(s.Team), s.Role, stated(s.Origin), o.entry(s))
	}
	return string(s.Kind)
}

func (o Organization) entry(s Source) string {
	if s.Via == s.Team {
		return "in the team since " + stated(s.Entered)
	}
	return fmt.Sprintf("inherited by team %s, in that team since %s", o.teamName(s.Via), stated(s.Entered))
}

func (o Organization) teamName(id events.TeamID) string {
	if team := o.teams.At(id); team != nil {
		return team.Name
	}
	return string(id)
}

func stated(origin events.Origin) string {
	by := "the system"
	if origin.Actor != events.System {
		by = string(origin.Actor)
	}
	return fmt.Sprintf("%s by %s", origin.At.Format(time.DateOnly), by)
}
