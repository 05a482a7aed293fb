package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// evolve applies an event. It changes in place only what the same transient has made;
// with nil it changes nothing in place.
func (o Organization) evolve(transient *champ.Transient, r events.Recorded) Organization {
	o = o.editable(transient)
	o.apply(r)
	return o
}

// apply changes the state by an event. What the state shares with others is copied first,
// except what its owner has made.
func (s *state) apply(r events.Recorded) {
	s.forgottenInvites, s.forgottenRequests = nil, nil
	switch e := r.Event.(type) {
	case events.OrganizationCreated:
		*s = state{id: s.id, version: s.version, last: s.last, owner: s.owner, imported: s.imported, name: e.Name, scheme: sharedScheme(e.Scheme), created: r.Origin}
	case events.OrganizationDeleted:
		*s = state{id: s.id, version: s.version, last: s.last, owner: s.owner, imported: s.imported}
	case events.OrganizationRenamed:
		s.name = e.To
	case events.LocaleChanged:
		s.locale = e.To
	case events.OrganizationArchived:
		s.archived = true
	case events.OrganizationRestored:
		s.archived = false
	case events.SeatsChanged:
		s.seats = e.To
	case events.AccessRequestsChanged:
		s.requestChoice = e.To
	case events.NoticePreferenceChanged:
		s.changeNoticePreference(e)
	case events.NoticeDefaultChanged:
		s.noticeDefaults = s.noticeDefaults.with(noticeWay{e.Kind, e.Channel}, e.To)
	case events.EmailDomainSet:
		s.changeEmailDomain(e.Domain, func(d *EmailDomain) { d.Mode, d.Role, d.Set = e.Mode, e.Role, r.Origin })
	case events.EmailDomainVerified:
		s.changeEmailDomain(e.Domain, func(d *EmailDomain) { d.Verified = r.At })
	case events.EmailDomainRemoved:
		s.emailDomains = champ.Delete(s.owner, s.emailDomains, e.Domain)
		s.forgetRemoved()
	case events.HistoryImported:
		s.imported = champ.Set(s.owner, s.imported, e.Source, e.Through)

	case events.SchemeChanged:
		s.changeScheme(e)
	case events.RoleDefined:
		s.defineRole(e.Kind, e.Role)
	case events.RoleRedefined:
		s.redefineRole(e.Kind, e.To)
	case events.RoleRenamed:
		s.renameRole(e)
	case events.RoleRetired:
		s.retireRole(e)

	case events.MemberJoined:
		s.addMember(e, r.Origin)
		s.voidAccessRequests(e.Member, r.Origin, (*AccessRequest).joins)
	case events.ProfileChanged:
		s.changeProfile(e)
	case events.RoleChanged:
		s.changeMemberRole(e, r.Origin)
		s.dropElevation(e.Member, "")
	case events.MemberLevelsChanged:
		s.setLevels(e)
	case events.MemberEndChanged:
		if s.members.At(e.Member).ended(r.At) {
			s.dropElevations(e.Member)
		}
		s.changeAndRecount(e.Member, func(m *Member) { m.changeEnd(e.To, r.Origin) })
	case events.MemberStartChanged:
		s.changeAndRecount(e.Member, func(m *Member) { m.start(e.To) })
	case events.MembershipStarted:
		s.changeAndRecount(e.Member, func(m *Member) { m.startRecorded = true })
	case events.MembershipEnded:
		s.changeMember(e.Member, func(m *Member) { m.endRecorded = true })
	case events.MemberDeactivated:
		s.changeAndRecount(e.Member, func(m *Member) { m.change(func(a *memberAttributes) { a.deactivated = &r.Origin }) })
		s.dropElevations(e.Member)
	case events.MemberReactivated:
		s.changeAndRecount(e.Member, func(m *Member) {
			m.change(func(a *memberAttributes) { a.deactivated, a.resumed = nil, &r.Origin })
		})
	case events.AccessAttested:
		s.attest(e, r.Origin)
	case events.MemberRemoved:
		s.removeMember(e.Member, r.Origin)
		s.voidAccessRequests(e.Member, r.Origin, func(*AccessRequest) bool { return true })

	case events.MemberInvited:
		s.invite(e, r.Origin)
	case events.InviteResent:
		s.resend(e, r.Origin)
	case events.InviteChanged:
		s.changeOffer(e, r.Origin)
	case events.InviteOpened:
		s.changeInvite(e.Invite, func(i *Invite) { i.Opened = r.At })
	case events.InviteAccepted:
		s.closeInvite(e.Invite, InviteAccepted, e.Member, r.Origin)
	case events.InviteSettled:
		s.closeInvite(e.Invite, InviteSettled, e.Member, r.Origin)
	case events.InviteDeclined:
		s.closeInvite(e.Invite, InviteDeclined, e.Member, r.Origin)
	case events.InviteExpired:
		s.expireInvite(e.Invite)
	case events.InviteRevoked:
		s.closeInvite(e.Invite, InviteRevoked, "", r.Origin)
	case events.PersonErased:
		s.erasePerson(e, r.Origin)

	case events.AccessRequested:
		s.askForAccess(e, r.Origin)
	case events.AccessApproved:
		s.closeAccessRequest(e.Request, ClosedAccessRequest{Status: AccessGranted, Role: e.Role, Until: e.Until, Origin: r.Origin})
	case events.AccessDenied:
		s.closeAccessRequest(e.Request, ClosedAccessRequest{Status: AccessRefused, Reason: e.Reason, Origin: r.Origin})
	case events.AccessRequestWithdrawn:
		s.closeAccessRequest(e.Request, ClosedAccessRequest{Status: AccessWithdrawn, Origin: r.Origin})
	case events.AccessRequestExpired:
		s.closeAccessRequest(e.Request, ClosedAccessRequest{Status: AccessExpired, Origin: r.Origin})

	case events.Elevated:
		s.elevate(e, r.Origin)
	case events.ElevationEnded:
		s.dropElevation(e.Member, e.Project)

	case events.ProjectCreated:
		id := keptID(e.Project)
		s.projects = champ.Set(s.owner, s.projects, id, Project{Name: e.Name, Description: e.Description, Created: r.Origin, id: id})
	case events.ProjectRenamed:
		s.changeProject(e.Project, func(p *Project) { p.Name = e.To })
	case events.ProjectDescribed:
		s.changeProject(e.Project, func(p *Project) { p.Description = e.Description })
	case events.ProjectArchived:
		s.changeProject(e.Project, func(p *Project) { p.Archived = true })
	case events.ProjectRestored:
		s.changeProject(e.Project, func(p *Project) { p.Archived = false })
	case events.ProjectDeleted:
		s.dropElevationsOn(e.Project)
		s.deleteProject(e.Project)
		s.voidAccessRequestsTo(e.Project, r.Origin)
	case events.PublicLinkTurnedOn:
		s.linkProject(e.Project, &PublicLink{e.Nonce, r.Origin, e.Token})
	case events.PublicLinkRotated:
		s.linkProject(e.Project, &PublicLink{e.Nonce, r.Origin, e.Token})
	case events.PublicLinkTurnedOff:
		s.linkProject(e.Project, nil)
	case events.ProjectMemberAdded:
		s.addProjectMember(e, r.Origin)
		s.voidAccessRequests(e.Member, r.Origin, func(r *AccessRequest) bool { return r.Project == e.Project && !r.Elevation })
	case events.ProjectHandedOver:
		s.changeGrant(e.Project, e.From, func(g *Grant) { g.change(func(a *grantAttributes) { a.creator = false }) })
		s.changeGrant(e.Project, e.To, func(g *Grant) { g.change(func(a *grantAttributes) { a.creator = true }) })
	case events.ProjectRoleChanged:
		s.changeProjectMemberRole(e, r.Origin)
		s.dropElevation(e.Member, e.Project)
	case events.ProjectLevelsChanged:
		s.changeGrant(e.Project, e.Member, func(g *Grant) {
			g.change(func(a *grantAttributes) { a.levels, a.compiled = e.To, s.scheme.project.compile(e.To) })
		})
	case events.ProjectMemberEndChanged:
		if g := s.members.At(e.Member).findGrant(e.Project); g != nil && g.ended(r.At) {
			s.dropElevation(e.Member, e.Project)
		}
		s.changeGrant(e.Project, e.Member, func(g *Grant) { g.end(e.To) })
	case events.ProjectMemberStartChanged:
		s.changeGrant(e.Project, e.Member, func(g *Grant) { g.start(e.To) })
	case events.ProjectMembershipStarted:
		s.changeGrant(e.Project, e.Member, func(g *Grant) { g.startRecorded = true })
	case events.ProjectMembershipEnded:
		s.changeGrant(e.Project, e.Member, func(g *Grant) { g.endRecorded = true })
	case events.ProjectMemberRemoved:
		s.removeGrant(e.Project, e.Member)
		s.dropElevation(e.Member, e.Project)
	case events.OverrideSet:
		s.setOverride(e.Member, Override{e.Project, e.Permission, e.Level, r.Origin})
	case events.OverrideCleared:
		s.clearOverride(e.Project, e.Member, e.Permission)

	case events.TeamCreated:
		s.createTeam(e, r.Origin)
	case events.TeamRenamed:
		s.renameTeam(e)
	case events.TeamMoved:
		s.moveTeam(e)
	case events.TeamDescribed:
		s.changeTeam(e.Team, func(t *Team) { t.Description, t.Privacy = e.Description, e.Privacy })
	case events.TeamColoured:
		s.changeTeam(e.Team, func(t *Team) { t.Colour = e.To })
	case events.TeamRemoved:
		s.removeTeam(e.Team)
	case events.TeamMemberAdded:
		s.addTeamMember(e.Team, e.Member, TeamMember{Role: e.Role, Origin: r.Origin})
	case events.TeamRoleChanged:
		s.changeTeamMemberRole(e, r.Origin)
	case events.TeamMemberRemoved:
		s.removeTeamMember(e.Team, e.Member)
	case events.TeamAssigned:
		s.assign(e.Project, Assignment{Team: e.Team, Role: e.Role, term: newTerm(e.From, e.Until), Origin: r.Origin})
	case events.AssignmentChanged:
		a := s.assignment(e.Project, e.Team)
		a.joined = new(a.Joined())
		a.Role, a.Origin = e.To, r.Origin
		s.assign(e.Project, a)
	case events.AssignmentStartChanged:
		s.changeAssignment(e.Project, e.Team, func(a *Assignment) { a.start(e.To) })
	case events.AssignmentStarted:
		s.changeAssignment(e.Project, e.Team, func(a *Assignment) { a.startRecorded = true })
	case events.AssignmentEndChanged:
		s.changeAssignment(e.Project, e.Team, func(a *Assignment) { a.end(e.To) })
	case events.AssignmentEnded:
		s.changeAssignment(e.Project, e.Team, func(a *Assignment) { a.endRecorded = true })
	case events.TeamUnassigned:
		s.unassign(e.Project, e.Team)
	}
}

// Evolve returns the state after an event. It applies the event and checks no rule.
func (o Organization) Evolve(r events.Recorded) Organization { return o.evolve(nil, r) }

// EvolveEntry returns the state after the events of an entry, in less time than Evolve for each of them. The version stays as it is.
func (o Organization) EvolveEntry(entry *events.Entry) Organization {
	inPlace := new(champ.Transient)
	for r := range entry.Recorded() {
		o = o.evolve(inPlace, r)
	}
	return o
}

// afterEvents returns the state after the events of a command.
func (o Organization) afterEvents(m events.Moment, happened []events.Event) Organization {
	return o.evolveAll(nil, m, 0, happened)
}

// evolveAll applies the events of a command as evolve does. The first of them has the index first in
// its entry. In a decision that is over its budget, it leaves out the rest.
func (o Organization) evolveAll(transient *champ.Transient, m events.Moment, first int, happened []events.Event) Organization {
	for i, e := range happened {
		if !o.spend(o.evolutionSteps(e)) {
			return o
		}
		o = o.evolve(transient, events.Recorded{Event: e, Origin: events.Origin{Version: o.version + 1, Index: first + i, At: m.At, Actor: m.Actor}})
	}
	return o
}
