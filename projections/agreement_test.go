package projections

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/postgres/pgtest"
)

var (
	people    = []events.UserID{"ada", "bob", "cyd", "dan", "eve"}
	places    = []events.ProjectID{"p", "q", "r"}
	groups    = []events.TeamID{"s", "t", "u", "v"}
	someone   = rapid.SampledFrom(people)
	somewhere = rapid.SampledFrom(places)
	somegroup = rapid.SampledFrom(groups)
	actors    = rapid.SampledFrom([]events.UserID{"", "", "", "ada", "ada", "bob", "cyd"})
)

// anyCommand draws a command that means something under the scheme more often
// than not.
func anyCommand(s *domain.Scheme) *rapid.Generator[domain.Command] {
	return rapid.Custom(func(t *rapid.T) domain.Command {
		user, project, team := someone.Draw(t, "user"), somewhere.Draw(t, "project"), somegroup.Draw(t, "team")
		held := rapid.SampledFrom(s.OrganizationRoles()).Draw(t, "organization role")
		role := rapid.SampledFrom(s.ProjectRoles()).Draw(t, "project role")
		place := rapid.SampledFrom([]events.RoleKey{"member", "maintainer"}).Draw(t, "team role")
		parent := rapid.SampledFrom(append(slices.Clone(groups), "")).Draw(t, "parent")
		invite := events.InviteID("for " + user)
		text := strconv.Itoa(rapid.IntRange(0, 9).Draw(t, "text"))
		commands := []domain.Command{
			domain.AddMember{Member: user, Role: held, Name: sealed("Name " + text), Login: string(user)},
			domain.AddMember{Member: user, Role: held},
			domain.ChangeRole{Member: user, To: held},
			domain.RemoveMember{Member: user},
			domain.InviteMember{Invite: invite, Email: sealed("a@b.c"), Address: events.AddressHash(user), Projects: []events.ProjectRole{{Project: project}}},
			domain.AcceptInvite{Invite: invite, Member: user},
			domain.RevokeInvite{Invite: invite},
			domain.CreateProject{Project: project, Name: "Project " + string(project)},
			domain.AddProjectMember{Project: project, Member: user, Role: role},
			domain.ChangeProjectRole{Project: project, Member: user, To: role},
			domain.RemoveProjectMember{Project: project, Member: user},
			domain.CreateTeam{Team: team, Name: string(team), Parent: parent},
			domain.RenameTeam{Team: team, To: string(team) + text},
			domain.DescribeTeam{Team: team, Description: &text},
			domain.MoveTeam{Team: team, To: parent},
			domain.MoveTeam{Team: "t", To: parent},
			domain.RemoveTeam{Team: team},
			domain.AddTeamMember{Team: team, Member: user, Role: place},
			domain.ChangeTeamRole{Team: team, Member: user, To: place},
			domain.RemoveTeamMember{Team: team, Member: user},
			domain.AssignTeam{Team: team, Project: project, Role: role},
			domain.ChangeAssignment{Team: team, Project: project, To: role},
			domain.UnassignTeam{Team: team, Project: project},
		}
		if rapid.IntRange(0, 40).Draw(t, "end") == 0 {
			return domain.DeleteOrganization{}
		}
		return rapid.SampledFrom(commands).Draw(t, "command")
	})
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
			domain.AssignTeam{Team: "s", Project: "p", Role: "write"}, domain.AssignTeam{Team: "u", Project: "q", Role: "triage"},
			domain.AddTeamMember{Team: "t", Member: "bob"}, domain.AddTeamMember{Team: "s", Member: "cyd"},
		)
	}
	return commands
}

