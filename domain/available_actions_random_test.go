package domain_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// trials are commands by the action that they take.
type trials map[events.Action][]domain.Command

// accepted lists the actions of which one command at least would change something.
func (all trials) accepted(org domain.Organization, m events.Moment) []events.Action {
	var actions []events.Action
	for action, commands := range all {
		if slices.ContainsFunc(commands, func(c domain.Command) bool { return changes(org, m, c) }) {
			actions = append(actions, action)
		}
	}
	slices.Sort(actions)
	return actions
}

// among returns those of the actions offered that were tried.
func (all trials) among(offer domain.AvailableActions) domain.AvailableActions {
	offer.Actions = slices.DeleteFunc(slices.Clone(offer.Actions), func(a events.Action) bool { return all[a] == nil })
	return offer
}

func changes(org domain.Organization, m events.Moment, c domain.Command) bool {
	happened, _, err := domain.CountSteps(org, c, m)
	return err == nil && len(happened) > 0
}

// offering is everything that could be tried at one moment.
type offering struct {
	*rapid.T
	org domain.Organization
	m   events.Moment
}

// exactly holds an offer against all that could be tried, and its roles against those
// that one command could give.
func (o offering) exactly(on string, offer domain.AvailableActions, all trials, of []events.RoleKey, give func(events.RoleKey) domain.Command) {
	o.Helper()
	offered := slices.Sorted(slices.Values(offer.Actions))
	assert.Empty(o, cmp.Diff(all.accepted(o.org, o.m), offered), "%q on %s (-accepted +offered)", o.m.Actor, on)
	if give == nil {
		return
	}
	var roles []events.RoleKey
	for _, role := range of {
		if changes(o.org, o.m, give(role)) {
			roles = append(roles, role)
		}
	}
	assert.Empty(o, cmp.Diff(roles, offer.Roles), "%q on %s, roles (-accepted +offered)", o.m.Actor, on)
}

// atLeast holds that what would be accepted is offered.
func (o offering) atLeast(on string, offer domain.AvailableActions, all trials) {
	o.Helper()
	for _, action := range all.accepted(o.org, o.m) {
		assert.Contains(o, offer.Actions, action, "%q on %s: %s is accepted, and not offered", o.m.Actor, on, action)
	}
}

func (o offering) ends(command func(time.Time) domain.Command) []domain.Command {
	all := []domain.Command{command(time.Time{}), command(o.m.At.Add(time.Second)), command(o.m.At.Add(50 * time.Hour))}
	for hours := range time.Duration(14) { // starts are at most 13 hours ahead; shortly after one there may be no other end
		all = append(all, command(o.m.At.Add(hours*time.Hour+30*time.Minute)))
	}
	return all
}

// everyLevels are none, and each combination of levels.
func everyLevels(catalogue []events.Permission, command func(events.Levels) domain.Command) []domain.Command {
	all := []events.Levels{{}}
	for _, p := range catalogue {
		levels := []events.Level{"none", "view", "full"}
		if p.Kind == events.ByToggle {
			levels = []events.Level{"off", "on"}
		}
		var more []events.Levels
		for _, so := range all {
			for _, l := range levels {
				further := events.Levels{p.Key: l}
				maps.Copy(further, so)
				more = append(more, further)
			}
			more = append(more, so)
		}
		all = more
	}
	commands := []domain.Command{command(nil)}
	for _, levels := range all {
		commands = append(commands, command(levels))
	}
	return commands
}

func roles(of []events.RoleKey, command func(events.RoleKey) domain.Command) []domain.Command {
	var commands []domain.Command
	for _, role := range append(of, "") {
		commands = append(commands, command(role))
	}
	return commands
}

