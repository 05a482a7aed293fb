package domain_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestAddProjectMemberWithTerms(t *testing.T) {
	t.Parallel()
	text := events.Levels{"text": "view"}
	added := events.ProjectMemberAdded{Project: "p", Member: "hal", Role: "guest", Levels: text, Until: soon}
	add := domain.AddProjectMember{Project: "p", Member: "hal", Levels: text, Until: soon}
	ended := added
	ended.Until = past
	defaults := func(s *events.Scheme) { organizationRole(s, "helper").DefaultProjectRole = "guide" }
	none := func(s *events.Scheme) { projectRole(s, "guest").Default = false }
	checkRules(t, []rule{
		{name: "levels and an end", given: staff, when: add, by: "cleo", then: then(added)},
		{name: "adding a project member with the same role and levels changes nothing", given: so(staff, added), when: add, by: "cleo"},
		{name: "other levels are a change", given: so(staff, added), when: domain.AddProjectMember{Project: "p", Member: "hal", Until: soon}, by: "cleo", err: domain.ErrAlreadyOnProject},
		{name: "another end is a change", given: so(staff, added), when: domain.AddProjectMember{Project: "p", Member: "hal", Levels: text}, by: "cleo", err: domain.ErrAlreadyOnProject},
		{name: "a grant that has ended makes way", given: so(staff, ended), when: add, by: "cleo", then: then(added)},
		{name: "an end to come", given: staff, when: domain.AddProjectMember{Project: "p", Member: "hal", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "not more than one has", given: staff, when: domain.AddProjectMember{Project: "p", Member: "hal", Levels: events.Levels{"text": "full"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not a lower role with more", given: so(staff, granted("p", "hal", "maker"), events.OverrideSet{Project: "p", Member: "hal", Permission: "people", Level: "full"}), when: domain.AddProjectMember{Project: "p", Member: "chip", Role: "lead"}, by: "hal", err: domain.ErrMayNotAssign},
		{name: "nor than an override leaves", given: so(staff, events.OverrideSet{Project: "p", Member: "cleo", Permission: "text", Level: "none"}), when: domain.AddProjectMember{Project: "p", Member: "hal", Role: "guide"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "levels that the role carries", given: staff, when: domain.AddProjectMember{Project: "p", Member: "hal", Role: "guide", Levels: text}, by: "cleo", err: domain.ErrNoOwnLevels},
		{name: "levels that there are", given: staff, when: domain.AddProjectMember{Project: "p", Member: "hal", Levels: events.Levels{"text": "on"}}, by: "cleo", err: domain.ErrUnknownPermission},
		{name: "the default of the person's own role", given: staffed(defaults), when: domain.AddProjectMember{Project: "p", Member: "hal"}, by: "cleo", then: then(granted("p", "hal", "guide"))},
		{name: "a role where there is no default", given: staffed(none), when: domain.AddProjectMember{Project: "p", Member: "hal"}, by: "cleo", err: domain.ErrUnknownRole},
		{name: "who reaches it anyway", given: staff, when: domain.AddProjectMember{Project: "p", Member: "chip"}, by: "cleo", then: then(granted("p", "chip", "guest"))},
		{name: "who is suspended stays in place", given: so(staff, events.MemberDeactivated{Member: "hal"}), when: domain.AddProjectMember{Project: "p", Member: "hal"}, by: "cleo", then: then(granted("p", "hal", "guest"))},
		{name: "unless suspended oneself", given: so(staff, events.MemberDeactivated{Member: "cleo"}), when: add, by: "cleo", err: domain.ErrNoOrganization},
	})
}

func TestChangeProjectLevels(t *testing.T) {
	t.Parallel()
	to := events.Levels{"text": "view"}
	has := so(staff, events.ProjectLevelsChanged{Project: "p", Member: "max", To: to})
	more := so(staff, events.ProjectLevelsChanged{Project: "p", Member: "max", To: events.Levels{"publish": "on"}})
	manages := so(staff, events.ProjectLevelsChanged{Project: "p", Member: "max", To: events.Levels{"people": "full"}})
	checkRules(t, []rule{
		{name: "a guide does", given: staff, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max", To: to}, by: "cleo", then: then(events.ProjectLevelsChanged{Project: "p", Member: "max", To: to})},
		{name: "to none of their own", given: has, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max"}, by: "cleo", then: then(events.ProjectLevelsChanged{Project: "p", Member: "max", From: to})},
		{name: "giving the own levels already held on the project changes nothing", given: has, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max", To: to}, by: "cleo"},
		{name: "not more than one has", given: staff, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max", To: events.Levels{"publish": "on"}}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "one, and the others stay", given: more, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max", To: to, Merge: true}, by: "cleo", then: then(events.ProjectLevelsChanged{Project: "p", Member: "max", From: events.Levels{"publish": "on"}, To: events.Levels{"publish": "on", "text": "view"}})},
		{name: "merging the level already held changes nothing", given: has, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max", To: to, Merge: true}, by: "cleo"},
		{name: "not one's own, not even to less", given: manages, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max"}, by: "max", err: domain.ErrMayNotAssign},
		{name: "not what the role carries none of", given: staff, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "cleo", To: to}, by: "olga", err: domain.ErrNoOwnLevels},
		{name: "who is not on it", given: staff, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "hal"}, by: "cleo", err: domain.ErrNotOnProject},
		{name: "who reaches it without being listed", given: staff, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "chip"}, by: "olga", err: domain.ErrNotOnProject},
		{name: "not of who created it", given: staff, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "mia", To: to}, by: "olga", err: domain.ErrProtected},
		{name: "a guest does not", given: staff, when: domain.ChangeProjectMemberLevels{Project: "p", Member: "max", To: to}, by: "max", err: domain.ErrNotAllowed},
	})
}

func TestChangeProjectMemberEnd(t *testing.T) {
	t.Parallel()
	reserved := func(s *events.Scheme) { projectRole(s, "guide").HandedOutBy = []events.RoleKey{"lead"} }
	more := so(staff, events.ProjectLevelsChanged{Project: "p", Member: "max", To: events.Levels{"publish": "on"}})
	ended := so(staff, events.ProjectMemberEndChanged{Project: "p", Member: "max", To: past})
	owners := given(workspace, joined("ada", "owner"), joined("bob", "member"), created("p"), granted("p", "bob", "owner"))
	checkRules(t, []rule{
		{name: "a guide does", given: staff, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "max", Until: soon}, by: "cleo", then: then(events.ProjectMemberEndChanged{Project: "p", Member: "max", To: soon})},
		{name: "and brings back", given: ended, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "max"}, by: "cleo", then: then(events.ProjectMemberEndChanged{Project: "p", Member: "max", From: past})},
		{name: "clearing an end that a grant does not have changes nothing", given: staff, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "max"}, by: "cleo"},
		{name: "an end to come", given: staff, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "max", Until: past}, by: "cleo", err: domain.ErrBadEnd},
		{name: "not of who ranks above", given: so(staff, granted("p", "hal", "maker")), when: domain.ChangeProjectMemberEnd{Project: "p", Member: "hal", Until: soon}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "of who has more, earlier", given: more, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "max", Until: soon}, by: "cleo", then: then(events.ProjectMemberEndChanged{Project: "p", Member: "max", To: soon})},
		{name: "not later", given: so(more, events.ProjectMemberEndChanged{Project: "p", Member: "max", To: soon}), when: domain.ChangeProjectMemberEnd{Project: "p", Member: "max"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not one's own where others give the role", given: staffed(reserved), when: domain.ChangeProjectMemberEnd{Project: "p", Member: "cleo", Until: soon}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nor is one's own role changed then", given: staffed(reserved), when: domain.ChangeProjectMemberRole{Project: "p", Member: "cleo", To: "guest"}, by: "cleo", err: domain.ErrMayNotAssign},
		{name: "though everybody may leave", given: staffed(reserved), when: domain.RemoveProjectMember{Project: "p", Member: "cleo"}, by: "cleo", then: then(events.ProjectMemberRemoved{Project: "p", Member: "cleo"})},
		{name: "not of who created it", given: staff, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "mia", Until: soon}, by: "mia", err: domain.ErrProtected},
		{name: "not of the only owner", given: owners, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "bob", Until: soon}, by: "bob", err: domain.ErrLastHolder},
		{name: "of one of two", given: so(owners, granted("p", "ada", "owner")), when: domain.ChangeProjectMemberEnd{Project: "p", Member: "bob", Until: soon}, by: "bob", then: then(events.ProjectMemberEndChanged{Project: "p", Member: "bob", To: soon})},
		{name: "not where the other one ends", given: so(owners, events.ProjectMemberAdded{Project: "p", Member: "ada", Role: "owner", Until: soon}), when: domain.ChangeProjectMemberEnd{Project: "p", Member: "bob", Until: soon}, by: "bob", err: domain.ErrLastHolder},
		{name: "who is not on it", given: staff, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "hal", Until: soon}, by: "cleo", err: domain.ErrNotOnProject},
		{name: "a guest does not", given: staff, when: domain.ChangeProjectMemberEnd{Project: "p", Member: "max"}, by: "max", err: domain.ErrNotAllowed},
	})
}