// TestReadModelsAgreeWithTheDomain plays random histories, an organization each,
// and holds what SQL says against what the domain says.
func TestReadModelsAgreeWithTheDomain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	schemes := []*domain.Scheme{scheme(t, "owner-member"), scheme(t, "github"), scheme(t, "github")}
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		org := events.OrganizationID(fmt.Sprint("org-", n))
		s := rapid.SampledFrom(schemes).Draw(t, "scheme")
		give := func(by events.UserID, c domain.Command) {
			_, _ = h.try(by, org, c) // what is refused changes nothing
		}
		for _, c := range beginning(s) {
			give(events.System, c)
		}
		for _, c := range rapid.SliceOfN(anyCommand(s), 1, 40).Draw(t, "commands") {
			give(actors.Draw(t, "actor"), c)
			if _, ended := c.(domain.DeleteOrganization); ended {
				give(events.System, domain.CreateOrganization{Name: "Again", Scheme: rapid.SampledFrom(schemes).Draw(t, "next scheme")})
			}
		}
		h.settle()
		h.compare(t, org)
	})
	before := h.dump(t)

	late := &house{t: t, ledger: h.ledger, desk: h.desk, logs: new(lines)}
	late.Database = open(t, pgtest.New(t), late.logs)
	late.project()
	late.settle()
	if diff := cmp.Diff(before, late.dump(t)); diff != "" {
		t.Errorf("written a thousand events at a time, the tables differ (-few +many):\n%s", diff)
	}

	if err := h.Rebuild(t.Context(), h.ledger, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, h.dump(t)); diff != "" {
		t.Errorf("rebuilt, the tables differ (-before +after):\n%s", diff)
	}
}

// checker is what a property and a test have in common.
type checker interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// compare holds one organization in the read models against the state in memory.
func (h *house) compare(t checker, id events.OrganizationID) {
	t.Helper()
	ctx := h.t.Context()
	org := h.org(id)
	want := stateOf(org)
	for _, user := range people {
		for _, project := range places {
			in, err := h.Access(ctx, id, user, project)
			if err != nil {
				t.Fatal(err)
			}
			should := org.Access(user, project)
			if diff := cmp.Diff(should, in, cmpopts.IgnoreUnexported(domain.Access{})); diff != "" {
				t.Errorf("%s on %s (-domain +database):\n%s", user, project, diff)
			}
			if diff := cmp.Diff(should.Levels(), in.Levels()); diff != "" {
				t.Errorf("levels of %s on %s (-domain +database):\n%s", user, project, diff)
			}
		}
	}
	state, err := h.State(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("state (-domain +database):\n%s", diff)
	}
	rows, err := h.pool.Query(ctx, `SELECT user_id, project_id, role, sources FROM effective_access WHERE org_id = $1`, id) //nolint:rowserrcheck // ForEachRow does
	if err != nil {
		t.Fatal(err)
	}
	view := map[events.UserID]map[events.ProjectID]events.RoleKey{}
	var user events.UserID
	var project events.ProjectID
	var role events.RoleKey
	var sources int
	_, err = pgx.ForEachRow(rows, []any{&user, &project, &role, &sources}, func() error {
		put(view, user, project, role)
		if n := len(org.Access(user, project).Sources); n != sources {
			t.Errorf("view: %s has %d sources on %s, the domain says %d", user, sources, project, n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Access, view); diff != "" {
		t.Errorf("effective_access (-domain +view):\n%s", diff)
	}
}

func put(access map[events.UserID]map[events.ProjectID]events.RoleKey, user events.UserID, project events.ProjectID, role events.RoleKey) {
	if access[user] == nil {
		access[user] = map[events.ProjectID]events.RoleKey{}
	}
	access[user][project] = role
}

// stateOf says of the state in memory what State says of the read models.
func stateOf(o domain.Organization) State {
	s := State{
		Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]string{},
		Teams: map[events.TeamID]TeamState{}, Access: map[events.UserID]map[events.ProjectID]events.RoleKey{},
	}
	for user, m := range o.Members() {
		s.Members[user] = m.Role
		for project := range o.Projects() {
			if role := o.Access(user, project).Role; role != "" {
				put(s.Access, user, project, role)
			}
		}
	}
	for id, p := range o.Projects() {
		s.Projects[id] = p.Name
	}
	for id, team := range o.Teams() {
		t := TeamState{
			Name: team.Name, Description: team.Description, Privacy: team.Privacy, Parent: team.Parent,
			Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]events.RoleKey{},
		}
		for user, m := range team.Members() {
			t.Members[user] = m.Role
		}
		for project, a := range team.Projects() {
			t.Projects[project] = a.Role
		}
		s.Teams[id] = t
	}
	return s
}

// dump reads every table in order.
func (h *house) dump(t testing.TB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range []string{
		"checkpoint", "organization", "scheme_role", "member", "project", "project_member", "team", "team_member", "project_team", "invite", "audit",
	} {
		rows, err := h.pool.Query(t.Context(), `SELECT t::text FROM `+name+` t ORDER BY 1`)
		if err != nil {
			t.Fatal(err)
		}
		if all[name], err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
