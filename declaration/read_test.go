package declaration_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/declaration"
)

// written writes files into a new directory and returns it.
func written(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

func read(t *testing.T, files map[string]string) (*declaration.State, error) {
	t.Helper()
	return declaration.Read("acme", written(t, files))
}

func member(user, role string) client.DeclaredMember {
	return client.DeclaredMember{User: user, Role: role}
}

func TestOwnForm(t *testing.T) {
	t.Parallel()
	state, err := read(t, map[string]string{
		"people.yaml": `# who is here
roster: 1
organization: acme
scheme: github
name: Acme
members:
  ada: admin
  bob: {role: member, until: 2027-01-01, levels: {people: view}}
  "1234": {deactivated: true}
  cleo:
`,
		"teams/core.yml": `roster: 1
teams:
  core:
    previously: [kern, "old core"]
    description: "Keeps the engine: running"
    privacy: closed
    colour: '#3366ff'
    members: {ada: maintainer, bob: }
    projects:
      apollo: write
      gemini: {role: read, until: 2027-01-01T12:00:00Z}
    teams:
      docs:
        members: {}
projects:
  apollo:
    name: Apollo
    archived: false
    members:
      bob: {role: admin, levels: {text: full}}
  gemini: {}
`,
	})
	require.NoError(t, err)
	assert.Equal(t, "acme", state.Organization)
	day, noon, yes, no, running := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC), true, false, "Keeps the engine: running"
	assert.Empty(t, cmp.Diff(client.ApplyDeclaration{
		Scheme: "github", Name: "Acme",
		Members: []client.DeclaredMember{
			member("ada", "admin"),
			{User: "bob", Role: "member", Until: &day, Levels: map[string]string{"people": "view"}},
			{User: "1234", Deactivated: &yes},
			{User: "cleo"},
		},
		Teams: []client.DeclaredTeam{
			{
				Name: "core", Previously: []string{"kern", "old core"}, Description: &running, Privacy: "closed", Colour: "#3366ff",
				Members:  []client.DeclaredTeamMember{{User: "ada", Role: "maintainer"}, {User: "bob"}},
				Projects: []client.DeclaredAssignment{{Project: "apollo", Role: "write"}, {Project: "gemini", Role: "read", Until: &noon}},
			},
			{Name: "docs", Parent: "core", Members: []client.DeclaredTeamMember{}},
		},
		Projects: []client.DeclaredProject{
			{Project: "apollo", Name: "Apollo", Archived: &no, Members: []client.DeclaredProjectMember{{User: "bob", Role: "admin", Levels: map[string]string{"text": "full"}}}},
			{Project: "gemini"},
		},
	}, state.Declaration))
}

func TestIDsThatDifferInCaseArePointedOut(t *testing.T) {
	t.Parallel()
	state, err := read(t, map[string]string{"a.yaml": "roster: 1\nmembers: {ada: admin, Bob: member}\nteams: {core: {members: {bob: member}}}\n"})
	require.NoError(t, err)
	assert.Equal(t, []string{"These user ids differ in case alone, and are different users: Bob, bob."}, state.Notes)
}

func TestPeribolosForm(t *testing.T) {
	t.Parallel()
	state, err := read(t, map[string]string{
		"org.yaml": `---
name: Acme
billing_email: bills@example.org
has_organization_projects: true
default_repository_permission: read
admins: [ada]
members:
- &bob Bob
- Cleo   # comes back in May
- 1234
- *bob
- Ada
repos:
  apollo:
    description: To the moon and back
    has_wiki: false
    previously: [mercury]
    collaborators: {bob: write, eve: read}
  gemini:
`,
		"teams/teams.yaml": `teams:
  core:
    description: ""
    maintainers: [ada]
    members: [bob, CLEO]
    privacy: closed
    repos: {apollo: admin, gemini: none}
    teams:
      docs:
        previously: [texts]
        members: [cleo]
`,
	})
	require.NoError(t, err)
	moon, empty := "To the moon and back", ""
	none := []client.DeclaredAssignment{}
	assert.Empty(t, cmp.Diff(client.ApplyDeclaration{
		Name: "Acme", Partial: true, ByLogin: true,
		Members: []client.DeclaredMember{member("ada", "admin"), member("Bob", "member"), member("Cleo", "member"), member("1234", "member")},
		Teams: []client.DeclaredTeam{
			{
				Name: "core", Description: &empty, Privacy: "closed",
				Members:  []client.DeclaredTeamMember{{User: "ada", Role: "maintainer"}, {User: "bob", Role: "member"}, {User: "CLEO", Role: "member"}},
				Projects: []client.DeclaredAssignment{{Project: "apollo", Role: "admin"}},
			},
			{Name: "docs", Parent: "core", Previously: []string{"texts"}, Members: []client.DeclaredTeamMember{{User: "cleo", Role: "member"}}, Projects: none},
		},
		Projects: []client.DeclaredProject{
			{Project: "apollo", Previously: []string{"mercury"}, Description: &moon, Members: []client.DeclaredProjectMember{{User: "bob", Role: "write"}}},
			{Project: "gemini"},
		},
	}, state.Declaration))
	assert.Equal(t, []string{"billing_email", "default_repository_permission", "has_organization_projects", "has_wiki"}, state.LeftOut)
	notes := strings.Join(state.Notes, "\n")
	for _, note := range []string{
		"org.yaml:8: Bob is listed twice.", "org.yaml:12: Ada is listed both as an admin and as a member, and counts as an admin.",
		"org.yaml:18: eve is a collaborator on apollo from outside of the organization, and is left out.",
		"one user: Bob, bob.", "one user: Cleo, CLEO, cleo.",
	} {
		assert.Contains(t, notes, note)
	}
}

