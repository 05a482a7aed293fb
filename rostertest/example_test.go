package rostertest_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/rostertest"
)

// example stands for the *testing.T of a test.
type example struct {
	testing.TB

	ctx  context.Context //nolint:containedctx // a test has one
	ends []func()
}

func newExample() *example {
	ctx, cancel := context.WithCancel(context.Background())
	return &example{ctx: ctx, ends: []func(){cancel}}
}

func (e *example) end() {
	for _, end := range slices.Backward(e.ends) {
		end()
	}
}

func (e *example) Helper()                      {}
func (e *example) Cleanup(end func())           { e.ends = append(e.ends, end) }
func (e *example) Context() context.Context     { return e.ctx }
func (e *example) Output() io.Writer            { return os.Stdout }
func (e *example) Errorf(text string, a ...any) { fmt.Fprintf(os.Stdout, text+"\n", a...) }
func (e *example) FailNow()                     { panic("it failed") }

func (e *example) TempDir() string {
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		panic(err)
	}
	e.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// A subscriber hears of who lost access.
func Example() {
	t := newExample() // in a test, t is its argument, and nothing ends it
	defer t.end()

	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada",
		rostertest.Member("bob", "member"),
		rostertest.Project("site").With("bob", "write"),
	)
	roster.Do("acme", domain.RemoveMember{Member: "bob"})

	revoked := roster.AwaitMessage("acme", feed.AccessRevoked)
	fmt.Println(string(revoked.Data))
	// Output:
	// {"organization":"acme","user":"bob","project":"site","from":{"role":"write","levels":{"code":"full","issues":"full","maintenance":"none","members":"view","settings":"none"}},"sources":[],"cause":"acme/2/0"}
}

func ExampleServer_As() {
	t := newExample()
	defer t.end()

	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Member("bob", "member"))
	_, err := roster.As("bob").Try("acme", domain.RemoveMember{Member: "ada"})
	fmt.Println(err)
	// Output:
	// Your role does not allow remove_member in this organization.
}

func ExampleAwait() {
	t := newExample()
	defer t.end()

	roster := rostertest.Start(t)
	roster.Organization("acme", "owner-member", "ada")
	roster.As("ada").Do("acme", domain.CreateProject{Project: "site", Name: "Our site"})
	created := rostertest.Await[events.ProjectCreated](roster, "acme")
	fmt.Println(created.Project, created.Name)
	// Output:
	// site Our site
}

// What gives access for a time ends when the time has come.
func ExampleServer_Advance() {
	t := newExample()
	defer t.end()

	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada",
		rostertest.Member("bob", "member"),
		rostertest.Project("site"),
	)
	const week = 7 * 24 * time.Hour
	roster.Do("acme", domain.AddProjectMember{Project: "site", Member: "bob", Role: "read", Until: roster.Now().Add(week)})
	roster.AwaitPermission("acme", "bob", "site", "code", "view")
	roster.Advance(week)
	roster.AwaitNoAccess("acme", "bob", "site")
	fmt.Println(rostertest.Await[events.ProjectMembershipEnded](roster, "acme").Member)
	// Output:
	// bob
}
