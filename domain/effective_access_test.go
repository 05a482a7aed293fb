package domain_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestEffectiveAccess has rows for each step of the definition. What is seen is the
// reason, the role, levels of text, people and publish, the sources as they are shown,
// and the overrides that changed something.
func TestEffectiveAccess(t *testing.T) {
	t.Parallel()
	named := events.MemberInvited{Invite: "i", Role: "member", Address: "h", Member: "eve", Expires: soon}
	old := named
	old.Expires = past
	until := func(end time.Time) events.Event {
		return events.ProjectMemberAdded{Project: "p", Member: "hal", Role: "maker", Until: end}
	}
	inTeam := so(staff, team("core", ""), entered("core", "hal", "hand"), assigned("core", "p", "guide"))
	own := func(role events.RoleKey, levels events.Levels) events.Event {
		return events.ProjectMemberAdded{Project: "p", Member: "hal", Role: role, Levels: levels}
	}
	instead := staffed(func(s *events.Scheme) { projectRole(s, "guide").OwnLevels = events.Instead })
	override := func(user events.UserID, p events.PermissionKey, l events.Level) events.Event {
		return events.OverrideSet{Project: "p", Member: user, Permission: p, Level: l}
	}
	may := func(d events.OverrideDirection) func(*events.Scheme) {
		return func(s *events.Scheme) { s.Overrides.May = d }
	}
	off := func(s *events.Scheme) { s.Overrides.On = false }
	lowBypass := func(s *events.Scheme) { organizationRole(s, "chief").AllProjects = "guest" }
	for _, tc := range []struct {
		name  string
		given []events.Event
		user  events.UserID
		want  string
	}{
		{"1: not a member", staff, "eve", "not_a_member"},
		{"1: invited by name", so(staff, named), "eve", "invited"},
		{"1: an invite that has expired is none", so(staff, old), "eve", "not_a_member"},
		{"1: revoked is none either", so(staff, named, events.InviteRevoked{Invite: "i"}), "eve", "not_a_member"},
		{"1: suspended, whatever one is on", so(staff, events.MemberDeactivated{Member: "mia"}), "mia", "deactivated"},
		{"1: suspended before ended", so(staff, events.MemberDeactivated{Member: "max"}, events.MemberEndChanged{Member: "max", To: past}), "max", "deactivated"},
		{"1: back again", so(staff, events.MemberDeactivated{Member: "mia"}, events.MemberReactivated{Member: "mia"}), "mia", "lead full full on: creator lead"},
		{"1: ended at this very moment", so(staff, events.MemberEndChanged{Member: "max", To: noon}), "max", "membership_ended"},
		{"1: not a moment sooner", so(staff, events.MemberEndChanged{Member: "max", To: noon.Add(time.Microsecond)}), "max", "guest none none off: direct guest"},
		{"1: who has no access hears of no project", so(staff, events.ProjectDeleted{Project: "p"}), "eve", "not_a_member"},
		{"1: who has hears that there is none", so(staff, events.ProjectDeleted{Project: "p"}), "max", "no_such_project"},
		{"2: no source", staff, "hal", "not_on_the_project"},
		{"2: a grant", staff, "cleo", "guide view full off: direct guide"},
		{"2: the creator's", staff, "mia", "lead full full on: creator lead"},
		{"2: a role of the organization", staff, "olga", "lead full full on: organization lead"},
		{"2: with a bypass", staff, "chip", "lead full full on: organization lead bypass"},
		{"2: bypassing gives everything whatever the role", staffed(lowBypass), "chip", "guest full full on: organization guest bypass"},
		{"2: a team", inTeam, "hal", "guide view full off: team guide core via core"},
		{"2: a role of no rank", so(staff, events.RoleDefined{Kind: onProject, Role: events.Role{Key: "pen"}}, granted("p", "hal", "pen")), "hal", "pen none none off: direct pen"},
		{"2: the default of a member's role", so(staffed(func(s *events.Scheme) { s.Teams.Confer = events.MembersDefault }), team("core", ""), entered("core", "hal", "hand"), assigned("core", "p", "")), "hal", "guest none none off: team guest core via core"},
		{"3: the highest role, level by level", so(inTeam, granted("p", "hal", "maker")), "hal", "maker full full off: direct maker, team guide core via core"},
		{"3: direct is shown first, though it is lower", so(inTeam, granted("p", "hal", "guest")), "hal", "guide view full off: direct guest, team guide core via core"},
		{"3: then as creator, then by the organization, then by teams", so(staff, joined("otto", "owner"), creator("p", "otto", "guest"), team("core", ""), entered("core", "otto", "hand"), assigned("core", "p", "maker")), "otto", "lead full full on: creator guest, organization lead, team maker core via core"},
		{"3: teams by rank, then by name", so(inTeam, team("ops", ""), entered("ops", "hal", "hand"), assigned("ops", "p", "maker"), team("all", ""), entered("all", "hal", "hand"), assigned("all", "p", "guide")), "hal", "maker full full off: team maker ops via ops, team guide all via all, team guide core via core"},
		{"3: own levels on top", so(staff, own("guest", events.Levels{"text": "view"})), "hal", "guest view none off: direct guest"},
		{"3: own levels instead", so(instead, own("guide", events.Levels{"text": "full"})), "hal", "guide full none off: direct guide"},
		{"3: none of one's own leave the role's", so(instead, own("guide", nil)), "hal", "guide view full off: direct guide"},
		{"3: a role without them ignores them", so(staff, own("guide", events.Levels{"text": "full"})), "hal", "guide view full off: direct guide"},
		{"4: raised", so(staff, override("max", "text", "view")), "max", "guest view none off: direct guest; text view instead of none"},
		{"4: lowered", so(staff, override("cleo", "people", "none")), "cleo", "guide view none off: direct guide; people none instead of full"},
		{"4: switched", so(staff, override("max", "publish", "on")), "max", "guest none none on: direct guest; publish on instead of off"},
		{"4: changing nothing", so(staff, override("max", "text", "none")), "max", "guest none none off: direct guest"},
		{"4: in the order of their keys", so(staff, override("max", "text", "view"), override("max", "people", "view")), "max", "guest view view off: direct guest; people view instead of none; text view instead of none"},
		{"4: not for who bypasses", so(staff, override("chip", "text", "none")), "chip", "lead full full on: organization lead bypass"},
		{"4: not without a source", so(staff, override("hal", "text", "full")), "hal", "not_on_the_project"},
		{"4: cleared", so(staff, override("max", "text", "view"), events.OverrideCleared{Project: "p", Member: "max", Permission: "text"}), "max", "guest none none off: direct guest"},
		{"4: raising only", so(staffed(may(events.RaiseOnly)), override("cleo", "people", "none"), override("cleo", "text", "full")), "cleo", "guide full full off: direct guide; text full instead of view"},
		{"4: lowering only", so(staffed(may(events.LowerOnly)), override("cleo", "people", "none"), override("cleo", "text", "full")), "cleo", "guide view none off: direct guide; people none instead of full"},
		{"4: not where there are none", so(staffed(off), override("max", "text", "view")), "max", "guest none none off: direct guest"},
		{"5: a grant that ended at this very moment", so(staff, until(noon)), "hal", "not_on_the_project"},
		{"5: a moment before", so(staff, until(noon.Add(time.Microsecond))), "hal", "maker full none off: direct maker"},
		{"5: an assignment that ended", so(inTeam, events.AssignmentEndChanged{Team: "core", Project: "p", To: noon}), "hal", "not_on_the_project"},
		{"5: what is left", so(inTeam, until(noon)), "hal", "guide view full off: team guide core via core"},
		{"archived: nothing is changed", so(staff, events.ProjectArchived{Project: "p"}), "mia", "lead view view off: creator lead; read only"},
		{"archived: not by who bypasses either", so(staff, events.OrganizationArchived{}), "chip", "lead view view off: organization lead bypass; read only"},
		{"archived: an override raises to no more", so(staff, override("max", "text", "full"), events.ProjectArchived{Project: "p"}), "max", "guest view none off: direct guest; text full instead of none; read only"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			access := stateAfter(tc.given...).At(noon).Access(tc.user, "p")
			assert.Equal(t, tc.want, seen(access))
		})
	}
}

