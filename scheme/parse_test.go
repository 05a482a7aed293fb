package scheme_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tiny says no more than a scheme has to.
const tiny = `key: tiny
version: 1
organization_roles: [{key: owner, rank: 1}]
project_roles: [{key: editor, rank: 1}]
projects_visible_to: members
allow: {}
`

// delegating is tiny with permissions and a delegation.
func delegating(delegation string) string {
	return tiny + "permissions: {organization: [{key: people}], project: [{key: text}]}\ndelegations: [" + delegation + "]\n"
}

// rich says something of everything, to be broken one thing at a time.
const rich = `key: rich
version: 1
permissions:
  organization: [{key: people}]
  project: [{key: text}, {key: print, kind: toggle}]
organization_roles:
  - {key: owner, rank: 3, at_least: 1, protected: true, levels: {people: full}, all_projects: editor}
  - {key: chief, rank: 2, bypass: true, all_projects: editor, handed_out_by: [owner]}
  - {key: member, rank: 1, default: true, own_levels: instead}
project_roles:
  - {key: editor, rank: 2, levels: {text: full, print: on}}
  - {key: reader, rank: 1, default: true, own_levels: on_top, levels: {text: view}}
teams:
  on: true
  nested: true
  inherit: true
  max_depth: 8
  confer: default_project_role
  roles: [{key: hand, rank: 1}]
custom_roles: {organization: {allowed: true, up_to: member}, project: {allowed: true}}
overrides: {on: true, may: raise}
project_creator: editor
creator_protected: true
projects_visible_to: members
invite_days: 7
access_requests: {join: closed, projects: open, days: 14}
elevation:
  project: [{role: editor, from: [reader], max_hours: 8, reason_required: true, approvers: {organization_roles: [owner]}}]
public_link: {allowed: true, levels: {text: view}}
seats: {limit: 25, invites_hold: true}
role_notices: {when: next_access, channels: [inbox]}
broad_access: 60
allow:
  add_member: {organization: {people: full}, self: true}
  move_team: {team_roles: [hand]}
  set_override: {project: {text: full}, project_roles: [editor]}
  change_member_levels: {organization_roles: [owner]}
`

func TestParse(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"tiny": tiny, "rich": rich, "no rules, but a comment": tiny + "# that is all\n"} {
		_, err := scheme.Parse(name+".yaml", []byte(text))
		assert.NoError(t, err, name)
	}
}