func TestProtectedCreator(t *testing.T) {
	t.Parallel()
	open := func(s *events.Scheme) { s.CreatorProtected = false }
	checkRules(t, []rule{
		{name: "keeps the role", given: staff, when: domain.ChangeProjectMemberRole{Project: "p", Member: "mia", To: "guest"}, by: "olga", err: domain.ErrProtected},
		{name: "does not leave", given: staff, when: domain.RemoveProjectMember{Project: "p", Member: "mia"}, by: "mia", err: domain.ErrProtected},
		{name: "is not overridden", given: staff, when: domain.SetOverride{Project: "p", Member: "mia", Permission: "text", Level: "none"}, by: "olga", err: domain.ErrProtected},
		{name: "is the system's to remove", given: staff, when: domain.RemoveProjectMember{Project: "p", Member: "mia"}, then: then(events.ProjectMemberRemoved{Project: "p", Member: "mia"})},
		{name: "is the organization's to remove", given: staff, when: domain.RemoveMember{Member: "mia"}, by: "cleo", then: then(
			events.ProjectRoleChanged{Project: "p", Member: "cleo", From: "guide", To: "lead"}, events.ProjectHandedOver{Project: "p", From: "mia", To: "cleo"}, events.MemberRemoved{Member: "mia"},
		)},
		{name: "where the scheme protects them", given: staffed(open), when: domain.RemoveProjectMember{Project: "p", Member: "mia"}, by: "olga", then: then(events.ProjectMemberRemoved{Project: "p", Member: "mia"})},
		{name: "another lead is not", given: so(staff, granted("p", "hal", "lead")), when: domain.RemoveProjectMember{Project: "p", Member: "hal"}, by: "mia", then: then(events.ProjectMemberRemoved{Project: "p", Member: "hal"})},
	})
}

