package rostertest_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/exampletest"
	"github.com/seed-2026d078/roster/rostertest"
	"github.com/seed-2026d078/roster/scheme"
)

// TestBuildersUnderEachScheme has the same people and project under every scheme, and a team where there are teams.
func TestBuildersUnderEachScheme(t *testing.T) {
	t.Parallel()
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	roster := rostertest.Start(t)
	for name, rules := range schemes {
		org := events.OrganizationID(name)
		roles := rules.ProjectRoles()
		parts := []domain.Command{
			rostertest.Member("bob", ""), rostertest.Member("cleo", ""), rostertest.Member("dan", ""),
			rostertest.Project("site").With("bob", roles[0]).With("dan", ""),
		}
		if rules.Teams.On {
			parts = append(parts, rostertest.Team("core").With("cleo", "").On("site", ""))
		}
		roster.Organization(org, name, "ada", parts...)
		roster.AwaitAccess(org, "bob", "site")
		roster.AwaitAccess(org, "dan", "site")
		if rules.Teams.On {
			roster.AwaitAccess(org, "cleo", "site")
		} else {
			roster.AwaitNoAccess(org, "cleo", "site")
		}
		roster.Do(org, domain.RemoveMember{Member: "bob"})
		roster.AwaitNoAccess(org, "bob", "site")
		_, member := roster.State().Organization(org).Member("bob")
		assert.False(t, member)
	}
}

func TestTeamsBelowTeams(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada",
		rostertest.Member("bob", "member"),
		rostertest.Project("site"),
		rostertest.Team("core").On("site", "read"),
		rostertest.Team("docs").Below("core").With("bob", ""),
	)
	roster.AwaitPermission("acme", "bob", "site", "code", "view")
	roster.AwaitNoPermission("acme", "bob", "site", "code", "full")
	roster.Do("acme", domain.ChangeAssignment{Team: "core", Project: "site", To: "write"})
	roster.AwaitPermission("acme", "bob", "site", "code", "full")
	roster.Do("acme", domain.MoveTeam{Team: "docs"})
	roster.AwaitNoPermission("acme", "bob", "site", "code", "view")
}

func TestSchemesOfTheCaller(t *testing.T) {
	t.Parallel()
	files, err := scheme.Files()
	require.NoError(t, err)
	text, err := fs.ReadFile(files, "github.yaml")
	require.NoError(t, err)
	mine := bytes.Replace(text, []byte("key: github"), []byte("key: mine"), 1)
	roster := rostertest.Start(t, rostertest.Schemes(fstest.MapFS{"mine.yaml": {Data: mine}}))
	roster.Organization("acme", "mine", "ada", rostertest.Project("site"))
	roster.AwaitAccess("acme", "ada", "site")
}

func TestAnOrganizationOfMany(t *testing.T) {
	t.Parallel()
	const people = 2500
	var members []domain.Command
	for i := range people {
		members = append(members, rostertest.Member(events.UserID(fmt.Sprint("user-", i)), ""))
	}
	roster := rostertest.Start(t)
	roster.Organization("acme", "owner-member", "", members...)
	joined := 0
	for _, m := range roster.Messages("acme") {
		if m.Header.Get(feed.Type) == string(events.MemberJoined{}.Type()) {
			joined++
		}
	}
	assert.Equal(t, people, joined)
}

func TestMessagesAreReturnedOnce(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Member("bob", ""), rostertest.Member("cleo", ""))
	assert.Equal(t, events.UserID("ada"), rostertest.Await[events.MemberJoined](roster, "acme").Member)
	assert.Equal(t, events.UserID("bob"), rostertest.Await[events.MemberJoined](roster, "acme").Member)
	roster.Do("acme", domain.RemoveMember{Member: "bob"})
	assert.Equal(t, events.UserID("cleo"), rostertest.Await[events.MemberJoined](roster, "acme").Member)
	assert.Empty(t, roster.Messages("other"))
}

