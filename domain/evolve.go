package domain

import (
	"github.com/seed-2026d078/roster/champ"
	"github.com/seed-2026d078/roster/events"
)

// evolve applies an event, changing in place what the edit itself has made. A nil
// edit changes nothing in place.
func (o Organization) evolve(edit *champ.Edit, r events.Recorded) Organization {
	switch e := r.Event.(type) {
	case events.OrganizationCreated:
		return Organization{id: o.id, version: o.version, last: o.last, imported: o.imported, name: e.Name, scheme: compiled(e.Scheme)}
	case events.OrganizationDeleted:
		return Organization{id: o.id, version: o.version, last: o.last, imported: o.imported}
	case events.HistoryImported:
		o.imported = o.imported.SetIn(edit, e.Source, e.Through)
		return o

	case events.MemberJoined:
		return o.join(edit, e, r.Origin)
	case events.RoleChanged:
		return o.changeRole(edit, e, r.Origin)
	case events.MemberRemoved:
		return o.removeMember(edit, e.Member)

	case events.MemberInvited:
		return o.invite(edit, e, r.Origin)
	case events.InviteAccepted:
		return o.closeInvite(edit, e.Invite)
	case events.InviteRevoked:
		return o.closeInvite(edit, e.Invite)

	case events.ProjectCreated:
		o.projects = o.projects.SetIn(edit, e.Project, Project{Name: e.Name, Created: r.Origin, id: e.Project})
		return o
	case events.ProjectMemberAdded:
		return o.grant(edit, e.Member, Grant{e.Project, e.Role, r.Origin})
	case events.ProjectRoleChanged:
		return o.grant(edit, e.Member, Grant{e.Project, e.To, r.Origin})
	case events.ProjectMemberRemoved:
		return o.withdraw(edit, e.Project, e.Member)

	case events.TeamCreated:
		return o.createTeam(edit, e, r.Origin)
	case events.TeamRenamed:
		return o.renameTeam(edit, e)
	case events.TeamMoved:
		return o.moveTeam(edit, e)
	case events.TeamDescribed:
		return o.changeTeam(edit, e.Team, func(t *Team) { t.Description, t.Privacy = e.Description, e.Privacy })
	case events.TeamRemoved:
		return o.removeTeam(edit, e.Team)
	case events.TeamMemberAdded:
		return o.enterTeam(edit, e.Team, e.Member, TeamMember{e.Role, r.Origin})
	case events.TeamRoleChanged:
		return o.enterTeam(edit, e.Team, e.Member, TeamMember{e.To, r.Origin})
	case events.TeamMemberRemoved:
		return o.leaveTeam(edit, e.Team, e.Member)
	case events.TeamAssigned:
		return o.assign(edit, e.Project, Assignment{e.Team, e.Role, r.Origin})
	case events.AssignmentChanged:
		return o.assign(edit, e.Project, Assignment{e.Team, e.To, r.Origin})
	case events.TeamUnassigned:
		return o.unassign(edit, e.Project, e.Team)
	}
	return o
}
