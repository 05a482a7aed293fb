package client_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"

	"github.com/seed-2026d078/roster/client"
)

// Example creates an organization with a project and asks who may do what.
func Example() {
	ctx := context.Background()
	c := client.New("http://127.0.0.1:8080", os.Getenv("ROSTER_KEY"))
	if _, err := c.CreateOrganization(ctx, client.CreateOrganization{ID: "acme", Owner: "ada"}); err != nil {
		log.Fatal(err)
	}
	if _, err := c.CreateProject(ctx, "acme", client.CreateProject{ID: "apollo"}, client.As("ada")); err != nil {
		log.Fatal(err)
	}
	answer, err := c.CheckAccess(ctx, client.CheckQuestions{Questions: []client.CheckQuestion{
		{Organization: "acme", User: "ada", Project: "apollo", Permission: "settings"},
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Answers[0].Allowed)
}

// A refusal has a code that later versions keep.
func ExampleProblem() {
	c := client.New("http://127.0.0.1:8080", os.Getenv("ROSTER_KEY"), client.As("ada"))
	_, err := c.RemoveMember(context.Background(), "acme", "ada", client.RemoveMember{})
	if problem, refused := errors.AsType[*client.Problem](err); refused && problem.Code == "last_holder" {
		fmt.Println("Give the role to somebody else first.")
	}
}

// A dry run tells who would gain, lose or change what.
func ExampleAsDryRun() {
	c := client.New("http://127.0.0.1:8080", os.Getenv("ROSTER_KEY"), client.As("ada"))
	var would client.DryRun
	if _, err := c.RemoveMember(context.Background(), "acme", "bob", client.RemoveMember{}, client.AsDryRun(&would)); err != nil {
		log.Fatal(err)
	}
	for _, change := range would.Changes {
		fmt.Println(change.User, change.Effect, change.Project)
	}
}

// Lists fetch their pages as they are needed.
func ExampleClient_ListMembers() {
	c := client.New("http://127.0.0.1:8080", os.Getenv("ROSTER_KEY"))
	for member, err := range c.ListMembers(context.Background(), "acme", client.ListMembersQuery{Role: "owner"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(member.User, member.Name)
	}
}

// A follower that keeps its cursor goes on where it was after a restart.
func ExampleClient_FollowEvents() {
	c := client.New("http://127.0.0.1:8080", os.Getenv("ROSTER_KEY"))
	kept, err := os.ReadFile("cursor") // of the run before; none begins with what happens now
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Fatal(err)
	}
	for update, err := range c.FollowEvents(context.Background(), "acme", client.ListEventsQuery{}, client.ResumeAfter(string(kept))) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(update.Type, update.Actor)
		if err := os.WriteFile("cursor", []byte(update.Cursor), 0o600); err != nil {
			log.Fatal(err)
		}
	}
}
