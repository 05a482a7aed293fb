package domain_test

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// gone is an end that has passed at noon, coming one that has not.
var (
	gone   = noon.Add(-time.Minute)
	coming = noon.Add(time.Minute)
)

// boundariesIn lists the starts and ends in an organization, in the same order every time.
func boundariesIn(org domain.Organization) []domain.Boundary {
	return slices.SortedFunc(maps.Keys(maps.Collect(org.Boundaries())), func(a, b domain.Boundary) int {
		return cmp.Or(cmp.Compare(a.Member, b.Member), cmp.Compare(a.Team, b.Team), cmp.Compare(a.Project, b.Project), cmp.Compare(a.Invite, b.Invite), cmp.Compare(strconv.FormatBool(b.Start), strconv.FormatBool(a.Start)))
	})
}

func TestRecordPassed(t *testing.T) {
	t.Parallel()
	bob := domain.Boundary{Member: "bob"}
	grant, assignment, invite := domain.Boundary{Member: "bob", Project: "p"}, domain.Boundary{Team: "t", Project: "p"}, domain.Boundary{Invite: "i"}
	until := func(end time.Time) []events.Event {
		return given(hub, events.MemberJoined{Member: "bob", Role: "member", Until: end}, created("p"),
			events.ProjectMemberAdded{Project: "p", Member: "bob", Role: "read", Until: end},
			team("t", ""), events.TeamAssigned{Team: "t", Project: "p", Role: "read", Until: end},
			events.MemberInvited{Invite: "i", Role: "member", Expires: end})
	}
	all := domain.RecordPassed{Of: []domain.Boundary{bob, grant, assignment, invite}}
	recorded := then(events.MembershipEnded{Member: "bob", Until: gone}, events.ProjectMembershipEnded{Project: "p", Member: "bob", Until: gone},
		events.AssignmentEnded{Team: "t", Project: "p", Until: gone}, events.InviteExpired{Invite: "i", Until: gone})
	starting := func(from time.Time) []events.Event {
		return given(hub, events.MemberJoined{Member: "bob", Role: "member", From: from}, created("p"),
			events.ProjectMemberAdded{Project: "p", Member: "bob", Role: "read", From: from},
			team("t", ""), events.TeamAssigned{Team: "t", Project: "p", Role: "read", From: from},
			events.MemberInvited{Invite: "i", Role: "member", From: from})
	}
	starts := domain.RecordPassed{Of: []domain.Boundary{{Start: true, Member: "bob"}, {Start: true, Member: "bob", Project: "p"}, {Start: true, Team: "t", Project: "p"}}}
	started := then(events.MembershipStarted{Member: "bob", From: gone}, events.ProjectMembershipStarted{Project: "p", Member: "bob", From: gone},
		events.AssignmentStarted{Team: "t", Project: "p", From: gone})
	checkRules(t, []rule{
		{name: "each that has passed", given: until(gone), when: all, then: recorded},
		{name: "at the instant itself", given: until(noon), when: domain.RecordPassed{Of: []domain.Boundary{bob}}, then: then(events.MembershipEnded{Member: "bob", Until: noon})},
		{name: "none before", given: until(coming), when: all},
		{name: "none where there is none", given: until(time.Time{}), when: all},
		{name: "none of what is gone", given: given(hub), when: all},
		{name: "each once", given: slices.Concat(until(gone), recorded), when: all},
		{name: "each once in a command", given: until(gone), when: domain.RecordPassed{Of: []domain.Boundary{bob, bob}}, then: recorded[:1]},
		{
			name:  "another end of the same membership",
			given: slices.Concat(until(gone), recorded, then(events.MemberEndChanged{Member: "bob", From: gone, To: noon})),
			when:  domain.RecordPassed{Of: []domain.Boundary{bob}}, then: then(events.MembershipEnded{Member: "bob", Until: noon}),
		},
		{
			name:  "another end of the same grant",
			given: slices.Concat(until(gone), recorded, then(events.ProjectMemberEndChanged{Project: "p", Member: "bob", From: gone, To: noon})),
			when:  domain.RecordPassed{Of: []domain.Boundary{grant}}, then: then(events.ProjectMembershipEnded{Project: "p", Member: "bob", Until: noon}),
		},
		{
			name:  "another end of the same assignment",
			given: slices.Concat(until(gone), recorded, then(events.AssignmentEndChanged{Team: "t", Project: "p", From: gone, To: noon})),
			when:  domain.RecordPassed{Of: []domain.Boundary{assignment}}, then: then(events.AssignmentEnded{Team: "t", Project: "p", Until: noon}),
		},
		{
			name: "an invite whose membership would have ended", given: given(hub, events.MemberInvited{Invite: "i", Role: "member", Expires: coming, Until: gone}),
			when: domain.RecordPassed{Of: []domain.Boundary{invite}}, then: then(events.InviteExpired{Invite: "i", Until: gone}),
		},
		{
			name: "in what is archived", given: slices.Concat(until(gone), then(events.ProjectArchived{Project: "p"}, events.OrganizationArchived{})),
			when: all, then: recorded,
		},
		{name: "of who is deactivated", given: slices.Concat(until(gone), then(events.MemberDeactivated{Member: "bob"})), when: all, then: recorded},
		{name: "in no organization", given: given(hub, events.OrganizationDeleted{}), when: all},
		{name: "starts, too", given: starting(gone), when: starts, then: started},
		{name: "a start at the instant itself", given: starting(noon), when: domain.RecordPassed{Of: starts.Of[:1]}, then: then(events.MembershipStarted{Member: "bob", From: noon})},
		{name: "no start before", given: starting(coming), when: starts},
		{name: "each start once", given: slices.Concat(starting(gone), started), when: starts},
		{name: "no start of an invite", given: starting(gone), when: domain.RecordPassed{Of: []domain.Boundary{{Start: true, Invite: "i"}}}},
		{
			name:  "a start and an end",
			given: given(hub, events.MemberJoined{Member: "bob", Role: "member", From: gone.Add(-time.Microsecond), Until: gone}), when: domain.RecordPassed{Of: []domain.Boundary{{Start: true, Member: "bob"}, bob}},
			then: then(events.MembershipStarted{Member: "bob", From: gone.Add(-time.Microsecond)}, events.MembershipEnded{Member: "bob", Until: gone}),
		},
		{
			name:  "another start of the same membership",
			given: slices.Concat(until(gone), recorded, then(events.MemberStartChanged{Member: "bob", To: noon}, events.MemberEndChanged{Member: "bob", From: gone, To: coming})),
			when:  domain.RecordPassed{Of: starts.Of[:1]}, then: then(events.MembershipStarted{Member: "bob", From: noon}),
		},
		{name: "people do not", given: given(hub, joined("ada", "admin")), when: all, by: "ada", err: domain.ErrNotAllowed},
		{name: "too many", given: given(hub), when: domain.RecordPassed{Of: make([]domain.Boundary, domain.MaxItems+1)}, err: domain.ErrTooMany},
		{name: "as many as there may be", given: given(hub), when: domain.RecordPassed{Of: make([]domain.Boundary, domain.MaxItems)}},
	})
}

