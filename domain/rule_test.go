package domain_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// rule is one row: given what happened, when somebody gives a command, then this
// follows.
type rule struct {
	name  string
	given []events.Event
	when  domain.Command
	by    events.UserID
	then  []events.Event
	err   error
}

func checkRules(t *testing.T, rules []rule) {
	t.Helper()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			got, err := r.when.Decide(stateAfter(r.given...).At(noon), at(r.by))
			require.ErrorIs(t, err, r.err)
			assert.Empty(t, cmp.Diff(r.then, got), "events")
		})
	}
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func at(actor events.UserID) events.Moment { return events.Moment{Actor: actor, At: noon, Now: noon} }

// stateAfter is the organization after each event in an entry of its own.
func stateAfter(happened ...events.Event) domain.Organization {
	var roster domain.Roster
	for i, e := range happened {
		roster = roster.Evolve(events.Entry{
			Organization: "acme", Version: events.Version(i + 1), At: noon.Add(-time.Hour), Events: events.Facts{e},
		})
	}
	return roster.Organization("acme")
}

var builtIn = sync.OnceValue(func() scheme.Set {
	all, err := scheme.BuiltIn()
	if err != nil {
		panic(err)
	}
	return all
})

func builtInScheme(key string) *domain.Scheme { return builtIn()[key] }

var (
	// workspace is under the scheme owner-member, hub under github.
	workspace = events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme("owner-member").Scheme}
	hub       = events.OrganizationCreated{Name: "Acme", Scheme: builtInScheme("github").Scheme}
)

func joined(user events.UserID, role events.RoleKey) events.Event {
	return events.MemberJoined{Member: user, Role: role}
}

func created(project events.ProjectID) events.Event {
	return events.ProjectCreated{Project: project, Name: string(project)}
}

func granted(project events.ProjectID, user events.UserID, role events.RoleKey) events.Event {
	return events.ProjectMemberAdded{Project: project, Member: user, Role: role}
}

// grantedBy is a grant that came with an invite.
func grantedBy(invite events.InviteID, sender events.UserID, e events.Event) events.Event {
	added, _ := e.(events.ProjectMemberAdded)
	added.Invite, added.InvitedBy = invite, sender
	return added
}

func creator(project events.ProjectID, user events.UserID, role events.RoleKey) events.Event {
	return events.ProjectMemberAdded{Project: project, Member: user, Role: role, Creator: true}
}

func team(id, parent events.TeamID) events.Event {
	return events.TeamCreated{Team: id, Name: string(id), Parent: parent}
}

func entered(id events.TeamID, user events.UserID, role events.RoleKey) events.Event {
	return events.TeamMemberAdded{Team: id, Member: user, Role: role}
}

func assigned(id events.TeamID, project events.ProjectID, role events.RoleKey) events.Event {
	return events.TeamAssigned{Team: id, Project: project, Role: role}
}

func given(happened ...events.Event) []events.Event { return happened }
func then(happened ...events.Event) []events.Event  { return happened }

func sorted(s []string) map[string]int {
	all := map[string]int{}
	for _, one := range s {
		all[one]++
	}
	return all
}
