package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// nest is three teams below one another, each assigned somewhere.
var nest = given(hub, joined("ada", "admin"), joined("bob", "member"), joined("cyd", "member"), joined("dan", "member"),
	created("p"), created("q"), team("top", ""), team("mid", "top"), team("low", "mid"),
	entered("top", "bob", "member"), entered("low", "cyd", "maintainer"),
	assigned("top", "p", "read"), assigned("mid", "p", "write"), assigned("low", "q", "triage"))

func TestAccess(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		given   []events.Event
		user    events.UserID
		project events.ProjectID
		role    events.RoleKey
		reason  domain.Reason
		sources []string
	}{
		{name: "nobody", given: nest, user: "eve", project: "p", reason: domain.NotMember},
		{name: "nowhere", given: nest, user: "bob", project: "x", reason: domain.NoSuchProject},
		{name: "not on it", given: nest, user: "dan", project: "p", reason: domain.NotOnProject},
		{name: "an administrator is on everything", given: nest, user: "ada", project: "q", role: "admin", sources: []string{"organization admin"}},
		{name: "in the team assigned", given: nest, user: "bob", project: "p", role: "read", sources: []string{"team read top via top"}},
		{name: "a parent does not have what the child has", given: nest, user: "bob", project: "q", reason: domain.NotOnProject},
		{
			name: "a child has what its parents have, the highest counts", given: nest, user: "cyd", project: "p", role: "write",
			sources: []string{"team write mid via low", "team read top via low"},
		},
		{name: "a maintainer has what a member has", given: nest, user: "cyd", project: "q", role: "triage", sources: []string{"team triage low via low"}},
		{
			name: "the direct grant is shown first, the highest counts", given: append(nest, granted("p", "cyd", "triage")), user: "cyd", project: "p", role: "write",
			sources: []string{"direct triage", "team write mid via low", "team read top via low"},
		},
		{
			name: "a moved team leaves what it inherited", given: append(nest, events.TeamMoved{Team: "low", From: "mid"}), user: "cyd", project: "p", reason: domain.NotOnProject,
		},
		{
			name: "and takes what stands below it along", given: append(nest, team("aside", ""), assigned("aside", "p", "maintain"), events.TeamMoved{Team: "mid", From: "top", To: "aside"}),
			user: "cyd", project: "p", role: "maintain", sources: []string{"team maintain aside via low", "team write mid via low"},
		},
		{
			name: "an assignment changed above changes below", given: append(nest, events.AssignmentChanged{Team: "top", Project: "p", From: "read", To: "admin"}),
			user: "cyd", project: "p", role: "admin", sources: []string{"team admin top via low", "team write mid via low"},
		},
		{
			name: "an assignment removed above is gone below", given: append(nest, events.TeamUnassigned{Team: "mid", Project: "p"}),
			user: "cyd", project: "p", role: "read", sources: []string{"team read top via low"},
		},
		{
			name: "a new team below inherits", given: append(nest, team("new", "mid"), entered("new", "dan", "member")),
			user: "dan", project: "p", role: "write", sources: []string{"team write mid via new", "team read top via new"},
		},
		{
			name: "a removed team confers nothing", given: append(nest, events.TeamRemoved{Team: "low"}), user: "cyd", project: "p", reason: domain.NotOnProject,
		},
		{
			name: "a team that comes back is another one", given: append(nest, events.TeamRemoved{Team: "low"}, team("low", "mid")), user: "cyd", project: "p", reason: domain.NotOnProject,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := stateAfter(tc.given...)
			access := org.Access(tc.user, tc.project)
			assert.Equal(t, tc.role, access.Role)
			assert.Equal(t, tc.reason, access.Reason)
			var sources []string
			for _, s := range access.Sources {
				text := string(s.Kind) + " " + string(s.Role)
				if s.Kind == domain.ThroughTeam {
					text += " " + string(s.Team) + " via " + string(s.Via)
				}
				sources = append(sources, text)
			}
			assert.Empty(t, cmp.Diff(tc.sources, sources), "sources (-want +got)")
		})
	}
}

