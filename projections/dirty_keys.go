package projections

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// add adds the keys of the rows that an event may change, given the state before it or
// after it. Most events change only the rows of their subjects. The cases are the events
// that change more rows, which that state has, and those that are about more. A key too many only costs a comparison.
func (d *dirtyKeys) add(o domain.Organization, e events.Event) {
	switch e := e.(type) { //nolint:gochecksumtype // all others change the row of their subjects
	case events.OrganizationCreated, events.OrganizationDeleted, events.SchemeChanged:
		d.organization(o)
	case events.RoleDefined, events.RoleRedefined, events.RoleRenamed, events.RoleRetired:
		d.scheme(o)
	case events.MemberJoined: // also about the invite, and who sent it
		d.members.add(memberKey{o.ID(), e.Member})
		d.requestsOf(o, e.Member)
	case events.ProfileChanged: // other rows copy the name
		d.member(o, e.Member)
	case events.MemberRemoved:
		d.member(o, e.Member)
		d.requestsOf(o, e.Member)
	case events.ProjectDeleted:
		d.project(o, e.Project)
		d.invitesTo(o, e.Project)
		for request := range o.OpenAccessRequestsTo(e.Project) {
			d.accessRequests.add(accessRequestKey{o.ID(), request})
		}
	case events.ProjectMemberAdded: // also about the invite, and who sent it
		d.grants.add(grantKey{o.ID(), e.Project, e.Member})
		d.requestsOf(o, e.Member)
	case events.EmailDomainSet:
		d.emailDomains.add(emailDomainKey{o.ID(), e.Domain})
	case events.EmailDomainVerified:
		d.emailDomains.add(emailDomainKey{o.ID(), e.Domain})
	case events.EmailDomainRemoved:
		d.emailDomains.add(emailDomainKey{o.ID(), e.Domain})
	case events.PersonErased: // about all their invites, also those that are forgotten
		for _, invite := range e.Invites {
			d.invites.add(inviteKey{o.ID(), invite})
		}
		d.members.add(memberKey{o.ID(), e.Person})
		d.requestsOf(o, e.Person)
	case events.OverrideSet:
		d.overrides.add(overrideKey{o.ID(), e.Project, e.Member, e.Permission})
	case events.OverrideCleared:
		d.overrides.add(overrideKey{o.ID(), e.Project, e.Member, e.Permission})
	case events.TeamCreated:
		d.team(o, e.Team)
	case events.TeamMoved:
		d.teams.add(teamKey{o.ID(), e.Team})
		for team := range o.Descendants(e.Team) {
			d.ancestors(o, team)
		}
	case events.TeamRemoved:
		d.team(o, e.Team)
	default:
		d.subjects(o, e.Subjects())
	}
}

// forgotten adds what the last event let the state forget.
func (d *dirtyKeys) forgotten(o domain.Organization) {
	for invite := range o.ForgottenInvites() {
		d.invites.add(inviteKey{o.ID(), invite})
	}
	for request := range o.ForgottenAccessRequests() {
		d.accessRequests.add(accessRequestKey{o.ID(), request})
	}
}

// subjects adds the row of an event with these subjects: the row of a single one, or the
// row that joins two.
func (d *dirtyKeys) subjects(o domain.Organization, about []events.Subject) {
	org := o.ID()
	var user events.UserID
	var project events.ProjectID
	var team events.TeamID
	var invite events.InviteID
	var request events.AccessRequestID
	for _, s := range about {
		switch s.Kind { //nolint:exhaustive // roles have no rows of their own
		case events.UserSubject:
			user = events.UserID(s.ID)
		case events.ProjectSubject:
			project = events.ProjectID(s.ID)
		case events.TeamSubject:
			team = events.TeamID(s.ID)
		case events.InviteSubject:
			invite = events.InviteID(s.ID)
		case events.AccessRequestSubject:
			request = events.AccessRequestID(s.ID)
		}
	}
	d.elevationsOf(o, user)
	switch {
	case request != "":
		d.accessRequests.add(accessRequestKey{org, request})
	case invite != "":
		d.invites.add(inviteKey{org, invite})
	case team != "" && project != "":
		d.assignments.add(assignmentKey{org, project, team})
	case team != "" && user != "":
		d.teamMembers.add(teamMemberKey{org, team, user})
	case project != "" && user != "":
		d.grants.add(grantKey{org, project, user})
	case user != "":
		d.members.add(memberKey{org, user})
	case project != "":
		d.projects.add(projectKey{org, project})
	case team != "":
		d.teams.add(teamKey{org, team})
	default:
		d.organizations.add(org)
	}
}