// TestOffersAreWhatWouldBeAccepted tries, at the end of a history, everything that
// anybody could do about anything, and compares with what is offered.
func TestOffersAreWhatWouldBeAccepted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var org domain.Organization
		var m events.Moment
		play(t, func(s step) { org, m = s.after, s.Moment })
		if !org.Exists() || len(org.Scheme().Scheme.Permissions.Project) > 3 {
			return
		}
		m.Actor = commandGenerator{T: t, org: org, now: m.At}.actor()
		o := offering{t, org, m}
		for _, user := range everybody {
			o.onMember(user)
			for _, project := range everywhere {
				o.onProjectMember(project, user)
			}
			for _, team := range anyTeam {
				o.onTeamMember(team, user)
			}
		}
		for _, project := range everywhere {
			o.onProject(project)
			for _, team := range anyTeam {
				o.onAssignment(project, team)
			}
		}
		for _, team := range anyTeam {
			o.onTeam(team)
		}
		for _, invite := range anyInvite {
			o.onInvite(invite)
		}
		o.onOrganization()
	})
}

func (o offering) onMember(user events.UserID) {
	s := o.org.Scheme()
	give := func(r events.RoleKey) domain.Command { return domain.ChangeMemberRole{Member: user, To: r} }
	o.exactly(string("the member "+user), o.org.ActionsOnMember(o.m, user), trials{
		domain.TransferringOwnership: roles(s.OrganizationRoles(), func(r events.RoleKey) domain.Command { return domain.TransferOwnership{To: user, Role: r} }),
		domain.ChangingProfile:       {domain.ChangeProfile{Member: user, Fields: profileFields, PersonalData: domain.PersonalData{Name: "k.another"}}},
		domain.ChangingMemberLevels:  everyLevels(s.Scheme.Permissions.Organization, func(l events.Levels) domain.Command { return domain.ChangeMemberLevels{Member: user, To: l} }),
		domain.ChangingMemberEnd:     o.ends(func(e time.Time) domain.Command { return domain.ChangeMemberEnd{Member: user, Until: e} }),
		domain.DeactivatingMember:    {domain.DeactivateMember{Member: user}},
		domain.ReactivatingMember:    {domain.ReactivateMember{Member: user}},
		domain.RemovingMember:        {domain.RemoveMember{Member: user}},
		domain.AttestingAccess:       {domain.AttestAccess{Member: user}},
		domain.ChangingMemberRole:    roles(s.OrganizationRoles(), give),
	}, s.OrganizationRoles(), give)
}

func (o offering) onProjectMember(project events.ProjectID, user events.UserID) {
	s := o.org.Scheme()
	give := func(r events.RoleKey) domain.Command {
		return domain.ChangeProjectMemberRole{Project: project, Member: user, To: r}
	}
	all := trials{
		domain.ChangingProjectMemberLevels: everyLevels(s.Permissions(), func(l events.Levels) domain.Command {
			return domain.ChangeProjectMemberLevels{Project: project, Member: user, To: l}
		}),
		domain.ChangingProjectMemberEnd: o.ends(func(e time.Time) domain.Command {
			return domain.ChangeProjectMemberEnd{Project: project, Member: user, Until: e}
		}),
		domain.RemovingProjectMember:     {domain.RemoveProjectMember{Project: project, Member: user}},
		domain.AttestingAccess:           {domain.AttestAccess{Member: user, Project: project}},
		domain.ChangingProjectMemberRole: roles(s.ProjectRoles(), give),
	}
	for _, p := range s.Permissions() {
		all[domain.ClearingOverride] = append(all[domain.ClearingOverride], domain.ClearOverride{Project: project, Member: user, Permission: p.Key})
		for _, level := range []events.Level{"none", "view", "full", "off", "on"} {
			all[domain.SettingOverride] = append(all[domain.SettingOverride], domain.SetOverride{Project: project, Member: user, Permission: p.Key, Level: level})
		}
	}
	o.exactly(string("the project member "+user+" on ")+string(project), o.org.ActionsOnProjectMember(o.m, project, user), all, s.ProjectRoles(), give)
}

func (o offering) onAssignment(project events.ProjectID, team events.TeamID) {
	give := func(r events.RoleKey) domain.Command {
		return domain.ChangeAssignment{Team: team, Project: project, To: r}
	}
	of := o.org.Scheme().ProjectRoles()
	o.exactly(string("the assignment of "+team+" on ")+string(project), o.org.ActionsOnAssignment(o.m, project, team), trials{
		domain.ChangingAssignment: roles(of, give),
		domain.ChangingAssignmentEnd: o.ends(func(e time.Time) domain.Command {
			return domain.ChangeAssignmentEnd{Team: team, Project: project, Until: e}
		}),
		domain.UnassigningTeam: {domain.UnassignTeam{Team: team, Project: project}},
	}, of, give)
}

