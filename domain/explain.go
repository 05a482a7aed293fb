package domain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Explain says in words what somebody may do on a project and why, or why they have no
// access and what would give it. It names only teams for which visible returns true;
// nil names every team. It says who invited, granted or assigned, so whoever reads it
// must be allowed to see the person's access.
func (o Organization) Explain(user events.UserID, id events.ProjectID, access Access, visible func(events.TeamID) bool) string {
	if access.Reason != "" {
		return fmt.Sprintf("%s has no access to %s: %s", user, id, o.explainNoAccess(user, id, access.Reason))
	}
	sentences := []string{fmt.Sprintf("%s is %s on %s: %s.", user, access.Role, id, o.explainSources(id, access.Sources, visible))}
	for _, override := range access.Overrides {
		sentences = append(sentences, fmt.Sprintf("An override sets %s to %s instead of %s, %s.", override.Permission, override.Level, override.Replaced, formatOrigin(override.Origin)))
	}
	if end := o.members.At(user).Until(); !end.IsZero() && access.Role != "" {
		sentences = append(sentences, fmt.Sprintf("Their membership of the organization ends %s.", formatTime(end)))
	}
	if access.ReadOnly {
		sentences = append(sentences, "It is archived, so nothing is more than read only; restore it first.")
	}
	return strings.Join(sentences, " ")
}

// ExplainInOrganization is [Organization.Explain] for the organization itself.
func (o Organization) ExplainInOrganization(user events.UserID, access Access) string {
	if access.Reason != "" {
		return fmt.Sprintf("%s has no access to the organization: %s", user, o.explainNoAccess(user, "", access.Reason))
	}
	text := fmt.Sprintf("%s is %s in the organization: %s.", user, access.Role, o.explainSources("", access.Sources, nil))
	if access.ReadOnly {
		text += " The organization is archived, so nothing is more than read only; restore it first."
	}
	return text
}

// explainNoAccess says why there is no access, and what would give it. It looks for a project only if somebody is in the organization.
func (o Organization) explainNoAccess(user events.UserID, id events.ProjectID, reason Reason) string {
	switch reason {
	case NotMember:
		return "not in the organization; invite them to the organization first."
	case Invited:
		invite := o.findInvite(*o.invitees.At(user))
		return fmt.Sprintf("invited to the organization %s, and the invite is pending; they accept it first.", formatOrigin(invite.Sent))
	case Deactivated:
		origin, _ := o.members.At(user).Deactivated()
		return fmt.Sprintf("deactivated %s; reactivate them first.", formatOrigin(origin))
	case MembershipNotStarted:
		return fmt.Sprintf("their membership of the organization starts %s; wait, or give it an earlier start.", formatTime(o.members.At(user).From()))
	case MembershipEnded:
		return fmt.Sprintf("their membership of the organization ended %s; give it a later end first.", formatTime(o.members.At(user).Until()))
	case NoSuchProject:
		return "there is no such project."
	case NotOnProject:
	}
	if starts := o.laterSource(user, id); starts != "" {
		return fmt.Sprintf("in the organization, but not on the project yet, since %s; wait, or give it an earlier start.", starts)
	}
	return fmt.Sprintf("in the organization, but not on the project%s; %s.", o.endedSource(user, id), o.suggestion())
}

// laterSource names a grant, or an assignment of a team, that starts later; empty if none does.
func (o Organization) laterSource(user events.UserID, id events.ProjectID) string {
	member, project := o.members.At(user), o.projects.At(id)
	if grant := member.findGrant(id); grant != nil && !grant.started(o.at) {
		return fmt.Sprintf("their grant as %s starts %s", grant.Role, formatTime(grant.From()))
	}
	if a := o.teamAssignment(member, project, func(a *Assignment) bool { return !a.started(o.at) }); a != nil {
		return "the assignment of a team of theirs starts " + formatTime(a.From())
	}
	return ""
}

// endedSource names a grant, or an assignment of a team, that has ended; empty if none has.
func (o Organization) endedSource(user events.UserID, id events.ProjectID) string {
	member, project := o.members.At(user), o.projects.At(id)
	if grant := member.findGrant(id); grant != nil && grant.ended(o.at) {
		return fmt.Sprintf(" any more, since their grant as %s ended %s", grant.Role, formatTime(grant.Until()))
	}
	if a := o.teamAssignment(member, project, func(a *Assignment) bool { return a.ended(o.at) }); a != nil {
		return " any more, since the assignment of a team of theirs ended " + formatTime(a.Until())
	}
	return ""
}

// teamAssignment returns an assignment to a project, by which a member would have access, for which is
// returns true; nil if there is none.
func (o Organization) teamAssignment(member *Member, project *Project, is func(*Assignment) bool) *Assignment {
	for _, via := range member.teams {
		for team := range o.Ancestors(via) {
			if a := project.findAssignment(team); a != nil && is(a) {
				return a
			}
		}
	}
	return nil
}

