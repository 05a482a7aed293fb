package subscriber_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// TestOrganizationInThePlaceOfAnother deletes an organization and creates another one with its id. Who may read the one hears nothing of
// the other, whatever they read it with.
func TestOrganizationInThePlaceOfAnother(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.addMember("acme", "bob")
	n.subscriber("former", "acme")
	n.subscriber("all")
	before := n.open("former", feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}})
	n.give("acme", domain.DeleteOrganization{})
	n.createOrganization("acme")
	n.subscriber("latter", "acme")
	through := n.addMember("acme", "eve")

	former := []string{"acme/1/0", "acme/1/1", "acme/2/0", "acme/3/0"}
	latter := []string{"acme/4/0", "acme/4/1", "acme/5/0"}
	beginning := feed.OpenRequest{Start: feed.Start{Beginning: true}}
	assert.Equal(t, former, n.read(before, through))
	assert.Equal(t, latter, n.opened("latter", beginning, through))
	assert.Subset(t, n.opened("all", beginning, through), append(former, latter...))
	assert.Equal(t, feed.Forbidden, n.refused("former", beginning))
	for what, request := range map[string]any{
		feed.Organizations: feed.OrganizationsRequest{},
		feed.History:       feed.HistoryRequest{Organization: "acme"},
	} {
		answer := ask[feed.OrganizationsResponse](n, "former", what, request) // each answer has the field
		require.NotNil(t, answer.Problem, what)
		assert.Equal(t, feed.Forbidden, answer.Problem.Code)
		assert.Contains(t, answer.Problem.Detail, "roster subscriber revoke former", what)
	}
}

// TestReaderOfAllNamesAnOrganizationThatIsReplaced has a subscriber that may read all organizations name one, in whose place there is another
// one then, which it may read as well.
func TestReaderOfAllNamesAnOrganizationThatIsReplaced(t *testing.T) {
	t.Parallel()
	for name, look := range map[string]func(*node) error{
		"found when the consumers are looked at":    func(n *node) error { return n.service.CheckConsumers(n.t.Context(), subscriber.Readers{}) },
		"found when the consumer is asked for anew": func(*node) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := start(t)
			n.subscriber("all")
			request := feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}, Organizations: []events.OrganizationID{"acme"}}
			first := n.open("all", request)
			require.NoError(t, n.service.CheckConsumers(t.Context(), subscriber.Readers{}))
			n.give("acme", domain.DeleteOrganization{})
			n.createOrganization("acme")
			through := n.addMember("acme", "eve")
			n.read(first, through) // heartbeats too, which are behind the messages of the other organization
			require.NoError(t, look(n))
			assert.Equal(t, []string{"acme/3/0", "acme/3/1", "acme/4/0"}, n.opened("all", request, through))
		})
	}
}
