package rostertest_test

import (
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/exampletest"
	"github.com/seed-2026d078/roster/rostertest"
)

// A subscriber hears of who lost access.
func Example() {
	t := exampletest.New() // in a test, t is its argument, and nothing ends it
	defer t.End()

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
	t := exampletest.New()
	defer t.End()

	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Member("bob", "member"))
	_, err := roster.As("bob").Try("acme", domain.RemoveMember{Member: "ada"})
	fmt.Println(err)
	// Output:
	// Your role does not allow remove_member: it takes the role "admin" in the organization.
}

func ExampleAwait() {
	t := exampletest.New()
	defer t.End()

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
	t := exampletest.New()
	defer t.End()

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
