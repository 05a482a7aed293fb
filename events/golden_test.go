package events_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

var update = flag.Bool("update", false, "write the golden files anew")

var day = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

var later = day.AddDate(0, 3, 0)

// rules is a scheme with every field set, though it would be no good one.
var rules = events.Scheme{
	Key: "tiny", Version: 3, Label: "Tiny",
	Permissions: events.Permissions{
		Organization: []events.Permission{{Key: "members", Label: "Members", Group: "people", Kind: events.ByLevel}},
		Project:      []events.Permission{{Key: "edit", Label: "Edit", Group: "work", Kind: events.ByToggle}},
	},
	OrganizationRoles: []events.Role{role},
	ProjectRoles:      []events.Role{{Key: "editor", Rank: 1, Levels: events.Levels{"edit": "on"}}},
	Teams: events.Teams{
		On: true, Nested: true, Inherit: true, MaxDepth: 5, Confer: events.MembersDefault,
		Roles: []events.Role{{Key: "member", Rank: 1, Default: true}},
	},
	CustomRoles: events.CustomRoles{
		Organization: events.CustomLimit{Allowed: true, UpTo: "owner"},
		Project:      events.CustomLimit{Allowed: true, UpTo: "editor"},
	},
	Overrides:         events.Overrides{On: true, May: events.RaiseOnly},
	ProjectCreator:    "editor",
	CreatorProtected:  true,
	ProjectsVisibleTo: events.ToMembers,
	InviteDays:        7,
	InviteBind:        events.BindAnyone,
	AccessRequests:    events.AccessRequests{Join: events.ClosedIntake, Projects: events.OpenIntake, Days: 14},
	Elevation: events.Elevation{
		Organization: []events.ElevationRule{{Role: "admin", From: []events.RoleKey{"member"}, MaxHours: 8, ReasonRequired: true, Approvers: &events.Allowance{Anyone: true}}},
		Project:      []events.ElevationRule{{Role: "editor", MaxHours: 24}},
	},
	PublicLink:  events.PublicLink{Allowed: true, Levels: events.Levels{"edit": "off"}},
	Seats:       events.Seats{Limit: 25, InvitesHold: true},
	RoleNotices: events.RoleNotices{When: events.AtNextAccess, Channels: []string{"inbox"}},
	BroadAccess: 60,
	Delegations: []events.Delegation{{
		Who: events.Allowance{Organization: events.Levels{"members": "full"}}, Roles: []events.RoleKey{"editor"}, Permissions: []events.PermissionKey{"edit"},
	}},
	Allow: map[events.Action]events.Allowance{
		"add_member": {
			Anyone: true, Self: true, OrganizationRoles: []events.RoleKey{"owner"},
			Organization: events.Levels{"members": "full"},
			ProjectRoles: []events.RoleKey{"editor"}, Project: events.Levels{"edit": "on"},
			TeamRoles: []events.RoleKey{"member"},
		},
	},
}

var role = events.Role{
	Key: "owner", Label: "Owner", Rank: 2, Levels: events.Levels{"members": "full"}, OwnLevels: events.OnTop,
	AllProjects: "editor", DefaultProjectRole: "editor", Bypass: true, Protected: true,
	AtLeast: 1, Default: true, HandedOutBy: []events.RoleKey{"owner"}, Custom: true,
}

