package domain_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// BenchmarkDeclaration declares an organization of 2,000 people in 600 teams, and the largest
// that is accepted: in an empty organization, and where all is so already. It reports the
// changes, and the bytes of the commit without what encryption adds.
func BenchmarkDeclaration(b *testing.B) {
	for _, size := range []struct{ people, teams, inEach, onEach int }{{2000, 600, 6, 2}, {4000, 2000, 5, 1}} {
		declared := largeDeclaration(size.people, size.teams, size.inEach, size.onEach)
		empty := stateAfter(hub, joined("ada", "admin")).At(noon)
		filled, err := empty.DryRun(declared, at(""), always)
		require.NoError(b, err)
		message, err := events.Encode(events.Commit{ID: "c", Entries: []events.Entry{{Organization: "acme", Version: 1, At: noon, Events: filled.Events}}})
		require.NoError(b, err)
		for name, org := range map[string]domain.Organization{"empty": empty, "filled": filled.After} {
			b.Run(fmt.Sprintf("people=%d/teams=%d/%s", size.people, size.teams, name), func(b *testing.B) {
				for b.Loop() {
					happened, err := declared.Decide(org, at(""))
					require.NoError(b, err)
					b.ReportMetric(float64(len(happened)), "events")
				}
				b.ReportMetric(float64(len(message)), "bytes")
			})
		}
	}
}

func largeDeclaration(people, teams, inEach, onEach int) domain.Declaration {
	c := domain.Declaration{Partial: true, Members: []domain.DeclaredMember{{Member: "ada", Role: "admin"}}}
	for i := range people {
		c.Members = append(c.Members, domain.DeclaredMember{Member: events.UserID(fmt.Sprintf("user-%05d", i)), Role: "member"})
	}
	for i := range teams {
		name := fmt.Sprintf("team-%05d", i)
		declared := domain.DeclaredTeam{Team: events.TeamID(name), Name: name, Members: []domain.DeclaredTeamMember{}, Projects: []domain.DeclaredAssignment{}}
		for j := range inEach {
			declared.Members = append(declared.Members, domain.DeclaredTeamMember{Member: c.Members[1+(i*inEach+j)%people].Member, Role: "member"})
		}
		for j := range onEach {
			declared.Projects = append(declared.Projects, domain.DeclaredAssignment{Project: events.ProjectID(fmt.Sprintf("project-%05d", (i+j)%400)), Role: "write"})
		}
		c.Teams = append(c.Teams, declared)
	}
	return c
}