func TestSetOverride(t *testing.T) {
	t.Parallel()
	set := func(user events.UserID, permission events.PermissionKey, level events.Level) domain.Command {
		return domain.SetOverride{Project: "p", Member: user, Permission: permission, Level: level}
	}
	was := func(user events.UserID, permission events.PermissionKey, level events.Level) events.Event {
		return events.OverrideSet{Project: "p", Member: user, Permission: permission, Level: level}
	}
	may := func(direction events.OverrideDirection) func(*events.Scheme) {
		return func(s *events.Scheme) { s.Overrides.May = direction }
	}
	off := func(s *events.Scheme) { s.Overrides.On = false }
	pinned := so(staff, events.ProjectLevelsChanged{Project: "p", Member: "max", To: events.Levels{"text": "view"}}, was("cleo", "text", "none"))
	through := so(staff, team("core", ""), entered("core", "hal", "hand"), assigned("core", "p", "guest"))
	checkRules(t, []rule{
		{name: "a guide raises a guest", given: staff, when: set("max", "text", "view"), by: "cleo", then: then(was("max", "text", "view"))},
		{name: "and lowers a guide", given: so(staff, granted("p", "hal", "guide")), when: set("hal", "people", "none"), by: "cleo", then: then(was("hal", "people", "none"))},
		{name: "whoever came through a team", given: through, when: set("hal", "text", "view"), by: "cleo", then: then(was("hal", "text", "view"))},
		{name: "setting an override to its present level changes nothing", given: so(staff, was("max", "text", "view")), when: set("max", "text", "view"), by: "cleo"},
		{name: "changed", given: so(staff, was("max", "text", "full")), when: set("max", "text", "view"), by: "cleo", then: then(was("max", "text", "view"))},
		{name: "not to more than one has", given: staff, when: set("max", "text", "full"), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "but to what there is anyway", given: pinned, when: set("max", "text", "view"), by: "cleo", then: then(was("max", "text", "view"))},
		{name: "but by the system", given: staff, when: set("max", "text", "full"), then: then(was("max", "text", "full"))},
		{name: "not of who ranks above", given: so(staff, granted("p", "hal", "maker")), when: set("hal", "text", "none"), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "not of who bypasses it all", given: staff, when: set("chip", "text", "none"), by: "olga", err: domain.ErrBypasses},
		{name: "not of who is protected", given: staff, when: set("olga", "text", "none"), by: "chip", err: domain.ErrProtected},
		{name: "not of who is not on it", given: staff, when: set("hal", "text", "view"), by: "cleo", err: domain.ErrNotOnProject},
		{name: "not of who is not there", given: staff, when: set("eve", "text", "view"), by: "cleo", err: domain.ErrNotOnProject},
		{name: "a level that there is", given: staff, when: set("max", "text", "on"), by: "cleo", err: domain.ErrUnknownPermission},
		{name: "of a permission that there is", given: staff, when: set("max", "money", "view"), by: "cleo", err: domain.ErrUnknownPermission},
		{name: "a guest does not", given: staff, when: set("max", "text", "view"), by: "max", err: domain.ErrNotAllowed},
		{name: "not where there are none", given: staffed(off), when: set("max", "text", "view"), by: "cleo", err: domain.ErrOverridesOff},
		{name: "raising where that is all they do", given: staffed(may(events.RaiseOnly)), when: set("max", "text", "view"), by: "cleo", then: then(was("max", "text", "view"))},
		{name: "not lowering there", given: so(staffed(may(events.RaiseOnly)), granted("p", "hal", "guide")), when: set("hal", "text", "none"), by: "cleo", err: domain.ErrOverrideDirection},
		{name: "lowering where that is all they do", given: so(staffed(may(events.LowerOnly)), granted("p", "hal", "guide")), when: set("hal", "text", "none"), by: "cleo", then: then(was("hal", "text", "none"))},
		{name: "not raising there", given: staffed(may(events.LowerOnly)), when: set("max", "text", "view"), by: "cleo", err: domain.ErrOverrideDirection},
	})
}

