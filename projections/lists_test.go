package projections

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// soon is an end that was stated long ago and has passed.
var soon = longAgo.AddDate(1, 0, 0)

// past gives commands of the system as of long ago.
func (h *house) past(org events.OrganizationID, commands ...domain.Command) {
	h.t.Helper()
	at := longAgo
	if last := h.org(org).Last(); last.After(at) {
		at = last
	}
	for _, c := range commands {
		at = at.Add(time.Minute)
		if _, err := h.tryAt(events.System, org, c, at); err != nil {
			h.t.Fatalf("%#v: %v", c, err)
		}
	}
	h.settle()
}

// studio is an organization under the scheme agency, with a project p: ada made it,
// bob and dan have grants, cyd and dan come with the team Makers. Suspended is cyd,
// and ended have eve's membership and what gave fay access.
func studio(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.past("studio",
		domain.CreateOrganization{Name: "Studio", Scheme: builtInScheme(t, "agency"), Owner: "ada"},
		domain.AddMember{Member: "bob", Role: "manager", Name: sealed("Bob Byte"), Email: sealed("bob@example.org"), Address: "b"},
		domain.AddMember{Member: "cyd", Role: "developer"},
		domain.AddMember{Member: "dan", Role: "client", Name: sealed("Dan")},
		domain.AddMember{Member: "eve", Role: "client", Until: soon},
		domain.AddMember{Member: "fay", Role: "developer"},
	)
	if _, err := h.tryAt("ada", "studio", domain.CreateProject{Project: "p", Name: "P"}, h.org("studio").Last()); err != nil {
		t.Fatal(err)
	}
	h.past("studio",
		domain.CreateTeam{Team: "t", Name: "Makers", Colour: "#112233"},
		domain.CreateTeam{Team: "u", Name: "Sellers"},
		domain.AddTeamMember{Team: "t", Member: "cyd"},
		domain.AddTeamMember{Team: "t", Member: "dan"},
		domain.AddTeamMember{Team: "u", Member: "eve"},
		domain.AddTeamMember{Team: "u", Member: "fay"},
		domain.AssignTeam{Team: "t", Project: "p"},
		domain.AssignTeam{Team: "u", Project: "p", Until: soon},
		domain.AddProjectMember{Project: "p", Member: "bob", Role: "manager", Until: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)},
		domain.AddProjectMember{Project: "p", Member: "dan", Role: "developer"},
		domain.SetOverride{Project: "p", Member: "dan", Permission: "data", Level: "full"},
		domain.DeactivateMember{Member: "cyd"},
	)
	return h
}