// organization adds an organization with all that is in it.
func (d *dirtyKeys) organization(o domain.Organization) {
	if !o.Exists() {
		return
	}
	d.scheme(o)
	for user := range o.Members() {
		d.member(o, user)
	}
	for project := range o.Projects() {
		d.projects.add(projectKey{o.ID(), project})
	}
	for team := range o.Teams() {
		d.team(o, team)
	}
	for invite := range o.Invites() {
		d.invites.add(inviteKey{o.ID(), invite})
	}
	for invite := range o.ClosedInvites() {
		d.invites.add(inviteKey{o.ID(), invite})
	}
	for request := range o.AccessRequests() {
		d.accessRequests.add(accessRequestKey{o.ID(), request})
	}
	for name := range o.EmailDomains() {
		d.emailDomains.add(emailDomainKey{o.ID(), name})
	}
}

// scheme adds the rows of an organization's scheme, and every member: their
// rows say what their role reaches.
func (d *dirtyKeys) scheme(o domain.Organization) {
	d.organizations.add(o.ID())
	for row := range rolesOf(o) {
		d.schemeRoles.add(row.schemeRoleKey)
	}
	for row := range permissionsOf(o) {
		d.permissions.add(row.permissionKey)
	}
	for user := range o.Members() {
		d.members.add(memberKey{o.ID(), user})
	}
}

// project adds a project with its grants, assignments and overrides.
func (d *dirtyKeys) project(o domain.Organization, id events.ProjectID) {
	d.projects.add(projectKey{o.ID(), id})
	project, _ := o.Project(id)
	for user := range project.Granted() {
		d.grants.add(grantKey{o.ID(), id, user})
	}
	for a := range project.Assignments() {
		d.assignments.add(assignmentKey{o.ID(), id, a.Team})
	}
	for user := range o.Elevated() {
		d.elevationsOf(o, user)
	}
	for user := range project.Overridden() {
		member, _ := o.Member(user)
		for set := range member.Overrides() {
			d.overrides.add(overrideKey{o.ID(), set.Project, user, set.Permission})
		}
	}
}

// member adds a member with their grants, overrides and teams.
func (d *dirtyKeys) member(o domain.Organization, user events.UserID) {
	d.members.add(memberKey{o.ID(), user})
	member, _ := o.Member(user)
	for grant := range member.Grants() {
		d.grants.add(grantKey{o.ID(), grant.Project, user})
	}
	for set := range member.Overrides() {
		d.overrides.add(overrideKey{o.ID(), set.Project, user, set.Permission})
	}
	for team := range member.Teams() {
		d.teamMembers.add(teamMemberKey{o.ID(), team, user})
	}
	d.elevationsOf(o, user)
}

// elevationsOf adds the elevations of somebody: much of what happens to people ends them.
func (d *dirtyKeys) elevationsOf(o domain.Organization, user events.UserID) {
	member, _ := o.Member(user)
	for e := range member.Elevations() {
		d.elevations.add(elevationKey{o.ID(), user, e.Project})
	}
}

// team adds a team with its members and assignments, and from which teams it inherits.
func (d *dirtyKeys) team(o domain.Organization, id events.TeamID) {
	d.teams.add(teamKey{o.ID(), id})
	team, _ := o.Team(id)
	for user := range team.Members() {
		d.teamMembers.add(teamMemberKey{o.ID(), id, user})
	}
	for project := range team.Projects() {
		d.assignments.add(assignmentKey{o.ID(), project, id})
	}
	d.ancestors(o, id)
}

// ancestors adds from which teams a team inherits.
func (d *dirtyKeys) ancestors(o domain.Organization, id events.TeamID) {
	for ancestor := range o.Ancestors(id) {
		d.teamAncestors.add(teamAncestorKey{o.ID(), id, ancestor})
	}
}

// requestsOf adds the open requests for access of somebody.
func (d *dirtyKeys) requestsOf(o domain.Organization, user events.UserID) {
	for _, request := range o.OpenAccessRequests(user) {
		d.accessRequests.add(accessRequestKey{o.ID(), request})
	}
}

// invitesTo adds the pending invites to a project.
func (d *dirtyKeys) invitesTo(o domain.Organization, id events.ProjectID) {
	for invite, pending := range o.Invites() {
		for p := range pending.Projects() {
			if p.Project == id {
				d.invites.add(inviteKey{o.ID(), invite})
			}
		}
	}
}
