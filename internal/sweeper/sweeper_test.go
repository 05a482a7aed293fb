package sweeper_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/clock/clocktest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/sweeper"
	"github.com/seed-2026d078/roster/scheme"
)

// node is a process that serves a ledger.
type node struct {
	t       *testing.T
	machine *clocktest.Machine
	ledger  *bus.Ledger
	desk    *sweeper.Desk
	stop    func()
}

// start starts a node with a desk and a sweeper.
func start(t *testing.T, ledger *bus.Ledger, machine *clocktest.Machine) *node {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	desk, err := bus.NewDesk[domain.Roster, domain.Command](ctx, ledger, domain.Roster{}, bus.DeskConfig{Clock: machine.Clock()})
	require.NoError(t, err)
	ended := make(chan error, 2)
	go func() { ended <- desk.Run(ctx) }()
	go func() { ended <- sweeper.Run(ctx, desk, slog.New(slog.DiscardHandler)) }()
	stop := func() {
		cancel()
		for range cap(ended) {
			assert.NoError(t, <-ended)
		}
	}
	return &node{t, machine, ledger, desk, stop}
}

// give gives a command as the system.
func (n *node) give(org events.OrganizationID, c domain.Command) {
	n.t.Helper()
	_, err := n.desk.Do(n.t.Context(), bus.Request[domain.Command]{Organization: org, Command: c})
	require.NoError(n.t, err)
}

// create creates an organization with a project p.
func (n *node) create(org events.OrganizationID) {
	n.t.Helper()
	all, err := scheme.BuiltIn()
	require.NoError(n.t, err)
	n.give(org, domain.CreateOrganization{Name: "Acme", Scheme: all["github"], Owner: "ada"})
	n.give(org, domain.CreateProject{Project: "p", Name: "P"})
}

// recorded returns the starts and ends that the ledger has recorded, in order.
func (n *node) recorded() (all []events.Event) {
	n.t.Helper()
	end, err := n.ledger.End(n.t.Context())
	require.NoError(n.t, err)
	require.NoError(n.t, n.ledger.Read(n.t.Context(), events.Checkpoint{}, end.Position, func(commits []events.Commit) error {
		for _, c := range commits {
			for _, entry := range c.Entries {
				for _, e := range entry.Events {
					switch e.(type) { //nolint:gochecksumtype // the others are none
					case events.MembershipStarted, events.ProjectMembershipStarted, events.AssignmentStarted,
						events.MembershipEnded, events.ProjectMembershipEnded, events.AssignmentEnded, events.InviteExpired, events.ElevationEnded:
						all = append(all, e)
					}
				}
			}
		}
		return nil
	}))
	return all
}

// await waits until the ledger has recorded these starts and ends, in whatever order, and no others.
func (n *node) await(want ...events.Event) {
	n.t.Helper()
	require.EventuallyWithT(n.t, func(c *assert.CollectT) { assert.Len(c, n.recorded(), len(want)) }, time.Minute, 20*time.Millisecond)
	assert.ElementsMatch(n.t, want, n.recorded())
}

func TestEndsAreRecorded(t *testing.T) {
	t.Parallel()
	machine := new(clocktest.Machine)
	n := start(t, bustest.Ledger(t), machine)
	defer n.stop()
	n.create("acme")
	soon, later := machine.Time().Add(time.Hour), machine.Time().Add(100*time.Hour)
	n.give("acme", domain.AddMember{Member: "bob", Until: soon})
	n.give("acme", domain.AddProjectMember{Project: "p", Member: "ada", Role: "read", Until: soon})
	n.give("acme", domain.CreateTeam{Team: "t", Name: "T"})
	n.give("acme", domain.AssignTeam{Team: "t", Project: "p", Role: "read", Until: later})
	n.await()
	machine.Pass(time.Hour)
	n.await(events.MembershipEnded{Member: "bob", Until: soon}, events.ProjectMembershipEnded{Project: "p", Member: "ada", Until: soon})

	machine.Pass(98 * time.Hour) // the end is not near before
	put := machine.Time().Add(2 * time.Hour)
	n.give("acme", domain.ChangeMemberEnd{Member: "bob", Until: put})
	machine.Pass(time.Hour)
	n.await(events.MembershipEnded{Member: "bob", Until: soon}, events.ProjectMembershipEnded{Project: "p", Member: "ada", Until: soon},
		events.AssignmentEnded{Team: "t", Project: "p", Until: later})
	machine.Pass(time.Hour)
	n.await(events.MembershipEnded{Member: "bob", Until: soon}, events.ProjectMembershipEnded{Project: "p", Member: "ada", Until: soon},
		events.AssignmentEnded{Team: "t", Project: "p", Until: later}, events.MembershipEnded{Member: "bob", Until: put})
}

