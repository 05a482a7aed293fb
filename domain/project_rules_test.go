package domain_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestRenameProject(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "a lead does", given: staff, when: domain.RenameProject{Project: "p", To: "P"}, by: "mia", then: then(events.ProjectRenamed{Project: "p", From: "p", To: "P"})},
		{name: "renaming a project to its present name changes nothing", given: staff, when: domain.RenameProject{Project: "p", To: "p"}, by: "mia"},
		{name: "to something", given: staff, when: domain.RenameProject{Project: "p", To: " "}, by: "mia", err: domain.ErrBadName},
		{name: "a guide does not", given: staff, when: domain.RenameProject{Project: "p", To: "P"}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "who is not on it does not see it", given: staff, when: domain.RenameProject{Project: "p", To: "P"}, by: "hal", err: domain.ErrNoProject},
		{name: "not when archived", given: so(staff, events.ProjectArchived{Project: "p"}), when: domain.RenameProject{Project: "p", To: "P"}, by: "mia", err: domain.ErrProjectArchived},
		{name: "not by who was a lead until now", given: so(staff, joined("lou", "member"), events.ProjectMemberAdded{Project: "p", Member: "lou", Role: "lead", Until: past}), when: domain.RenameProject{Project: "p", To: "P"}, by: "lou", err: domain.ErrNoProject},
	})
}

func TestDescribeProject(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("a", 10_000)
	described := so(staff, events.ProjectDescribed{Project: "p", Description: "A rocket"})
	checkRules(t, []rule{
		{name: "a lead does", given: staff, when: domain.DescribeProject{Project: "p", Description: "A rocket"}, by: "mia", then: then(events.ProjectDescribed{Project: "p", Description: "A rocket"})},
		{name: "with 10,000 bytes", given: staff, when: domain.DescribeProject{Project: "p", Description: longest}, by: "mia", then: then(events.ProjectDescribed{Project: "p", Description: longest})},
		{name: "not with more", given: staff, when: domain.DescribeProject{Project: "p", Description: longest + "a"}, by: "mia", err: domain.ErrBadName},
		{name: "nothing removes the description", given: described, when: domain.DescribeProject{Project: "p"}, by: "mia", then: then(events.ProjectDescribed{Project: "p"})},
		{name: "the description that a project has changes nothing", given: described, when: domain.DescribeProject{Project: "p", Description: "A rocket"}, by: "mia"},
		{
			name: "nor does the one that it was created with", given: so(staff, events.ProjectCreated{Project: "q", Name: "q", Description: "A rocket"}),
			when: domain.DescribeProject{Project: "q", Description: "A rocket"},
		},
		{name: "a guide does not", given: staff, when: domain.DescribeProject{Project: "p", Description: "A rocket"}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "who is not on it does not see it", given: staff, when: domain.DescribeProject{Project: "p", Description: "A rocket"}, by: "hal", err: domain.ErrNoProject},
		{name: "not when archived", given: so(staff, events.ProjectArchived{Project: "p"}), when: domain.DescribeProject{Project: "p", Description: "A rocket"}, by: "mia", err: domain.ErrProjectArchived},
	})
}

func TestArchiveProject(t *testing.T) {
	t.Parallel()
	archived := so(staff, events.ProjectArchived{Project: "p"})
	checkRules(t, []rule{
		{name: "a guide archives", given: staff, when: domain.ArchiveProject{Project: "p"}, by: "cleo", then: then(events.ProjectArchived{Project: "p"})},
		{name: "a guest does not", given: staff, when: domain.ArchiveProject{Project: "p"}, by: "max", err: domain.ErrNotAllowed},
		{name: "archiving an archived project changes nothing", given: archived, when: domain.ArchiveProject{Project: "p"}, by: "cleo"},
		{name: "who may not hears that", given: archived, when: domain.ArchiveProject{Project: "p"}, by: "max", err: domain.ErrNotAllowed},
		{name: "restored by who archives, though it is read only", given: archived, when: domain.RestoreProject{Project: "p"}, by: "cleo", then: then(events.ProjectRestored{Project: "p"})},
		{name: "not by a guest", given: archived, when: domain.RestoreProject{Project: "p"}, by: "max", err: domain.ErrNotAllowed},
		{name: "what is not archived stays", given: staff, when: domain.RestoreProject{Project: "p"}, by: "cleo"},
		{name: "not nothing", given: staff, when: domain.RestoreProject{}, err: domain.ErrNoProject},
		{name: "not what there is not", given: staff, when: domain.RestoreProject{Project: "x"}, err: domain.ErrNoProject},
		{name: "nobody is added meanwhile", given: archived, when: domain.AddProjectMember{Project: "p", Member: "hal"}, by: "cleo", err: domain.ErrProjectArchived},
		{name: "nobody leaves meanwhile", given: archived, when: domain.RemoveProjectMember{Project: "p", Member: "max"}, by: "max", err: domain.ErrProjectArchived},
		{name: "not even by the system", given: archived, when: domain.AddProjectMember{Project: "p", Member: "hal"}, err: domain.ErrProjectArchived},
	})
}

func TestDeleteProject(t *testing.T) {
	t.Parallel()
	checkRules(t, []rule{
		{name: "a guide does", given: staff, when: domain.DeleteProject{Project: "p"}, by: "cleo", then: then(events.ProjectDeleted{Project: "p"})},
		{name: "a guest does not", given: staff, when: domain.DeleteProject{Project: "p"}, by: "max", err: domain.ErrNotAllowed},
		{name: "archived or not", given: so(staff, events.ProjectArchived{Project: "p"}), when: domain.DeleteProject{Project: "p"}, by: "cleo", then: then(events.ProjectDeleted{Project: "p"})},
		{name: "who is not on it does not see it", given: staff, when: domain.DeleteProject{Project: "p"}, by: "hal", err: domain.ErrNoProject},
	})
}

