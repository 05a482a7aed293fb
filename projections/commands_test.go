package projections

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

var (
	people = []events.UserID{"ada", "bob", "cyd", "dan", "eve"}
	places = []events.ProjectID{"p", "q", "r"}
	groups = []events.TeamID{"s", "t", "u", "v"}
	actors = []events.UserID{"", "", "", "", "ada", "ada", "bob", "cyd"}

	// longAgo is when histories begin, so that an end can be stated before it passes
	// and has passed by now.
	longAgo = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	starts  = []time.Time{{}, {}, {}, longAgo.AddDate(0, 6, 0), longAgo.AddDate(800, 0, 0)}
	ends    = []time.Time{{}, {}, longAgo.AddDate(1, 0, 0), longAgo.AddDate(900, 0, 0)}
)

// everyScheme is the built-in schemes, with others that say what none of them does.
func everyScheme(t testing.TB) []*domain.Scheme {
	t.Helper()
	builtIn, err := scheme.BuiltIn()
	require.NoError(t, err)
	var all []*domain.Scheme
	for _, s := range builtIn {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *domain.Scheme) int { return len(a.Key) - len(b.Key) })
	for _, may := range []events.OverrideDirection{events.RaiseOnly, events.LowerOnly} {
		changed := builtIn["agency"].Scheme
		changed.Key, changed.Overrides = "agency-"+string(may), events.Overrides{On: true, May: may}
		changed.ProjectRoles = slices.Clone(changed.ProjectRoles)
		changed.ProjectRoles[0].OwnLevels, changed.ProjectRoles[1].OwnLevels = events.OnTop, events.Instead
		changed.Elevation = events.Elevation{
			Organization: []events.ElevationRule{{Role: "agency_owner", MaxHours: 24}, {Role: "manager", MaxHours: 1}},
			Project:      []events.ElevationRule{{Role: "agency_owner", MaxHours: 700}, {Role: "manager", MaxHours: 1}},
		}
		changed.OrganizationRoles = slices.Clone(changed.OrganizationRoles)
		for i := range changed.OrganizationRoles {
			if changed.OrganizationRoles[i].Key == "agency_owner" {
				changed.OrganizationRoles[i].AllProjects, changed.OrganizationRoles[i].Bypass = "manager", may == events.RaiseOnly
			}
		}
		all = append(all, ruledBy(changed))
	}
	return all
}

func ruledBy(definition events.Scheme) *domain.Scheme {
	return domain.Organization{}.Evolve(events.Recorded{Event: events.OrganizationCreated{Scheme: definition}}).Scheme()
}

// anyLevels draws own levels of a catalogue, often none.
func anyLevels(t *rand.Rand, catalogue []events.Permission) events.Levels {
	levels := events.Levels{}
	for range t.IntN(3) {
		p := oneOf(t, catalogue)
		levels[p.Key] = anyLevel(t, p)
	}
	return levels
}

func anyLevel(t *rand.Rand, p events.Permission) events.Level {
	if p.Kind == events.ByToggle {
		return oneOf(t, []events.Level{"off", "on"})
	}
	return oneOf(t, []events.Level{"none", "view", "full"})
}

// keyed returns roles with own levels, for commands that state some.
func keyed(roles []events.Role, own bool) []events.RoleKey {
	var keys []events.RoleKey
	for _, r := range roles {
		if !own || r.OwnLevels != "" {
			keys = append(keys, r.Key)
		}
	}
	if len(keys) == 0 {
		return []events.RoleKey{"none"}
	}
	return keys
}

