package projections

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestElevationsInSQL holds that the views know elevations: from when until when they count, and that one on a project gives nothing alone.
func TestElevationsInSQL(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	rules, hour := everyScheme(t), longAgo.Add(time.Hour)
	elevate := func(id events.AccessRequestID, user events.UserID, project events.ProjectID, role events.RoleKey, lasts time.Duration) domain.Command {
		return domain.Batch{
			domain.RequestElevation{Request: id, Member: user, Project: project, Role: role, Reason: "k.a", For: lasts},
			domain.ApproveAccessRequest{Request: id},
		}
	}
	for _, c := range []domain.Command{
		domain.CreateOrganization{Name: "Acme", Scheme: rules[len(rules)-1], Owner: "ada"},
		domain.AddMember{Member: "bob", Role: "developer"},
		domain.AddMember{Member: "cyd", Role: "developer"},
		domain.CreateProject{Project: "p", Name: "P"},
		domain.CreateProject{Project: "q", Name: "Q"},
		domain.AddProjectMember{Project: "p", Member: "bob", Role: "client", Until: hour},
		elevate("1", "bob", "p", "agency_owner", 3*time.Hour),
		elevate("2", "cyd", "", "agency_owner", 2*time.Hour),
	} {
		_, err := f.tryAt(events.System, "acme", c, longAgo)
		require.NoError(t, err)
	}
	f.caughtUp()
	for _, tc := range []struct {
		name           string
		at             time.Time
		bobOnP, cydOnQ events.RoleKey
	}{
		{"both are elevated", longAgo, "agency_owner", "manager"},
		{"until the last moment of the grant", hour.Add(-time.Microsecond), "agency_owner", "manager"},
		{"without the grant an elevation on a project gives nothing", hour, "", "manager"},
		{"one in the organization has ended", hour.Add(time.Hour), "", ""},
	} {
		org := f.org("acme").At(tc.at)
		assert.Equal(t, tc.bobOnP, org.Access("bob", "p").Role, tc.name)
		assert.Equal(t, tc.cydOnQ, org.Access("cyd", "q").Role, tc.name)
		f.compare(t, org)
		f.compareLists(t, org)
	}
}
