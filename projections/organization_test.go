package projections

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestOrganizationsOfAMember(t *testing.T) {
	t.Parallel()
	f := acme(t)
	f.give("beta", domain.CreateOrganization{Name: "Beta", Scheme: builtInScheme(t, "owner-member"), Owner: "bob"})
	for user, want := range map[events.UserID][]events.OrganizationID{
		events.System: {"acme", "beta"},
		"bob":         {"acme", "beta"},
		"ada":         {"acme"},
		"nobody":      {},
	} {
		found, err := f.ListOrganizations(t.Context(), f.desk.View().State, time.Now(), OrganizationFilter{Of: user}, Page{})
		require.NoError(t, err)
		assert.Equal(t, want, found.Items, "those of %q", user)
	}
}

// TestOrganizationsAreThoseOfAnInstant asks for instants that are far from what the clock
// of the database says.
func TestOrganizationsAreThoseOfAnInstant(t *testing.T) {
	t.Parallel()
	f := studio(t)
	for _, tc := range []struct {
		name    string
		user    events.UserID
		instant time.Time
		want    []events.OrganizationID
	}{
		{"a membership without an end", "dan", time.Now(), []events.OrganizationID{"studio"}},
		{"a suspended member", "cyd", time.Now(), []events.OrganizationID{}},
		{"the last instant of a membership", "eve", soon.Add(-1), []events.OrganizationID{"studio"}},
		{"the end of a membership", "eve", soon, []events.OrganizationID{}},
		{"after the end of a membership", "eve", time.Now(), []events.OrganizationID{}},
	} {
		found, err := f.ListOrganizations(t.Context(), f.desk.View().State, tc.instant, OrganizationFilter{Of: tc.user}, Page{})
		require.NoError(t, err)
		assert.Equal(t, tc.want, found.Items, tc.name)
	}
}