// anyCommand draws a command that means something under the scheme more often
// than not. Every command has the same chance but the few that end much.
func anyCommand(t *rand.Rand, s *domain.Scheme, schemes []*domain.Scheme) domain.Command {
	switch user, project, team := oneOf(t, people), oneOf(t, places), oneOf(t, groups); t.IntN(150) {
	case 0:
		return domain.DeleteOrganization{}
	case 1:
		return domain.ArchiveOrganization{}
	case 2, 3, 4:
		return anySchemeChange(t, s, oneOf(t, schemes))
	case 5:
		return domain.DeleteProject{Project: project}
	case 6:
		return domain.ArchiveProject{Project: project}
	case 7, 8:
		return domain.RemoveMember{Member: user, TransferTo: oneOf(t, append(people, ""))}
	case 9:
		return domain.RemoveTeam{Team: team}
	case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19: // and these put it right again
		return domain.RestoreOrganization{}
	case 20, 21, 22, 23, 24:
		return domain.RestoreProject{Project: project}
	case 25, 26, 27, 28, 29, 30, 31, 32:
		return domain.CreateProject{Project: project, Name: "Project " + string(project)}
	}
	kinds := [][]domain.Command{onMembers(t, s), onMembers(t, s), onProjects(t, s), onProjects(t, s), onProjects(t, s), onRules(t, s)}
	if s.Teams.On {
		kinds = append(kinds, onTeams(t, s), onTeams(t, s))
	}
	return oneOf(t, oneOf(t, kinds))
}

func oneOf[T any](t *rand.Rand, all []T) T { return all[t.IntN(len(all))] }

// anySchemeChange maps every role that the next scheme lacks, at random.
func anySchemeChange(t *rand.Rand, from, to *domain.Scheme) domain.Command {
	mapping := func(from, to []events.Role) map[events.RoleKey]events.RoleKey {
		by := map[events.RoleKey]events.RoleKey{}
		for _, role := range from {
			if !slices.Contains(keyed(to, false), role.Key) {
				by[role.Key] = oneOf(t, keyed(to, false))
			}
		}
		return by
	}
	return domain.ChangeScheme{
		Scheme:            to,
		OrganizationRoles: mapping(from.Scheme.OrganizationRoles, to.Scheme.OrganizationRoles),
		ProjectRoles:      mapping(from.Scheme.ProjectRoles, to.Scheme.ProjectRoles),
	}
}

