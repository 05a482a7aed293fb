package domain_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestWhoHearsOfWhat(t *testing.T) {
	t.Parallel()
	created := withOwnLevels("read")
	staff := []events.Event{created, joined("ada", "admin"), joined("bob", "member"), events.ProjectCreated{Project: "p", Name: "p"}}
	invited := events.MemberInvited{Invite: "i", Role: "member", Address: "a", Token: events.Sum([]byte("s"))}
	named := events.MemberInvited{Invite: "j", Role: "member", Address: "b", Token: events.Sum([]byte("t")), Member: "eve"}
	granted := events.ProjectMemberAdded{Member: "bob", Project: "p", Role: "read"}
	team := []events.Event{events.TeamCreated{Team: "core", Name: "core"}, events.TeamMemberAdded{Team: "core", Member: "bob", Role: "member"}, events.TeamAssigned{Team: "core", Project: "p", Role: "read"}}
	ending := events.ProjectMemberAdded{Member: "bob", Project: "p", Role: "read", Until: noon}
	starting := events.MemberJoined{Member: "eve", Role: "member", From: noon.Add(time.Hour)}
	startsOnProject := events.ProjectMemberAdded{Member: "bob", Project: "p", Role: "read", From: noon.Add(time.Hour)}
	withLevels := ending
	withLevels.Levels = events.Levels{"code": "full"}
	elevated := events.Elevated{Request: "r", Member: "bob", Project: "p", Role: "write", Until: noon}
	toJoin := events.AccessRequested{Request: "r", Member: "eve", Role: "member", Email: "sealed"}
	forProject := events.AccessRequested{Request: "r", Member: "bob", Project: "p", Role: "write"}
	whole := []events.Event{joined("cyd", "member"), events.TeamCreated{Team: "core", Name: "core"}, events.TeamCreated{Team: "low", Name: "low", Parent: "core"}, events.TeamMemberAdded{Team: "core", Member: "bob", Role: "member"}, events.TeamMemberAdded{Team: "low", Member: "bob", Role: "member"}, events.TeamMemberAdded{Team: "low", Member: "cyd", Role: "member"}, events.TeamAssigned{Team: "core", Project: "p", Role: "read", Until: noon}}
	assignmentEnded := events.AssignmentEnded{Team: "core", Project: "p", Until: noon}
	so := func(more ...events.Event) []events.Event { return append(append([]events.Event{}, staff...), more...) }
	for _, tc := range []struct {
		name  string
		given []events.Event
		by    events.UserID
		then  []events.Event
		hear  []string // kind, who, invite or request, project, channels, address
	}{
		{"an invite is for its address", staff, "ada", []events.Event{invited}, []string{"invitation :i mail"}},
		{"an invite of a known person is in the inbox, too", staff, "ada", []events.Event{named}, []string{"invitation :j mail", "invitation eve:j inbox"}},
		{"sent again", so(invited), "ada", []events.Event{events.InviteResent{Invite: "i"}}, []string{"invitation :i mail"}},
		{"offering something else", so(invited), "ada", []events.Event{events.InviteChanged{Invite: "i", Role: "admin"}}, []string{"invitation :i mail"}},
		{"offering something else to a known person", so(named), "ada", []events.Event{events.InviteChanged{Invite: "j", Role: "admin"}}, []string{"invitation :j mail", "invitation eve:j inbox"}},
		{"offering something else, and sent again", so(invited), "ada", []events.Event{events.InviteChanged{Invite: "i", Role: "admin"}, events.InviteResent{Invite: "i"}}, []string{"invitation :i mail"}},
		{"another start of a membership", so(starting), "ada", []events.Event{events.MemberStartChanged{Member: "eve", From: starting.From, To: noon.Add(2 * time.Hour)}}, []string{"start_changed eve: inbox mail"}},
		{"another start by oneself", so(starting), "eve", []events.Event{events.MemberStartChanged{Member: "eve", From: starting.From, To: noon.Add(2 * time.Hour)}}, nil},
		{"a start at once on a project", so(startsOnProject), "ada", []events.Event{events.ProjectMemberStartChanged{Member: "bob", Project: "p", From: startsOnProject.From}}, []string{"start_changed bob:p inbox mail"}},
		{"another start of a grant where a team gives access", so(append(team, startsOnProject)...), "ada", []events.Event{events.ProjectMemberStartChanged{Member: "bob", Project: "p", From: startsOnProject.From}}, nil},
		{"off a project before the start of a membership, where a team will give access", so(starting, events.ProjectMemberAdded{Member: "eve", Project: "p", Role: "write"},
			events.TeamCreated{Team: "core", Name: "core"}, events.TeamMemberAdded{Team: "core", Member: "eve", Role: "member"}, events.TeamAssigned{Team: "core", Project: "p", Role: "read"},
		), "ada", []events.Event{events.ProjectMemberRemoved{Member: "eve", Project: "p"}}, nil},
		{"another role before the start", so(starting), "ada", []events.Event{events.RoleChanged{Member: "eve", From: "member", To: "admin"}}, []string{"role_changed eve: inbox mail"}},
		{"another role on a project before the start", so(startsOnProject), "ada", []events.Event{events.ProjectRoleChanged{Member: "bob", Project: "p", From: "read", To: "write"}}, []string{"role_changed bob:p inbox mail"}},
		{"another role of a grant that has not started, where a team gives access", so(append(team, startsOnProject)...), "ada", []events.Event{events.ProjectRoleChanged{Member: "bob", Project: "p", From: "read", To: "write"}}, nil},
		{"off a project before the start", so(startsOnProject), "ada", []events.Event{events.ProjectMemberRemoved{Member: "bob", Project: "p"}}, []string{"removed bob:p inbox mail"}},
		{"off a project before the start, with the organization", so(startsOnProject), "ada", []events.Event{events.ProjectMemberRemoved{Member: "bob", Project: "p"}, events.MemberRemoved{Member: "bob"}}, []string{"removed bob: inbox mail"}},
		{"accepted", so(invited), "eve", []events.Event{events.InviteAccepted{Invite: "i", Member: "eve"}, events.MemberJoined{Member: "eve", Role: "member", Invite: "i", InvitedBy: "ada"}}, []string{"invite_accepted ada:i inbox mail"}},
		{"declined", so(invited), events.System, []events.Event{events.InviteDeclined{Invite: "i"}}, []string{"invite_declined ada:i inbox mail"}},
		{"settled, since they joined in another way", so(invited), "eve", []events.Event{events.InviteSettled{Invite: "i", Member: "eve"}, events.MemberJoined{Member: "eve", Role: "member"}}, nil},
		{"accepted by who sent it, for somebody", so(invited), "ada", []events.Event{events.InviteAccepted{Invite: "i", Member: "eve"}}, nil},
		{"creating an organization", nil, "ada", []events.Event{created, joined("ada", "admin")}, nil},
		{"added", staff, "ada", []events.Event{joined("cyd", "member")}, []string{"added cyd: inbox mail"}},
		{"removed", staff, "ada", []events.Event{events.MemberRemoved{Member: "bob"}}, []string{"removed bob: inbox mail"}},
		{"leaving", staff, "bob", []events.Event{events.MemberRemoved{Member: "bob"}}, nil},
		{"on a project", staff, "ada", []events.Event{granted}, []string{"added bob:p inbox mail"}},
		{"on a project by oneself", staff, "bob", []events.Event{granted}, nil},
		{"on a project that a team reaches already", so(team...), "ada", []events.Event{granted}, nil},
		{"off a project", so(granted), "ada", []events.Event{events.ProjectMemberRemoved{Member: "bob", Project: "p"}}, []string{"removed bob:p inbox mail"}},
		{"off a project that a team reaches", so(append(team, granted)...), "ada", []events.Event{events.ProjectMemberRemoved{Member: "bob", Project: "p"}}, nil},
		{"off a project with the organization", so(granted), "ada", []events.Event{events.ProjectMemberRemoved{Member: "bob", Project: "p"}, events.MemberRemoved{Member: "bob"}}, []string{"removed bob: inbox mail"}},
		{"an end that has passed", so(events.MemberEndChanged{Member: "bob", To: noon}), events.System, []events.Event{events.MembershipEnded{Member: "bob", Until: noon}}, []string{"access_ended bob: inbox"}},
		{"an end on a project that has passed", so(ending), events.System, []events.Event{events.ProjectMembershipEnded{Member: "bob", Project: "p", Until: noon}}, []string{"access_ended bob:p inbox"}},
		{"an end on a project where a team gives as much", so(append(team, ending)...), events.System, []events.Event{events.ProjectMembershipEnded{Member: "bob", Project: "p", Until: noon}}, nil},
		{"an end on a project of levels of their own, where a team gives the role", so(append(team, withLevels)...), events.System, []events.Event{events.ProjectMembershipEnded{Member: "bob", Project: "p", Until: noon}}, []string{"access_ended bob:p inbox"}},
		{"an assignment whose end has passed tells everybody below the team, once", so(whole...), events.System, []events.Event{assignmentEnded}, []string{"access_ended cyd:p inbox", "access_ended bob:p inbox"}},
		{"an assignment whose end has passed, where a grant gives as much", so(append(whole, granted)...), events.System, []events.Event{assignmentEnded}, []string{"access_ended cyd:p inbox"}},
		{"an assignment and a grant that end at one instant", so(append(whole, ending)...), events.System, []events.Event{assignmentEnded, events.ProjectMembershipEnded{Member: "bob", Project: "p", Until: noon}}, []string{"access_ended cyd:p inbox", "access_ended bob:p inbox"}},
		{"two assignments that end at one instant", so(append(whole, events.TeamAssigned{Team: "low", Project: "p", Role: "write", Until: noon})...), events.System, []events.Event{assignmentEnded, events.AssignmentEnded{Team: "low", Project: "p", Until: noon}}, []string{"access_ended cyd:p inbox", "access_ended bob:p inbox"}},
		{"out of a team that reaches a project", so(team...), "ada", []events.Event{events.TeamMemberRemoved{Team: "core", Member: "bob"}}, []string{"removed bob:p inbox"}},
		{"out of a team by oneself", so(team...), "bob", []events.Event{events.TeamMemberRemoved{Team: "core", Member: "bob"}}, nil},
		{"out of a team, and still on the project", so(append(team, granted)...), "ada", []events.Event{events.TeamMemberRemoved{Team: "core", Member: "bob"}}, nil},
		{"out of a team and off the project with one command", so(append(team, granted)...), "ada", []events.Event{events.TeamMemberRemoved{Team: "core", Member: "bob"}, events.ProjectMemberRemoved{Member: "bob", Project: "p"}}, []string{"removed bob:p inbox mail"}},
		{"a team off a project", so(team...), "ada", []events.Event{events.TeamUnassigned{Team: "core", Project: "p"}}, []string{"removed bob:p inbox"}},
		{"a team that is removed", so(team...), "ada", []events.Event{events.TeamUnassigned{Team: "core", Project: "p"}, events.TeamMemberRemoved{Team: "core", Member: "bob"}, events.TeamRemoved{Team: "core"}}, []string{"removed bob:p inbox"}},
		{"out of a team with the organization", so(team...), "ada", []events.Event{events.TeamMemberRemoved{Team: "core", Member: "bob"}, events.MemberRemoved{Member: "bob"}}, []string{"removed bob: inbox mail"}},
		{"a project that is archived, or deleted", so(granted), "ada", []events.Event{events.ProjectArchived{Project: "p"}, events.ProjectDeleted{Project: "p"}}, nil},
		{"a membership that is deactivated", so(granted), "ada", []events.Event{events.MemberDeactivated{Member: "bob"}}, nil},
		{"an elevation that has ended by itself", so(granted, elevated), events.System, []events.Event{events.ElevationEnded{Request: "r", Member: "bob", Project: "p", Role: "write", Until: noon}}, []string{"access_ended bob:p inbox"}},
		{"an elevation to a role that somebody has got meanwhile", so(append(team, granted, elevated, events.AssignmentChanged{Team: "core", Project: "p", From: "read", To: "write"})...), events.System, []events.Event{events.ElevationEnded{Request: "r", Member: "bob", Project: "p", Role: "write", Until: noon}}, nil},
		{"an elevation that was approved is no change of role, too", so(events.AccessRequested{Request: "r", Member: "bob", Role: "admin", Elevation: true, Minutes: 60}, granted), "ada", []events.Event{events.AccessApproved{Request: "r", Member: "bob", Role: "admin", Elevation: true}, events.Elevated{Request: "r", Member: "bob", Role: "admin", Until: noon.Add(time.Hour)}}, []string{"access_approved bob:r inbox mail"}},
		{"asking to join tells those who may approve", staff, "eve", []events.Event{toJoin}, []string{"access_requested ada:r inbox mail"}},
		{"asking for a project tells those who may approve", staff, "bob", []events.Event{forProject}, []string{"access_requested ada:rp inbox mail"}},
		{"nobody hears of what they ask for somebody themselves", staff, "ada", []events.Event{toJoin}, nil},
		{"approved is not added, too", so(toJoin), "ada", []events.Event{events.AccessApproved{Request: "r", Member: "eve", Role: "member"}, joined("eve", "member")}, []string{"access_approved eve:r inbox mail"}},
		{"approved on a project is not added, too", so(forProject), "ada", []events.Event{events.AccessApproved{Request: "r", Member: "bob", Project: "p", Role: "write"}, events.ProjectMemberAdded{Member: "bob", Project: "p", Role: "write"}}, []string{"access_approved bob:rp inbox mail"}},
		{"approved on a project that somebody reaches is no change of role, too", so(append(team, forProject)...), "ada", []events.Event{events.AccessApproved{Request: "r", Member: "bob", Project: "p", Role: "write"}, events.ProjectMemberAdded{Member: "bob", Project: "p", Role: "write"}}, []string{"access_approved bob:rp inbox mail"}},
		{"denied", so(toJoin), "ada", []events.Event{events.AccessDenied{Request: "r", Member: "eve"}}, []string{"access_denied eve:r inbox mail sealed"}},
		{"denied a member", so(forProject), "ada", []events.Event{events.AccessDenied{Request: "r", Member: "bob"}}, []string{"access_denied bob:rp inbox mail"}},
		{"expired", so(toJoin), events.System, []events.Event{events.AccessRequestExpired{Request: "r", Member: "eve"}}, []string{"access_request_expired eve:r inbox mail sealed"}},
		{"expired after it was closed", so(toJoin, events.AccessRequestWithdrawn{Request: "r", Member: "eve"}), events.System, []events.Event{events.AccessRequestExpired{Request: "r", Member: "eve"}}, nil},
		{"withdrawn", so(toJoin), "eve", []events.Event{events.AccessRequestWithdrawn{Request: "r", Member: "eve"}}, nil},
		{"switched off by one channel", so(switched("bob", events.NoticeOfAddition, events.MailChannel, "", events.NoticesOff)), "ada", []events.Event{granted}, []string{"added bob:p inbox"}},
		{"switched off", so(switched("", events.NoticeOfAddition, events.MailChannel, "", events.NoticesOff), switched("bob", events.NoticeOfAddition, events.InboxChannel, "", events.NoticesOff)), "ada", []events.Event{granted}, nil},
		{"a role, switched off", so(switched("bob", events.NoticeOfRoleChange, events.InboxChannel, "", events.NoticesOff)), "ada", []events.Event{events.RoleChanged{Member: "bob", From: "member", To: "admin"}}, []string{"role_changed bob: mail"}},
		{"another role", staff, "ada", []events.Event{events.RoleChanged{Member: "bob", From: "member", To: "admin"}}, []string{"role_changed bob: inbox mail"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var before domain.Roster
			if len(tc.given) > 0 {
				before = before.Evolve(events.Entry{Organization: "acme", Version: 1, At: noon, Actor: "ada", Events: tc.given})
			}
			var hear []string
			ids := map[string]bool{}
			for n := range domain.Notices(before.Organization("acme").At(noon), &events.Entry{Organization: "acme", Version: 2, At: noon, Actor: tc.by, Events: tc.then}, 7) {
				text := fmt.Sprintf("%s %s:%s%s%s", n.Kind, n.User, n.Invite, n.Request, n.Project)
				if !n.SkipsInbox {
					text += " inbox"
				}
				if !n.SkipsMail {
					text += " mail"
				}
				if n.Email != "" && n.Kind != events.NoticeOfRemoval {
					text += " " + string(n.Email)
				}
				hear = append(hear, text)
				ids[n.ID] = true
				assert.Contains(t, domain.NoticeKinds(events.InboxChannel), n.Kind)
				assert.Equal(t, events.OrganizationID("acme"), n.Organization)
				assert.EqualValues(t, 7, n.Position)
			}
			assert.ElementsMatch(t, tc.hear, hear)
			assert.Len(t, ids, len(hear), "each has an id of its own")
		})
	}
}
