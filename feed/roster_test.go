package feed_test

import (
	"strconv"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/rostertest"
)

func TestMain(m *testing.M) { bustest.Main(m) }

// roster is Roster in a test, and what an administrator of it can do besides.
type roster struct {
	*rostertest.Server

	t        testing.TB
	js       jetstream.JetStream
	registry *subscriber.Registry
}

func start(t testing.TB) *roster {
	t.Helper()
	server := rostertest.Start(t)
	js, err := jetstream.New(server.Conn())
	require.NoError(t, err)
	registry, err := subscriber.Open(t.Context(), server.Conn(), 1)
	require.NoError(t, err)
	return &roster{server, t, js, registry}
}

// create creates an organization, and in a second command people u0, u1 and so on.
func (r *roster) create(org events.OrganizationID, people int) {
	r.t.Helper()
	r.Organization(org, "github", "owner")
	var members domain.Batch
	for i := range people {
		members = append(members, domain.AddMember{Member: events.UserID("u" + strconv.Itoa(i))})
	}
	r.Do(org, members)
}

func (r *roster) project(org events.OrganizationID, i int) {
	r.t.Helper()
	r.Do(org, domain.CreateProject{Project: events.ProjectID("p" + strconv.Itoa(i)), Name: "P"})
}