func (o offering) onTeamMember(team events.TeamID, user events.UserID) {
	give := func(r events.RoleKey) domain.Command {
		return domain.ChangeTeamMemberRole{Team: team, Member: user, To: r}
	}
	of := []events.RoleKey{"hand", "head"}
	o.exactly(string("the team member "+user+" in ")+string(team), o.org.ActionsOnTeamMember(o.m, team, user), trials{
		domain.ChangingTeamMemberRole: roles(of, give),
		domain.RemovingTeamMember:     {domain.RemoveTeamMember{Team: team, Member: user}},
	}, of, give)
}

func (o offering) onProject(project events.ProjectID) {
	offer := o.org.ActionsOnProject(o.m, project)
	all := trials{
		domain.RenamingProject:       {domain.RenameProject{Project: project, To: "another"}},
		domain.DescribingProject:     {domain.DescribeProject{Project: project, Description: "another"}},
		domain.ArchivingProject:      {domain.ArchiveProject{Project: project}},
		domain.RestoringProject:      {domain.RestoreProject{Project: project}},
		domain.DeletingProject:       {domain.DeleteProject{Project: project}},
		domain.TakingOverProject:     {domain.TakeOverProject{Project: project}},
		domain.TurningOnPublicLink:   {domain.TurnOnPublicLink{Project: project}},
		domain.RotatingPublicLink:    {domain.RotatePublicLink{Project: project}},
		domain.TurningOffPublicLink:  {domain.TurnOffPublicLink{Project: project}},
		domain.RemovingProjectMember: {domain.RemoveProjectMember{Project: project, Member: o.m.Actor}},
	}
	o.exactly(string("the project "+project), all.among(offer), all, nil, nil)
	var adding, assigning []domain.Command
	for _, role := range append(o.org.Scheme().ProjectRoles(), "") {
		for _, user := range everybody {
			add := domain.AddProjectMember{Project: project, Member: user, Role: role}
			adding = append(adding, add)
			assert.False(o, changes(o.org, o.m, add) && role != "" && !slices.Contains(offer.Roles, role), "%q gives %q on %s, which is not offered", o.m.Actor, role, project)
		}
		for _, team := range anyTeam {
			assigning = append(assigning, domain.AssignTeam{Team: team, Project: project, Role: role})
		}
	}
	o.atLeast(string("the project "+project), offer, trials{domain.AddingProjectMember: adding, domain.AssigningTeam: assigning})
	o.refusesNoCandidate(project, offer)
}

// refusesNoCandidate holds that whoever is offered to add people, or teams, to a project may
// add every candidate with every role that is offered.
func (o offering) refusesNoCandidate(project events.ProjectID, offer domain.AvailableActions) {
	for _, user := range everybody {
		authorized := o.org.Authorize(o.m.Actor, domain.AddingProjectMember, domain.About{Project: project, Member: user}) == nil
		if !slices.Contains(offer.Actions, domain.AddingProjectMember) || !authorized || !o.org.CanBeAdded(o.m.Actor, user, project) {
			continue
		}
		for _, role := range offer.Roles {
			o.accepts(domain.AddProjectMember{Project: project, Member: user, Role: role})
		}
	}
	actor, _ := o.org.Member(o.m.Actor)
	elevated := len(slices.Collect(actor.Elevations())) > 0
	given := offer.Roles
	if o.org.Scheme().Teams.Confer == events.MembersDefault {
		given = []events.RoleKey{""}
	}
	for _, team := range anyTeam {
		if !slices.Contains(offer.Actions, domain.AssigningTeam) {
			continue
		}
		found, there := o.org.Team(team)
		on, _ := o.org.Project(project)
		_, assigned := on.Assignment(team)
		if !o.org.CanBeAssigned(o.m.Actor, team, project) {
			withAny := o.org.Authorize(o.m.Actor, domain.AssigningTeam, domain.About{Project: project}) == nil
			assert.False(o, !elevated && withAny && there && !assigned && found.Privacy != events.Secret, "%q may assign teams to %s, and does not find %s", o.m.Actor, project, team)
			continue
		}
		for _, role := range given {
			o.accepts(domain.AssignTeam{Team: team, Project: project, Role: role})
		}
	}
}