// TestCausesAreNamed holds that every source names the events behind it.
func TestCausesAreNamed(t *testing.T) {
	t.Parallel()
	roster := domain.Roster{}.Evolve(
		events.Entry{Organization: "acme", Version: 1, At: noon, Events: events.Facts{hub, joined("bob", "member"), created("p"), team("core", "")}},
		events.Entry{Organization: "acme", Version: 2, At: noon, Actor: "ada", Events: events.Facts{entered("core", "bob", "member")}},
		events.Entry{Organization: "acme", Version: 3, At: noon, Actor: "cyd", Events: events.Facts{created("q"), assigned("core", "p", "write")}},
	)
	source := roster.Organization("acme").Access("bob", "p").Sources[0]
	assert.Equal(t, "acme/3/1", source.ID("acme"))
	assert.EqualValues(t, "cyd", source.Actor, "who assigned the team")
	assert.Equal(t, "acme/2/0", source.Entered.ID("acme"))
	assert.EqualValues(t, "ada", source.Entered.Actor, "who let them into the team")
	promoted := roster.Evolve(events.Entry{Organization: "acme", Version: 4, At: noon, Actor: "eve", Events: events.Facts{
		events.RoleChanged{Member: "bob", From: "member", To: "admin"},
		granted("p", "bob", "read"),
		events.ProjectRoleChanged{Project: "p", Member: "bob", From: "read", To: "write"},
		events.AssignmentChanged{Team: "core", Project: "p", From: "write", To: "read"},
		events.AssignmentEndChanged{Team: "core", Project: "p", To: noon.AddDate(1, 0, 0)},
	}}).Organization("acme")
	var ids []string
	for _, source := range promoted.Access("bob", "p").Sources {
		ids = append(ids, source.ID("acme"))
	}
	assert.Empty(t, cmp.Diff([]string{"acme/4/2", "acme/4/0", "acme/4/3"}, ids), "causes")
	bob, _ := promoted.Member("bob")
	assert.Equal(t, "acme/1/1", bob.Joined.ID("acme"), "the event that let bob in")
	assert.Equal(t, "acme/4/0", bob.RoleGiven.ID("acme"), "the event that gave bob the role")
}

