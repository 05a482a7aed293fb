package domain_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// model is an organization in plain maps. It works out access the naive way, step by
// step as the definition has it: every source of every kind, looked for anew.
type model struct {
	rules    events.Scheme
	exists   bool
	archived bool
	name     string
	locale   events.Locale
	seats    int
	members  map[events.UserID]*modelMember
	projects map[events.ProjectID]*modelProject
	teams    map[events.TeamID]*modelTeam
	invites  map[events.InviteID]events.MemberInvited
	requests map[events.AccessRequestID]*modelRequest
	intake   events.AccessRequestChoice
	// heard is what notices people have switched, and, without a person, the organization.
	heard   map[string]events.NoticePreference
	domains map[events.EmailDomain]domain.EmailDomain
	// elevated has what people have beside their roles, by the project; empty is the organization.
	elevated map[events.UserID]map[events.ProjectID]events.Elevated
	// at is when the entry happened that is applied.
	at time.Time
	// status says which invites can be accepted. The model does not find that out by itself,
	// TestInviteStatus and TestPendingInvitesCanBeAccepted hold it.
	status func(events.InviteID) domain.InviteStatus
	// anytime says that what starts later, or has ended, counts as well.
	anytime bool
}

// atAnyTime returns the model as if nothing had a start or an end.
func (m model) atAnyTime() *model {
	m.anytime = true
	return &m
}

// modelRequest is a request for access, and how it ended; empty while it is open.
type modelRequest struct {
	events.AccessRequested
	closed domain.AccessRequestStatus
}

// void closes the open requests that are as wanted, since there is nothing to decide on any more.
func (m *model) void(wanted func(*modelRequest) bool) {
	for _, r := range m.requests {
		if r.closed == "" && wanted(r) {
			r.closed = domain.AccessVoid
		}
	}
}

type modelMember struct {
	role        events.RoleKey
	levels      events.Levels
	kept        events.Levels
	from, until time.Time
	ended       bool // it is recorded
	deactivated bool
	profile     map[events.ProfileField]string
	metadata    events.Metadata
}

// profileText writes a text and the hash that finds it.
func profileText[H ~string](sealed events.Sealed, hash H) string {
	return string(sealed) + " " + string(hash)
}

type modelProject struct {
	name        string
	description string
	archived    bool
	link        string
	grants      map[events.UserID]events.ProjectMemberAdded
	assignments map[events.TeamID]events.TeamAssigned
	overrides   map[events.UserID]events.Levels
	kept        map[events.UserID]events.Levels
}

type modelTeam struct {
	events.TeamCreated
	members map[events.UserID]events.RoleKey
}

func modelled(history []events.Entry) *model {
	m := new(model)
	for _, entry := range history {
		m.at = entry.At
		for _, e := range entry.Events {
			m.apply(e)
		}
	}
	return m
}

// withStatusesOf lets the model know which invites can be accepted in a state.
func (m *model) withStatusesOf(org domain.Organization) *model {
	m.status = func(id events.InviteID) domain.InviteStatus {
		invite, _ := org.Invite(id)
		status, _ := org.InviteStatus(invite)
		return status
	}
	return m
}

// changeProfile sets each field that an event names, and each entry of the metadata in it.
func (m *model) changeProfile(e events.ProfileChanged) {
	member := m.members[e.Member]
	texts := map[events.ProfileField]string{
		events.NameField: string(e.Name), events.LoginField: string(e.Login), events.EmailField: profileText(e.Email, e.Address),
		events.AvatarField: string(e.Avatar), events.ExternalIDField: profileText(e.ExternalID, e.ExternalIDHash),
	}
	for _, field := range e.Fields {
		if text, is := texts[field]; is {
			member.profile[field] = text
		}
	}
	if member.metadata == nil {
		member.metadata = events.Metadata{}
	}
	for key, entry := range e.Metadata {
		member.metadata[key] = entry
		if entry == "" {
			delete(member.metadata, key)
		}
	}
}

