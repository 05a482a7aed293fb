package domain_test

import (
	"fmt"
	"iter"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// heavy is an organization in which everything that a command may look at is there in large
// numbers. ada is a clerk, who may do most of what the scheme knows: she created 5,000 projects, and has 200
// overrides. crew, a team of 10,000, is on 1,000 projects. On the project busy are 5,000 teams and 10,000
// people. The deepest of 1,000 teams is in each other, each on 5 projects, has ada in it. There are 5,000
// invites of hers, 10,000 members whose membership ends, 2,000 teams below one, and 60,000 members in all.
func heavy() iter.Seq[events.Entry] {
	return func(yield func(events.Entry) bool) {
		version := events.Version(0)
		give := func(happened ...events.Event) {
			version++
			yield(events.Entry{Organization: "acme", Version: version, At: noon, Actor: "ada", Events: happened})
		}
		give(opened(func(s *events.Scheme) { s.Seats.Limit = 1_000_000 }), joined("olga", "owner"), joined("chip", "chief"), joined("ada", "clerk"), team("crew", ""), created("busy"),
			team("wide", ""), entered("wide", "ada", "hand"), granted("busy", "ada", "lead"))
		for i := range 5000 {
			give(created(own(i)), creator(own(i), "ada", "lead"))
		}
		for i := range 200 {
			give(events.OverrideSet{Project: own(i), Member: "ada", Permission: "publish", Level: "off"})
		}
		for i := range 1000 {
			give(created(projectID(i)), assigned("crew", projectID(i), "guest"))
		}
		for i := range 60_000 {
			happened := []events.Event{joined(userID(i), "member")}
			switch {
			case i < 10_000:
				happened = append(happened, entered("crew", userID(i), "hand"))
			case i < 20_000:
				happened = append(happened, granted("busy", userID(i), "guest"))
			case i < 30_000:
				happened = []events.Event{events.MemberJoined{Member: userID(i), Role: "member", Until: noon.AddDate(1, 0, 0)}}
			}
			give(happened...)
		}
		for i := range 5000 {
			give(team(teamID(i), ""), assigned(teamID(i), "busy", "guest"))
			give(events.MemberInvited{Invite: inviteID(i), Address: events.AddressHash(inviteID(i)), Role: "member", Expires: noon.AddDate(0, 0, 7), Projects: []events.ProjectRole{{Project: "busy", Role: "guest"}}})
		}
		for i := range 2000 {
			give(team(events.TeamID(fmt.Sprint("child-", i)), "wide"))
		}
		above := events.TeamID("")
		for i := range 1000 {
			give(team(deep(i), above))
			for j := range 5 {
				give(assigned(deep(i), own((5*i+j)%5000), "guest"))
			}
			above = deep(i)
		}
		give(entered(deep(999), "ada", "hand"))
	}
}

func own(i int) events.ProjectID        { return events.ProjectID(fmt.Sprintf("own-%04d", i)) }
func deep(i int) events.TeamID          { return events.TeamID(fmt.Sprintf("deep-%04d", i)) }
func inviteID(i int) events.InviteID    { return events.InviteID(fmt.Sprintf("invite-%04d", i)) }
func newTeam(i int) events.TeamID       { return events.TeamID(fmt.Sprintf("new-%04d", i)) }
func newProject(i int) events.ProjectID { return events.ProjectID(fmt.Sprintf("new-%04d", i)) }

var heavyRoster = sync.OnceValue(func() domain.Roster { return build(heavy()) })

type weight struct {
	name string
	item func(i int) domain.Command
}

// weights are commands where they cost the most. Each is given 1,000 times in one bulk.
func weights() []weight {
	next := mustParse(testScheme).Scheme
	next.Label = "Next"
	closed := events.Closed
	return []weight{
		{"add_member", func(i int) domain.Command { return domain.AddMember{Member: userID(70_000 + i)} }},
		{"change_profile", func(i int) domain.Command {
			return domain.ChangeProfile{Member: userID(i), PersonalData: domain.PersonalData{Name: "k.a"}}
		}},
		{"change_member_role", func(i int) domain.Command { return domain.ChangeMemberRole{Member: userID(i), To: "helper"} }},
		{"change_member_role to clerk and back", func(i int) domain.Command {
			return domain.ChangeMemberRole{Member: "ada", To: events.RoleKey([]string{"helper", "clerk"}[i%2])}
		}},
		{"change_member_levels", func(i int) domain.Command {
			return domain.ChangeMemberLevels{Member: "ada", To: events.Levels{"people": "view"}}
		}},
		{"change_member_end", func(i int) domain.Command { return domain.ChangeMemberEnd{Member: userID(i), Until: soon} }},
		{"deactivate_member", func(i int) domain.Command { return domain.DeactivateMember{Member: userID(i)} }},
		{"deactivate and reactivate", func(i int) domain.Command {
			if i%2 == 0 {
				return domain.DeactivateMember{Member: "ada"}
			}
			return domain.ReactivateMember{Member: "ada"}
		}},
		{"remove_member", func(i int) domain.Command { return domain.RemoveMember{Member: userID(i)} }},
		{"remove_member ada", func(i int) domain.Command { return domain.RemoveMember{Member: "ada", TransferTo: userID(0)} }},
		{"transfer_ownership", func(i int) domain.Command { return domain.TransferOwnership{To: userID(i)} }},
		{"attest_access", func(i int) domain.Command { return domain.AttestAccess{Member: "ada", Project: own(i)} }},
		{"invite_member", func(i int) domain.Command {
			return domain.InviteMember{Invite: events.InviteID(fmt.Sprint("new-", i)), Address: events.AddressHash(fmt.Sprint("new-", i)), Role: "member", Projects: []events.ProjectRole{{Project: "busy", Role: "guest"}}}
		}},
		{"invite_member to many projects", func(i int) domain.Command {
			invite := domain.InviteMember{Invite: events.InviteID(fmt.Sprint("new-", i)), Address: events.AddressHash(fmt.Sprint("new-", i)), Role: "member"}
			for p := range 1000 {
				invite.Projects = append(invite.Projects, events.ProjectRole{Project: own(p), Role: "guest"})
			}
			return invite
		}},
		{"accept_invite", func(i int) domain.Command {
			return domain.AcceptInvite{Invite: inviteID(i), Member: userID(70_000 + i)}
		}},
		{"revoke_invite", func(i int) domain.Command { return domain.RevokeInvite{Invite: inviteID(i)} }},
		{"rename_organization", func(i int) domain.Command { return domain.RenameOrganization{To: fmt.Sprint("Acme ", i)} }},
		{"archive and restore", func(i int) domain.Command {
			if i%2 == 0 {
				return domain.ArchiveOrganization{}
			}
			return domain.RestoreOrganization{}
		}},
		{"delete_organization", func(i int) domain.Command { return domain.DeleteOrganization{} }},
		{"change_scheme", func(i int) domain.Command { return domain.ChangeScheme{Scheme: domain.NewScheme(next)} }},
		{"change_seats", func(i int) domain.Command { return domain.ChangeSeats{To: 2_000_000 + i} }},
		{"define_role", func(i int) domain.Command {
			return domain.DefineRole{Kind: events.ProjectRoleKind, Role: events.RoleKey(fmt.Sprint("role-", i)), Rank: 15}
		}},
		{"define, redefine, rename, retire", func(i int) domain.Command {
			return []domain.Command{
				domain.DefineRole{Kind: events.ProjectRoleKind, Role: "new", Rank: 15},
				domain.RedefineRole{Kind: events.ProjectRoleKind, Role: "new", Rank: new(14)},
				domain.RenameRole{Kind: events.ProjectRoleKind, Role: "new", To: "Other"},
				domain.RetireRole{Kind: events.ProjectRoleKind, Role: "new"},
			}[i%4]
		}},
		{"create_project", func(i int) domain.Command { return domain.CreateProject{Project: newProject(i), Name: "P"} }},
		{"take_over_project", func(i int) domain.Command { return domain.TakeOverProject{Project: projectID(i)} }},
		{"rename_project", func(i int) domain.Command { return domain.RenameProject{Project: "busy", To: fmt.Sprint("P", i)} }},
		{"describe_project", func(i int) domain.Command {
			return domain.DescribeProject{Project: "busy", Description: fmt.Sprint("P", i)}
		}},
		{"archive and restore busy", func(i int) domain.Command {
			if i%2 == 0 {
				return domain.ArchiveProject{Project: "busy"}
			}
			return domain.RestoreProject{Project: "busy"}
		}},
		{"delete_project", func(i int) domain.Command { return domain.DeleteProject{Project: own(i)} }},
		{"delete_project busy", func(i int) domain.Command { return domain.DeleteProject{Project: "busy"} }},
		{"public links", func(i int) domain.Command {
			return []domain.Command{
				domain.TurnOnPublicLink{Project: "busy", Nonce: events.Nonce(strconv.Itoa(i))},
				domain.RotatePublicLink{Project: "busy", Nonce: events.Nonce(strconv.Itoa(i))},
				domain.TurnOffPublicLink{Project: "busy"},
			}[i%3]
		}},
		{"add_project_member", func(i int) domain.Command {
			return domain.AddProjectMember{Project: "busy", Member: userID(i), Role: "guest"}
		}},
		{"add one person to many projects", func(i int) domain.Command {
			return domain.AddProjectMember{Project: own(i), Member: userID(0), Role: "guest"}
		}},
		{"change_project_member_role", func(i int) domain.Command {
			return domain.ChangeProjectMemberRole{Project: "busy", Member: userID(10_000 + i), To: "guide"}
		}},
		{"change_project_member_role of ada", func(i int) domain.Command {
			return domain.ChangeProjectMemberRole{Project: own(i), Member: "ada", To: "guide"}
		}},
		{"change_project_member_levels", func(i int) domain.Command {
			return domain.ChangeProjectMemberLevels{Project: "busy", Member: userID(10_000 + i), To: events.Levels{"text": "view"}}
		}},
		{"change_project_member_end", func(i int) domain.Command {
			return domain.ChangeProjectMemberEnd{Project: "busy", Member: userID(10_000 + i), Until: soon}
		}},
		{"remove_project_member", func(i int) domain.Command {
			return domain.RemoveProjectMember{Project: "busy", Member: userID(10_000 + i)}
		}},
		{"remove_project_member ada", func(i int) domain.Command { return domain.RemoveProjectMember{Project: own(i), Member: "ada"} }},
		{"set_override", func(i int) domain.Command {
			return domain.SetOverride{Project: own(300 + i), Member: "ada", Permission: "publish", Level: "off"}
		}},
		{"set_override on busy", func(i int) domain.Command {
			return domain.SetOverride{Project: "busy", Member: userID(10_000 + i), Permission: "publish", Level: "off"}
		}},
		{"clear_override", func(i int) domain.Command {
			return domain.ClearOverride{Project: own(i), Member: "ada", Permission: "publish"}
		}},
		{"create_team", func(i int) domain.Command {
			return domain.CreateTeam{Team: newTeam(i), Name: fmt.Sprint("new-", i), Parent: "wide"}
		}},
		{"create_team below deep", func(i int) domain.Command {
			return domain.CreateTeam{Team: newTeam(i), Name: fmt.Sprint("new-", i), Parent: deep(30)}
		}},
		{"rename_team", func(i int) domain.Command { return domain.RenameTeam{Team: deep(999), To: fmt.Sprint("n", i)} }},
		{"describe_team", func(i int) domain.Command { return domain.DescribeTeam{Team: deep(999), Privacy: &closed} }},
		{"colour_team", func(i int) domain.Command {
			return domain.ColourTeam{Team: deep(999), To: events.Colour(fmt.Sprintf("#%06d", i))}
		}},
		{"move_team", func(i int) domain.Command {
			return domain.MoveTeam{Team: deep(1), To: events.TeamID([]string{"", "deep-0000"}[i%2])}
		}},
		{"move_team crew", func(i int) domain.Command {
			return domain.MoveTeam{Team: "crew", To: events.TeamID([]string{"wide", ""}[i%2])}
		}},
		{"remove_team", func(i int) domain.Command { return domain.RemoveTeam{Team: teamID(i)} }},
		{"remove_team crew", func(i int) domain.Command { return domain.RemoveTeam{Team: "crew"} }},
		{"add_team_member", func(i int) domain.Command {
			return domain.AddTeamMember{Team: deep(998), Member: userID(i)}
		}},
		{"add_team_member crew", func(i int) domain.Command {
			return domain.AddTeamMember{Team: "crew", Member: userID(30_000 + i)}
		}},
		{"add one person to many teams", func(i int) domain.Command {
			return domain.AddTeamMember{Team: teamID(i), Member: userID(0)}
		}},
		{"change_team_member_role", func(i int) domain.Command {
			return domain.ChangeTeamMemberRole{Team: "crew", Member: userID(i), To: "hand"}
		}},
		{"remove_team_member", func(i int) domain.Command { return domain.RemoveTeamMember{Team: "crew", Member: userID(i)} }},
		{"remove_team_member deep", func(i int) domain.Command { return domain.RemoveTeamMember{Team: deep(999), Member: "ada"} }},
		{"assign_team to busy", func(i int) domain.Command {
			return domain.AssignTeam{Team: deep(i), Project: "busy", Role: "guest"}
		}},
		{"assign_team crew", func(i int) domain.Command {
			return domain.AssignTeam{Team: "crew", Project: own(i), Role: "guest"}
		}},
		{"change_assignment", func(i int) domain.Command {
			return domain.ChangeAssignment{Team: teamID(i), Project: "busy", To: "guide"}
		}},
		{"change_assignment_end", func(i int) domain.Command {
			return domain.ChangeAssignmentEnd{Team: teamID(i), Project: "busy", Until: soon}
		}},
		{"unassign_team", func(i int) domain.Command { return domain.UnassignTeam{Team: teamID(i), Project: "busy"} }},
		{"unassign_team crew", func(i int) domain.Command { return domain.UnassignTeam{Team: "crew", Project: projectID(i)} }},
	}
}

// BenchmarkWeight gives each command 1,000 times in one bulk, as somebody who is no part of the system and
// as the system, and says what that costs until it is decided, or refused, and then to apply.
func BenchmarkWeight(b *testing.B) {
	roster := heavyRoster()
	org := roster.Organization("acme").At(noon)
	for _, w := range weights() {
		for _, by := range []events.UserID{"ada", "olga", events.System} {
			for _, items := range []int{1, 1000} {
				b.Run(fmt.Sprintf("%s/%s/%d", w.name, map[events.UserID]string{"ada": "ada", "olga": "olga"}[by], items), func(b *testing.B) {
					batch := batchOf(items, w.item)
					m := at(by)
					var command domain.Command = batch
					if items == 1 {
						command = batch[0]
					}
					var steps, happenedCount int
					var took, applied time.Duration
					var failed error
					for b.Loop() {
						began := time.Now() //nolint:forbidigo // it is measured
						happened, n, err := domain.CountSteps(org, command, m)
						took += time.Since(began) //nolint:forbidigo // likewise
						steps, failed, happenedCount = n, err, len(happened)
						began = time.Now() //nolint:forbidigo // likewise
						roster.Evolve(events.Entry{Organization: "acme", Version: 1, At: noon, Actor: by, Events: happened})
						applied += time.Since(began) //nolint:forbidigo // likewise
					}
					b.ReportMetric(float64(took.Microseconds())/1000/float64(b.N), "ms")
					b.ReportMetric(float64(applied.Microseconds())/1000/float64(b.N), "apply-ms")
					b.ReportMetric(float64(steps), "steps")
					b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/float64(max(steps, 1)), "ns/step")
					b.ReportMetric(float64(happenedCount), "events")
					if failed != nil {
						b.Log(failed)
					}
					require.NotNil(b, command)
				})
			}
		}
	}
}
