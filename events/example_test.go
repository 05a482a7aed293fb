package events_test

import (
	"fmt"
	"log"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Decode a message of the ledger and switch over its events.
func ExampleDecode() {
	message, err := events.Encode(events.Commit{
		ID: "01JQ0000000000000000000000",
		At: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC),
		Entries: []events.Entry{{
			Organization: "acme", Version: 7, Actor: "ada", At: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC),
			Events: []events.Event{
				events.RoleChanged{Member: "bob", From: "member", To: "owner"},
				events.TeamMemberAdded{Team: "core", Member: "bob", Role: "maintainer"},
			},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}

	commit, err := events.Decode(message, 12)
	if err != nil {
		log.Fatal(err)
	}
	for _, entry := range commit.Entries {
		for recorded := range entry.Recorded() {
			switch e := recorded.Event.(type) { //nolint:gochecksumtype // it needs one type only
			case events.RoleChanged:
				fmt.Printf("%s: %s made %s %s\n", recorded.ID(entry.Organization), recorded.Actor, e.Member, e.To)
			default:
				fmt.Printf("%s: %s about %v\n", recorded.ID(entry.Organization), e.Type(), e.Subjects())
			}
		}
	}
	// Output:
	// acme/7/0: ada made bob owner
	// acme/7/1: team_membership.added.v1 about [{user bob} {team core}]
}