// TestParseRefuses compares every message with a golden file: it names file and line, what
// is wrong, and what would be right.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	var messages strings.Builder
	for _, tc := range []struct{ name, old, broken string }{
		{"no YAML", "key: rich", "key: ["},
		{"an indent that belongs nowhere", "version: 1", "version: 1\n  label: Rich"},
		{"a key twice", "version: 1", "version: 1\nversion: 2"},
		{"nothing at all", "", ""},
		{"a comment alone", "", "# Soon.\n"},
		{"two documents", "", "key: a\n---\nkey: b\n"},
		{"a list", "", "- key\n"},
		{"a word", "", "scheme\n"},
		{"too much", "", strings.Repeat("# more\n", 10_000)},
		{"too deep", "", strings.Repeat("[", 51)},
		{"an anchor", "levels: {text: view}", "levels: &all {text: view}"},
		{"an alias", "levels: {text: view}", "levels: *all"},
		{"a tag", "version: 1", "version: !!int 1"},
		{"no number", "version: 1", "version: .nan"},
		{"a number without end", "version: 1", "version: .inf"},
		{"a number for a name", "key: rich", "1: rich"},
		{"bytes that are no text", "key: rich", "key: \xff"},
		{"an unknown setting", "version: 1", "version: 1\ncolour: red"},
		{"an unknown setting of a role", "{key: hand, rank: 1}", "{key: hand, rank: 1, levels: {text: view}}"},
		{"an unknown action", "move_team: ", "fly: "},
		{"no key", "key: rich\n", ""},
		{"an empty key", "key: rich", "key: \"\""},
		{"a key that is none", "key: rich", "key: rich & poor"},
		{"a version that is text", "version: 1", "version: one"},
		{"a version left empty", "version: 1", "version:"},
		{"a version of nothing", "version: 1", "version: 0"},
		{"a version in between", "version: 1", "version: 1.5"},
		{"a huge version", "version: 1", "version: 100000000000000000000"},
		{"no roles", "roles: [{key: hand, rank: 1}]", "roles: []"},
		{"a role without rank", "{key: hand, rank: 1}", "{key: hand}"},
		{"a role that is a word", "{key: hand, rank: 1}", "hand"},
		{"a mapping for a list", "permissions:\n  organization: [{key: people}]", "permissions:\n  organization: {key: people}"},
		{"a list for a mapping", "seats: {limit: 25, invites_hold: true}", "seats: [25]"},
		{"an unknown visibility", "projects_visible_to: members", "projects_visible_to: all"},
		{"an unknown kind", "kind: toggle", "kind: switch"},
		{"a word for a switch", "nested: true", "nested: yes"},
		{"negative days", "invite_days: 7", "invite_days: -1"},
		{"a channel that there is not", "channels: [inbox]", "channels: [inbox, pager]"},
		{"a channel twice", "channels: [inbox]", "channels: [inbox, inbox]"},
		{"a level that there is not", "{text: view}}\nteams", "{text: read}}\nteams"},
		{"an allowance for nobody", "{team_roles: [hand]}", "{}"},
		{"an allowance that is taken back", "self: true", "self: false"},
		{"an allowance by no level", "{organization: {people: full}, self: true}", "{organization: {}}"},
		{"an allowance of no role", "project_roles: [editor]}", "project_roles: []}"},
		{"a label of two lines", "key: rich", "label: \"a\\nb\"\nkey: rich"},
		{"a permission twice", "{key: print, kind: toggle}", "{key: text, kind: toggle}"},
		{"a role twice", "{key: reader, rank: 1,", "{key: editor, rank: 1,"},
		{"a role twice but for its case", "{key: reader, rank: 1,", "{key: Editor, rank: 1,"},
		{"two roles of one label", "{key: reader, rank: 1,", "{key: reader, label: EDITOR, rank: 1,"},
		{"two defaults", "rank: 2, levels: {text: full, print: on}}", "rank: 2, default: true, levels: {text: full, print: on}}"},
		{"two project roles of one rank", "{key: reader, rank: 1,", "{key: reader, rank: 2,"},
		{"two highest roles", "{key: chief, rank: 2, bypass", "{key: chief, rank: 3, bypass"},
		{"a level of the other kind", "print: on}", "print: full}"},
		{"an unknown permission", "levels: {text: view}}\nteams", "levels: {film: view}}\nteams"},
		{"a reach that is no role", "protected: true, levels: {people: full}, all_projects: editor", "protected: true, levels: {people: full}, all_projects: king"},
		{"a default on projects that is no role", "{key: member, rank: 1,", "{key: member, rank: 1, default_project_role: king,"},
		{"an unknown hand", "handed_out_by: [owner]", "handed_out_by: [owner, king]"},
		{"a hand below", "handed_out_by: [owner]", "handed_out_by: [member]"},
		{"a bypass without reach", "bypass: true, all_projects: editor,", "bypass: true,"},
		{"a bypass with own levels", "bypass: true,", "bypass: true, own_levels: on_top,"},
		{"protected without a way", "at_least: 1, protected: true", "protected: true"},
		{"an unknown creator", "project_creator: editor", "project_creator: king"},
		{"a protected creator without role", "project_creator: editor\n", ""},
		{"an unknown bound", "up_to: member", "up_to: king"},
		{"a bound on nothing", "{allowed: true, up_to: member}", "{up_to: member}"},
		{"overrides that are off", "{on: true, may: raise}", "{may: raise}"},
		{"teams that are off", "  on: true\n", ""},
		{"teams without roles", "  roles: [{key: hand, rank: 1}]\n", ""},
		{"flat teams that inherit", "  nested: true\n", ""},
		{"flat teams with levels", "  nested: true\n  inherit: true\n", ""},
		{"teams of one level that nest", "max_depth: 8", "max_depth: 1"},
		{"teams deeper than the most", "max_depth: 8", "max_depth: 33"},
		{"a default that teams lack", "rank: 1, default: true, own_levels: on_top", "rank: 1, own_levels: on_top"},
		{"a link that shows nothing", "levels: {text: view}}\nseats", "levels: {text: none}}\nseats"},
		{"a link that is off", "{allowed: true, levels: {text: view}}", "{levels: {text: view}}"},
		{"a link with an unknown permission", "levels: {text: view}}\nseats", "levels: {film: view}}\nseats"},
		{"an unknown role in a rule", "team_roles: [hand]", "team_roles: [king]"},
		{"an unknown permission in a rule", "{organization: {people: full}", "{organization: {money: full}"},
		{"a level that everybody has", "{organization: {people: full}", "{organization: {people: none}"},
		{"a command without its subject", "add_member: ", "change_assignment: "},
		{"own levels that nobody carries", "{key: member, rank: 1, default: true, own_levels: instead}", "{key: member, rank: 1, default: true}"},
		{"a share of nothing", "broad_access: 60", "broad_access: 0"},
		{"a delegation to nobody", "", delegating("{who: {}, roles: [editor]}")},
		{"a delegation of no role", "", delegating("{who: {anyone: true}}")},
		{"a delegation of an unknown role", "", delegating("{who: {anyone: true}, roles: [king]}")},
		{"a delegation of an unknown permission", "", delegating("{who: {anyone: true}, roles: [editor], permissions: [film]}")},
		{"a delegation by an unknown permission", "", delegating("{who: {organization: {money: full}}, roles: [editor]}")},
		{"an elevation to an unknown role", "[{role: editor, from", "[{role: king, from"},
		{"an elevation from an unknown role", "from: [reader]", "from: [king]"},
		{"an elevation from a role that is no lower", "from: [reader]", "from: [editor]"},
		{"an elevation to a protected role", "elevation:", "elevation:\n  organization: [{role: owner, max_hours: 1}]"},
		{"an elevation to the lowest role", "[{role: editor, from: [reader]", "[{role: reader"},
		{"an elevation twice", "project: [{role", "project: [{role: editor, max_hours: 24}, {role"},
		{"an elevation for ever", "max_hours: 8, ", ""},
		{"an elevation for too long", "max_hours: 8", "max_hours: 721"},
		{"an elevation that an unknown role approves", "approvers: {organization_roles: [owner]}", "approvers: {organization_roles: [king]}"},
		{"a delegation beside teams", "broad_access: 60", "delegations: [{who: {anyone: true}, roles: [reader]}]"},
		{"several at once", "version: 1", "version: 0\ncolor: red"},
	} {
		text := tc.broken
		if tc.old != "" {
			text = strings.Replace(rich, tc.old, tc.broken, 1)
		}
		_, err := scheme.Parse("f.yaml", []byte(text))
		var broken *scheme.Error
		require.ErrorAs(t, err, &broken, tc.name)
		fmt.Fprintf(&messages, "%s\n%s\n\n", tc.name, broken)
	}
	golden := filepath.Join("testdata", "broken_schemes.txt")
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(messages.String()), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(string(want), messages.String()), "(-golden +now)")
}