func TestOrganizationsInOneFile(t *testing.T) {
	t.Parallel()
	dir := written(t, map[string]string{
		"one.yaml": "orgs:\n  Acme:\n    admins: [ada]\n", "several.yaml": "orgs:\n  acme:\n    admins: [ada]\n  other:\n    admins: [bob]\n",
		"teams.yaml": "teams:\n  core: {}\n",
	})
	one, several, teams := filepath.Join(dir, "one.yaml"), filepath.Join(dir, "several.yaml"), filepath.Join(dir, "teams.yaml")

	state, err := declaration.Read("", one, teams)
	require.NoError(t, err)
	assert.Equal(t, "Acme", state.Organization)
	assert.Len(t, state.Declaration.Teams, 1)

	state, err = declaration.Read("other", several)
	require.NoError(t, err)
	assert.Equal(t, []client.DeclaredMember{member("bob", "admin")}, state.Declaration.Members)

	for organization, files := range map[string][]string{"": {several}, "third": {several}, "fourth": {one}} {
		_, err = declaration.Read(organization, files...)
		assert.ErrorContains(t, err, "the files declare", organization)
	}
}

// TestRefusedFiles reads files in which one thing is wrong.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"no YAML", "members: [ada", "f.yaml:1: This is no YAML:"},
		{"a list", "- ada\n", "f.yaml:1: A declaration is a mapping with fields such as members and teams, not a list."},
		{"two documents", "admins: [ada]\n---\nadmins: [bob]\n", "f.yaml:3: A second document begins here"},
		{"bytes that are no text", "admins: [\xff]\n", "The file is not UTF-8."},
		{"nothing", "# soon\n", "nothing is declared in"},
		{"a field that peribolos does not have", "admins: [ada]\nowners: [bob]\n", `f.yaml:2: An organization of peribolos has no field "owners"; it has admins, billing_email,`},
		{"a field of a team", "teams:\n  core:\n    member: [ada]\n", `f.yaml:3: A team has no field "member"`},
		{"a field of a repository", "repos:\n  apollo: {wiki: true}\n", `f.yaml:2: A repository has no field "wiki"`},
		{"a privacy", "teams:\n  core:\n    privacy: hidden\n", `f.yaml:3: privacy is one of closed, secret, not "hidden".`},
		{"a permission", "teams:\n  core:\n    repos:\n      apollo: push\n", `f.yaml:4: apollo is one of none, read, triage, write, maintain, admin, not "push".`},
		{"a permission of a collaborator", "repos:\n  apollo:\n    collaborators: {ada: owner}\n", "f.yaml:3: ada is one of"},
		{"a value for a switch", "has_organization_projects: 7\n", "f.yaml:1: has_organization_projects is true or false."},
		{"a name for a list", "admins: ada\n", "f.yaml:1: admins is a list, as in [ada, bob], not text."},
		{"a list in a list", "admins:\n- [ada]\n", "f.yaml:2: An entry of admins is a name, not a list."},
		{"a list for a mapping", "teams: [core]\n", "f.yaml:1: teams is a mapping of teams by name, not a list."},
		{"a mapping for a text", "name: {en: Acme}\n", "f.yaml:1: name is a text, not a mapping."},
		{"a team twice", "teams:\n  core: {}\n  docs:\n    teams:\n      Core: {}\n", "f.yaml:5: The team Core is declared already, at "},
		{"a repository twice", "repos:\n  apollo: {}\n  Apollo: {}\n", "f.yaml:3: The repository Apollo is declared twice"},
		{"a repository of a team twice", "teams:\n  core:\n    repos:\n      apollo: read\n      Apollo: write\n", "f.yaml:5: The team core names the repository Apollo twice."},
		{"somebody in a team who is no member", "admins: [ada]\nteams:\n  core:\n    members:\n    - ada\n    - bob\n", "f.yaml:6: bob is in the team core, but neither among the admins nor among the members"},
		{"an alias for nothing", "admins: [*ada]\n", `There is no anchor "ada" before this line.`},
		{"another organization", "orgs:\n  other:\n    admins: [ada]\n", "the files declare the organization other, not acme"},
		{"more than organizations", "orgs: {acme: {admins: [ada]}}\nplank: {}\n", `f.yaml:2: A file with several organizations has no field "plank"; it has orgs.`},

		{"another version", "roster: 2\n", "f.yaml:1: roster is the version of this form; this program reads version 1."},
		{"a field that there is not", "roster: 1\nadmins: [ada]\n", `f.yaml:2: A declaration has no field "admins"; it has members, name,`},
		{"a file for another organization", "roster: 1\norganization: other\nmembers: {}\n", "f.yaml:2: The file is for the organization other, not for acme."},
		{"a section by accident", "roster: 1\nmembers:\n", "f.yaml:2: members has no value: write {} for none at all, or leave the field out."},
		{"a field of a member", "roster: 1\nmembers:\n  ada: {rank: 1}\n", `f.yaml:3: ada has no field "rank"; it has deactivated, from, levels, role, until.`},
		{"a list for a member", "roster: 1\nmembers:\n  ada: [admin]\n", "f.yaml:3: ada is a mapping, as in {name: value}, not a list."},
		{"an end that is no time", "roster: 1\nmembers:\n  ada: {until: soon}\n", "f.yaml:3: until is a time as 2026-12-31T18:00:00Z, or a date"},
		{"an entry without a name", "roster: 1\nteams:\n  \"\": {}\n", "f.yaml:3: teams has an entry without a name."},
		{"a member twice", "roster: 1\nmembers:\n  ada: admin\n  ada: member\n", "f.yaml:4: This is no YAML: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := read(t, map[string]string{"f.yaml": tc.text})
			assert.ErrorContains(t, err, tc.want)
		})
	}
}