// samples holds one event of every type, every field set.
var samples = []events.Event{
	events.OrganizationCreated{Name: "Acme", Scheme: rules},
	events.OrganizationDeleted{},
	events.OrganizationRenamed{From: "Acme", To: "Acme & Sons"},
	events.LocaleChanged{From: "en", To: "de-CH"},
	events.OrganizationArchived{},
	events.OrganizationRestored{},
	events.SeatsChanged{From: 25, To: 40},
	events.HistoryImported{Source: "9f86d081", Through: 703},
	events.SchemeChanged{
		Scheme:            rules,
		OrganizationRoles: map[events.RoleKey]events.RoleKey{"admin": "owner"},
		ProjectRoles:      map[events.RoleKey]events.RoleKey{"write": "editor"},
		TeamRoles:         map[events.RoleKey]events.RoleKey{"maintainer": "member"},
	},
	events.RoleDefined{Kind: events.ProjectRoleKind, Role: role},
	events.RoleRedefined{Kind: events.OrganizationRoleKind, From: role, To: role},
	events.RoleRenamed{Kind: events.OrganizationRoleKind, Role: "owner", From: "Owner", To: "Chief"},
	events.RoleRetired{Kind: events.ProjectRoleKind, Role: "editor"},
	events.MemberJoined{
		Member: "ada", Role: "owner", ClearLogin: "Ada", Login: "k1.bG9naW4", Name: "k1.bmFtZQ", Email: "k1.bWFpbA", Address: "aGFzaA",
		Avatar: "k1.cGljdHVyZQ", ExternalID: "k1.aWQ", ExternalIDHash: "aWRoYXNo", Metadata: events.Metadata{"a2V5": "k1.ZW50cnk"},
		Levels: events.Levels{"members": "view"}, From: day, Until: later, Invite: "01JQ", InvitedBy: "cleo",
	},
	events.ProfileChanged{
		Member: "ada", Fields: []events.ProfileField{events.NameField, events.LoginField, events.EmailField, events.AvatarField, events.ExternalIDField, events.MetadataField},
		Name: "k1.bmFtZQ", Login: "k1.bG9naW4", Email: "k1.bWFpbA", Address: "aGFzaA", Avatar: "k1.cGljdHVyZQ",
		ExternalID: "k1.aWQ", ExternalIDHash: "aWRoYXNo", Metadata: events.Metadata{"a2V5": "k1.ZW50cnk", "b3RoZXI": ""},
	},
	events.RoleChanged{Member: "ada", From: "member", To: "owner", KeptLevels: events.Levels{"members": "view"}},
	events.MemberLevelsChanged{Member: "ada", From: events.Levels{"members": "view"}, To: events.Levels{"members": "full"}},
	events.MemberEndChanged{Member: "ada", From: day, To: later},
	events.MemberDeactivated{Member: "ada"},
	events.MemberReactivated{Member: "ada"},
	events.AccessAttested{Member: "ada", Project: "p1"},
	events.MemberRemoved{Member: "ada"},
	events.MemberInvited{
		Invite: "01JQ", Role: "member", Email: "k2.bWFpbA", Address: "aGFzaA", Token: events.Sum([]byte("secret")), Nonce: "n-1",
		Expires: day, Member: "bob", Levels: events.Levels{"members": "view"}, From: day, Until: later,
		Projects: []events.ProjectRole{{Project: "p1", Role: "editor", Levels: events.Levels{"edit": "on"}}},
		Teams:    []events.TeamRole{{Team: "t1", Role: "maintainer"}}, Message: "k2.aGVsbG8", Bind: events.BindAddress,
	},
	events.InviteAccepted{Invite: "01JQ", Member: "bob"},
	events.InviteRevoked{Invite: "01JQ"},
	events.ProjectCreated{Project: "p1", Name: "Apollo", Description: "To the Moon"},
	events.ProjectRenamed{Project: "p1", From: "Apollo", To: "Artemis"},
	events.ProjectDescribed{Project: "p1", Description: "Back to the Moon"},
	events.ProjectArchived{Project: "p1"},
	events.ProjectRestored{Project: "p1"},
	events.ProjectDeleted{Project: "p1"},
	events.ProjectMemberAdded{
		Project: "p1", Member: "bob", Role: "member", Levels: events.Levels{"edit": "on"}, From: day, Until: later, Creator: true, Invite: "01JQ", InvitedBy: "cleo",
	},
	events.ProjectRoleChanged{Project: "p1", Member: "bob", From: "member", To: "owner", KeptLevels: events.Levels{"edit": "on"}},
	events.ProjectLevelsChanged{Project: "p1", Member: "bob", From: events.Levels{"edit": "on"}, To: events.Levels{"edit": "off"}},
	events.ProjectMemberEndChanged{Project: "p1", Member: "bob", From: day, To: later},
	events.ProjectHandedOver{Project: "p1", From: "ada", To: "bob"},
	events.ProjectMemberRemoved{Project: "p1", Member: "bob"},
	events.OverrideSet{Project: "p1", Member: "bob", Permission: "edit", Level: "off"},
	events.OverrideCleared{Project: "p1", Member: "bob", Permission: "edit"},
	events.PublicLinkTurnedOn{Project: "p1", Token: events.Sum([]byte("secret")), Nonce: "n-1"},
	events.PublicLinkRotated{Project: "p1", Token: events.Sum([]byte("other secret")), Nonce: "n-2"},
	events.PublicLinkTurnedOff{Project: "p1"},
	events.TeamCreated{Team: "t1", Name: "core", Parent: "t0", Description: "The core", Privacy: events.Closed, Colour: "#1a2b3c"},
	events.TeamRenamed{Team: "t1", From: "core", To: "kernel"},
	events.TeamMoved{Team: "t1", From: "t0", To: "t2"},
	events.TeamDescribed{Team: "t1", Description: "The kernel", Privacy: events.Secret},
	events.TeamColoured{Team: "t1", From: "#1a2b3c", To: "#3c2b1a"},
	events.TeamRemoved{Team: "t1"},
	events.TeamMemberAdded{Team: "t1", Member: "bob", Role: "maintainer"},
	events.TeamRoleChanged{Team: "t1", Member: "bob", From: "maintainer", To: "member"},
	events.TeamMemberRemoved{Team: "t1", Member: "bob"},
	events.TeamAssigned{Team: "t1", Project: "p1", Role: "write", From: day, Until: later},
	events.AssignmentChanged{Team: "t1", Project: "p1", From: "write", To: "admin"},
	events.AssignmentEndChanged{Team: "t1", Project: "p1", From: day, To: later},
	events.TeamUnassigned{Team: "t1", Project: "p1"},
	events.MembershipEnded{Member: "bob", Until: day},
	events.ProjectMembershipEnded{Project: "p1", Member: "bob", Until: day},
	events.AssignmentEnded{Team: "t1", Project: "p1", Until: day},
	events.InviteExpired{Invite: "i1", Until: day},
	events.InviteResent{Invite: "01JQ", Token: events.Sum([]byte("other secret")), Nonce: "n-2", Expires: later, Message: "k2.YWdhaW4"},
	events.InviteChanged{
		Invite: "01JQ", Role: "member", Levels: events.Levels{"members": "view"}, From: day, Until: later,
		Projects: []events.ProjectRole{{Project: "p1", Role: "editor", Levels: events.Levels{"edit": "on"}}},
		Teams:    []events.TeamRole{{Team: "t1", Role: "maintainer"}},
		Message:  "k2.YWdhaW4",
	},
	events.InviteOpened{Invite: "01JQ"},
	events.InviteDeclined{Invite: "01JQ", Member: "bob"},
	events.InviteSettled{Invite: "01JQ", Member: "bob"},
	events.PersonErased{Person: "bob", Invites: []events.InviteID{"01JQ"}},
	events.AccessRequested{
		Request: "01JR", Member: "bob", Project: "p1", Role: "editor", Elevation: true, Reason: "k1.d2h5", Until: later, Minutes: 90, Expires: day,
		Login: "k1.bG9naW4", Name: "k1.bmFtZQ", Email: "k1.bWFpbA", Address: "aGFzaA",
	},
	events.AccessApproved{Request: "01JR", Member: "bob", Project: "p1", Elevation: true, Role: "editor", Until: later},
	events.Elevated{Request: "01JR", Member: "bob", Project: "p1", Role: "editor", Until: later},
	events.ElevationEnded{Request: "01JR", Member: "bob", Project: "p1", Role: "editor", Until: later},
	events.AccessDenied{Request: "01JR", Member: "bob", Reason: "k1.bm8"},
	events.AccessRequestWithdrawn{Request: "01JR", Member: "bob"},
	events.AccessRequestExpired{Request: "01JR", Member: "bob", Until: day},
	events.EmailDomainSet{Domain: "example.org", Mode: events.JoinAtOnce, Role: "member"},
	events.EmailDomainVerified{Domain: "example.org"},
	events.EmailDomainRemoved{Domain: "example.org"},
	events.NoticePreferenceChanged{Member: "bob", Kind: events.NoticeOfRoleChange, Channel: events.MailChannel, From: events.NoticesOn, To: events.NoticesOff},
	events.NoticeDefaultChanged{Kind: events.NoticeOfAddition, Channel: events.InboxChannel, From: events.NoticesOff, To: events.NoticesOn},
	events.AccessRequestsChanged{
		From: events.AccessRequestChoice{Join: events.ClosedIntake, Projects: events.OpenIntake},
		To:   events.AccessRequestChoice{Join: events.OpenIntake, Projects: events.ClosedIntake},
	},
	events.MemberStartChanged{Member: "bob", From: day, To: later},
	events.MembershipStarted{Member: "bob", From: day},
	events.ProjectMemberStartChanged{Project: "p1", Member: "bob", From: day, To: later},
	events.ProjectMembershipStarted{Project: "p1", Member: "bob", From: day},
	events.AssignmentStartChanged{Team: "t1", Project: "p1", From: day, To: later},
	events.AssignmentStarted{Team: "t1", Project: "p1", From: day},
}