func TestClearOverride(t *testing.T) {
	t.Parallel()
	was := func(user events.UserID, level events.Level) events.Event {
		return events.OverrideSet{Project: "p", Member: user, Permission: "text", Level: level}
	}
	clear := func(user events.UserID) domain.Command {
		return domain.ClearOverride{Project: "p", Member: user, Permission: "text"}
	}
	cleared := func(user events.UserID) []events.Event {
		return then(events.OverrideCleared{Project: "p", Member: user, Permission: "text"})
	}
	off := func(s *events.Scheme) { s.Overrides.On = false }
	low := so(staff, granted("p", "hal", "guide"), was("hal", "none"))
	checkRules(t, []rule{
		{name: "one that raised", given: so(staff, was("max", "full")), when: clear("max"), by: "cleo", then: cleared("max")},
		{name: "one that lowered, to what one has", given: low, when: clear("hal"), by: "cleo", then: cleared("hal")},
		{name: "not to more than one has", given: so(low, was("cleo", "none")), when: clear("hal"), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "nor one's own", given: so(staff, was("cleo", "none")), when: clear("cleo"), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "unless it does nothing", given: so(staff, events.ProjectLevelsChanged{Project: "p", Member: "max", To: events.Levels{"text": "view"}}, was("cleo", "none"), was("max", "view")), when: clear("max"), by: "cleo", then: cleared("max")},
		{name: "but by the system", given: so(staff, was("cleo", "none")), when: clear("cleo"), then: cleared("cleo")},
		{name: "where there is none", given: staff, when: clear("max"), by: "cleo"},
		{
			name: "of what the rules have no more", given: so(staff, events.OverrideSet{Project: "p", Member: "max", Permission: "ghost", Level: "full"}), by: "cleo",
			when: domain.ClearOverride{Project: "p", Member: "max", Permission: "ghost"}, then: then(events.OverrideCleared{Project: "p", Member: "max", Permission: "ghost"}),
		},
		{name: "not of who ranks above", given: so(staff, granted("p", "hal", "maker"), was("hal", "none")), when: clear("hal"), by: "cleo", err: domain.ErrMayNotAssign},
		{name: "a guest does not", given: so(staff, was("max", "full")), when: clear("max"), by: "max", err: domain.ErrNotAllowed},
		{name: "not where there are none any more", given: so(staffed(off), was("max", "full")), when: clear("max"), by: "cleo", err: domain.ErrOverridesOff},
	})
}

