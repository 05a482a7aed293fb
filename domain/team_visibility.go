package domain

import "github.com/seed-2026d078/roster/events"

// SeesTeam reports whether an actor may know that a team exists. A team is visible to
//   - its own members, and the system,
//   - those whom the scheme allows [SeeingTeams] or, if it is secret, [SeeingSecretTeams],
//   - unless it is secret: those who see the members of a project to which it gives access,
//     and those who may assign teams to some project, since they choose from all.
func (o Organization) SeesTeam(actor events.UserID, id events.TeamID) bool {
	return o.VisibleTeams(actor)(id)
}

// SeesTeamMembers reports whether an actor who sees a team may also see who is in it: those
// who see the members of the organization, or of a project to which the team gives access,
// and its own members if they see teams or manage this one.
func (o Organization) SeesTeamMembers(actor events.UserID, id events.TeamID) bool {
	if o.Authorize(actor, SeeingMembers, About{}) == nil {
		return true
	}
	if v := o.newTeamViewer(actor); v.seesProjectOf(id) {
		return true
	}
	about := About{Team: id}
	return o.teamRole(actor, id) != "" && (o.Authorize(actor, SeeingTeams, about) == nil || o.Authorize(actor, AddingTeamMember, about) == nil)
}

// VisibleTeams returns [Organization.SeesTeam] for one actor, to ask about many teams. The
// function remembers the projects that it has looked at. It is not safe for use by many
// goroutines.
func (o Organization) VisibleTeams(actor events.UserID) func(events.TeamID) bool {
	return o.newTeamViewer(actor).sees
}

// teamViewer finds which teams one actor sees.
type teamViewer struct {
	org   Organization
	actor events.UserID
	// projects says of each project that was looked at whether the actor sees its members.
	projects map[events.ProjectID]bool
	// assigns says whether the actor may assign teams to some project; nil if it is not known.
	assigns *bool
}

func (o Organization) newTeamViewer(actor events.UserID) *teamViewer {
	return &teamViewer{org: o, actor: actor}
}

func (v *teamViewer) sees(id events.TeamID) bool {
	team, about := v.org.teams.At(id), About{Team: id}
	switch {
	case team == nil:
		return false
	case v.actor == events.System:
		return true
	case v.org.active(v.actor) == nil:
		return false
	case team.members.At(v.actor) != nil:
		return true
	case team.Privacy == events.Secret:
		return v.org.allows(v.actor, SeeingSecretTeams, about)
	}
	return v.org.allows(v.actor, SeeingTeams, about) || v.assignsTeams() || v.seesProjectOf(id)
}

// seesProjectOf reports whether the actor sees the members of a project on which a team gives
// access, or gave it until the assignment ended. It looks at each assignment.
func (v *teamViewer) seesProjectOf(id events.TeamID) bool {
	for _, team := range v.org.Ancestors(id) {
		for project := range team.projects.All() {
			if !v.org.spend(stepsToVisit) || v.seesMembersOn(project) {
				return true
			}
		}
	}
	return false
}

func (v *teamViewer) seesMembersOn(id events.ProjectID) bool {
	sees, known := v.projects[id]
	if !known {
		if v.projects == nil {
			v.projects = map[events.ProjectID]bool{}
		}
		sees = v.org.Authorize(v.actor, SeeingProjectMembers, About{Project: id}) == nil
		v.projects[id] = sees
	}
	return sees
}

// assignsTeams reports whether the actor may assign teams to some project. If that depends
// on the project, it looks at each that the actor is on.
func (v *teamViewer) assignsTeams() bool {
	if v.assigns == nil {
		v.assigns = new(v.org.assignsTeams(v.actor))
	}
	return *v.assigns
}

func (o Organization) assignsTeams(actor events.UserID) bool {
	if o.allows(actor, AssigningTeam, About{}) {
		return true
	}
	allowance := o.scheme.Allow[AssigningTeam]
	if len(allowance.ProjectRoles) == 0 && len(allowance.Project) == 0 {
		return false
	}
	for _, project := range o.ReachableProjects(actor) {
		if !o.spend(stepsToVisit) || o.allows(actor, AssigningTeam, About{Project: project}) {
			return true
		}
	}
	return false
}