func (m *model) apply(happened events.Event) {
	switch e := happened.(type) { //nolint:gochecksumtype // what is on projects goes on to applyOnProject
	case events.OrganizationCreated:
		*m = model{
			at: m.at, elevated: map[events.UserID]map[events.ProjectID]events.Elevated{},
			rules: e.Scheme, exists: true, name: e.Name, members: map[events.UserID]*modelMember{},
			projects: map[events.ProjectID]*modelProject{}, teams: map[events.TeamID]*modelTeam{}, invites: map[events.InviteID]events.MemberInvited{},
			requests: map[events.AccessRequestID]*modelRequest{}, domains: map[events.EmailDomain]domain.EmailDomain{},
			heard: map[string]events.NoticePreference{},
		}
	case events.OrganizationDeleted:
		*m = model{}
	case events.OrganizationRenamed:
		m.name = e.To
	case events.LocaleChanged:
		m.locale = e.To
	case events.OrganizationArchived:
		m.archived = true
	case events.OrganizationRestored:
		m.archived = false
	case events.SeatsChanged:
		m.seats = e.To
	case events.SchemeChanged:
		m.changeScheme(e)
	case events.RoleDefined:
		*m.roles(e.Kind) = append(slices.Clone(*m.roles(e.Kind)), e.Role)
	case events.RoleRedefined:
		*m.role(e.Kind, e.To.Key) = e.To
	case events.RoleRenamed:
		m.role(e.Kind, e.Role).Label = e.To
	case events.RoleRetired:
		*m.roles(e.Kind) = slices.DeleteFunc(slices.Clone(*m.roles(e.Kind)), func(r events.Role) bool { return r.Key == e.Role })

	case events.EmailDomainSet:
		d := m.domains[e.Domain]
		d.Mode, d.Role = e.Mode, e.Role
		m.domains[e.Domain] = d
	case events.EmailDomainVerified:
	case events.EmailDomainRemoved:
		delete(m.domains, e.Domain)
	case events.PersonErased:
		m.void(func(r *modelRequest) bool { return r.Member == e.Person })
	case events.NoticePreferenceChanged:
		m.heard[string(e.Member)+" "+string(e.Kind)+" "+string(e.Channel)] = e.To
	case events.NoticeDefaultChanged:
		m.heard[" "+string(e.Kind)+" "+string(e.Channel)] = e.To
	case events.AccessRequestsChanged:
		m.intake = e.To
	case events.AccessRequested:
		m.requests[e.Request] = &modelRequest{e, ""}
	case events.AccessApproved:
		m.requests[e.Request].closed = domain.AccessGranted
	case events.AccessDenied:
		m.requests[e.Request].closed = domain.AccessRefused
	case events.AccessRequestWithdrawn:
		m.requests[e.Request].closed = domain.AccessWithdrawn
	case events.AccessRequestExpired:
		m.requests[e.Request].closed = domain.AccessExpired

	case events.MemberJoined:
		m.void(func(r *modelRequest) bool { return r.Member == e.Member && r.Project == "" && !r.Elevation })
		m.members[e.Member] = &modelMember{role: e.Role, levels: e.Levels, from: e.From, until: e.Until, metadata: maps.Clone(e.Metadata), profile: map[events.ProfileField]string{
			events.NameField: string(e.Name), events.LoginField: string(e.Login), events.EmailField: profileText(e.Email, e.Address),
			events.AvatarField: string(e.Avatar), events.ExternalIDField: profileText(e.ExternalID, e.ExternalIDHash),
		}}
	case events.ProfileChanged:
		m.changeProfile(e)
	case events.RoleChanged:
		m.members[e.Member].role = e.To
		delete(m.elevated[e.Member], "")
		member := m.members[e.Member]
		member.levels = m.carried(m.rules.OrganizationRoles, e.To, ownOr(member.levels, member.kept))
		member.kept = e.KeptLevels
	case events.MemberLevelsChanged:
		m.members[e.Member].levels, m.members[e.Member].kept = e.To, nil
	case events.MemberStartChanged:
		m.members[e.Member].from = e.To
	case events.MemberEndChanged:
		if member := m.members[e.Member]; member.ended || passed(member.until, m.at) {
			delete(m.elevated, e.Member)
		}
		m.members[e.Member].until, m.members[e.Member].ended = e.To, false
	case events.MembershipEnded:
		m.members[e.Member].ended = true
	case events.MemberDeactivated:
		m.members[e.Member].deactivated = true
		delete(m.elevated, e.Member)
	case events.MemberReactivated:
		m.members[e.Member].deactivated = false
	case events.MemberRemoved:
		delete(m.members, e.Member)
		maps.DeleteFunc(m.heard, func(of string, _ events.NoticePreference) bool { return strings.HasPrefix(of, string(e.Member)+" ") })
		delete(m.elevated, e.Member)
		m.void(func(r *modelRequest) bool { return r.Member == e.Member })
		for _, p := range m.projects {
			delete(p.grants, e.Member)
			delete(p.overrides, e.Member)
		}
		for _, t := range m.teams {
			delete(t.members, e.Member)
		}
	case events.Elevated:
		if m.elevated[e.Member] == nil {
			m.elevated[e.Member] = map[events.ProjectID]events.Elevated{}
		}
		m.elevated[e.Member][e.Project] = e
	case events.ElevationEnded:
		delete(m.elevated[e.Member], e.Project)
	case events.MemberInvited:
		m.invites[e.Invite] = e
	case events.InviteChanged:
		i := m.invites[e.Invite]
		i.Role, i.Levels, i.From, i.Until, i.Projects, i.Teams = e.Role, e.Levels, e.From, e.Until, e.Projects, e.Teams
		m.invites[e.Invite] = i
	case events.InviteAccepted:
		delete(m.invites, e.Invite)
	case events.InviteSettled:
		delete(m.invites, e.Invite)
	case events.InviteDeclined:
		delete(m.invites, e.Invite)
	case events.InviteRevoked:
		delete(m.invites, e.Invite)

	case events.TeamCreated:
		m.teams[e.Team] = &modelTeam{e, map[events.UserID]events.RoleKey{}}
	case events.TeamRenamed:
		m.teams[e.Team].Name = e.To
	case events.TeamMoved:
		m.teams[e.Team].Parent = e.To
	case events.TeamDescribed:
		m.teams[e.Team].Description, m.teams[e.Team].Privacy = e.Description, e.Privacy
	case events.TeamColoured:
		m.teams[e.Team].Colour = e.To
	case events.TeamRemoved:
		delete(m.teams, e.Team)
		for _, p := range m.projects {
			delete(p.assignments, e.Team)
		}
	case events.TeamMemberAdded:
		m.teams[e.Team].members[e.Member] = e.Role
	case events.TeamRoleChanged:
		m.teams[e.Team].members[e.Member] = e.To
	case events.TeamMemberRemoved:
		delete(m.teams[e.Team].members, e.Member)
	case events.HistoryImported, events.AccessAttested:
	case events.MembershipStarted, events.ProjectMembershipStarted, events.AssignmentStarted, // the start, or the end, has passed by itself
		events.ProjectMembershipEnded, events.AssignmentEnded, events.InviteExpired, events.InviteResent, events.InviteOpened:
	default:
		m.applyOnProject(happened)
	}
}