// accepts holds that a command of the actor is accepted and changes something.
func (o offering) accepts(c domain.Command) {
	happened, _, err := domain.CountSteps(o.org, c, o.m)
	assert.NoError(o, err, "%#v by %q is offered", c, o.m.Actor)
	assert.True(o, err != nil || len(happened) > 0, "%#v by %q is offered and changes nothing", c, o.m.Actor)
}

// addsSomebody holds that whoever is offered to add people to a team may add somebody: a
// newcomer in one of the roles of the organization, or themselves.
func (o offering) addsSomebody(team events.TeamID, offer domain.AvailableActions) {
	if !slices.Contains(offer.Actions, domain.AddingTeamMember) {
		return
	}
	for _, held := range o.org.Scheme().OrganizationRoles() {
		org := o.org.Evolve(events.Recorded{Event: events.MemberJoined{Member: "newcomer", Role: held}, Origin: events.Origin{Version: o.org.Version() + 1, At: o.m.At}})
		for _, user := range []events.UserID{"newcomer", o.m.Actor} {
			if changes(org, o.m, domain.AddTeamMember{Team: team, Member: user, Role: offer.Roles[0]}) {
				return
			}
		}
	}
	assert.Fail(o, "add_team_member is offered and always refused", "to %q on %s", o.m.Actor, team)
}

func (o offering) onTeam(team events.TeamID) {
	offer := o.org.ActionsOnTeam(o.m, team)
	text, secret, closed := "another", events.Secret, events.Closed
	all := trials{
		domain.RenamingTeam:   {domain.RenameTeam{Team: team, To: "another"}},
		domain.DescribingTeam: {domain.DescribeTeam{Team: team, Description: &text}, domain.DescribeTeam{Team: team, Privacy: &secret}, domain.DescribeTeam{Team: team, Privacy: &closed}},
		domain.ColouringTeam:  {domain.ColourTeam{Team: team, To: "#aaaaaa"}, domain.ColourTeam{Team: team}},
		domain.RemovingTeam:   {domain.RemoveTeam{Team: team}},
	}
	for _, parent := range append(anyTeam, "") {
		all[domain.MovingTeam] = append(all[domain.MovingTeam], domain.MoveTeam{Team: team, To: parent})
	}
	o.exactly(string("the team "+team), all.among(offer), all, nil, nil)
	var adding []domain.Command
	for _, role := range keysOf(o.org.Scheme().Teams.Roles) {
		for _, user := range everybody {
			add := domain.AddTeamMember{Team: team, Member: user, Role: role}
			adding = append(adding, add)
			assert.False(o, changes(o.org, o.m, add) && !slices.Contains(offer.Roles, role), "%q gives %q in %s, which is not offered", o.m.Actor, role, team)
		}
	}
	o.atLeast(string("the team "+team), offer, trials{domain.AddingTeamMember: adding})
	o.addsSomebody(team, offer)
}

func (o offering) onInvite(invite events.InviteID) {
	projects, teams := []events.ProjectRole{}, []events.TeamRole{}
	change := []domain.Command{domain.ChangeInvite{Invite: invite, Projects: &projects}, domain.ChangeInvite{Invite: invite, Teams: &teams}}
	for _, until := range []time.Time{{}, o.m.At.Add(50 * time.Hour)} {
		change = append(change, domain.ChangeInvite{Invite: invite, Until: &until})
		change = append(change, roles(o.org.Scheme().OrganizationRoles(), func(r events.RoleKey) domain.Command {
			return domain.ChangeInvite{Invite: invite, Role: &r, Levels: new(events.Levels), From: new(time.Time), Until: &until, Projects: &projects, Teams: &teams}
		})...)
	}
	o.exactly(string("the invite "+invite), o.org.ActionsOnInvite(o.m, invite), trials{
		domain.RevokingInvite:  {domain.RevokeInvite{Invite: invite}},
		domain.ChangingInvite:  change,
		domain.ResendingInvite: {domain.ResendInvite{Invite: invite, Token: events.Sum([]byte("another"))}},
	}, nil, nil)
}