// TestDeletionEndsEverythingOnAProject holds that one with the same id begins anew.
func TestDeletionEndsEverythingOnAProject(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, team("core", ""), entered("core", "hal", "hand"), assigned("core", "p", "maker"),
		events.OverrideSet{Project: "p", Member: "max", Permission: "text", Level: "full"}, events.PublicLinkTurnedOn{Project: "p", Token: events.Sum([]byte("s"))},
		events.ProjectArchived{Project: "p"}, events.AccessAttested{Member: "max", Project: "p"}, events.ProjectDeleted{Project: "p"}, created("p"), granted("p", "max", "guest"))...)
	for user, want := range map[events.UserID]events.RoleKey{"mia": "", "cleo": "", "hal": "", "max": "guest", "olga": "lead"} {
		assert.Equal(t, want, org.Access(user, "p").Role, user)
	}
	assert.EqualValues(t, "none", org.Access("max", "p").Level("text"), "an override came back")
	p, _ := org.Project("p")
	assert.Empty(t, slices.Collect(p.Overridden()), "the new project has what the deleted one had")
	assert.False(t, p.Archived, "the new project has what the deleted one had")
	_, through := org.ThroughLink("p", events.Sum([]byte("s")))
	assert.False(t, through, "a link came back")
	_, reviewed := org.Attested("max", "p")
	assert.False(t, reviewed, "a review came back")
	core, _ := org.Team("core")
	assert.Empty(t, maps.Collect(core.Projects()), "the team is assigned still")
}

func TestPublicLink(t *testing.T) {
	t.Parallel()
	first, second := events.Sum([]byte("first")), events.Sum([]byte("second"))
	on := so(staff, events.PublicLinkTurnedOn{Project: "p", Token: first, Nonce: "1"})
	off := func(s *events.Scheme) { s.PublicLink = events.PublicLink{} }
	checkRules(t, []rule{
		{name: "a lead turns it on", given: staff, when: domain.TurnOnPublicLink{Project: "p", Token: first, Nonce: "1"}, by: "mia", then: then(events.PublicLinkTurnedOn{Project: "p", Token: first, Nonce: "1"})},
		{name: "turning on a public link that is on changes nothing", given: on, when: domain.TurnOnPublicLink{Project: "p", Token: second, Nonce: "2"}, by: "mia"},
		{name: "a guide does not", given: staff, when: domain.TurnOnPublicLink{Project: "p"}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "not where there are none", given: staffed(off), when: domain.TurnOnPublicLink{Project: "p"}, by: "mia", err: domain.ErrLinksOff},
		{name: "rotated", given: on, when: domain.RotatePublicLink{Project: "p", Token: second, Nonce: "2"}, by: "mia", then: then(events.PublicLinkRotated{Project: "p", Token: second, Nonce: "2"})},
		{name: "when it is on", given: staff, when: domain.RotatePublicLink{Project: "p", Token: second}, by: "mia", err: domain.ErrNoLink},
		{name: "not rotated by a guide", given: on, when: domain.RotatePublicLink{Project: "p"}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "turned off", given: on, when: domain.TurnOffPublicLink{Project: "p"}, by: "mia", then: then(events.PublicLinkTurnedOff{Project: "p"})},
		{name: "off already", given: staff, when: domain.TurnOffPublicLink{Project: "p"}, by: "mia"},
		{name: "not turned off by a guide", given: on, when: domain.TurnOffPublicLink{Project: "p"}, by: "cleo", err: domain.ErrNotAllowed},
		{name: "not when archived", given: so(on, events.ProjectArchived{Project: "p"}), when: domain.RotatePublicLink{Project: "p"}, by: "mia", err: domain.ErrProjectArchived},
	})
}

func TestThroughLink(t *testing.T) {
	t.Parallel()
	first, second := events.Sum([]byte("first")), events.Sum([]byte("second"))
	wide := func(s *events.Scheme) { s.PublicLink.Levels = events.Levels{"text": "full", "publish": "on"} }
	on := so(staffed(wide), events.PublicLinkTurnedOn{Project: "p", Token: first})
	for _, tc := range []struct {
		name    string
		given   []events.Event
		project events.ProjectID
		secret  events.Hash
		through bool
		levels  events.Levels
	}{
		{"who holds it", on, "p", first, true, events.Levels{"text": "full", "people": "none", "publish": "on"}},
		{"another secret", on, "p", second, false, nil},
		{"another project", so(on, created("q")), "q", first, false, nil},
		{"no such project", on, "x", first, false, nil},
		{"off", so(on, events.PublicLinkTurnedOff{Project: "p"}), "p", first, false, nil},
		{"none is not on", staff, "p", events.Hash{}, false, nil},
		{"rotated", so(on, events.PublicLinkRotated{Project: "p", Token: second}), "p", first, false, nil},
		{"the new one", so(on, events.PublicLinkRotated{Project: "p", Token: second}), "p", second, true, events.Levels{"text": "full", "people": "none", "publish": "on"}},
		{"archived", so(on, events.ProjectArchived{Project: "p"}), "p", first, true, events.Levels{"text": "view", "people": "none", "publish": "off"}},
		{"in what is archived", so(on, events.OrganizationArchived{}), "p", first, true, events.Levels{"text": "view", "people": "none", "publish": "off"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			access, through := stateAfter(tc.given...).ThroughLink(tc.project, tc.secret)
			assert.Equal(t, tc.through, through, "does the link open the project?")
			if tc.through {
				assert.Equal(t, tc.levels, access.Levels())
			}
		})
	}
}