func (m *model) applyOnProject(happened events.Event) {
	switch e := happened.(type) { //nolint:gochecksumtype // apply hands over these alone
	case events.ProjectCreated:
		m.projects[e.Project] = &modelProject{
			name: e.Name, description: e.Description, grants: map[events.UserID]events.ProjectMemberAdded{},
			assignments: map[events.TeamID]events.TeamAssigned{}, overrides: map[events.UserID]events.Levels{},
		}
	case events.ProjectRenamed:
		m.projects[e.Project].name = e.To
	case events.ProjectDescribed:
		m.projects[e.Project].description = e.Description
	case events.ProjectArchived:
		m.projects[e.Project].archived = true
	case events.ProjectRestored:
		m.projects[e.Project].archived = false
	case events.ProjectDeleted:
		m.void(func(r *modelRequest) bool { return r.Project == e.Project })
		delete(m.projects, e.Project)
		for _, on := range m.elevated {
			delete(on, e.Project)
		}
	case events.PublicLinkTurnedOn:
		m.projects[e.Project].link = string(e.Nonce)
	case events.PublicLinkRotated:
		m.projects[e.Project].link = string(e.Nonce)
	case events.PublicLinkTurnedOff:
		m.projects[e.Project].link = ""
	case events.ProjectMemberAdded:
		m.void(func(r *modelRequest) bool { return r.Member == e.Member && r.Project == e.Project && !r.Elevation })
		m.projects[e.Project].grants[e.Member] = e
		m.projects[e.Project].keep(e.Member, nil)
	case events.ProjectHandedOver:
		m.regrant(e.Project, e.From, func(g *events.ProjectMemberAdded) { g.Creator = false })
		m.regrant(e.Project, e.To, func(g *events.ProjectMemberAdded) { g.Creator = true })
	case events.ProjectRoleChanged:
		m.regrant(e.Project, e.Member, func(g *events.ProjectMemberAdded) {
			g.Role, g.Levels = e.To, m.carried(m.rules.ProjectRoles, e.To, ownOr(g.Levels, m.projects[e.Project].kept[e.Member]))
		})
		m.projects[e.Project].keep(e.Member, e.KeptLevels)
		delete(m.elevated[e.Member], e.Project)
	case events.ProjectLevelsChanged:
		m.regrant(e.Project, e.Member, func(g *events.ProjectMemberAdded) { g.Levels = e.To })
	case events.ProjectMemberStartChanged:
		m.regrant(e.Project, e.Member, func(g *events.ProjectMemberAdded) { g.From = e.To })
	case events.ProjectMemberEndChanged:
		m.regrant(e.Project, e.Member, func(g *events.ProjectMemberAdded) { g.Until = e.To })
	case events.ProjectMemberRemoved:
		delete(m.projects[e.Project].grants, e.Member)
		delete(m.elevated[e.Member], e.Project)
	case events.OverrideSet:
		p := m.projects[e.Project]
		if p.overrides[e.Member] == nil {
			p.overrides[e.Member] = events.Levels{}
		}
		p.overrides[e.Member][e.Permission] = e.Level
	case events.OverrideCleared:
		delete(m.projects[e.Project].overrides[e.Member], e.Permission)
	case events.TeamAssigned:
		m.projects[e.Project].assignments[e.Team] = e
	case events.AssignmentChanged:
		a := m.projects[e.Project].assignments[e.Team]
		a.Role = e.To
		m.projects[e.Project].assignments[e.Team] = a
	case events.AssignmentStartChanged:
		a := m.projects[e.Project].assignments[e.Team]
		a.From = e.To
		m.projects[e.Project].assignments[e.Team] = a
	case events.AssignmentEndChanged:
		a := m.projects[e.Project].assignments[e.Team]
		a.Until = e.To
		m.projects[e.Project].assignments[e.Team] = a
	case events.TeamUnassigned:
		delete(m.projects[e.Project].assignments, e.Team)
	default:
		panic(fmt.Sprintf("the model does not know %T", happened))
	}
}