func commitOf(happened ...events.Event) events.Commit {
	return events.Commit{
		ID: "01JQ0000000000000000000000", Previous: events.Sum([]byte("before")), At: day,
		Entries: []events.Entry{{
			Organization: "acme", Version: 7, Key: "k-1", Digest: "d-1", Actor: "ada", At: day, Cause: "a request", Events: happened,
		}},
	}
}

// TestGolden compares every event with the bytes that ledgers already contain. A golden
// file holds the commit, and after it what the event is about.
func TestGolden(t *testing.T) {
	t.Parallel()
	var sampled []events.Type
	for _, sample := range samples {
		sampled = append(sampled, sample.Type())
		t.Run(string(sample.Type()), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", string(sample.Type())+".json")
			commit, err := events.Encode(commitOf(sample))
			require.NoError(t, err)
			subjects, err := json.Marshal(sample.Subjects())
			require.NoError(t, err)
			now := slices.Concat(indented(t, commit), []byte("\n"), indented(t, subjects), []byte("\n"))
			if *update {
				require.NoError(t, os.WriteFile(file, now, 0o600))
			}
			golden, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Empty(t, cmp.Diff(string(golden), string(now)), "a changed meaning is a new version of the event (-golden +now)")

			written, err := jsontext.NewDecoder(bytes.NewReader(golden)).ReadValue()
			require.NoError(t, err)
			read, err := events.Decode(written, 4)
			require.NoError(t, err)
			want := commitOf(sample)
			want.Position, want.Hash = 4, events.Sum(written)
			assert.Empty(t, cmp.Diff(want, read), "reading the golden file")
		})
	}
	slices.Sort(sampled)
	assert.Equal(t, events.Types(), sampled, "there is one sample of every registered type")
}

// TestGoldenCommit holds an entry with all fields, and one that only has those that are always there.
func TestGoldenCommit(t *testing.T) {
	t.Parallel()
	file := filepath.Join("testdata", "commit.json")
	commit := commitOf(events.MemberRemoved{Member: "bob"})
	commit.Entries[0].OnBehalfOf, commit.Entries[0].Traceparent = "eve", trace
	commit.Entries = append(commit.Entries, events.Entry{Organization: "other", Version: 1, At: day, Events: events.Facts{events.OrganizationDeleted{}}})
	written, err := events.Encode(commit)
	require.NoError(t, err)
	now := append(indented(t, written), '\n')
	if *update {
		require.NoError(t, os.WriteFile(file, now, 0o600))
	}
	golden, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(string(golden), string(now)), "(-golden +now)")
	read, err := events.Decode(golden, 4)
	require.NoError(t, err)
	commit.Position, commit.Hash = 4, events.Sum(golden)
	assert.Empty(t, cmp.Diff(commit, read))
}

func indented(t *testing.T, value jsontext.Value) []byte {
	t.Helper()
	require.NoError(t, value.Indent())
	return value
}