func TestPeopleAndTeamsOfAProject(t *testing.T) {
	t.Parallel()
	h := studio(t)
	for _, tc := range []struct {
		search string
		people string
		teams  string
	}{
		{"", "[ada:agency_owner:active bob:manager:active dan:developer:active]", "[Makers]"},
		{"byte", "[bob:manager:active]", "[]"},
		{"MANAGER", "[bob:manager:active]", "[]"},
		{"develop", "[dan:developer:active]", "[Makers]"},
		{"dan", "[dan:developer:active]", "[Makers]"},
		{"maker", "[]", "[Makers]"},
		{"cyd", "[]", "[]"},
		{"agency owner", "[ada:agency_owner:active]", "[]"},
	} {
		people, err := h.ProjectMembers(t.Context(), "studio", "p", ProjectMembersQuery{Search: tc.search})
		if err != nil {
			t.Fatal(err)
		}
		teams, err := h.ProjectTeams(t.Context(), "studio", "p", ProjectTeamsQuery{Search: tc.search})
		if err != nil {
			t.Fatal(err)
		}
		if got := standings(people.Items); got != tc.people {
			t.Errorf("%q finds %s, want %s", tc.search, got, tc.people)
		}
		if got := fmt.Sprint(each(teams.Items, func(p ProjectTeam) string { return p.Name })); got != tc.teams {
			t.Errorf("%q finds the teams %s, want %s", tc.search, got, tc.teams)
		}
		if want := (ProjectCounts{People: 3, Direct: 3, Teams: 1}); *people.Counts != want {
			t.Errorf("%+v, want %+v", *people.Counts, want)
		}
	}
	off, err := h.ProjectMembers(t.Context(), "studio", "p", ProjectMembersQuery{Inactive: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := standings(off.Items), "[cyd:developer:deactivated eve:client:ended fay:developer:ended]"; got != want {
		t.Errorf("inactive are %s, want %s", got, want)
	}
	if cyd := off.Items[0]; cyd.Levels != nil || !slices.Equal(cyd.Badges, []Badge{DeactivatedBadge}) {
		t.Errorf("cyd is %+v", cyd)
	}
	teams, err := h.ProjectTeams(t.Context(), "studio", "p", ProjectTeamsQuery{Inactive: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(teams.Items) != 1 || teams.Items[0].Team != "u" || !teams.Items[0].Until.Equal(soon) {
		t.Errorf("ended are %+v", teams.Items)
	}
	could, err := h.Candidates(t.Context(), "studio", "p", CandidatesQuery{Search: "f"})
	if err != nil {
		t.Fatal(err)
	}
	if got := each(could.Items, func(c Candidate) events.UserID { return c.User }); !slices.Equal(got, []events.UserID{"fay"}) {
		t.Errorf("candidates are %v", got)
	}
}

func standings(people []ProjectMember) string {
	return fmt.Sprint(each(people, func(m ProjectMember) string { return fmt.Sprintf("%s:%s:%s", m.User, m.Role, m.Status) }))
}

func TestOnePersonOnAProject(t *testing.T) {
	t.Parallel()
	h := studio(t)
	on, err := h.ProjectMembers(t.Context(), "studio", "p", ProjectMembersQuery{})
	if err != nil {
		t.Fatal(err)
	}
	ada, bob, dan := on.Items[0], on.Items[1], on.Items[2]
	if !slices.Equal(ada.Badges, []Badge{ProtectedBadge, CreatorBadge}) || ada.Sources[0].Kind != domain.Creator || ada.OrganizationRole != "owner" {
		t.Errorf("ada is %+v", ada)
	}
	if bob.Until == nil || bob.Until.Year() != 2999 || bob.Badges != nil {
		t.Errorf("bob is %+v", bob)
	}
	access := h.org("studio").At(time.Now()).Access("dan", "p")
	origin := originOf("studio", access.Overrides[0].Origin)
	if diff := cmp.Diff([]Override{{Permission: "data", Level: "full", Instead: "view", Origin: origin}}, dan.Overrides); diff != "" {
		t.Error(diff)
	}
	if len(dan.Sources) != 2 || dan.Sources[1].TeamName != "Makers" || dan.Sources[1].Role != "client" || dan.Until != nil || !dan.Since.Equal(access.Since()) {
		t.Errorf("dan is %+v", dan)
	}
	if dan.Levels["data"] != "full" || dan.Levels["comment"] != "on" {
		t.Errorf("dan's levels are %v", dan.Levels)
	}
	h.story("studio", domain.ArchiveProject{Project: "p"})
	frozen, err := h.Access(t.Context(), "studio", "dan", "p")
	if err != nil || !frozen.ReadOnly || frozen.Level("data") != "view" || frozen.Level("comment") != "off" {
		t.Errorf("archived, dan has %v, %v", frozen.Levels(), err)
	}
	for _, archived := range []bool{true, false} {
		found, err := h.Projects(t.Context(), "studio", ProjectsQuery{Archived: &archived})
		if err != nil || len(found.Items) == 1 != archived {
			t.Errorf("archived %v: %+v, %v", archived, found.Items, err)
		}
	}
}

func TestMembersHaveAStatus(t *testing.T) {
	t.Parallel()
	h := studio(t)
	for status, want := range map[Status]string{
		"": "[ada:1 bob:1 cyd:0 dan:1 eve:0 fay:0]", Active: "[ada:1 bob:1 dan:1 fay:0]", Deactivated: "[cyd:0]", Ended: "[eve:0]",
	} {
		found, err := h.Members(t.Context(), "studio", MembersQuery{Status: status})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(found.Items, func(a, b Member) int { return len(a.User) - len(b.User) })
		got := each(found.Items, func(m Member) string { return fmt.Sprint(m.User, ":", m.Projects) })
		slices.Sort(got)
		if fmt.Sprint(got) != want {
			t.Errorf("%q: %v, want %s", status, got, want)
		}
	}
	for user, orgs := range map[events.UserID]int{"dan": 1, "cyd": 0, "eve": 0} {
		found, err := h.Organizations(t.Context(), user, Page{})
		if err != nil || len(found.Items) != orgs {
			t.Errorf("%s is in %+v, %v", user, found.Items, err)
		}
	}
	known, err := h.People(t.Context(), "studio", []events.UserID{"bob", "cyd", "nobody"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[events.UserID]Person{"bob": {User: "bob", Login: "bob", Name: "Bob Byte", Email: "bob@example.org"}, "cyd": {User: "cyd", Login: "cyd"}}
	if diff := cmp.Diff(want, known, cmpopts.IgnoreUnexported(Person{})); diff != "" {
		t.Error(diff)
	}
	inside, err := h.TeamMembers(t.Context(), "studio", "t", Page{})
	if err != nil || inside.Items[0].Status != Deactivated || inside.Items[1].Status != Active {
		t.Errorf("in the team are %+v, %v", inside.Items, err)
	}
	teams, err := h.Teams(t.Context(), "studio", TeamsQuery{})
	if err != nil || teams.Items[0].Colour != "#112233" || teams.Items[0].Members != 2 {
		t.Errorf("teams are %+v, %v", teams.Items, err)
	}
	if seen, err := h.Projects(t.Context(), "studio", ProjectsQuery{VisibleTo: "cyd"}); err != nil || len(seen.Items) != 0 {
		t.Errorf("who is suspended sees %+v, %v", seen.Items, err)
	}
}

func TestInvitesSayWhatTheyOffer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	later := time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)
	offered := []events.ProjectRole{{Project: "p", Role: "member", Levels: events.Levels{"AI_AGENTS": "view"}}}
	h.past("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "scoped"), Owner: "ada"},
		domain.CreateProject{Project: "p", Name: "P"},
		domain.AddMember{Member: "bob", Role: "member", Levels: events.Levels{"MEMBERS": "view"}},
		domain.InviteMember{Invite: "old", Email: sealed("x@example.org"), Address: "x"},
	)
	h.story("acme", domain.InviteMember{
		Invite: "new", Email: sealed("gus@example.org"), Address: "g", Member: "gus", Role: "member",
		Levels: events.Levels{"BILLING": "full"}, Until: later, Projects: offered,
	})
	for before, want := range map[time.Time]string{{}: "[new old]", soon: "[old]"} {
		found, err := h.Invites(t.Context(), "acme", InvitesQuery{SentBefore: before})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(each(found.Items, func(i Invite) string { return string(i.ID) })); got != want {
			t.Errorf("sent before %s: %s, want %s", before, got, want)
		}
		if !before.IsZero() {
			continue
		}
		is := found.Items[0]
		should := Invite{
			ID: "new", Email: "gus@example.org", User: "gus", Role: "member", Levels: events.Levels{"BILLING": "full"}, Until: &later, Projects: offered,
		}
		if diff := cmp.Diff(should, is, cmpopts.IgnoreFields(Invite{}, "Expires", "Sent")); diff != "" {
			t.Error(diff)
		}
	}
	if access, err := h.Access(t.Context(), "acme", "gus", "p"); err != nil || access.Reason != domain.Invited {
		t.Errorf("gus: %+v, %v", access, err)
	}
	bob, err := h.Member(t.Context(), "acme", "bob")
	if err != nil || bob.Levels["MEMBERS"] != "view" || bob.Levels["BILLING"] != "none" || len(bob.OwnLevels) != 1 {
		t.Errorf("bob is %+v, %v", bob, err)
	}
	ada, err := h.Member(t.Context(), "acme", "ada")
	if err != nil || ada.Levels["BILLING"] != "full" || ada.Projects != 1 {
		t.Errorf("ada is %+v, %v", ada, err)
	}
}

func TestPublicLinkIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.story("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "owner-member"), Owner: "ada"},
		domain.CreateProject{Project: "p", Name: "P"}, domain.CreateProject{Project: "q", Name: "Q"},
		domain.TurnOnPublicLink{Project: "p", Nonce: "n", Token: events.Sum([]byte("secret"))},
		domain.ArchiveOrganization{},
	)
	found, err := h.Projects(t.Context(), "acme", ProjectsQuery{})
	if err != nil || !*found.Items[0].PublicLink || *found.Items[1].PublicLink {
		t.Errorf("got %+v, %v", found.Items, err)
	}
	all, err := h.Organizations(t.Context(), "", Page{})
	if err != nil || !all.Items[0].Archived {
		t.Errorf("got %+v, %v", all.Items, err)
	}
}