func seen(a domain.Access) string {
	if a.Reason != "" {
		return string(a.Reason)
	}
	var sources []string
	for _, s := range a.Sources {
		text := fmt.Sprintf("%s %s", s.Kind, s.Role)
		if s.Team != "" {
			text += fmt.Sprintf(" %s via %s", s.Team, s.Via)
		}
		if s.Bypass {
			text += " bypass"
		}
		sources = append(sources, text)
	}
	text := fmt.Sprintf("%s %s %s %s: %s", a.Role, a.Level("text"), a.Level("people"), a.Level("publish"), strings.Join(sources, ", "))
	for _, o := range a.Overrides {
		text = fmt.Sprintf("%s; %s %s instead of %s", text, o.Permission, o.Level, o.Replaced)
	}
	if a.ReadOnly {
		text += "; read only"
	}
	return text
}

func TestInOrganization(t *testing.T) {
	t.Parallel()
	onTop := staffed(func(s *events.Scheme) { organizationRole(s, "helper").OwnLevels = events.OnTop })
	for _, tc := range []struct {
		name  string
		given []events.Event
		user  events.UserID
		want  string
	}{
		{"a role's levels", staff, "cleo", "clerk full view off"},
		{"a bypass", staff, "chip", "chief full full on"},
		{"own levels instead", so(staff, events.MemberLevelsChanged{Member: "hal", To: events.Levels{"money": "full"}}), "hal", "helper none full off"},
		{"own levels on top", so(onTop, events.MemberLevelsChanged{Member: "hal", To: events.Levels{"money": "full"}}), "hal", "helper view full off"},
		{"none of one's own", so(staff, events.MemberLevelsChanged{Member: "hal"}), "hal", "helper view none off"},
		{"nobody", staff, "eve", "not_a_member"},
		{"suspended", so(staff, events.MemberDeactivated{Member: "cleo"}), "cleo", "deactivated"},
		{"archived", so(staff, events.OrganizationArchived{}), "olga", "owner view view off"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a := stateAfter(tc.given...).At(noon).InOrganization(tc.user)
			got := string(a.Reason)
			if got == "" {
				got = fmt.Sprintf("%s %s %s %s", a.Role, a.Level("people"), a.Level("money"), a.Level("seal"))
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

// TestEndsAreOnSources holds what a source says of itself.
func TestEndsAreOnSources(t *testing.T) {
	t.Parallel()
	levels := events.Levels{"text": "view"}
	org := stateAfter(so(staff, events.ProjectMemberAdded{Project: "p", Member: "hal", Role: "guest", Levels: levels, Until: soon},
		team("core", ""), entered("core", "hal", "hand"), events.TeamAssigned{Team: "core", Project: "p", Role: "guide", Until: soon.Add(time.Microsecond)},
		events.MemberEndChanged{Member: "chip", To: soon.Add(2 * time.Microsecond)})...).At(noon)
	hal := org.Access("hal", "p").Sources
	assert.WithinDuration(t, soon, hal[0].Until, 0)
	assert.WithinDuration(t, soon.Add(time.Microsecond), hal[1].Until, 0)
	assert.Empty(t, cmp.Diff(levels, hal[0].Levels))
	assert.Nil(t, hal[1].Levels)
	chip := org.Access("chip", "p").Sources
	assert.WithinDuration(t, soon.Add(2*time.Microsecond), chip[0].Until, 0)
	assert.EqualValues(t, 3, chip[0].Version)
}

func TestJudge(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, granted("p", "hal", "maker"), team("core", ""), entered("core", "hal", "hand"), assigned("core", "p", "guide"),
		events.OverrideSet{Project: "p", Member: "max", Permission: "text", Level: "view"})...).At(noon)
	lower := stateAfter(staffed(func(s *events.Scheme) { s.Overrides.May = events.LowerOnly })...).At(noon)
	for _, tc := range []struct {
		name       string
		org        domain.Organization
		user       events.UserID
		permission events.PermissionKey
		level      events.Level
		want       string
		err        error
	}{
		{name: "held by one source of two", org: org, user: "hal", permission: "text", level: "full", want: "full of full true by [maker] roles [maker lead] overridable true"},
		{name: "less is held by the one that gives it", org: org, user: "hal", permission: "text", level: "view", want: "full of view true by [maker] roles [guide maker lead] overridable true"},
		{name: "not held", org: org, user: "cleo", permission: "text", want: "view of full false by [guide] roles [maker lead] overridable true"},
		{name: "by an override", org: org, user: "max", permission: "text", level: "view", want: "view of view true by [] roles [guide maker lead] overridable true override view instead of none"},
		{name: "by nothing", org: org, user: "max", permission: "people", level: "none", want: "none of none true by [] roles [guest guide maker lead] overridable true"},
		{name: "the highest of a switch", org: org, user: "mia", permission: "publish", want: "on of on true by [lead] roles [lead] overridable true"},
		{name: "overrides that only lower help nobody", org: lower, user: "max", permission: "text", want: "none of full false by [] roles [maker lead] overridable false"},
		{name: "no such permission", org: org, user: "max", permission: "money", err: domain.ErrUnknownPermission},
		{name: "no such level", org: org, user: "max", permission: "publish", level: "full", err: domain.ErrUnknownPermission},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v, err := tc.org.CheckPermission(tc.org.Access(tc.user, "p"), tc.permission, tc.level)
			require.ErrorIs(t, err, tc.err)
			if err != nil {
				return
			}
			var by []events.RoleKey
			for _, s := range v.By {
				by = append(by, s.Role)
			}
			got := fmt.Sprintf("%s of %s %v by %v roles %v overridable %v", v.Held, v.Wanted, v.Allowed, by, v.Roles, v.Overridable)
			if v.Override != nil {
				got += fmt.Sprintf(" override %s instead of %s", v.Override.Level, v.Override.Replaced)
			}
			assert.Equal(t, tc.want, got)
		})
	}
}

