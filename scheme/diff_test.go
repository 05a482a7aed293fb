package scheme_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	type d = scheme.Difference
	for _, tc := range []struct {
		name, old, new string
		want           []d
	}{
		{"another version", "version: 1", "version: 2", []d{{"version", "1", "2"}}},
		{"a label", "version: 1", "version: 1\nlabel: Rich", []d{{Where: "label", To: "Rich"}}},
		{"a level", "levels: {people: full}, all", "levels: {people: view}, all", []d{{"organization_roles.owner.levels.people", "full", "view"}}},
		{"a level taken away", "levels: {text: full, print: on}", "levels: {text: full}", []d{{"project_roles.editor.levels.print", "on", ""}}},
		{"the lowest level, said or not", "levels: {text: full, print: on}}", "levels: {text: full, print: on}, own_levels: on_top}", []d{
			{Where: "project_roles.editor.own_levels", To: "on_top"},
		}},
		{"a role more", "  - {key: reader,", "  - {key: guest, rank: 9, levels: {print: on, text: none}}\n  - {key: reader,", []d{
			{Where: "project_roles.guest", To: "rank 9"},
			{Where: "project_roles.guest.levels.print", To: "on"},
		}},
		{"a role less", "  - {key: chief, rank: 2, bypass: true, all_projects: editor, handed_out_by: [owner]}\n", "", []d{
			{"organization_roles.chief", "rank 2", ""},
			{"organization_roles.chief.all_projects", "editor", ""},
			{"organization_roles.chief.bypass", "yes", ""},
			{"organization_roles.chief.handed_out_by", "owner", ""},
		}},
		{"a permission less", "{key: text}, {key: print, kind: toggle}", "{key: text}, {key: print, label: Print, group: Paper, kind: toggle}", []d{
			{"permissions.project.print", "toggle", `toggle "Print" under "Paper"`},
		}},
		{"who may do what", "move_team: {team_roles: [hand]}", "move_team: {anyone: true, organization_roles: [owner, chief]}", []d{
			{"allow.move_team", "hand of the team", "anyone; chief or owner of the organization"},
		}},
		{"nobody any more", "  move_team: {team_roles: [hand]}\n", "", []d{{"allow.move_team", "hand of the team", ""}}},
		{"somebody besides", "add_member: {organization: {people: full}, self: true}", "add_member: {organization: {people: view}}", []d{
			{"allow.add_member", "oneself; people full in the organization", "people view in the organization"},
		}},
		{"overrides", "may: raise", "may: both", []d{{"overrides", "raise", "both"}}},
		{"what is so anyway", "{on: true, may: raise}", "{on: true}", []d{{"overrides", "raise", "both"}}},
		{"custom roles", "{allowed: true, up_to: member}", "{allowed: true}", []d{{"custom_roles.organization", "allowed up to member", "allowed"}}},
		{"requests", "access_requests: {join: closed, projects: open, days: 14}\n", "", []d{
			{"access_requests.join", "closed", ""}, {"access_requests.projects", "open", ""}, {"access_requests.days", "14", ""},
		}},
		{"elevation", "{role: editor, from: [reader], max_hours: 8, reason_required: true, approvers: {organization_roles: [owner]}}", "{role: editor, max_hours: 1}", []d{
			{"elevation.project.editor", "at most 8 hours, from reader, with a reason, approved by owner of the organization", "at most 1 hour"},
		}},
		{"seats and days", "invite_days: 7", "invite_days: 0", []d{{"invite_days", "7", ""}}},
		{"notices", "{when: next_access, channels: [inbox]}", "{when: both}", []d{
			{"role_notices.when", "next_access", "both"}, {"role_notices.channels", "inbox", ""},
		}},
		{"broad access", "broad_access: 60\n", "", []d{{"broad_access", "60", ""}}},
		{"several, in order", "version: 1", "version: 3\nlabel: Rich", []d{{"version", "1", "3"}, {Where: "label", To: "Rich"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(rich, tc.old, tc.new, 1)
			require.NotEqual(t, rich, changed, "there is no %q to change", tc.old)
			from, to := parsed(t, rich), parsed(t, changed)
			assert.Equal(t, tc.want, scheme.Diff(from, to))
			assert.Len(t, scheme.Diff(to, from), len(tc.want), "the other way round")
			assert.Empty(t, scheme.Diff(from, parsed(t, rich)), "equal schemes")
		})
	}
}

func TestDiffOfDelegations(t *testing.T) {
	t.Parallel()
	with := func(delegation string) *domain.Scheme { return parsed(t, delegating(delegation)) }
	from := with("{who: {anyone: true}, roles: [editor]}")
	to := with("{who: {anyone: true}, roles: [editor], permissions: [text]}")
	assert.Equal(t, []scheme.Difference{{Where: "delegations.0", From: "anyone: editor", To: "anyone: editor, any level of text"}}, scheme.Diff(from, to))
}

func TestDiffTellsBuiltInSchemesApart(t *testing.T) {
	t.Parallel()
	all := builtIn(t)
	for a, from := range all {
		for b, to := range all {
			assert.Equal(t, a != b, len(scheme.Diff(from, to)) > 0, "%s and %s differ", a, b)
		}
	}
}

func parsed(t *testing.T, text string) *domain.Scheme {
	t.Helper()
	read, err := scheme.Parse("f.yaml", []byte(text))
	require.NoError(t, err)
	return read
}

func TestDriftLeavesOutWhatOrganizationsChange(t *testing.T) {
	t.Parallel()
	offered := parsed(t, rich)
	organization := domain.Organization{}
	for i, e := range []events.Event{
		events.OrganizationCreated{Name: "Acme", Scheme: offered.Scheme},
		events.RoleDefined{Kind: events.OrganizationRoleKind, Role: events.Role{Key: "aid", Label: "Aid", Rank: 1}},
		events.RoleRenamed{Kind: events.ProjectRoleKind, Role: "editor", To: "Writer"},
	} {
		organization = organization.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: 1, Index: i}})
	}
	assert.Empty(t, scheme.Drift(organization.Scheme(), offered), "roles of its own and new labels")

	rewritten := parsed(t, strings.Replace(rich, "invite_days: 7", "invite_days: 9", 1))
	assert.Equal(t, []scheme.Difference{{Where: "invite_days", From: "7", To: "9"}}, scheme.Drift(organization.Scheme(), rewritten))
}