func TestOnBehalfOf(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Member("bob", ""))
	ada := roster.As("ada")
	ada.OnBehalfOf("eve").Do("acme", domain.RemoveMember{Member: "bob"})
	ada.Do("acme", domain.CreateProject{Project: "site", Name: "Site"})
	message := roster.AwaitMessage("acme", "membership.removed.v1")
	assert.Equal(t, []string{"ada", "eve"}, []string{message.Header.Get(feed.Actor), message.Header.Get(feed.OnBehalfOf)})
	assert.NotContains(t, roster.AwaitMessage("acme", "project.created.v1").Header, feed.OnBehalfOf)
}

// TestEndsPass has ends of every kind.
func TestEndsPass(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	until := roster.Now().Add(30 * 24 * time.Hour)
	roster.Organization("acme", "github", "ada",
		domain.AddMember{Member: "bob", Until: until},
		rostertest.Project("site"), rostertest.Team("core").With("bob", ""),
		domain.AddProjectMember{Project: "site", Member: "bob", Role: "read", Until: until},
		domain.AssignTeam{Team: "core", Project: "site", Role: "write", Until: until},
	)
	roster.AwaitAccess("acme", "bob", "site")
	roster.Advance(29 * 24 * time.Hour)
	for _, m := range roster.Messages("acme") {
		assert.NotContains(t, m.Subject, "ended")
	}
	roster.Advance(24 * time.Hour)
	assert.Equal(t, events.UserID("bob"), rostertest.Await[events.MembershipEnded](roster, "acme").Member)
	assert.Equal(t, events.ProjectID("site"), rostertest.Await[events.ProjectMembershipEnded](roster, "acme").Project)
	assert.Equal(t, events.TeamID("core"), rostertest.Await[events.AssignmentEnded](roster, "acme").Team)
	roster.AwaitNoAccess("acme", "bob", "site")
}

// TestAnotherServer has one that ends, and one that goes on.
func TestAnotherServer(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Project("site"))
	second := roster.StartAnother()
	roster.Advance(time.Hour)
	roster.Stop()
	_, err := roster.Try("acme", domain.CreateProject{Project: "other", Name: "Other"})
	require.Error(t, err)
	second.Do("acme", domain.AddMember{Member: "bob"})
	second.Do("acme", domain.AddProjectMember{Project: "site", Member: "bob", Role: "read"})
	second.AwaitAccess("acme", "bob", "site")
	roster.AwaitAccess("acme", "bob", "site")
	assert.WithinDuration(t, time.Now().Add(time.Hour), second.Now(), time.Minute)
}

func TestOthersConnect(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	conn, err := nats.Connect(roster.URL())
	require.NoError(t, err)
	defer conn.Close()
	heard, err := conn.SubscribeSync(feed.Subject("acme", 1, events.ProjectCreated{}.Type()))
	require.NoError(t, err)
	require.NoError(t, conn.Flush())
	roster.Organization("acme", "github", "ada", rostertest.Project("site"))
	_, err = heard.NextMsgWithContext(t.Context())
	require.NoError(t, err)
}

// failing is a test that may fail.
type failing struct {
	*testing.T

	text string
}

func (f *failing) Errorf(text string, a ...any) { f.text = fmt.Sprintf(text, a...) }
func (f *failing) FailNow()                     { runtime.Goexit() }