// TestOverridesEndWithTheLastSource holds what a removal takes along.
func TestOverridesEndWithTheLastSource(t *testing.T) {
	t.Parallel()
	set := events.OverrideSet{Project: "p", Member: "max", Permission: "text", Level: "view"}
	removed := events.ProjectMemberRemoved{Project: "p", Member: "max"}
	other := events.OverrideSet{Project: "q", Member: "max", Permission: "text", Level: "view"}
	checkRules(t, []rule{
		{name: "one after the other", given: so(staff, set, created("q"), other, events.OverrideSet{Project: "p", Member: "max", Permission: "people", Level: "view"}), when: domain.RemoveProjectMember{Project: "p", Member: "max"}, by: "cleo", then: then(removed, events.OverrideCleared{Project: "p", Member: "max", Permission: "people"}, events.OverrideCleared{Project: "p", Member: "max", Permission: "text"})},
		{name: "not while a team is left", given: so(staff, set, team("core", ""), entered("core", "max", "hand"), assigned("core", "p", "guest")), when: domain.RemoveProjectMember{Project: "p", Member: "max"}, by: "cleo", then: then(removed)},
	})
	before := stateAfter(so(staff, set)...)
	set.Level = "full"
	before.Evolve(events.Recorded{Event: set})
	assert.EqualValues(t, "view", before.Access("max", "p").Level("text"), "a newer override reaches back")
	two := stateAfter(so(staff, set, events.OverrideSet{Project: "p", Member: "max", Permission: "people", Level: "view"}, events.OverrideCleared{Project: "p", Member: "max", Permission: "text"})...)
	p, _ := two.Project("p")
	assert.Len(t, slices.Collect(p.Overridden()), 1, "one override is left")
	org := stateAfter(so(staff, set, events.MemberRemoved{Member: "max"}, joined("max", "member"), granted("p", "max", "guest"))...)
	assert.EqualValues(t, "none", org.Access("max", "p").Level("text"), "an override outlived the membership")
	p, _ = org.Project("p")
	assert.Empty(t, slices.Collect(p.Overridden()))
}
