package projections

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// add notes the keys of what an event may change, given the state before it or after it.
// Events name some keys; what else they end or begin is in these states.
func (t *dirtyKeys) add(o domain.Organization, e events.Event) {
	org := o.ID()
	switch e := e.(type) {
	case events.OrganizationCreated, events.OrganizationDeleted, events.SchemeChanged:
		t.organization(o)
	case events.OrganizationRenamed, events.OrganizationArchived, events.OrganizationRestored, events.SeatsChanged:
		t.organizations.add(org)
	case events.RoleDefined, events.RoleRedefined, events.RoleRenamed, events.RoleRetired:
		t.scheme(o)
	case events.HistoryImported, events.AccessAttested, events.ProjectDescribed:

	case events.MemberJoined:
		t.members.add(memberKey{org, e.Member})
	case events.RoleChanged:
		t.members.add(memberKey{org, e.Member})
	case events.MemberLevelsChanged:
		t.members.add(memberKey{org, e.Member})
	case events.MemberEndChanged:
		t.members.add(memberKey{org, e.Member})
	case events.MemberDeactivated:
		t.members.add(memberKey{org, e.Member})
	case events.MemberReactivated:
		t.members.add(memberKey{org, e.Member})
	case events.MemberRemoved:
		t.member(o, e.Member)

	case events.MemberInvited:
		t.invites.add(inviteKey{org, e.Invite})
	case events.InviteAccepted:
		t.invites.add(inviteKey{org, e.Invite})
	case events.InviteRevoked:
		t.invites.add(inviteKey{org, e.Invite})

	case events.ProjectCreated:
		t.projects.add(projectKey{org, e.Project})
	case events.ProjectRenamed:
		t.projects.add(projectKey{org, e.Project})
	case events.ProjectArchived:
		t.projects.add(projectKey{org, e.Project})
	case events.ProjectRestored:
		t.projects.add(projectKey{org, e.Project})
	case events.ProjectDeleted:
		t.project(o, e.Project)
		t.invitesTo(o, e.Project)
	case events.PublicLinkTurnedOn:
		t.projects.add(projectKey{org, e.Project})
	case events.PublicLinkRotated:
		t.projects.add(projectKey{org, e.Project})
	case events.PublicLinkTurnedOff:
		t.projects.add(projectKey{org, e.Project})

	case events.ProjectMemberAdded:
		t.grants.add(grantKey{org, e.Project, e.Member})
	case events.ProjectRoleChanged:
		t.grants.add(grantKey{org, e.Project, e.Member})
	case events.ProjectLevelsChanged:
		t.grants.add(grantKey{org, e.Project, e.Member})
	case events.ProjectMemberEndChanged:
		t.grants.add(grantKey{org, e.Project, e.Member})
	case events.ProjectMemberRemoved:
		t.grants.add(grantKey{org, e.Project, e.Member})
	case events.OverrideSet:
		t.overrides.add(overrideKey{org, e.Project, e.Member, e.Permission})
	case events.OverrideCleared:
		t.overrides.add(overrideKey{org, e.Project, e.Member, e.Permission})

	case events.TeamCreated:
		t.team(o, e.Team)
	case events.TeamRenamed:
		t.teams.add(teamKey{org, e.Team})
	case events.TeamDescribed:
		t.teams.add(teamKey{org, e.Team})
	case events.TeamColoured:
		t.teams.add(teamKey{org, e.Team})
	case events.TeamMoved:
		t.teams.add(teamKey{org, e.Team})
		t.inherited(o, e.Team)
	case events.TeamRemoved:
		t.team(o, e.Team)
	case events.TeamMemberAdded:
		t.teamMembers.add(teamMemberKey{org, e.Team, e.Member})
	case events.TeamRoleChanged:
		t.teamMembers.add(teamMemberKey{org, e.Team, e.Member})
	case events.TeamMemberRemoved:
		t.teamMembers.add(teamMemberKey{org, e.Team, e.Member})

	case events.TeamAssigned:
		t.assignment(o, e.Team, e.Project)
	case events.AssignmentChanged:
		t.assignment(o, e.Team, e.Project)
	case events.AssignmentEndChanged:
		t.assignment(o, e.Team, e.Project)
	case events.TeamUnassigned:
		t.assignment(o, e.Team, e.Project)
	}
}

