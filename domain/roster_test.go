package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestTimeRunsForwards(t *testing.T) {
	t.Parallel()
	last := noon.Add(-time.Hour)
	roster := domain.Roster{}.Evolve(events.Entry{Organization: "acme", Version: 1, At: last, Events: events.Facts{workspace, joined("ada", "owner")}})
	for _, tc := range []struct {
		name string
		at   time.Time
		by   events.UserID
		err  error
	}{
		{name: "now", at: noon, by: "ada"},
		{name: "the moment of the last entry, when the clock went back", at: last, by: "ada"},
		{name: "the past, stated by the system", at: noon.Add(-time.Minute)},
		{name: "the past, stated by a person", at: noon.Add(-time.Minute), by: "ada", err: domain.ErrOccurredAt},
		{name: "the future", at: noon.Add(time.Minute), err: domain.ErrBadTime},
		{name: "before the last entry", at: last.Add(-time.Second), err: domain.ErrHistoryOrder},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := roster.Decide("acme", domain.AddMember{Member: "bob"}, events.Moment{Actor: tc.by, At: tc.at, Now: noon}, always)
			assert.ErrorIs(t, err, tc.err)
		})
	}
}

func TestOrganizationID(t *testing.T) {
	t.Parallel()
	_, err := (domain.Roster{}).Decide("a.b", domain.CreateOrganization{Name: "A", Scheme: builtInScheme("github")}, at(""), nil)
	assert.ErrorIs(t, err, domain.ErrBadID)
}

func TestOrganizationsStandApart(t *testing.T) {
	t.Parallel()
	roster := domain.Roster{}.Evolve(
		events.Entry{Organization: "acme", Version: 1, At: noon, Events: events.Facts{workspace, joined("ada", "owner")}},
		events.Entry{Organization: "other", Version: 1, At: noon, Events: events.Facts{hub, joined("bob", "admin")}},
	)
	_, err := roster.Decide("acme", domain.AddMember{Member: "eve"}, at("bob"), always)
	assert.ErrorIs(t, err, domain.ErrNoOrganization, "an owner of another organization")
	version, last := roster.Last("other")
	assert.EqualValues(t, 1, version, "the last version")
	assert.WithinDuration(t, noon, last, 0)
	roster = roster.Evolve(events.Entry{Organization: "other", Version: 2, At: noon, Events: events.Facts{events.OrganizationDeleted{}}})
	for id := range roster.Organizations() {
		assert.EqualValues(t, "acme", id)
	}
}

func TestBatch(t *testing.T) {
	t.Parallel()
	people := given(workspace, joined("ada", "owner"))
	checkRules(t, []rule{
		{
			name: "each sees what those before it did", given: people, by: "ada",
			when: domain.Batch{domain.AddMember{Member: "bob"}, domain.ChangeMemberRole{Member: "bob", To: "owner"}, domain.ChangeMemberRole{Member: "ada", To: "member"}},
			then: then(joined("bob", "member"), events.RoleChanged{Member: "bob", From: "member", To: "owner"}, events.RoleChanged{Member: "ada", From: "owner", To: "member"}),
		},
		{
			name: "all or nothing", given: people, by: "ada",
			when: domain.Batch{domain.AddMember{Member: "bob"}, domain.RemoveMember{Member: "ada"}}, err: domain.ErrLastHolder,
		},
		{name: "nothing", given: people, when: domain.Batch{}, by: "ada"},
		{name: "too many", given: people, when: make(domain.Batch, domain.MaxItems+1), by: "ada", err: domain.ErrTooMany},
	})
}

func TestBatchNamesEveryRefusedItem(t *testing.T) {
	t.Parallel()
	_, err := domain.Batch{
		domain.RemoveMember{Member: "eve"},
		domain.AddMember{Member: "bob"},
		domain.AddMember{Member: "bob", Role: "owner"},
	}.Decide(stateAfter(workspace, joined("ada", "owner")), at("ada"))
	var refused *domain.BatchError
	require.ErrorAs(t, err, &refused)
	got := map[int]bool{}
	for _, item := range refused.Items {
		got[item.Index] = errors.Is(item.Err, map[int]error{0: domain.ErrNoMember, 2: domain.ErrAlreadyMember}[item.Index])
	}
	assert.Empty(t, cmp.Diff(map[int]bool{0: true, 2: true}, got), "refused items")
}

func TestImportHistory(t *testing.T) {
	t.Parallel()
	lines := domain.ImportHistory{Source: "s", Through: 2, Commands: domain.Batch{domain.AddMember{Member: "bob"}}}
	progress := events.HistoryImported{Source: "s", Through: 2}
	history := func(c domain.Command) domain.ImportHistory {
		return domain.ImportHistory{Source: "s", Through: 2, Commands: domain.Batch{c}}
	}
	checkRules(t, []rule{
		{name: "keeps its place", given: given(workspace), when: lines, then: then(joined("bob", "member"), progress)},
		{name: "even where nothing changes", given: given(workspace, joined("bob", "member")), when: lines, then: then(progress)},
		{name: "skips what it has", given: given(workspace, progress), when: lines},
		{name: "even after a deletion", given: given(workspace, progress, events.OrganizationDeleted{}), when: lines},
		{name: "another history has a place of its own", given: given(workspace, events.HistoryImported{Source: "x", Through: 9}), when: lines, then: then(joined("bob", "member"), progress)},
		{
			name: "that the last holder of a role left is a fact", given: given(workspace, joined("ada", "owner")), when: history(domain.RemoveMember{Member: "ada"}),
			then: then(events.MemberRemoved{Member: "ada"}, progress),
		},
		{
			name: "and that they got a lower role", given: given(workspace, joined("ada", "owner")), when: history(domain.ChangeMemberRole{Member: "ada", To: "member"}),
			then: then(events.RoleChanged{Member: "ada", From: "owner", To: "member"}, progress),
		},
		{name: "as of now it is refused", given: given(workspace, joined("ada", "owner")), when: domain.ChangeMemberRole{Member: "ada", To: "member"}, err: domain.ErrLastHolder},
		{name: "people do not", given: given(workspace, joined("ada", "owner")), when: lines, by: "ada", err: domain.ErrNotAllowed},
	})
}

// TestCommandsAreJudgedNow has an organization whose last entry was recorded by a clock that
// was ahead.
func TestCommandsAreJudgedNow(t *testing.T) {
	t.Parallel()
	last := noon.AddDate(1, 0, 0)
	soon := noon.Add(time.Hour)
	roster := domain.Roster{}.Evolve(events.Entry{Organization: "acme", Version: 1, At: last, Events: events.Facts{
		workspace, joined("ada", "owner"), events.MemberJoined{Member: "bob", Role: "owner", Until: soon},
	}})
	m := events.Moment{Actor: "bob", At: last, Now: noon}
	_, err := roster.Decide("acme", domain.AddMember{Member: "eve", Until: soon}, m, nil)
	require.NoError(t, err)
	invited, err := roster.Decide("acme", domain.InviteMember{Invite: "i1", Address: "hash"}, m, nil)
	require.NoError(t, err)
	assert.Equal(t, noon.AddDate(0, 0, 7), invited[len(invited)-1].(events.MemberInvited).Expires) //nolint:forcetypeassert // or it fails
	m.Now = soon
	_, err = roster.Decide("acme", domain.AddMember{Member: "eve"}, m, nil)
	assert.ErrorIs(t, err, domain.ErrNoOrganization)
}