func onMembers(t *rand.Rand, s *domain.Scheme) []domain.Command {
	user := oneOf(t, people)
	held := oneOf(t, keyed(s.Scheme.OrganizationRoles, false))
	scoped := oneOf(t, keyed(s.Scheme.OrganizationRoles, true))
	own := anyLevels(t, s.Scheme.Permissions.Organization)
	onProject := oneOf(t, keyed(s.Scheme.ProjectRoles, true))
	text := strconv.Itoa(t.IntN(10))
	invite, from, until := events.InviteID("for "+user), oneOf(t, starts), oneOf(t, ends)
	asked := events.AccessRequestID(strconv.Itoa(t.IntN(50)))
	projects := []events.ProjectRole{{Project: oneOf(t, places)}}
	elevated := func(project events.ProjectID, role events.RoleKey, rules []events.ElevationRule) domain.Command {
		if len(rules) > 0 {
			role = oneOf(t, rules).Role
		}
		return domain.Batch{
			domain.RequestElevation{Request: asked, Member: user, Project: project, Role: role, Reason: "k.a", For: time.Hour},
			domain.ApproveAccessRequest{Request: asked},
		}
	}
	detailed := []events.ProjectRole{{Project: projects[0].Project, Role: onProject, Levels: anyLevels(t, s.Permissions())}}
	return []domain.Command{
		domain.ErasePerson{Person: user},
		domain.AddMember{Member: user, Role: held, PersonalData: domain.PersonalData{Name: sealed("Name " + text), Login: sealed(string(user))}, From: from, Until: until},
		domain.ChangeProfile{Member: user, Fields: domain.PersonalData{Name: "n", Avatar: "a", ExternalID: "e"}.Fields(), PersonalData: domain.PersonalData{Name: sealed("Name of " + text), ExternalID: sealed(text), ExternalIDHash: events.ExternalIDHash(text)}},
		domain.AddMember{Member: user, Role: scoped, Levels: own},
		domain.ChangeMemberRole{Member: user, To: held},
		domain.ChangeMemberLevels{Member: user, To: own},
		domain.ChangeMemberStart{Member: user, From: from},
		domain.ChangeMemberEnd{Member: user, Until: until, TransferTo: oneOf(t, append(people, ""))},
		domain.DeactivateMember{Member: user},
		domain.ReactivateMember{Member: user},
		domain.AttestAccess{Member: user},
		domain.TransferOwnership{To: user},
		domain.InviteMember{Invite: invite, Email: sealed("a@b.c"), Address: events.AddressHash(user), Member: user, From: from, Until: until, Projects: projects},
		domain.InviteMember{Invite: invite, Email: sealed("a@b.c"), Address: events.AddressHash(user), Role: scoped, Levels: own, Projects: detailed},
		domain.AcceptInvite{Invite: invite, Member: user},
		// Together, since the person who was invited is seldom drawn again.
		domain.Batch{
			domain.InviteMember{Invite: invite, Email: sealed("a@b.c"), Address: events.AddressHash(user), From: from, Until: until, Projects: projects},
			domain.AcceptInvite{Invite: invite, Member: user},
		},
		domain.RevokeInvite{Invite: invite},
		domain.SetEmailDomain{Domain: events.EmailDomain(text + ".example"), Mode: oneOf(t, []events.JoinMode{events.JoinAtOnce, events.JoinByApproval}), Role: held},
		domain.VerifyEmailDomain{Domain: events.EmailDomain(text + ".example"), Proven: true},
		domain.RemoveEmailDomain{Domain: events.EmailDomain(text + ".example")},
		domain.JoinOrganization{Member: user, Domain: events.EmailDomain(text + ".example"), Request: asked, Proven: true},
		domain.ChangeNoticePreferences{Member: user, NoticeSetting: domain.NoticeSetting{To: events.NoticesOff}},
		domain.ChangeNoticeDefaults{NoticeSetting: domain.NoticeSetting{Channels: []events.NoticeChannel{events.MailChannel}, To: events.NoticesOff}},
		domain.ChangeAccessRequests{Join: new(events.OpenIntake), Projects: new(events.OpenIntake)},
		domain.RequestAccess{Request: asked, Member: user, Until: until},
		domain.RequestAccess{Request: asked, Member: user, Project: projects[0].Project, Until: until},
		domain.ApproveAccessRequest{Request: asked},
		domain.Batch{domain.RequestAccess{Request: asked, Member: user}, domain.ApproveAccessRequest{Request: asked, Until: until}},
		elevated("", held, s.Elevation.Organization),
		elevated(projects[0].Project, onProject, s.Elevation.Project),
		elevated(projects[0].Project, onProject, s.Elevation.Project),
		domain.EndElevation{Request: asked},
		domain.DenyAccessRequest{Request: asked},
		domain.WithdrawAccessRequest{Request: asked},
	}
}

func onProjects(t *rand.Rand, s *domain.Scheme) []domain.Command {
	user, project := oneOf(t, people), oneOf(t, places)
	role := oneOf(t, keyed(s.Scheme.ProjectRoles, false))
	scoped := oneOf(t, keyed(s.Scheme.ProjectRoles, true))
	own, from, until := anyLevels(t, s.Permissions()), oneOf(t, starts), oneOf(t, ends)
	permission := oneOf(t, s.Permissions())
	level := anyLevel(t, permission)
	return []domain.Command{
		domain.RenameProject{Project: project, To: "Renamed " + string(project)},
		domain.TakeOverProject{Project: project},
		domain.DescribeProject{Project: project, Description: "About " + string(project)},
		domain.TurnOnPublicLink{Project: project, Nonce: "n", Token: events.Sum([]byte(project))},
		domain.RotatePublicLink{Project: project, Nonce: "m", Token: events.Sum([]byte(user))},
		domain.TurnOffPublicLink{Project: project},
		domain.AddProjectMember{Project: project, Member: user, Role: role, From: from, Until: until},
		domain.AddProjectMember{Project: project, Member: user, Role: scoped, Levels: own, From: from, Until: until},
		domain.ChangeProjectMemberStart{Project: project, Member: user, From: from},
		domain.ChangeProjectMemberRole{Project: project, Member: user, To: role},
		domain.ChangeProjectMemberLevels{Project: project, Member: user, To: own},
		domain.ChangeProjectMemberEnd{Project: project, Member: user, Until: until},
		domain.RemoveProjectMember{Project: project, Member: user},
		domain.SetOverride{Project: project, Member: user, Permission: permission.Key, Level: level},
		domain.SetOverride{Project: project, Member: user, Permission: permission.Key, Level: level},
		domain.ClearOverride{Project: project, Member: user, Permission: permission.Key},
		domain.AttestAccess{Member: user, Project: project},
	}
}