// TestARecordedEndHasPassed has a clock that goes back after an end was recorded: nobody has
// access again, and a new end has to be given by who may give it.
func TestARecordedEndHasPassed(t *testing.T) {
	t.Parallel()
	before := noon.Add(-time.Hour)
	org := stateAfter(given(hub, joined("cyd", "member"), events.MemberJoined{Member: "bob", Role: "member", Until: gone}, created("p"),
		events.ProjectMemberAdded{Project: "p", Member: "cyd", Role: "read", Until: gone})...).At(before)
	require.Empty(t, org.InOrganization("bob").Reason)
	require.True(t, org.HasAccess("cyd", "p"))
	org = org.Evolve(events.Recorded{Event: events.MembershipEnded{Member: "bob", Until: gone}})
	org = org.Evolve(events.Recorded{Event: events.ProjectMembershipEnded{Project: "p", Member: "cyd", Until: gone}})
	assert.Equal(t, domain.MembershipEnded, org.InOrganization("bob").Reason)
	assert.Empty(t, org.Access("cyd", "p").Sources)
	org = org.Evolve(events.Recorded{Event: events.MemberEndChanged{Member: "bob", From: gone, To: coming}})
	assert.Empty(t, org.InOrganization("bob").Reason, "a new end gives access back")
}

// TestRecordedStartsAndEndsSayAll holds that who knows the events alone, and looks at no clock, knows the
// access of everybody once all starts and ends are recorded that have passed.
func TestRecordedStartsAndEndsSayAll(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		org := s.after
		c := domain.RecordPassed{Of: boundariesIn(org)}
		happened, err := c.Decide(org, events.Moment{Actor: events.System, At: s.At, Now: s.At})
		require.NoError(t, err)
		for i, e := range happened {
			org = org.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: org.Version() + 1, Index: i, At: s.At}})
		}
		without := org.At(time.Time{})
		if !org.Exists() {
			return
		}
		for _, user := range someone {
			assert.Equal(t, org.InOrganization(user).Levels(), without.InOrganization(user).Levels(), "%q in the organization", user)
			for _, project := range anything {
				now, told := org.Access(user, project), without.Access(user, project)
				assert.Equal(t, now.Role, told.Role, "the role of %q on %q", user, project)
				assert.Equal(t, now.Levels(), told.Levels(), "the levels of %q on %q", user, project)
			}
		}
		for of, at := range org.Boundaries() {
			assert.True(t, at.After(s.At), "%v passed at %s", of, at)
		}
	})
}

// TestNewBoundaries holds that every start and end that there is was given by an event of which
// [domain.NewBoundaries] says so.
func TestNewBoundaries(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		had, found := maps.Collect(s.before.Boundaries()), map[domain.Boundary]bool{}
		for _, e := range s.entry.Events {
			for _, of := range domain.NewBoundaries(e) {
				found[of] = true
			}
		}
		for of, at := range s.after.Boundaries() {
			assert.True(t, had[of].Equal(at) || found[of], "%v got its time %s by none of %v", of, at, s.entry.Events)
		}
	})
}