func TestAllThatIsWrongIsSaid(t *testing.T) {
	t.Parallel()
	_, err := read(t, map[string]string{"a.yaml": "owners: []\nteams:\n  core: {privacy: hidden, member: []}\n", "b.yaml": "admins: ada\n"})
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 4, err)
	var first *declaration.Error
	require.ErrorAs(t, err, &first)
	assert.Equal(t, 1, first.Line)
}

func TestFilesThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"use one form at a time":                 {"a.yaml": "roster: 1\nmembers: {ada: admin}\n", "b.yaml": "teams: {core: {}}\n"},
		`is "Other" here, and "Acme" at `:        {"a.yaml": "name: Acme\nadmins: [ada]\n", "b.yaml": "name: Other\nadmins: [bob]\n"},
		"The team core is declared already, at ": {"a.yaml": "teams: {core: {}}\n", "b.yaml": "teams: {core: {}}\n"},
		"whose name ends in .yaml or .yml":       {"a.txt": "admins: [ada]\n"},
	} {
		_, err := read(t, files)
		assert.ErrorContains(t, err, name)
	}
	for text, want := range map[string]string{
		"admins: [ada]\n": "the files name no organization",
		"orgs: {acme: {admins: [ada]}, north: {admins: [ada]}}\n": "the files declare several organizations: acme, north",
	} {
		_, err := declaration.Read("", written(t, map[string]string{"a.yaml": text}))
		assert.ErrorAs(t, err, new(*declaration.OrganizationError))
		assert.EqualError(t, err, want)
	}
	_, err := declaration.Read("acme", "no-such-file.yaml")
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestRefusalsAreLocated(t *testing.T) {
	t.Parallel()
	state, err := read(t, map[string]string{"f.yaml": "admins:\n- ada\nteams:\n  core:\n    members:\n    - ada\n"})
	require.NoError(t, err)
	problem := &client.Problem{Code: "unknown_role", Detail: "first", Items: []client.ProblemItem{
		{About: `member "ada"`, Location: "body.members[0].role", Detail: "There is no such role."},
		{About: `member "ada" of team "core"`, Location: "body.teams[0].members[0]", Detail: "They are in the team already."},
		{About: `team "docs"`, Detail: "It has teams below it."},
	}}
	err = state.Locate(problem)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 4)
	assert.True(t, strings.HasSuffix(lines[0], `f.yaml:2: member "ada": There is no such role.`), lines[0])
	assert.True(t, strings.HasSuffix(lines[1], `f.yaml:6: member "ada" of team "core": They are in the team already.`), lines[1])
	assert.Equal(t, `team "docs": It has teams below it.`, lines[2])
	assert.ErrorIs(t, err, error(problem))
	other := errors.New("the server is gone")
	assert.Equal(t, other, state.Locate(other))
}