func onRules(t *rand.Rand, s *domain.Scheme) []domain.Command {
	kind := oneOf(t, []events.RoleKind{events.OrganizationRoleKind, events.ProjectRoleKind})
	catalogue, roles := s.Scheme.Permissions.Organization, s.Scheme.OrganizationRoles
	if kind == events.ProjectRoleKind {
		catalogue, roles = s.Permissions(), s.Scheme.ProjectRoles
	}
	levels, rank := anyLevels(t, catalogue), 1+t.IntN(30)
	text := strconv.Itoa(rank)
	return []domain.Command{
		domain.RenameOrganization{To: "Acme " + text},
		domain.ChangeLocale{To: "de"},
		domain.ChangeSeats{To: rank},
		domain.DefineRole{Kind: kind, Role: "custom", Label: "Custom", Rank: rank, Levels: levels},
		domain.RedefineRole{Kind: kind, Role: "custom", Rank: &rank, Levels: &levels},
		domain.RenameRole{Kind: kind, Role: oneOf(t, keyed(roles, false)), To: "Label " + text},
		domain.RetireRole{Kind: kind, Role: "custom"},
	}
}

func onTeams(t *rand.Rand, s *domain.Scheme) []domain.Command {
	user, project, team := oneOf(t, people), oneOf(t, places), oneOf(t, groups)
	role := oneOf(t, append(keyed(s.Scheme.ProjectRoles, false), "", "", ""))
	place := oneOf(t, append(keyed(s.Teams.Roles, false), ""))
	parent := oneOf(t, append(slices.Clone(groups), ""))
	text, from, until := strconv.Itoa(t.IntN(10)), oneOf(t, starts), oneOf(t, ends)
	return []domain.Command{
		domain.CreateTeam{Team: team, Name: string(team), Parent: parent},
		domain.RenameTeam{Team: team, To: string(team) + text},
		domain.DescribeTeam{Team: team, Description: &text},
		domain.ColourTeam{Team: team, To: events.Colour("#00000" + text)},
		domain.MoveTeam{Team: team, To: parent},
		domain.MoveTeam{Team: "t", To: parent},
		domain.AddTeamMember{Team: team, Member: user, Role: place},
		domain.AddTeamMember{Team: team, Member: user, Role: place},
		domain.ChangeTeamMemberRole{Team: team, Member: user, To: place},
		domain.RemoveTeamMember{Team: team, Member: user},
		domain.AssignTeam{Team: team, Project: project, Role: role, From: from, Until: until},
		domain.AssignTeam{Team: team, Project: project, From: from, Until: until},
		domain.ChangeAssignmentStart{Team: team, Project: project, From: from},
		domain.ChangeAssignment{Team: team, Project: project, To: role},
		domain.ChangeAssignmentEnd{Team: team, Project: project, Until: until},
		domain.UnassignTeam{Team: team, Project: project},
	}
}

// beginning makes an organization in which most commands mean something.
func beginning(s *domain.Scheme) []domain.Command {
	commands := []domain.Command{domain.CreateOrganization{Name: "Acme", Scheme: s, Owner: "ada"}}
	for _, user := range people[1:4] {
		commands = append(commands, domain.AddMember{Member: user})
	}
	for _, project := range places[:2] {
		commands = append(commands, domain.CreateProject{Project: project, Name: string(project)})
	}
	if s.Teams.On {
		commands = append(commands,
			domain.CreateTeam{Team: "s", Name: "s"}, domain.CreateTeam{Team: "t", Name: "t", Parent: "s"}, domain.CreateTeam{Team: "u", Name: "u"},
			domain.AssignTeam{Team: "s", Project: "p"}, domain.AssignTeam{Team: "u", Project: "q"},
			domain.AddTeamMember{Team: "t", Member: "bob"}, domain.AddTeamMember{Team: "s", Member: "cyd"},
		)
	}
	return commands
}