func (o offering) onOrganization() {
	offer := o.org.ActionsOnOrganization(o.m)
	all := trials{
		domain.RenamingOrganization:  {domain.RenameOrganization{To: "another"}},
		domain.ArchivingOrganization: {domain.ArchiveOrganization{}},
		domain.RestoringOrganization: {domain.RestoreOrganization{}},
		domain.DeletingOrganization:  {domain.DeleteOrganization{}},
		domain.ChangingSeats:         {domain.ChangeSeats{To: 7}, domain.ChangeSeats{To: 8}},
		domain.CreatingProject:       {domain.CreateProject{Project: "new", Name: "N"}},
		domain.CreatingTeam:          {domain.CreateTeam{Team: "new", Name: "N"}},
		domain.TransferringOwnership: o.transfers(),
	}
	o.ofRoles(all)
	for _, invite := range anyInvite {
		all[domain.RevokingInvite] = append(all[domain.RevokingInvite], domain.RevokeInvite{Invite: invite})
	}
	for _, role := range o.org.Scheme().OrganizationRoles() {
		add, invite := domain.AddMember{Member: "newcomer", Role: role}, domain.InviteMember{Invite: "new", Address: "new", Role: role}
		all[domain.AddingMember] = append(all[domain.AddingMember], add)
		all[domain.InvitingMember] = append(all[domain.InvitingMember], invite)
		assert.False(o, changes(o.org, o.m, add) && !slices.Contains(offer.Roles, role), "%q gives %q, which is not offered", o.m.Actor, role)
		if !slices.Contains(offer.Roles, role) {
			continue
		}
		for action, c := range map[events.Action]domain.Command{domain.AddingMember: add, domain.InvitingMember: invite} {
			if slices.Contains(offer.Actions, action) {
				o.accepts(c)
			}
		}
	}
	o.exactly("the organization", all.among(offer), all, nil, nil)
	// Whether a scheme fits depends on the scheme, which only a person can choose.
	o.atLeast("the organization", offer, trials{domain.ChangingScheme: {domain.ChangeScheme{Scheme: o.relabelled()}}})
}

func (o offering) transfers() (all []domain.Command) {
	for _, user := range everybody {
		all = append(all, roles(o.org.Scheme().OrganizationRoles(), func(r events.RoleKey) domain.Command { return domain.TransferOwnership{To: user, Role: r} })...)
	}
	return all
}

// relabelled returns the organization's scheme with another label.
func (o offering) relabelled() *domain.Scheme {
	s := o.org.Scheme().Scheme
	s.Label = "Another"
	return domain.NewScheme(s)
}

// ofRoles adds what could be done about roles of both kinds.
func (o offering) ofRoles(all trials) {
	s := o.org.Scheme().Scheme
	for _, of := range []struct {
		kind      events.RoleKind
		roles     []events.Role
		catalogue []events.Permission
	}{{events.OrganizationRoleKind, s.OrganizationRoles, s.Permissions.Organization}, {events.ProjectRoleKind, s.ProjectRoles, s.Permissions.Project}} {
		for rank := range 12 {
			all[domain.DefiningRole] = append(all[domain.DefiningRole], domain.DefineRole{Kind: of.kind, Role: "new", Rank: rank})
		}
		for _, role := range of.roles {
			all[domain.RenamingRole] = append(all[domain.RenamingRole], domain.RenameRole{Kind: of.kind, Role: role.Key, To: "Another"})
			if !role.Custom {
				continue
			}
			all[domain.RetiringRole] = append(all[domain.RetiringRole], domain.RetireRole{Kind: of.kind, Role: role.Key})
			for rank := range 12 {
				all[domain.RedefiningRole] = append(all[domain.RedefiningRole], everyLevels(of.catalogue, func(l events.Levels) domain.Command {
					return domain.RedefineRole{Kind: of.kind, Role: role.Key, Rank: &rank, Levels: &l}
				})...)
			}
		}
	}
}