// TestStartsAreRecorded has starts that pass together with ends, one that is put off, and one that passed while no node
// ran. What starts and ends meanwhile did so in that order.
func TestStartsAreRecorded(t *testing.T) {
	t.Parallel()
	machine := new(clocktest.Machine)
	ledger := bustest.Ledger(t)
	n := start(t, ledger, machine)
	n.create("acme")
	soon, later := machine.Time().Add(time.Hour), machine.Time().Add(2*time.Hour)
	n.give("acme", domain.AddMember{Member: "bob", From: soon, Until: later})
	n.give("acme", domain.AddMember{Member: "cyd", Until: soon})
	n.give("acme", domain.AddProjectMember{Project: "p", Member: "ada", Role: "read", From: soon})
	n.give("acme", domain.AddMember{Member: "eve"})
	n.give("acme", domain.RequestElevation{Request: "r", Member: "eve", Role: "admin", Reason: "k.a", Until: soon})
	n.give("acme", domain.ApproveAccessRequest{Request: "r"})
	n.give("acme", domain.CreateTeam{Team: "t", Name: "T"})
	n.give("acme", domain.AssignTeam{Team: "t", Project: "p", Role: "read", From: soon})
	n.give("acme", domain.ChangeAssignmentStart{Team: "t", Project: "p", From: later})
	n.await()
	machine.Pass(time.Hour)
	first := []events.Event{
		events.MembershipStarted{Member: "bob", From: soon},
		events.ProjectMembershipStarted{Project: "p", Member: "ada", From: soon},
		events.MembershipEnded{Member: "cyd", Until: soon},
		events.ElevationEnded{Request: "r", Member: "eve", Role: "admin", Until: soon},
	}
	n.await(first...)
	third := later.Add(time.Hour)
	n.give("acme", domain.AddMember{Member: "dan", From: third, Until: third.Add(time.Minute)})
	n.stop()
	machine.Pass(3 * time.Hour)
	n = start(t, ledger, machine)
	defer n.stop()
	n.await(append(first, events.AssignmentStarted{Team: "t", Project: "p", From: later}, events.MembershipEnded{Member: "bob", Until: later},
		events.MembershipStarted{Member: "dan", From: third}, events.MembershipEnded{Member: "dan", Until: third.Add(time.Minute)})...)
	last := n.recorded()[6:]
	assert.Equal(t, []events.Event{events.MembershipStarted{Member: "dan", From: third}, events.MembershipEnded{Member: "dan", Until: third.Add(time.Minute)}}, last)
}

// TestEndsAreRecordedOnce has two nodes, more ends at once than a command takes, and ends that
// passed while no node ran.
func TestEndsAreRecordedOnce(t *testing.T) {
	t.Parallel()
	machine := new(clocktest.Machine)
	ledger := bustest.Ledger(t)
	const people = domain.MaxItems + 10
	first := start(t, ledger, machine)
	first.create("acme")
	first.create("other")
	until := machine.Time().Add(time.Hour)
	var want []events.Event
	var members domain.Batch
	for i := range people {
		user := events.UserID(fmt.Sprint("user-", i))
		members = append(members, domain.AddMember{Member: user, Until: until})
		want = append(want, events.MembershipEnded{Member: user, Until: until})
	}
	for part := range slices.Chunk(members, domain.MaxItems) {
		first.give("acme", part)
	}
	first.give("other", domain.AddMember{Member: "bob", Until: until})
	want = append(want, events.MembershipEnded{Member: "bob", Until: until})
	first.stop()
	machine.Pass(2 * time.Hour)

	one, two := start(t, ledger, machine), start(t, ledger, machine)
	defer one.stop()
	defer two.stop()
	one.await(want...)
	time.Sleep(time.Second) // longer than the other one waits
	one.await(want...)
}

// TestSweeperRestsWhileTheClockIsDoubted has a clock that is set ahead, and then right again.
func TestSweeperRestsWhileTheClockIsDoubted(t *testing.T) {
	t.Parallel()
	machine := new(clocktest.Machine)
	n := start(t, bustest.Ledger(t), machine)
	defer n.stop()
	n.create("acme")
	until := machine.Time().Add(time.Hour)
	n.give("acme", domain.AddMember{Member: "bob", Until: until})
	machine.Set(2 * time.Hour)
	time.Sleep(time.Second)
	n.await()
	machine.Set(-2 * time.Hour)
	machine.Pass(time.Hour)
	n.await(events.MembershipEnded{Member: "bob", Until: until})
}

// TestHistoryIsWrittenForwards has an end that has passed, in a history that is written command after command: its next
// command happened before the end was recorded. Meanwhile the node starts anew.
func TestHistoryIsWrittenForwards(t *testing.T) {
	t.Parallel()
	machine := new(clocktest.Machine)
	ledger := bustest.Ledger(t)
	n := start(t, ledger, machine)
	defer func() { n.stop() }()
	// A sweeper that has just begun looks through all organizations, whoever is writing to them.
	n.create("other")
	soon := machine.Time().Add(time.Hour)
	n.give("other", domain.AddMember{Member: "kim", Until: soon})
	machine.Pass(time.Hour)
	looked := events.MembershipEnded{Member: "kim", Until: soon}
	n.await(looked)

	const day = 24 * time.Hour
	began := machine.Time().Add(-30 * day)
	all, err := scheme.BuiltIn()
	require.NoError(t, err)
	n.giveAt(began, domain.CreateOrganization{Name: "Acme", Scheme: all["github"], Owner: "ada"})
	n.giveAt(began, domain.AddMember{Member: "bob", Until: began.Add(day)})
	for range 2 {
		time.Sleep(time.Second) // longer than it takes to record an end
		n.stop()
		n = start(t, ledger, machine)
	}
	time.Sleep(time.Second)
	n.giveAt(began.Add(2*day), domain.CreateProject{Project: "p", Name: "P"})
	n.await(looked)
	machine.Pass(time.Minute) // nothing more is written
	n.await(looked, events.MembershipEnded{Member: "bob", Until: began.Add(day)})
}

// giveAt gives a command that happened at a time.
func (n *node) giveAt(at time.Time, c domain.Command) {
	n.t.Helper()
	_, err := n.desk.Do(n.t.Context(), bus.Request[domain.Command]{Organization: "acme", Command: c, At: at})
	require.NoError(n.t, err)
}