func TestLevels(t *testing.T) {
	t.Parallel()
	org := stateAfter(append(nest, granted("p", "dan", "triage"))...)
	want := events.Levels{"code": "view", "issues": "full", "maintenance": "none", "settings": "none", "members": "none"}
	assert.Empty(t, cmp.Diff(want, org.Access("dan", "p").Levels()), "levels of triage")
	for _, tc := range []struct {
		user       events.UserID
		permission events.PermissionKey
		level      events.Level
		want       bool
		fails      bool
	}{
		{"dan", "code", "view", true, false},
		{"dan", "code", "full", false, false},
		{"dan", "code", "", false, false},
		{"dan", "issues", "", true, false},
		{"cyd", "code", "full", true, false},
		{"eve", "code", "view", false, false},
		{"dan", "flying", "", false, true},
		{"dan", "code", "on", false, true},
	} {
		got, err := org.Allows(tc.user, "p", tc.permission, tc.level)
		assert.Equal(t, tc.want, got, "Allows(%s, %s, %q)", tc.user, tc.permission, tc.level)
		assert.Equal(t, tc.fails, err != nil, "Allows(%s, %s, %q)", tc.user, tc.permission, tc.level)
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	org := stateAfter(append(nest, granted("p", "cyd", "triage"))...)
	for _, tc := range []struct {
		user    events.UserID
		project events.ProjectID
		want    []string
	}{
		{"cyd", "p", []string{
			"cyd is write on p: direct (triage), granted 2026-03-02 by the system",
			"via team mid (write), assigned 2026-03-02 by the system; inherited by team low, in that team since 2026-03-02 by the system",
		}},
		{"ada", "q", []string{"ada is admin on q: through a role of the organization (admin), held since 2026-03-02 by the system"}},
		{"eve", "p", []string{"eve has no access to p", "invite them to the organization first"}},
		{"dan", "p", []string{"dan has no access to p", "add them to the project", "put them into a team", "make them admin of the organization"}},
		{"dan", "x", []string{"there is no such project"}},
	} {
		got := org.Explain(tc.user, tc.project, org.Access(tc.user, tc.project), nil)
		for _, want := range tc.want {
			assert.Contains(t, got, want, "does not say %q", want)
		}
	}
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	private := stateAfter(append(nest, events.TeamDescribed{Team: "top", Privacy: events.Secret})...)
	open := stateAfter(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"))
	suspended := private.Evolve(events.Recorded{Event: events.MemberDeactivated{Member: "bob"}})
	closed := open.Evolve(events.Recorded{Event: events.MemberDeactivated{Member: "bob"}})
	for _, tc := range []struct {
		name string
		got  bool
		want bool
	}{
		{"on the project", private.SeesProject("bob", "p"), true},
		{"not on the project", private.SeesProject("dan", "p"), false},
		{"an administrator", private.SeesProject("ada", "q"), true},
		{"the system", private.SeesProject("", "p"), true},
		{"what is not there", private.SeesProject("", "x"), false},
		{"every member where the scheme says so", open.SeesProject("bob", "p"), true},
		{"a stranger never", open.SeesProject("eve", "p"), false},
		{"in the secret team", private.SeesTeam("bob", "top"), true},
		{"not in the secret team", private.SeesTeam("cyd", "top"), false},
		{"who manages teams", private.SeesTeam("ada", "top"), true},
		{"the system", private.SeesTeam("", "top"), true},
		{"a closed team", private.SeesTeam("dan", "mid"), true},
		{"a stranger", private.SeesTeam("eve", "mid"), false},
		{"somebody suspended in the team", suspended.SeesTeam("bob", "top"), false},
		{"nor the project", suspended.SeesProject("bob", "p"), false},
		{"nor what every member sees", closed.SeesProject("bob", "p"), false},
	} {
		assert.Equal(t, tc.want, tc.got, "%s: sees %v", tc.name, tc.got)
	}
}

func TestRoleNotices(t *testing.T) {
	t.Parallel()
	left, removed := events.TeamMemberRemoved{Team: "top", Member: "bob"}, events.TeamMemberRemoved{Team: "low", Member: "cyd"}
	changed := func(user events.UserID, from, to events.RoleKey) events.Event {
		return events.ProjectRoleChanged{Project: "p", Member: user, From: from, To: to}
	}
	for _, tc := range []struct {
		name     string
		happened events.Facts
		want     []string
	}{
		{"an assignment changes for everybody below", events.Facts{events.AssignmentChanged{Team: "top", Project: "p", From: "read", To: "maintain"}}, []string{"bob p read maintain", "cyd p write maintain"}},
		{"a hidden change is none", events.Facts{events.AssignmentChanged{Team: "top", Project: "p", From: "read", To: "triage"}}, []string{"bob p read triage"}},
		{"promotion", events.Facts{events.RoleChanged{Member: "bob", From: "member", To: "admin"}}, []string{"bob  member admin", "bob p read admin"}},
		{"coming is no change of role", events.Facts{joined("eve", "member")}, nil},
		{"going is no change of role", events.Facts{events.MemberRemoved{Member: "bob"}}, nil},
		{"being added is no change of role", events.Facts{granted("p", "dan", "read")}, nil},
		{"a direct grant above the team's", events.Facts{granted("p", "bob", "admin")}, []string{"bob p read admin"}},
		{"a grant in place of the team's, with the same role", events.Facts{left, granted("p", "bob", "read")}, nil},
		{"a grant in place of the team's, given before", events.Facts{granted("p", "bob", "read"), left}, nil},
		{"a lower grant in place of the team's", events.Facts{removed, granted("p", "cyd", "triage")}, []string{"cyd p write triage"}},
		{"a higher grant in place of the team's", events.Facts{left, granted("p", "bob", "admin")}, []string{"bob p read admin"}},
		{"several changes in one command", events.Facts{granted("p", "bob", "triage"), changed("bob", "triage", "admin"), changed("bob", "admin", "write")}, []string{"bob p read write"}},
		{"a change and back in one command", events.Facts{granted("p", "bob", "admin"), events.ProjectMemberRemoved{Project: "p", Member: "bob"}}, nil},
		{"coming and a change in one command", events.Facts{granted("p", "dan", "read"), changed("dan", "read", "write")}, nil},
		{"going after a change in one command", events.Facts{granted("p", "bob", "admin"), events.MemberRemoved{Member: "bob"}}, nil},
		{"a role in the team confers nothing", events.Facts{events.TeamRoleChanged{Team: "low", Member: "cyd", From: "maintainer", To: "member"}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			before := stateAfter(nest...)
			var got []string
			ids := map[string]bool{}
			for notice := range domain.RoleNotices(before.At(noon), &events.Entry{Version: 99, At: noon, Events: tc.happened}, 7) {
				got = append(got, strings.Join([]string{string(notice.User), string(notice.Project), string(notice.From), string(notice.To)}, " "))
				ids[notice.ID] = true
			}
			sortStrings := cmp.Transformer("sorted", sorted)
			assert.Empty(t, cmp.Diff(tc.want, got, sortStrings))
			assert.Len(t, ids, len(got), "two notices have one id")
		})
	}
}

// TestAllSourcesKeepsWhatIsNotInEffect holds that a source is listed before its start and after its end, whether or
// not that is recorded, and that there is none of a person or on a project that does not exist.
func TestAllSourcesKeepsWhatIsNotInEffect(t *testing.T) {
	t.Parallel()
	ending := events.ProjectMemberAdded{Project: "p", Member: "dan", Role: "triage", Until: noon.Add(time.Hour)}
	org := stateAfter(append(nest, ending)...).At(noon.Add(2 * time.Hour))
	assert.Empty(t, org.Access("dan", "p").Role)
	sources := org.AllSources("dan", "p")
	require.Len(t, sources, 1)
	assert.Equal(t, domain.Direct, sources[0].Kind)
	assert.EqualValues(t, "triage", sources[0].Role)
	assert.Len(t, org.Evolve(events.Recorded{Event: events.ProjectMembershipEnded{Project: "p", Member: "dan", Until: ending.Until}}).AllSources("dan", "p"), 1, "its end is recorded")
	starting := events.ProjectMemberAdded{Project: "p", Member: "dan", Role: "triage", From: noon.Add(time.Hour)}
	assert.Len(t, stateAfter(append(nest, starting)...).At(noon).AllSources("dan", "p"), 1, "it has not started")
	assert.Empty(t, org.AllSources("dan", "x"), "no such project")
	assert.Empty(t, org.AllSources("eve", "p"), "not a member")
}
