package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// evolve applies an event. It changes in place only what the same transient has made;
// with nil it changes nothing in place.
func (o Organization) evolve(transient *champ.Transient, r events.Recorded) Organization {
	o = o.editable(transient)
	switch e := r.Event.(type) {
	case events.OrganizationCreated:
		*o.state = state{id: o.id, version: o.version, last: o.last, owner: o.owner, imported: o.imported, name: e.Name, scheme: sharedScheme(e.Scheme)}
	case events.OrganizationDeleted:
		*o.state = state{id: o.id, version: o.version, last: o.last, owner: o.owner, imported: o.imported}
	case events.OrganizationRenamed:
		o.name = e.To
	case events.OrganizationArchived:
		o.archived = true
	case events.OrganizationRestored:
		o.archived = false
	case events.SeatsChanged:
		o.seats = e.To
	case events.HistoryImported:
		o.imported = o.imported.SetTransient(transient, e.Source, e.Through)

	case events.SchemeChanged:
		return o.changeScheme(transient, e)
	case events.RoleDefined:
		return o.defineRole(e.Kind, e.Role)
	case events.RoleRedefined:
		return o.redefineRole(e.Kind, e.To)
	case events.RoleRenamed:
		return o.renameRole(e)
	case events.RoleRetired:
		return o.retireRole(e)

	case events.MemberJoined:
		return o.addMember(transient, e, r.Origin)
	case events.RoleChanged:
		return o.changeMemberRole(transient, e, r.Origin)
	case events.MemberLevelsChanged:
		return o.setLevels(transient, e)
	case events.MemberEndChanged:
		return o.changeAttributes(transient, e.Member, func(s *memberAttributes) { s.until = e.To })
	case events.MemberDeactivated:
		return o.changeAttributes(transient, e.Member, func(s *memberAttributes) { s.deactivated = &r.Origin })
	case events.MemberReactivated:
		return o.changeAttributes(transient, e.Member, func(s *memberAttributes) { s.deactivated = nil })
	case events.AccessAttested:
		return o.attest(transient, e, r.Origin)
	case events.MemberRemoved:
		return o.removeMember(transient, e.Member)

	case events.MemberInvited:
		return o.invite(transient, e, r.Origin)
	case events.InviteAccepted:
		return o.closeInvite(transient, e.Invite)
	case events.InviteRevoked:
		return o.closeInvite(transient, e.Invite)

	case events.ProjectCreated:
		o.projects = o.projects.SetTransient(transient, e.Project, Project{Name: e.Name, Description: e.Description, Created: r.Origin, id: e.Project})
	case events.ProjectRenamed:
		return o.changeProject(transient, e.Project, func(p *Project) { p.Name = e.To })
	case events.ProjectDescribed:
		return o.changeProject(transient, e.Project, func(p *Project) { p.Description = e.Description })
	case events.ProjectArchived:
		return o.changeProject(transient, e.Project, func(p *Project) { p.Archived = true })
	case events.ProjectRestored:
		return o.changeProject(transient, e.Project, func(p *Project) { p.Archived = false })
	case events.ProjectDeleted:
		return o.deleteProject(transient, e.Project)
	case events.PublicLinkTurnedOn:
		return o.linkProject(transient, e.Project, &PublicLink{e.Nonce, r.Origin, e.Token})
	case events.PublicLinkRotated:
		return o.linkProject(transient, e.Project, &PublicLink{e.Nonce, r.Origin, e.Token})
	case events.PublicLinkTurnedOff:
		return o.linkProject(transient, e.Project, nil)
	case events.ProjectMemberAdded:
		return o.addProjectMember(transient, e, r.Origin)
	case events.ProjectRoleChanged:
		return o.changeProjectMemberRole(transient, e, r.Origin)
	case events.ProjectLevelsChanged:
		return o.changeGrant(transient, e.Project, e.Member, func(t *grantAttributes) { t.levels, t.compiled = e.To, o.scheme.project.compile(e.To) })
	case events.ProjectMemberEndChanged:
		return o.changeGrant(transient, e.Project, e.Member, func(t *grantAttributes) { t.until = e.To })
	case events.ProjectMemberRemoved:
		return o.removeGrant(transient, e.Project, e.Member)
	case events.OverrideSet:
		return o.setOverride(transient, e.Member, Override{e.Project, e.Permission, e.Level, r.Origin})
	case events.OverrideCleared:
		return o.clearOverride(transient, e.Project, e.Member, e.Permission)

	case events.TeamCreated:
		return o.createTeam(transient, e, r.Origin)
	case events.TeamRenamed:
		return o.renameTeam(transient, e)
	case events.TeamMoved:
		return o.moveTeam(transient, e)
	case events.TeamDescribed:
		return o.changeTeam(transient, e.Team, func(t *Team) { t.Description, t.Privacy = e.Description, e.Privacy })
	case events.TeamColoured:
		return o.changeTeam(transient, e.Team, func(t *Team) { t.Colour = e.To })
	case events.TeamRemoved:
		return o.removeTeam(transient, e.Team)
	case events.TeamMemberAdded:
		return o.addTeamMember(transient, e.Team, e.Member, TeamMember{e.Role, r.Origin})
	case events.TeamRoleChanged:
		return o.addTeamMember(transient, e.Team, e.Member, TeamMember{e.To, r.Origin})
	case events.TeamMemberRemoved:
		return o.removeTeamMember(transient, e.Team, e.Member)
	case events.TeamAssigned:
		return o.assign(transient, e.Project, Assignment{Team: e.Team, Role: e.Role, Until: e.Until, Origin: r.Origin})
	case events.AssignmentChanged:
		a := o.assignment(e.Project, e.Team)
		a.Role, a.Origin = e.To, r.Origin
		return o.assign(transient, e.Project, a)
	case events.AssignmentEndChanged:
		a := o.assignment(e.Project, e.Team)
		a.Until = e.To
		return o.assign(transient, e.Project, a)
	case events.TeamUnassigned:
		return o.unassign(transient, e.Project, e.Team)
	}
	return o
}

// Evolve returns the state after an event. It applies the event and checks no rule.
func (o Organization) Evolve(r events.Recorded) Organization { return o.evolve(nil, r) }

// afterEvents returns the state after the events of a command.
func (o Organization) afterEvents(m events.Moment, happened []events.Event) Organization {
	return o.evolveAll(nil, m, happened)
}

// evolveAll applies the events of a command as evolve does.
func (o Organization) evolveAll(transient *champ.Transient, m events.Moment, happened []events.Event) Organization {
	for i, e := range happened {
		o = o.evolve(transient, events.Recorded{Event: e, Origin: events.Origin{Version: o.version + 1, Index: i, At: m.At, Actor: m.Actor}})
	}
	return o
}
