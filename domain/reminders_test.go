package domain_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// withOwnLevels creates an organization under the scheme github in which holders of a role on a project may carry levels of their own on top.
func withOwnLevels(role events.RoleKey) events.OrganizationCreated {
	s := builtInScheme("github").Scheme
	s.ProjectRoles = slices.Clone(s.ProjectRoles)
	projectRole(&s, role).OwnLevels = events.OnTop
	return events.OrganizationCreated{Name: "Acme", Scheme: s}
}

func TestReminders(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	week := noon.Add(10 * day)
	created := withOwnLevels("write")
	bob := func(until time.Time) events.MemberJoined {
		return events.MemberJoined{Member: "bob", Role: "member", Until: until}
	}
	project := events.ProjectCreated{Project: "p", Name: "p"}
	grant := events.ProjectMemberAdded{Member: "bob", Project: "p", Role: "read", Until: week}
	writes := grant
	writes.Role = "write"
	byTeam := func(role events.RoleKey) []events.Event {
		return []events.Event{
			bob(time.Time{}), project,
			events.TeamCreated{Team: "core", Name: "core"},
			events.TeamMemberAdded{Team: "core", Member: "bob", Role: "member"},
			events.TeamAssigned{Team: "core", Project: "p", Role: role},
		}
	}
	teamEnds := func(until time.Time) events.Event {
		return events.AssignmentEndChanged{Team: "core", Project: "p", To: until}
	}
	manages := writes
	manages.Levels = events.Levels{"members": "full"}
	both := []string{"access_ends bob of bob on p", "access_ends ada of bob on p"}
	invite := events.MemberInvited{Invite: "i", Role: "member", Address: "a", Token: events.Sum([]byte("s")), Expires: week}
	for _, tc := range []struct {
		name  string
		given []events.Event
		by    events.UserID // whoever did all that
		left  time.Duration // before the end of what ends in ten days
		hear  []string
	}{
		{"too early", []events.Event{bob(week)}, "ada", 7*day + time.Hour, nil},
		{"the person and who gave it", []events.Event{bob(week)}, "ada", 7 * day, []string{"access_ends bob of bob", "access_ends ada of bob"}},
		{"again on the last day", []events.Event{bob(week)}, "ada", day - time.Hour, []string{"access_ends bob of bob", "access_ends ada of bob"}},
		{"not in between", []events.Event{bob(week)}, "ada", 3 * day, nil},
		{"not once it has ended", []events.Event{bob(week)}, "ada", 0, nil},
		{"who gave it is gone: the highest role", []events.Event{joined("zed", "admin"), bob(week)}, "gone", 7 * day, []string{"access_ends bob of bob", "access_ends ada of bob"}},
		{"the system gave it: the highest role", []events.Event{bob(week)}, events.System, 7 * day, []string{"access_ends bob of bob", "access_ends ada of bob"}},
		{"who gave it to oneself", []events.Event{events.MemberEndChanged{Member: "ada", To: week}, joined("bob", "member")}, "ada", 7 * day, []string{"access_ends ada of ada"}},
		{"a grant on a project", []events.Event{bob(time.Time{}), project, grant}, "ada", 7 * day, []string{"access_ends bob of bob on p", "access_ends ada of bob on p"}},
		{"a grant beside a team that gives as much", append(byTeam("write"), grant), "ada", 7 * day, nil},
		{"a grant beside a team that gives less", append(byTeam("read"), writes), "ada", 7 * day, []string{"access_ends bob of bob on p", "access_ends ada of bob on p"}},
		{"a grant beside a team that is taken away on that instant", append(byTeam("write"), grant, events.AssignmentEndChanged{Team: "core", Project: "p", To: week}), "ada", 7 * day, []string{"access_ends bob of bob on p", "access_ends ada of bob on p"}},
		{"a grant beside a team that is taken away a day later", append(byTeam("write"), writes, teamEnds(week.Add(day))), "ada", 7 * day, both},
		{"a grant beside a team that starts before, and lasts", append(byTeam("write"), writes, events.AssignmentStartChanged{Team: "core", Project: "p", To: week.Add(-time.Hour)}), "ada", 7 * day, nil},
		{"a grant beside a team that gives less, and is taken away a day later", append(byTeam("read"), writes, teamEnds(week.Add(day))), "ada", 7 * day, both},
		{"a grant beside two teams one after the other", append(byTeam("write"), writes, teamEnds(week.Add(day)), events.TeamCreated{Team: "next", Name: "next"}, events.TeamMemberAdded{Team: "next", Member: "bob", Role: "member"}, events.TeamAssigned{Team: "next", Project: "p", Role: "write", From: week.Add(time.Hour)}), "ada", 7 * day, nil},
		{"a grant beside a team that is taken away after the membership ends", append(byTeam("write"), writes, teamEnds(week.Add(3*day)), events.MemberEndChanged{Member: "bob", To: week.Add(2 * day)}), "ada", 7 * day, nil}, // that has its own
		{"a grant with levels of its own beside a team that gives the role", append(byTeam("write"), manages), "ada", 7 * day, both},
		{"a grant with levels of its own beside a team that gives more", append(byTeam("admin"), manages), "ada", 7 * day, nil},
		{"a grant beside an elevation, which ends too", []events.Event{bob(time.Time{}), project, grant, events.Elevated{Request: "r", Member: "bob", Role: "admin", Until: week.Add(day)}}, "ada", 7 * day, []string{"access_ends bob of bob on p", "access_ends ada of bob on p"}},
		{"nobody who may not put it off", []events.Event{joined("cyd", "member"), events.RoleChanged{Member: "ada", From: "admin", To: "member"}, bob(time.Time{}), project, grant}, "ada", 7 * day, []string{"access_ends bob of bob on p"}},
		{"of who is deactivated, nothing", []events.Event{bob(week), events.MemberDeactivated{Member: "bob"}}, "ada", 7 * day, nil},
		{"an assignment has no person", []events.Event{project, events.TeamCreated{Team: "core", Name: "core"}, events.TeamAssigned{Team: "core", Project: "p", Role: "read", Until: week}}, "ada", 7 * day, nil},
		{"an invite", []events.Event{invite}, "ada", 7 * day, []string{"invitation_reminder of invite i"}},
		{"what was given later than that", []events.Event{bob(noon.Add(6 * day))}, "ada", 10 * day, nil},
		{"what was given shortly before", []events.Event{bob(noon.Add(7*day + 16*time.Hour))}, "ada", 10*day - 16*time.Hour, nil},
		{"switched off", []events.Event{bob(week), switched("ada", events.NoticeOfComingEnd, events.MailChannel, "", events.NoticesOff)}, "ada", 7 * day, []string{"access_ends bob of bob"}},
		{"moved to a later end", []events.Event{bob(week), events.MemberEndChanged{Member: "bob", From: week, To: week.Add(day)}}, "ada", 7 * day, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var state domain.Roster
			state = state.Evolve(events.Entry{Organization: "acme", Version: 1, At: noon, Actor: tc.by, Events: append([]events.Event{created, joined("ada", "admin")}, tc.given...)})
			org := state.Organization("acme").At(week.Add(-tc.left))
			var hear []string
			ids := map[string]bool{}
			for n := range org.Reminders(week.Add(-tc.left-2*time.Hour), []time.Duration{7 * day, day}) {
				said := fmt.Sprintf("%s %s of %s", n.Kind, n.User, n.About)
				if n.Invite != "" {
					said = fmt.Sprintf("%s of invite %s", n.Kind, n.Invite)
				}
				if n.Project != "" {
					said += " on " + string(n.Project)
				}
				hear = append(hear, said)
				ids[n.ID] = true
				assert.True(t, n.SkipsInbox)
				assert.Equal(t, week, n.Until)
			}
			assert.Equal(t, tc.hear, hear)
			assert.Len(t, ids, len(hear), "each has an id of its own")
		})
	}
}