// formatTime writes an end to the second, since it may be on the day on which it was set.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// suggestion says what would give access to a member of the organization.
func (o Organization) suggestion() string {
	suggestions := []string{"add them to the project"}
	if o.scheme.Teams.On {
		suggestions = append(suggestions, "put them into a team that is assigned to it")
	}
	for _, role := range o.scheme.Scheme.OrganizationRoles {
		if role.AllProjects != "" && !role.Protected {
			suggestions = append(suggestions, fmt.Sprintf("make them %s of the organization", role.Key))
		}
	}
	return strings.Join(suggestions, ", or ")
}

func (o Organization) explainSources(id events.ProjectID, from []Source, visible func(events.TeamID) bool) string {
	sources := make([]string, len(from))
	for i, source := range from {
		sources[i] = o.explainSource(id, source, visible)
	}
	return strings.Join(sources, "; ")
}

// explainSource names a source of access to a project, or to the organization itself if the id is empty, the event behind it and its end.
func (o Organization) explainSource(id events.ProjectID, s Source, visible func(events.TeamID) bool) string {
	text := ""
	switch s.Kind {
	case Direct:
		text = fmt.Sprintf("direct (%s), granted %s", s.Role, formatOrigin(s.Origin))
	case Creator:
		text = fmt.Sprintf("as its creator (%s), granted %s", s.Role, formatOrigin(s.Origin))
	case ThroughRole:
		text = fmt.Sprintf("through a role of the organization (%s), held since %s", s.Role, formatOrigin(s.Origin))
		if id == "" {
			text = fmt.Sprintf("by their role (%s), held since %s", s.Role, formatOrigin(s.Origin))
		}
		if s.Bypass {
			text += ", which bypasses every level"
		}
	case ThroughElevation:
		text = fmt.Sprintf("elevated to %s%s, approved %s (request %s)", s.Role, elevatedWhere(id, s.Elevation), formatOrigin(s.Origin), s.Elevation.Request)
	case ThroughTeam:
		return fmt.Sprintf("via team %s (%s), assigned %s%s; %s", o.visibleTeamName(s.Team, visible), s.Role, formatOrigin(s.Origin), formatEnd(s.Until), o.explainTeamEntry(s, visible))
	}
	if len(s.Levels) > 0 {
		text += ", with levels of their own: " + formatLevels(s.Levels)
	}
	return text + formatEnd(s.Until)
}

// elevatedWhere says that it is an elevation in the organization that reaches a project.
func elevatedWhere(id events.ProjectID, e Elevation) string {
	if e.Project == id {
		return ""
	}
	return fmt.Sprintf(" as %s of the organization", e.Role)
}

// formatEnd writes an end, if there is one.
func formatEnd(end time.Time) string {
	if end.IsZero() {
		return ""
	}
	return ", until " + formatTime(end)
}

// explainTeamEntry says since when the person is in the team, or in a team below it. If
// neither team is visible, it does not say which of the two.
func (o Organization) explainTeamEntry(s Source, visible func(events.TeamID) bool) string {
	if s.Via == s.Team || hides(visible, s.Via) && hides(visible, s.Team) {
		return "in the team since " + formatOrigin(s.Entered)
	}
	return fmt.Sprintf("inherited by team %s, in that team since %s", o.visibleTeamName(s.Via, visible), formatOrigin(s.Entered))
}

// visibleTeamName returns the name of a team, or a text that says that it is not visible.
func (o Organization) visibleTeamName(id events.TeamID, visible func(events.TeamID) bool) string {
	if hides(visible, id) {
		return "(not visible to you)"
	}
	return o.teamName(id)
}

// hides reports whether a team is not to be named; a nil function hides none.
func hides(visible func(events.TeamID) bool, id events.TeamID) bool {
	return visible != nil && !visible(id)
}

// teamName returns the name of a team, or its id if the team is gone.
func (o Organization) teamName(id events.TeamID) string {
	if team := o.teams.At(id); team != nil {
		return team.Name
	}
	return string(id)
}

// formatOrigin writes when an event happened and who caused it.
func formatOrigin(origin events.Origin) string {
	by := "the system"
	if origin.Actor != events.System {
		by = string(origin.Actor)
	}
	return fmt.Sprintf("%s by %s", origin.At.Format(time.DateOnly), by)
}

// formatLevels writes levels in the order of their permissions.
func formatLevels(levels events.Levels) string {
	all := make([]string, 0, len(levels))
	for _, permission := range slices.Sorted(maps.Keys(levels)) {
		all = append(all, fmt.Sprintf("%s %s", permission, levels[permission]))
	}
	return strings.Join(all, ", ")
}