// FuzzParse checks that no text breaks the parser, and that what it accepts answers for
// every role and permission and can be recorded and read again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(tiny))
	f.Add([]byte(rich))
	files, err := filepath.Glob("builtin/*.yaml")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		read, err := scheme.Parse("f.yaml", text)
		if err != nil {
			var broken *scheme.Error
			require.ErrorAs(t, err, &broken)
			require.NotEmpty(t, broken.Problems)
			lines := strings.Count(string(text), "\n") + strings.Count(string(text), "\r") + 1
			for _, problem := range broken.Problems {
				assert.True(t, 1 <= problem.Line && problem.Line <= lines, "%s: there is no such line", problem)
			}
			return
		}
		askEverything(t, read)
		recorded, err := json.Marshal(read.Scheme)
		require.NoError(t, err)
		var again events.Scheme
		require.NoError(t, json.Unmarshal(recorded, &again, json.RejectUnknownMembers(true)))
		assert.Empty(t, cmp.Diff(read.Scheme, again), "(-parsed +recorded)")
	})
}

// askEverything asks a scheme for everything that its roles grant.
func askEverything(t *testing.T, s *domain.Scheme) {
	t.Helper()
	for _, role := range s.ProjectRoles() {
		access := s.Resolve([]domain.Source{{Kind: domain.Direct, Role: role}}, nil)
		assert.Equal(t, role, access.Role)
		for _, permission := range s.Permissions() {
			assert.NotEmpty(t, access.Level(permission.Key), "the level that the role %q has of %q", role, permission.Key)
		}
	}
	for _, role := range s.OrganizationRoles() {
		org := domain.Organization{}
		for i, e := range []events.Event{
			events.OrganizationCreated{Name: "Acme", Scheme: s.Scheme},
			events.MemberJoined{Member: "ada", Role: role},
			events.ProjectCreated{Project: "p"},
		} {
			org = org.Evolve(events.Recorded{Event: e, Origin: events.Origin{Version: 1, Index: i}})
		}
		access := org.InOrganization("ada")
		for _, permission := range s.Scheme.Permissions.Organization {
			assert.NotEmpty(t, access.Level(permission.Key), "the level that the role %q has of %q", role, permission.Key)
		}
		assert.Equal(t, org.Access("ada", "p").Reason == "", s.RoleOnAllProjects(role) != "", "the role %q reaches %q", role, s.RoleOnAllProjects(role))
		own := s.DefaultProjectRole(role)
		assert.False(t, own != "" && s.Rank(own) == 0, "the role %q has the default %q on projects, which has no rank", role, own)
		for _, action := range domain.Actions() {
			_ = org.Authorize("ada", action, domain.About{Project: "p", Member: "ada"})
		}
	}
}