// TestNothingIsThereYet asks of an organization that nobody has created.
func TestNothingIsThereYet(t *testing.T) {
	t.Parallel()
	org := domain.Roster{}.Organization("acme")
	access := org.Access("ada", "p")
	assert.Equal(t, domain.NotMember, access.Reason)
	assert.False(t, org.Sees("ada"), "%+v", access)
	assert.False(t, org.Sees(""), "%+v", access)
	for _, nowhere := range []domain.Organization{org, {}} {
		allowed, err := nowhere.Allows("ada", "p", "text", "")
		assert.False(t, allowed)
		assert.NoError(t, err)
	}
}

// TestManySources has more of everything than is looked through one by one.
func TestManySources(t *testing.T) {
	t.Parallel()
	const many = 20
	var happened []events.Event
	for i := range many {
		happened = append(happened, created(projectID(i)), team(teamID(i), ""), entered(teamID(i), "hal", "hand"), assigned(teamID(i), "p", "guest"))
		if i%2 == 0 {
			happened = append(happened, granted(projectID(i), "hal", "guide"))
		}
	}
	org := stateAfter(so(staff, happened...)...)
	for i := range many {
		got, want := org.Access("hal", projectID(i)).Role, []events.RoleKey{"guide", ""}[i%2]
		assert.Equal(t, want, got, "hal on %s", projectID(i))
	}
	assert.Len(t, org.Access("hal", "p").Sources, many)
	less := org.Evolve(events.Recorded{Event: events.ProjectMemberRemoved{Project: projectID(4), Member: "hal"}}).
		Evolve(events.Recorded{Event: events.TeamMemberRemoved{Team: teamID(4), Member: "hal"}})
	assert.Equal(t, domain.NotOnProject, less.Access("hal", projectID(4)).Reason, "hal after a removal")
	assert.Len(t, less.Access("hal", "p").Sources, many-1, "hal after a removal")
}