func (m *model) regrant(project events.ProjectID, user events.UserID, change func(*events.ProjectMemberAdded)) {
	g := m.projects[project].grants[user]
	change(&g)
	m.projects[project].grants[user] = g
}

func (m *model) roles(kind events.RoleKind) *[]events.Role {
	if kind == events.ProjectRoleKind {
		return &m.rules.ProjectRoles
	}
	return &m.rules.OrganizationRoles
}

// role is one that may be changed: in a list of the model's own.
func (m *model) role(kind events.RoleKind, key events.RoleKey) *events.Role {
	list := m.roles(kind)
	*list = slices.Clone(*list)
	return &(*list)[slices.IndexFunc(*list, func(r events.Role) bool { return r.Key == key })]
}

func find(list []events.Role, key events.RoleKey) events.Role {
	for _, role := range list {
		if role.Key == key {
			return role
		}
	}
	return events.Role{}
}

// ownOr are own levels, or those that were kept where there are none.
func ownOr(own, kept events.Levels) events.Levels {
	if len(own) > 0 {
		return own
	}
	return kept
}

func (p *modelProject) keep(user events.UserID, levels events.Levels) {
	if p.kept == nil {
		p.kept = map[events.UserID]events.Levels{}
	}
	p.kept[user] = levels
}

// carried are somebody's own levels beside another role.
func (m *model) carried(list []events.Role, to events.RoleKey, levels events.Levels) events.Levels {
	if find(list, to).OwnLevels == "" {
		return nil
	}
	return levels
}

func (m *model) changeScheme(e events.SchemeChanged) {
	m.rules, m.elevated = e.Scheme, map[events.UserID]map[events.ProjectID]events.Elevated{}
	to := func(by map[events.RoleKey]events.RoleKey, role events.RoleKey) events.RoleKey {
		return cmp.Or(by[role], role)
	}
	keep := func(list []events.Role, role events.RoleKey, catalogue []events.Permission, levels events.Levels) events.Levels {
		return known(catalogue, m.carried(list, role, levels))
	}
	inOrganization, onProject := m.rules.Permissions.Organization, m.rules.Permissions.Project
	for _, member := range m.members {
		member.role = to(e.OrganizationRoles, member.role)
		member.levels, member.kept = keep(m.rules.OrganizationRoles, member.role, inOrganization, member.levels), nil
	}
	for id, p := range m.projects {
		if !m.rules.PublicLink.Allowed {
			p.link = ""
		}
		p.kept = nil
		for user := range p.grants {
			m.regrant(id, user, func(g *events.ProjectMemberAdded) {
				g.Role = to(e.ProjectRoles, g.Role)
				g.Levels = keep(m.rules.ProjectRoles, g.Role, onProject, g.Levels)
			})
		}
		for team, a := range p.assignments {
			a.Role = to(e.ProjectRoles, a.Role)
			p.assignments[team] = a
		}
	}
	for _, t := range m.teams {
		for user, role := range t.members {
			t.members[user] = to(e.TeamRoles, role)
		}
	}
	for id, i := range m.invites {
		i.Role = to(e.OrganizationRoles, i.Role)
		m.invites[id] = i
	}
	for name, d := range m.domains {
		d.Role = to(e.OrganizationRoles, d.Role)
		m.domains[name] = d
	}
	for _, r := range m.requests {
		switch {
		case r.closed != "": // it stays as it was
		case r.Project != "":
			r.Role = to(e.ProjectRoles, r.Role)
		default:
			r.Role = to(e.OrganizationRoles, r.Role)
		}
	}
}

// known are the levels that a catalogue has.
func known(catalogue []events.Permission, levels events.Levels) events.Levels {
	kept := events.Levels{}
	for _, p := range catalogue {
		if toggle := p.Kind == events.ByToggle; slices.Contains(map[bool][]events.Level{false: {"none", "view", "full"}, true: {"off", "on"}}[toggle], levels[p.Key]) {
			kept[p.Key] = levels[p.Key]
		}
	}
	return kept
}
