package domain

import (
	"fmt"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// Traits of a thing are everything about it that decides which actions on it are
// available to one actor, at one moment, in one state. Each kind of thing says below why
// its traits suffice: they answer every question that the rules of the commands tried in
// available_actions.go and organization_actions.go ask about the thing. What the rules
// ask about the actor, the scheme, the seats or the organization is the same for all
// things. To try another command, or to change a rule, is to read these reasons again;
// TestActionFinderEqualsRowByRow compares the answers.
//
// One question has no cheap answer: whether a project would be left with too few holders,
// which withHoldersKept and transfer ask. If lastHolders names the person, or the team,
// traits do not suffice. Otherwise the rules never refuse: where somebody loses a role that
// must be held, the project has one holder more than it needs.

// memberTraits are those of a member of the organization.
//
// Every command asks Authorize, which looks at the member only for self. memberToChange
// and memberToStop ask for self, whether the role is protected, and whether the actor may
// take it or outranks it. Removing asks whether there are created projects to hand over. Levels
// are compared to the member's own, and validated and assigned by the role. Ends are in
// termTraits. Deactivating and reactivating ask whether the member is deactivated, and for the
// end; checkLastHolder for the role and whether the membership lasts, which follows
// from both. A transfer asks whether the other membership is active and lasts, and for
// its role. A change of role asks for the member's teams where they give each member the
// default of their role. A profile is tried with a name that nobody has, which no rule
// asks about.
type memberTraits struct {
	self, deactivated, created bool
	teams                      string
	role                       events.RoleKey
	ownLevels                  string
	term                       termTraits
}

func (f *ActionFinder) memberTraits(user events.UserID) (memberTraits, bool) {
	member := f.org.members.At(user)
	if member == nil || f.last.needed(user) || !f.transferKeepsHolders() {
		return memberTraits{}, false
	}
	_, deactivated := member.Deactivated()
	teams := ""
	if f.org.scheme.Teams.Confer == events.MembersDefault && len(member.teams) > 0 {
		teams = fmt.Sprintf("%q", member.teams)
	}
	return memberTraits{user == f.m.Actor, deactivated, len(f.org.createdBy(member)) > 0, teams, member.Role, levelsText(member.Levels()), f.termTraits(member.term)}, true
}

// transferKeepsHolders reports whether no transfer of ownership to somebody who is not
// needed leaves a project with too few holders. It changes two people: the actor loses a
// role, and the new owner has it. If it counts as every role that must be held, on every
// project, the new owner replaces the actor, or was a holder where one is to spare.
func (f *ActionFinder) transferKeepsHolders() bool {
	owner, highest := f.org.active(f.m.Actor), f.org.scheme.organization.highest()
	return owner == nil || owner.Role != highest || f.last.holdsAll(f.org.scheme.RoleOnAllProjects(highest))
}

// projectMemberTraits are those of somebody on a project.
//
// Authorize looks at the person only for self. grantToChange asks whether the person is
// protected there, whether there is a direct grant, and whether the actor may take its
// role; a change of role also, for the role of somebody who is there only through teams. Levels are compared to those of the grant, and validated and assigned by its
// role; ends are in termTraits. An attestation asks for self and for an effective role.
// Overrides ask for the effective role, for a source with bypass, for the overrides set,
// and for the levels with and without them: the first follow from the second, the
// overrides and bypass.
type projectMemberTraits struct {
	project           events.ProjectID
	self, protected   bool
	granted           bool
	grantRole         events.RoleKey
	grantLevels       string
	grantTerm         termTraits
	throughTeams      events.RoleKey
	reached, bypass   bool
	role              events.RoleKey
	levels, overrides string
}

func (f *ActionFinder) projectMemberTraits(id events.ProjectID, user events.UserID) (projectMemberTraits, bool) {
	member, project := f.org.members.At(user), f.org.projects.At(id)
	if member == nil || project == nil || f.last.neededOn(id, user) {
		return projectMemberTraits{}, false
	}
	t := projectMemberTraits{project: id, self: user == f.m.Actor, protected: f.org.scheme.protectsOn(id, member)}
	if grant := member.findGrant(id); grant != nil {
		t.granted, t.grantRole, t.grantLevels, t.grantTerm = true, grant.Role, levelsText(grant.Levels()), f.termTraits(grant.term)
	}
	if !t.granted || t.grantTerm.ended || !t.grantTerm.started {
		t.throughTeams = f.org.roleThroughTeamsAlone(user, id)
	}
	if !f.org.scheme.Overrides.On {
		if f.org.inactiveReason(user, member) == "" {
			t.role = f.org.highestRole(member, project)
		}
		return t, true
	}
	access, _ := f.org.accessBeforeArchiving(user, id)
	plain := f.org.scheme.Resolve(access.Sources, nil)
	t.reached, t.role, t.levels = len(plain.Sources) > 0, plain.Role, string(plain.levels)
	t.bypass = slices.ContainsFunc(plain.Sources, func(s Source) bool { return s.Bypass })
	if set := member.overridesOn(id); len(set) > 0 {
		levels := events.Levels{}
		for _, override := range set {
			levels[override.Permission] = override.Level
		}
		t.overrides = levelsText(levels)
	}
	return t, true
}

// assignmentTraits are those of a team on a project.
//
// Authorize asks whether the actor sees the team, and for the actor's role in it. The
// other rules ask for the role that the assignment states, and for its end. Which roles a
// team gives where each member has their default takes a look at each member: there traits
// do not suffice.
type assignmentTraits struct {
	project   events.ProjectID
	visible   bool
	actorRole events.RoleKey
	role      events.RoleKey
	term      termTraits
}

func (f *ActionFinder) assignmentTraits(id events.ProjectID, team events.TeamID) (assignmentTraits, bool) {
	project := f.org.projects.At(id)
	if project == nil {
		return assignmentTraits{}, false
	}
	a, assigned := project.Assignment(team)
	if !assigned || a.Role == "" || f.last.holds(a.Role) {
		return assignmentTraits{}, false
	}
	return assignmentTraits{id, f.visible(team), f.org.teamRole(f.m.Actor, team), a.Role, f.termTraits(a.term)}, true
}

// teamMemberTraits are those of somebody in a team. Authorize looks at the person only for
// self; the other rules ask for self, for the role in the team, and for the one in the
// organization, on which it depends what the team gives the person.
type teamMemberTraits struct {
	team       events.TeamID
	self       bool
	role, held events.RoleKey
}

func (f *ActionFinder) teamMemberTraits(id events.TeamID, user events.UserID) (teamMemberTraits, bool) {
	member, team := f.org.members.At(user), f.org.teams.At(id)
	if member == nil || team == nil || team.members.At(user) == nil || f.last.neededThrough(id, member.Role) {
		return teamMemberTraits{}, false
	}
	return teamMemberTraits{id, user == f.m.Actor, team.members.At(user).Role, member.Role}, true
}

// projectTraits are those of a project.
//
// Authorize asks whether the actor sees the project, for the actor's access to it, and
// whether it is archived. The roles to give are bounded by the same access. Adding oneself
// asks whether the grant holds. Leaving asks
// whether the actor is protected there and has a direct grant. The other rules ask for
// the public link, whether the name, or the description, is the one that is tried, and
// whether a role that must be held has no holder, if the actor may take over projects.
type projectTraits struct {
	ownerless, visible, archived, linked, triedName, triedDescription bool

	reached            bool
	role               events.RoleKey
	levels             string
	granted, protected bool
	grantHolds         bool
}

func (f *ActionFinder) projectTraits(id events.ProjectID) (projectTraits, bool) {
	project := f.org.projects.At(id)
	if project == nil || f.last.neededOn(id, f.m.Actor) {
		return projectTraits{}, false
	}
	role, levels := f.org.rightsOn(f.m.Actor, id)
	member := f.org.members.At(f.m.Actor)
	return projectTraits{
		f.org.allows(f.m.Actor, TakingOverProject, About{Project: id}) && f.org.roleWithoutHolder(id) != "",
		f.org.SeesProject(f.m.Actor, id), project.Archived, project.link != nil, project.Name == trialName, project.Description == trialName,
		levels != nil, role, string(levels),
		member != nil && member.findGrant(id) != nil, f.org.Protected(id, f.m.Actor),
		f.org.granted(f.m.Actor, id),
	}, true
}

// teamTraits are those of a team.
//
// Authorize asks whether the actor sees the team, and for the actor's role in it, by which
// the roles to give are bounded. A description is compared to the one that is tried, and
// validated with the privacy; of the two colours that are tried one is always new. The
// name that is tried is either free for every team or for none. Where a team can be moved
// depends on all teams, so it is found for each. Removing asks for teams
// below, which refuse it whoever holds what, and for what the team's people have by it;
// adding somebody, for what they will have by it: where that is something, traits do not
// suffice.
type teamTraits struct {
	visible, triedDescription, hasChildren bool
	movable                                bool
	actorRole                              events.RoleKey
	privacy                                events.Privacy
}

func (f *ActionFinder) teamTraits(id events.TeamID) (teamTraits, bool) {
	team := f.org.teams.At(id)
	if team == nil || f.givesSomething(id) {
		return teamTraits{}, false
	}
	return teamTraits{
		f.visible(id), team.Description == trialName, !team.children.isEmpty(), f.org.mayMove(f.m, id, f.visible),
		f.org.teamRole(f.m.Actor, id), team.Privacy,
	}, true
}

// givesSomething reports whether a team gives its members something on a project.
func (f *ActionFinder) givesSomething(id events.TeamID) bool {
	for range f.org.lastingAssignments(f.org.Ancestors(id)) {
		return true
	}
	return false
}

// termTraits are those of a term whose end may be changed: whether it has started and ended, whether there
// is no end, and how that compares to the two ends that are tried. These are after the start. Rules ask
// nothing else.
type termTraits struct {
	started, ended, never bool
	late, early           int
}

func (f *ActionFinder) termTraits(t term) termTraits {
	late, early := trialEnds(f.m, t)
	return termTraits{t.started(f.org.at), t.ended(f.org.at), t.until == 0, t.Until().Compare(late), t.Until().Compare(early)}
}

// levelsText writes levels so that equal ones, and no others, have the same text.
func levelsText(levels events.Levels) string {
	if len(levels) == 0 {
		return ""
	}
	return fmt.Sprintf("%q", levels) // in the order of the permissions
}
