package domain_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// record decides a command and returns the state after it. A real program appends the
// events to the ledger before it shows the new state to anybody.
func record(state domain.Roster, actor events.UserID, c domain.Command) (domain.Roster, error) {
	now := time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC)
	happened, err := state.Decide("acme", c, events.Moment{Actor: actor, At: now, Now: now}, nil)
	if err != nil {
		return state, err
	}
	version, _ := state.Last("acme")
	return state.Evolve(events.Entry{Organization: "acme", Version: version + 1, Actor: actor, At: now, Events: happened}), nil
}

// acme is an organization with the owner ada, the member bob and the project apollo.
func acme() domain.Roster {
	builtIn, err := scheme.BuiltIn()
	if err != nil {
		panic(err)
	}
	var state domain.Roster
	for _, step := range []struct {
		actor   events.UserID
		command domain.Command
	}{
		{"ada", domain.CreateOrganization{Name: "Acme", Scheme: builtIn["agency"], Owner: "ada"}},
		{events.System, domain.AddMember{Member: "bob", Role: "developer"}},
		{"ada", domain.CreateProject{Project: "apollo", Name: "Apollo"}},
	} {
		if state, err = record(state, step.actor, step.command); err != nil {
			panic(err)
		}
	}
	return state
}

// Found an organization, then decide commands in it. A rule that says no returns a
// rejection, whose code is stable.
func ExampleRoster_Decide() {
	state := acme()
	now := time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC)

	happened, err := state.Decide("acme", domain.AddProjectMember{Project: "apollo", Member: "bob"}, events.Moment{Actor: "ada", At: now, Now: now}, nil)
	fmt.Println(happened[0].Type(), err)

	_, err = state.Decide("acme", domain.RemoveMember{Member: "ada"}, events.Moment{Actor: "bob", At: now, Now: now}, nil)
	if rejection, ok := errors.AsType[*domain.Rejection](err); ok {
		fmt.Println(rejection.Code)
	}
	// Output:
	// project_membership.added.v1 <nil>
	// not_allowed
}

// See whose access a command would change before it is given.
func ExampleRoster_DryRun() {
	now := time.Date(2026, time.May, 4, 9, 0, 0, 0, time.UTC)
	result, err := acme().DryRun("acme", domain.AddProjectMember{Project: "apollo", Member: "bob"}, events.Moment{Actor: "ada", At: now, Now: now}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for change := range result.Changes("", "", func() bool { return true }) {
		fmt.Printf("%s on %s: %q becomes %q\n", change.User, change.Project, change.From, change.To)
	}
	// Output:
	// bob on apollo: "" becomes "developer"
}

// Ask whether somebody has a permission, then why.
func ExampleOrganization_Access() {
	state, err := record(acme(), "ada", domain.AddProjectMember{Project: "apollo", Member: "bob"})
	if err != nil {
		fmt.Println(err)
		return
	}
	org := state.Organization("acme").At(time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC))

	allowed, err := org.Allows("bob", "apollo", "data", "view")
	fmt.Println(allowed, err)
	fmt.Println(org.Explain("bob", "apollo", org.Access("bob", "apollo"), nil))
	fmt.Println(org.Explain("cyd", "apollo", org.Access("cyd", "apollo"), nil))
	// Output:
	// true <nil>
	// bob is developer on apollo: direct (developer), granted 2026-05-04 by ada.
	// cyd has no access to apollo: not in the organization; invite them to the organization first.
}