func TestFailuresSayWhatIsThere(t *testing.T) {
	t.Parallel()
	f := &failing{T: t}
	roster := rostertest.Start(f)
	roster.Organization("acme", "github", "ada", rostertest.Member("bob", ""), rostertest.Project("site").With("bob", "read"))
	roster.Messages("acme")
	roster.Timeout = 50 * time.Millisecond
	for name, row := range map[string]struct {
		do   func()
		says []string
	}{
		"access that stays": {
			func() { roster.AwaitNoAccess("acme", "bob", "site") },
			[]string{"bob still has access to site of acme after 50ms, as read with", "Roster says: bob is read on site", "acme/1/2 membership.joined.v1 user/bob"},
		},
		"access that does not come": {
			func() { roster.AwaitAccess("acme", "cleo", "site") },
			[]string{"cleo has no access to site of acme after 50ms.", "cleo has no access to site: not in the organization"},
		},
		"access in another organization": {func() { roster.AwaitAccess("other", "ada", "site") }, []string{"ada has no access to site of other after 50ms.", "there is no such organization.", "The stream has of other: nothing."}},
		"a permission that is too low": {
			func() { roster.AwaitPermission("acme", "bob", "site", "code", "full") },
			[]string{"bob does not have code full on site of acme after 50ms, as read with map[code:view"},
		},
		"an unknown permission": {func() { roster.AwaitPermission("acme", "bob", "site", "cod", "full") }, []string{`projects of acme have no permission "cod"`}},
		"an unknown level":      {func() { roster.AwaitNoPermission("acme", "bob", "site", "code", "on") }, []string{`the permission code has no level "on"; it has ["none" `}},
		"an event that does not come": {
			func() { rostertest.Await[events.MemberRemoved](roster, "acme") },
			[]string{"no other membership.removed.v1 of acme in the stream after 50ms.", "acme/1/0 organization.created.v1"},
		},
		"a command that is refused": {
			func() { roster.As("bob").Do("acme", domain.RemoveMember{Member: "ada"}) },
			[]string{"Your role does not allow remove_member", "domain.RemoveMember in acme, given by bob"},
		},
		"an unknown scheme": {func() { roster.Organization("other", "git", "ada") }, []string{`there is no scheme "git"; there are ["agency"`}},
		"a builder out of order": {
			func() { roster.Organization("other", "github", "ada", rostertest.Project("site").With("bob", "read")) },
			[]string{"item 1: item 1:", `"bob" is not`, "domain.Batch in other, given by the system"},
		},
		"a subscriber that does not begin": {
			func() {
				roster.Subscriber("search", "acme")
				roster.AwaitHandled("search")
			},
			[]string{"the subscriber search has not handled everything after 50ms: it has not begun"},
		},
		"a subscriber of no organization": {func() { roster.Subscriber("mail", "other") }, []string{"there is no organization other"}},
		"time that runs backwards":        {func() { roster.Advance(-time.Second) }, []string{"time does not run backwards"}},
	} {
		t.Run(name, func(t *testing.T) {
			f.text = ""
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				row.do()
			}()
			<-ended
			for _, text := range row.says {
				assert.Contains(t, f.text, text)
			}
			_, first, _ := strings.Cut(f.text, "Error:")
			first, _, _ = strings.Cut(strings.TrimSpace(first), "\n")
			assert.Contains(t, first, row.says[0], "the first line says what is wrong")
		})
	}
}

// TestAccessIsThatOfTheNewestVersion awaits what was before the last command, or never, of a stream that nobody has read, or that does
// not have the command yet.
func TestAccessIsThatOfTheNewestVersion(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		read  bool
		await func(roster *rostertest.Server)
	}{
		"no access, of a stream that was not read":     {false, func(roster *rostertest.Server) { roster.AwaitNoAccess("acme", "bob", "site") }},
		"no permission, of a stream that was not read": {false, func(roster *rostertest.Server) { roster.AwaitNoPermission("acme", "bob", "site", "code", "full") }},
		"access that was taken":                        {true, func(roster *rostertest.Server) { roster.AwaitAccess("acme", "cleo", "site") }},
		"a permission that was taken":                  {true, func(roster *rostertest.Server) { roster.AwaitPermission("acme", "cleo", "site", "code", "full") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &failing{T: t}
			roster := rostertest.Start(f)
			roster.Organization("acme", "github", "ada", rostertest.Member("bob", "member"), rostertest.Member("cleo", "member"),
				rostertest.Project("site").With("bob", "write").With("cleo", "write"))
			if row.read {
				roster.Messages("acme")
			}
			roster.Timeout = 50 * time.Millisecond
			roster.Do("acme", domain.RemoveMember{Member: "cleo"})
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				row.await(roster)
			}()
			<-ended
			assert.NotEmpty(t, f.text)
		})
	}
}

// BenchmarkStart is what each test pays: the start, a first organization of which the stream tells, and the end.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		test := exampletest.New()
		roster := rostertest.Start(test)
		roster.Organization("acme", "github", "ada", rostertest.Project("site"))
		roster.AwaitAccess("acme", "ada", "site")
		test.End()
	}
}