// organization adds an organization with all that is in it.
func (t *dirtyKeys) organization(o domain.Organization) {
	if !o.Exists() {
		return
	}
	t.scheme(o)
	for user := range o.Members() {
		t.member(o, user)
	}
	for project := range o.Projects() {
		t.projects.add(projectKey{o.ID(), project})
	}
	for team := range o.Teams() {
		t.team(o, team)
	}
	for invite := range o.Invites() {
		t.invites.add(inviteKey{o.ID(), invite})
	}
}

// scheme adds the rows of an organization's scheme, and every member: their
// rows say what their role reaches.
func (t *dirtyKeys) scheme(o domain.Organization) {
	t.organizations.add(o.ID())
	for row := range rolesOf(o) {
		t.schemeRoles.add(row.schemeRoleKey)
	}
	for row := range permissionsOf(o) {
		t.permissions.add(row.permissionKey)
	}
	for user := range o.Members() {
		t.members.add(memberKey{o.ID(), user})
	}
}

// project adds a project with its grants, assignments and overrides.
func (t *dirtyKeys) project(o domain.Organization, id events.ProjectID) {
	t.projects.add(projectKey{o.ID(), id})
	project, _ := o.Project(id)
	for user := range project.Granted() {
		t.grants.add(grantKey{o.ID(), id, user})
	}
	for team, a := range project.Inherited() {
		t.assignments.add(assignmentKey{o.ID(), id, team, a.Team})
	}
	for _, user := range project.Overridden() {
		member, _ := o.Member(user)
		for set := range member.Overrides() {
			t.overrides.add(overrideKey{o.ID(), set.Project, user, set.Permission})
		}
	}
}

// member adds a member with their grants, overrides and teams.
func (t *dirtyKeys) member(o domain.Organization, user events.UserID) {
	t.members.add(memberKey{o.ID(), user})
	member, _ := o.Member(user)
	for grant := range member.Grants() {
		t.grants.add(grantKey{o.ID(), grant.Project, user})
	}
	for set := range member.Overrides() {
		t.overrides.add(overrideKey{o.ID(), set.Project, user, set.Permission})
	}
	for team := range member.Teams() {
		t.teamMembers.add(teamMemberKey{o.ID(), team, user})
	}
}

// team adds a team with its members and what it is assigned to or inherits.
func (t *dirtyKeys) team(o domain.Organization, id events.TeamID) {
	t.teams.add(teamKey{o.ID(), id})
	team, _ := o.Team(id)
	for user := range team.Members() {
		t.teamMembers.add(teamMemberKey{o.ID(), id, user})
	}
	t.inherited(o, id)
}

// inherited adds what a team, and every team below it, confers by its own
// assignments and those above it.
func (t *dirtyKeys) inherited(o domain.Organization, id events.TeamID) {
	for descendant := range o.Descendants(id) {
		for assigned, team := range o.Ancestors(descendant) {
			for project := range team.Projects() {
				t.assignments.add(assignmentKey{o.ID(), project, descendant, assigned})
			}
		}
	}
}

// assignment adds an assignment and what the teams below inherit of it.
func (t *dirtyKeys) assignment(o domain.Organization, assigned events.TeamID, project events.ProjectID) {
	for descendant := range o.Descendants(assigned) {
		t.assignments.add(assignmentKey{o.ID(), project, descendant, assigned})
	}
}

// invitesTo adds the pending invites to a project.
func (t *dirtyKeys) invitesTo(o domain.Organization, id events.ProjectID) {
	for invite, pending := range o.Invites() {
		for p := range pending.Projects() {
			if p.Project == id {
				t.invites.add(inviteKey{o.ID(), invite})
			}
		}
	}
}
