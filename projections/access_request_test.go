package projections

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestListOfAccessRequests(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	open := domain.ChangeAccessRequests{Join: new(events.OpenIntake), Projects: new(events.OpenIntake)}
	for _, org := range []events.OrganizationID{"acme", "apex"} {
		f.give(org, domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "owner-member"), Owner: "ada"}, open, domain.CreateProject{Project: "p", Name: "P"})
	}
	f.give("acme", domain.RequestAccess{Request: "denied", Member: "bob"}, domain.DenyAccessRequest{Request: "denied"})
	f.give("acme", domain.RequestAccess{Request: "joined", Member: "cyd"}, domain.ApproveAccessRequest{Request: "joined"})
	f.give("acme", domain.RequestAccess{Request: "gone", Member: "cyd", Project: "p"}, domain.RemoveMember{Member: "cyd"})
	f.give("acme", domain.RequestAccess{Request: "again", Member: "cyd"})
	f.give("apex", domain.RequestAccess{Request: "there", Member: "cyd"})
	for what, tc := range map[string]struct {
		org    events.OrganizationID
		filter AccessRequestFilter
		want   []events.AccessRequestID
	}{
		"what is open":          {"acme", AccessRequestFilter{}, []events.AccessRequestID{"again"}},
		"all":                   {"acme", AccessRequestFilter{All: true}, []events.AccessRequestID{"again", "gone", "joined", "denied"}},
		"denied":                {"acme", AccessRequestFilter{Closed: []domain.AccessRequestStatus{domain.AccessRefused}}, []events.AccessRequestID{"denied"}},
		"of no use any more":    {"acme", AccessRequestFilter{Closed: []domain.AccessRequestStatus{domain.AccessVoid}}, []events.AccessRequestID{"gone"}},
		"of a project":          {"acme", AccessRequestFilter{All: true, Project: "p"}, []events.AccessRequestID{"gone"}},
		"of somebody, anywhere": {"", AccessRequestFilter{User: "cyd"}, []events.AccessRequestID{"there", "again"}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			var got []events.AccessRequestID
			for page := (Page{Limit: 1}); ; {
				found, err := f.ListAccessRequests(t.Context(), tc.org, tc.filter, page)
				require.NoError(t, err)
				for _, r := range found.Items {
					got = append(got, r.Request)
				}
				if page.After = found.Next; page.After == "" {
					break
				}
			}
			assert.Equal(t, tc.want, got)
		})
	}
}
