package projections

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// acme is an organization under the scheme github: ada owns it, bob has a grant
// and is in team inner below outer, cyd is in outer, dan in nothing.
func acme(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.story("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
		domain.AddMember{Member: "bob", Name: sealed("Bob Byte"), Email: sealed("bob@example.org"), Address: "b"},
		domain.AddMember{Member: "cyd", Login: "Cyd", Name: sealed("Álva Cyd")},
		domain.AddMember{Member: "dan"},
		domain.CreateProject{Project: "p1", Name: "Zeta"},
		domain.CreateProject{Project: "p2", Name: "alpha 100%"},
		domain.AddProjectMember{Project: "p1", Member: "bob", Role: "read"},
		domain.CreateTeam{Team: "t1", Name: "Outer"},
		domain.CreateTeam{Team: "t2", Name: "inner", Parent: "t1", Privacy: events.Secret},
		domain.AddTeamMember{Team: "t2", Member: "bob", Role: "maintainer"},
		domain.AddTeamMember{Team: "t1", Member: "cyd"},
		domain.AssignTeam{Team: "t1", Project: "p1", Role: "write"},
	)
	return h
}

func TestProjectMembers(t *testing.T) {
	t.Parallel()
	h := acme(t)
	for _, tc := range []struct {
		name string
		ask  ProjectMembersQuery
		want string
	}{
		{"everybody, by name", ProjectMembersQuery{}, "[ada:admin bob:write cyd:write]"},
		{"with a grant, whatever else", ProjectMembersQuery{Source: domain.Direct}, "[bob:write]"},
		{"through a team", ProjectMembersQuery{Source: domain.ThroughTeam}, "[bob:write cyd:write]"},
		{"through a role", ProjectMembersQuery{Source: domain.ThroughRole}, "[ada:admin]"},
		{"with an effective role", ProjectMembersQuery{Role: "write"}, "[bob:write cyd:write]"},
		{"a role that another source outranks", ProjectMembersQuery{Role: "read"}, "[]"},
		{"by name, from three letters", ProjectMembersQuery{Search: "BYTE"}, "[bob:write]"},
		{"by name, one letter", ProjectMembersQuery{Search: "á"}, "[cyd:write]"},
		{"by address", ProjectMembersQuery{Search: "example.org"}, "[bob:write]"},
		{"by login", ProjectMembersQuery{Search: "cyd"}, "[cyd:write]"},
		{"nobody, though a pattern would match", ProjectMembersQuery{Search: "b%b"}, "[]"},
		{"search with source and role", ProjectMembersQuery{Search: "bob", Source: domain.ThroughTeam, Role: "write"}, "[bob:write]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			found, err := h.ProjectMembers(t.Context(), "acme", "p1", tc.ask)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range found.Items {
				got = append(got, fmt.Sprintf("%s:%s", m.User, m.Role))
			}
			if fmt.Sprint(got) != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
			if diff := cmp.Diff(&ProjectCounts{People: 3, Direct: 1, Teams: 1}, found.Counts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSourcesNameTheirEvents(t *testing.T) {
	t.Parallel()
	h := acme(t)
	found, err := h.ProjectMembers(t.Context(), "acme", "p1", ProjectMembersQuery{Search: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	bob := found.Items[0]
	since := func(version events.Version) Origin {
		commit, err := h.ledger.At(t.Context(), events.Position(version)) // one organization, one entry a commit
		if err != nil {
			t.Fatal(err)
		}
		return Origin{Event: fmt.Sprintf("acme/%d/0", version), Since: commit.Entries[0].At}
	}
	entered := since(10)
	want := []Source{
		{Kind: domain.Direct, Role: "read", Origin: since(7)},
		{Kind: domain.ThroughTeam, Role: "write", Team: "t1", TeamName: "Outer", Via: "t2", ViaName: "inner", Origin: since(12), Entered: &entered},
	}
	if diff := cmp.Diff(want, bob.Sources); diff != "" {
		t.Error(diff)
	}
	if bob.Name != "Bob Byte" || bob.Email != "bob@example.org" || bob.Login != "bob" || !bob.JoinedAt.Equal(since(2).Since) {
		t.Errorf("got %+v", bob)
	}
}

func TestProjectsAreVisible(t *testing.T) {
	t.Parallel()
	h := acme(t)
	h.story("open",
		domain.CreateOrganization{Name: "Open", Scheme: builtInScheme(t, "owner-member"), Owner: "ada"},
		domain.AddMember{Member: "dan"},
		domain.CreateProject{Project: "p", Name: "P"},
	)
	for _, tc := range []struct {
		org    events.OrganizationID
		ask    ProjectsQuery
		expect []events.ProjectID
	}{
		{"acme", ProjectsQuery{}, []events.ProjectID{"p2", "p1"}},
		{"acme", ProjectsQuery{Search: "0%"}, []events.ProjectID{"p2"}},
		{"acme", ProjectsQuery{Search: "zet"}, []events.ProjectID{"p1"}},
		{"acme", ProjectsQuery{VisibleTo: "ada"}, []events.ProjectID{"p2", "p1"}},
		{"acme", ProjectsQuery{VisibleTo: "cyd"}, []events.ProjectID{"p1"}},
		{"acme", ProjectsQuery{VisibleTo: "dan"}, nil},
		{"acme", ProjectsQuery{VisibleTo: "nobody"}, nil},
		{"open", ProjectsQuery{VisibleTo: "dan"}, []events.ProjectID{"p"}},
		{"open", ProjectsQuery{VisibleTo: "bob"}, nil},
		{"none", ProjectsQuery{VisibleTo: "bob"}, nil},
	} {
		found, err := h.Projects(t.Context(), tc.org, tc.ask)
		if err != nil {
			t.Fatal(err)
		}
		var got []events.ProjectID
		for _, p := range found.Items {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, tc.expect) {
			t.Errorf("%s %+v: got %v, want %v", tc.org, tc.ask, got, tc.expect)
		}
	}
	of, err := h.ProjectsOf(t.Context(), "acme", "bob", Page{})
	if err != nil {
		t.Fatal(err)
	}
	if len(of.Items) != 1 || of.Items[0].ID != "p1" || of.Items[0].Role != "write" || len(of.Items[0].Sources) != 2 {
		t.Errorf("projects of bob: %+v", of.Items)
	}
}

func TestTeamsAreVisible(t *testing.T) {
	t.Parallel()
	h := acme(t)
	for _, tc := range []struct {
		ask    TeamsQuery
		expect []events.TeamID
	}{
		{TeamsQuery{}, []events.TeamID{"t2", "t1"}},
		{TeamsQuery{Search: "out"}, []events.TeamID{"t1"}},
		{TeamsQuery{VisibleTo: "ada"}, []events.TeamID{"t2", "t1"}},
		{TeamsQuery{VisibleTo: "bob"}, []events.TeamID{"t2", "t1"}}, // in the secret one
		{TeamsQuery{VisibleTo: "cyd"}, []events.TeamID{"t1"}},
		{TeamsQuery{VisibleTo: "nobody"}, nil},
	} {
		found, err := h.Teams(t.Context(), "acme", tc.ask)
		if err != nil {
			t.Fatal(err)
		}
		var got []events.TeamID
		for _, team := range found.Items {
			got = append(got, team.ID)
			if sees := h.org("acme").SeesTeam(tc.ask.VisibleTo, team.ID); !sees {
				t.Errorf("%q must not see %s", tc.ask.VisibleTo, team.ID)
			}
		}
		if !slices.Equal(got, tc.expect) {
			t.Errorf("%+v: got %v, want %v", tc.ask, got, tc.expect)
		}
	}
	inner, err := h.TeamMembers(t.Context(), "acme", "t2", Page{})
	if err != nil {
		t.Fatal(err)
	}
	if len(inner.Items) != 1 || inner.Items[0].User != "bob" || inner.Items[0].Role != "maintainer" || inner.Items[0].Given.Event != "acme/10/0" {
		t.Errorf("members of inner: %+v", inner.Items)
	}
	on, err := h.ProjectTeams(t.Context(), "acme", "p1", ProjectTeamsQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if assigned := on.Items; len(assigned) != 1 || assigned[0].Team != "t1" || assigned[0].Role != "write" || assigned[0].Assigned.Event != "acme/12/0" {
		t.Errorf("teams of p1: %+v", assigned)
	}
}

func TestMembersAndOrganizations(t *testing.T) {
	t.Parallel()
	h := acme(t)
	h.story("beta", domain.CreateOrganization{Name: "Beta", Scheme: builtInScheme(t, "owner-member"), Owner: "bob"})
	h.by("ada", "acme", domain.ChangeMemberRole{Member: "dan", To: "admin"})
	h.settle()
	for _, tc := range []struct {
		ask  MembersQuery
		want string
	}{
		{MembersQuery{}, "[ada bob dan cyd]"}, // Á sorts after the letters of ASCII
		{MembersQuery{Role: "admin"}, "[ada dan]"},
		{MembersQuery{Search: "d"}, "[ada dan cyd]"},
		{MembersQuery{Search: "álva"}, "[cyd]"},
	} {
		found, err := h.Members(t.Context(), "acme", tc.ask)
		if err != nil {
			t.Fatal(err)
		}
		var got []events.UserID
		for _, m := range found.Items {
			got = append(got, m.User)
		}
		if fmt.Sprint(got) != tc.want {
			t.Errorf("%+v: got %v, want %v", tc.ask, got, tc.want)
		}
	}
	dan, err := h.Member(t.Context(), "acme", "dan")
	if err != nil || dan.Role != "admin" || dan.Joined.Event != "acme/4/0" || dan.Joined.By != "" || dan.Given.Event != "acme/13/0" || dan.Given.By != "ada" {
		t.Errorf("dan: %+v, %v", dan, err)
	}
	if _, err := h.Member(t.Context(), "acme", "nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	for member, want := range map[events.UserID][]Organization{
		"":    {{ID: "acme", Name: "Acme", Scheme: "github"}, {ID: "beta", Name: "Beta", Scheme: "owner-member"}},
		"bob": {{ID: "acme", Name: "Acme", Scheme: "github", Role: "member"}, {ID: "beta", Name: "Beta", Scheme: "owner-member", Role: "owner"}},
		"ada": {{ID: "acme", Name: "Acme", Scheme: "github", Role: "admin"}},
	} {
		found, err := h.Organizations(t.Context(), member, Page{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, found.Items); diff != "" {
			t.Errorf("organizations of %q: %s", member, diff)
		}
	}
}

func TestInvites(t *testing.T) {
	t.Parallel()
	h := acme(t)
	h.story("acme",
		domain.InviteMember{Invite: "i1", Email: sealed("eve@example.org"), Address: "e", Projects: []events.ProjectRole{{Project: "p1", Role: "triage"}}},
		domain.InviteMember{Invite: "i2", Email: sealed("fay@example.org"), Address: "f"},
		domain.InviteMember{Invite: "i3", Email: sealed("gus@example.org"), Address: "g"},
		domain.AcceptInvite{Invite: "i2", Member: "fay"},
		domain.RevokeInvite{Invite: "i3"},
	)
	found, err := h.Invites(t.Context(), "acme", InvitesQuery{})
	if err != nil {
		t.Fatal(err)
	}
	pending, _ := h.org("acme").Invite("i1")
	want := []Invite{{
		ID: "i1", Email: "eve@example.org", Role: "member", Projects: []events.ProjectRole{{Project: "p1", Role: "triage"}},
		Expires: &pending.Expires, Sent: originOf("acme", pending.Sent),
	}}
	if diff := cmp.Diff(want, found.Items); diff != "" {
		t.Error(diff)
	}
}

func TestAudit(t *testing.T) {
	t.Parallel()
	h := acme(t)
	h.by("ada", "acme", domain.ChangeMemberRole{Member: "dan", To: "admin"})
	h.by("dan", "acme", domain.RemoveMember{Member: "bob"})
	h.settle()
	last := h.org("acme").Last()
	for _, tc := range []struct {
		name string
		ask  AuditQuery
		want string
	}{
		{"newest first", AuditQuery{Page: Page{Limit: 2}}, "[acme/14/0 acme/13/0]"},
		{"oldest first", AuditQuery{OldestFirst: true, Page: Page{Limit: 3}}, "[acme/1/0 acme/1/1 acme/2/0]"},
		{"by actor", AuditQuery{Actor: "ada"}, "[acme/13/0]"},
		{"by the system", AuditQuery{BySystem: true, Page: Page{Limit: 1}}, "[acme/12/0]"},
		{"about a person", AuditQuery{Subject: "bob"}, "[acme/14/0 acme/10/0 acme/7/0 acme/2/0]"},
		{"about a team", AuditQuery{Subject: "t1"}, "[acme/12/0 acme/8/0]"},
		{"of types", AuditQuery{Types: []events.Type{"team.created.v1", "assignment.added.v1"}}, "[acme/12/0 acme/9/0 acme/8/0]"},
		{"since", AuditQuery{Since: last}, "[acme/14/0]"},
		{"until", AuditQuery{Until: last, Page: Page{Limit: 1}}, "[acme/13/0]"},
		{"never", AuditQuery{Since: last.Add(time.Hour)}, "[]"},
	} {
		found, err := h.Audit(t.Context(), "acme", tc.ask)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range found.Items {
			got = append(got, e.ID)
		}
		if fmt.Sprint(got) != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
	found, err := h.Audit(t.Context(), "acme", AuditQuery{Actor: "dan"})
	if err != nil {
		t.Fatal(err)
	}
	want := AuditEvent{ID: "acme/14/0", Type: "membership.removed.v1", At: last, Actor: "dan", Subject: "bob", Position: 14, Version: 14}
	if diff := cmp.Diff([]AuditEvent{want}, found.Items); diff != "" {
		t.Error(diff)
	}
}

func TestCursorsAreChecked(t *testing.T) {
	t.Parallel()
	h := deskOnly(t)
	for _, after := range []string{"?", "bm9uc2Vuc2U", cursor("one"), cursor("one", 2)} {
		if _, err := h.Members(t.Context(), "acme", MembersQuery{Page: Page{After: after}}); !errors.Is(err, ErrBadCursor) {
			t.Errorf("%q: %v", after, err)
		}
	}
}