// TestRealFiles reads what the Kubernetes project declares of one of its organizations.
func TestRealFiles(t *testing.T) {
	t.Parallel()
	state, err := declaration.Read("etcd-io", "testdata/etcd-io")
	require.NoError(t, err)
	d := state.Declaration
	assert.Len(t, d.Members, 58)
	assert.Len(t, d.Teams, 15)
	assert.Nil(t, d.Projects)
	assert.Equal(t, []string{"reviewers-etcd", "members"}, []string{d.Teams[13].Name, d.Teams[13].Parent})
	assert.Empty(t, state.Notes)
	assert.Equal(t, []string{
		"billing_email", "default_repository_permission", "description", "has_organization_projects", "has_repository_projects", "members_can_create_repositories",
	}, state.LeftOut)
}

// TestFormsOfYAML reads one declaration that is written in several ways.
func TestFormsOfYAML(t *testing.T) {
	t.Parallel()
	plain := "admins:\n- ada\nmembers:\n- bob\nteams:\n  core:\n    description: Keeps the engine running\n    members:\n    - bob\n"
	want, err := read(t, map[string]string{"f.yaml": plain})
	require.NoError(t, err)
	for name, text := range map[string]string{
		"a byte order mark":      "\ufeff" + plain,
		"CRLF":                   strings.ReplaceAll(plain, "\n", "\r\n"),
		"a document mark":        "---\n" + plain + "...\n",
		"comments":               "# one\n" + strings.ReplaceAll(plain, "- bob\n", "- bob # two\n# three\n"),
		"indented lists":         strings.ReplaceAll(strings.ReplaceAll(plain, "\n- ", "\n  - "), "    - bob", "      - bob"),
		"JSON":                   `{"admins": ["ada"], "members": ["bob"], "teams": {"core": {"description": "Keeps the engine running", "members": ["bob"]}}}`,
		"quotes":                 "\"admins\": ['ada']\nmembers: [\"bob\"]\nteams: {'core': {description: 'Keeps the engine running', members: [bob]}}\n",
		"text over two lines":    strings.Replace(plain, "Keeps the engine running", "\n      Keeps the\n      engine running", 1),
		"folded text":            strings.Replace(plain, "Keeps the engine running", ">-\n      Keeps the\n      engine running", 1),
		"an anchor and an alias": "admins: [ada]\nmembers: &all\n- bob\nteams:\n  core:\n    description: Keeps the engine running\n    members: *all\n",
		"a merge key":            "admins: [ada]\nmembers: [bob]\nteams:\n  core:\n    <<: {members: [bob], description: Nothing}\n    description: Keeps the engine running\n",
		"space behind":           strings.ReplaceAll(plain, "\n", "   \n"),
	} {
		got, err := read(t, map[string]string{"f.yaml": text})
		if assert.NoError(t, err, name) {
			assert.Empty(t, cmp.Diff(want.Declaration, got.Declaration), name)
		}
	}
	_, err = read(t, map[string]string{"f.yaml": "admins: [ada]\nteams: &all\n  core:\n    teams: *all\n"})
	require.Error(t, err, "an alias within its anchor")
}

// TestVersionLeftOut reads files in the form of Roster that do not say so.
func TestVersionLeftOut(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"organization: acme\nname: Acme\n", "members: {ada: admin}\n", "projects: {}\n", "scheme: github\n"} {
		file := filepath.Join(t.TempDir(), "f.yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := declaration.Read("acme", file)
		assert.ErrorContains(t, err, `f.yaml:1: The field `, text)
		assert.ErrorContains(t, err, `is "roster: 1" missing?`, text)
	}
}
