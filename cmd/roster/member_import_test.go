package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/importer"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// importList imports a list with flags and returns what became of each row, in short.
func (o testOrganization) importList(list string, flags ...string) (results []string, code int) {
	o.Helper()
	name := filepath.Join(o.TempDir(), "people")
	require.NoError(o, os.WriteFile(name, []byte(list), 0o600))
	out, said, code := o.roster(append([]string{"member", "import", name, "--output", "json"}, flags...)...)
	var told struct{ Rows []importer.RowResult }
	require.NoError(o, json.Unmarshal([]byte(out), &told, json.MatchCaseInsensitiveNames(true)), "%s%s", out, said)
	for _, r := range told.Rows {
		results = append(results, strings.TrimRight(fmt.Sprintf("%d %s%s %s %s", r.Line, r.User, r.Email, r.Result, r.Detail), " "))
		assert.Equal(o, r.Result == importer.Invited && !strings.Contains(strings.Join(flags, " "), "--dry-run"), r.Token != "", "token of line %d", r.Line)
	}
	return results, code
}

// TestMemberImport imports lists of people, each into an organization of its own.
func TestMemberImport(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	for name, imports := range map[string]func(testOrganization){
		"people who are new, there already, or wrong":               testOrganization.importPeople,
		"what a file says of members":                               testOrganization.importUpdates,
		"a project by what two are called":                          testOrganization.importRefusesAmbiguousNames,
		"more people than one request takes":                        testOrganization.importManyPeople,
		"more people than there are seats for":                      testOrganization.importWithinSeats,
		"each membership as a row of its own":                       testOrganization.importFromGitLab,
		"ends that the organization has no place for":               testOrganization.importOfEnds,
		"people who are deactivated, or whose membership has ended": testOrganization.importOfStopped,
		"people who start later":                                    testOrganization.importOfStarts,
		"people who are refused for one reason each":                testOrganization.importSaysReasonsOnce,
		"broken files": testOrganization.importOfABrokenFile,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			imports(h.organization(t))
		})
	}
}

// importPeople imports people who are new, there already, or wrong.
func (o testOrganization) importPeople() {
	const list = `user,email,name,role,teams,projects
bob,bob@example.org,Bob,Member,core=maintainer,"apollo=write, docs"
,eve@example.org,Eve,,,apollo
ada,,Ada,,,
,nonsense,,,,
fay,,,boss,,
gus,,,,,"apollo=boss"
hal,bob@example.org,,,,
,,Nobody,,,
bob,,Robert,,,
ivy,,,,,
`
	refusals := []string{
		`5 nonsense refused "nonsense" is no email address: it has no @.`,
		`6 fay refused there is no role "boss"; there are admin, member; --map-role THEIRS=ROLE says which it is`,
		`7 gus refused there is no role "boss"; there are read, triage, write, maintain, admin; --map-role THEIRS=ROLE says which it is`,
		`8 halbob@example.org refused The member "bob" has this address.`,
		`9  refused the row names neither a user nor an address`,
		`10 bob refused line 2 gives the same person another name`,
	}
	before := o.must("export", "state")

	tried, code := o.importList(list, "--create", "--dry-run")
	assert.Equal(o, exitRefused, code, "exit code")
	assert.Equal(o, before, o.must("export", "state"), "a dry run changed something")

	got, code := o.importList(list, "--create")
	assert.Equal(o, exitRefused, code, "exit code")
	assert.Equal(o, got, tried, "what a dry run says, and what happens")
	assert.Equal(o, append(append([]string{
		"2 bobbob@example.org added",
		"3 eve@example.org invited an invite holds no name, login or external id: whoever accepts says them",
		"4 ada skipped a member already, with another name; --existing update changes what the file says",
	}, refusals...), "11 ivy added"), got)
	after := o.must("export", "state")
	assert.Contains(o, after, `"members":{"bob":"maintainer"}`)
	assert.Contains(o, o.must("export", "access"), `"bob":{"apollo":"write","docs":"read"}`)

	again, _ := o.importList(list, "--create")
	assert.Equal(o, "2 bobbob@example.org skipped a member already", again[0])
	assert.Equal(o, "3 eve@example.org skipped invited already", again[1])
	assert.Equal(o, after, o.must("export", "state"), "a repeated import changed something")

	refused, _ := o.importList(list, "--existing", "refuse")
	assert.Equal(o, `2 bobbob@example.org refused a member already`, refused[0])
	assert.Equal(o, `3 eve@example.org refused invited already`, refused[1])
}

// importUpdates changes what a file says of members, and nothing else.
func (o testOrganization) importUpdates() {
	for _, user := range []string{"bob", "eve"} {
		o.must("member", "add", user, "--name", user, "--email", user+"@example.org")
	}
	o.must("project", "create", "apollo")
	o.must("team", "create", "Core team", "--id", "core")
	o.must("project", "add", "apollo", "bob=write")
	o.must("team", "add", "core", "bob")
	const list = `user,email,name,role,external_id,teams,projects,until
bob,,Robert,admin,x7,core team=maintainer,apollo=triage,2099-01-01
,EVE@example.org,,,,core,apollo,
`
	tried, _ := o.importList(list, "--existing", "update", "--dry-run")
	got, code := o.importList(list, "--existing", "update")
	assert.Zero(o, code, "exit code")
	want := []string{
		"2 bob updated end never → 2099-01-01; role member → admin; external id; name; in team core member → maintainer; on project apollo write → triage",
		"3 EVE@example.org updated into team core; onto project apollo",
	}
	assert.Equal(o, want, tried, "a dry run")
	assert.Equal(o, want, got)
	assert.Contains(o, o.must("export", "state"), `"members":{"bob":"maintainer","eve":"member"}`)
	bob := o.must("member", "show", "bob")
	for _, part := range []string{"Robert", "x7", "bob@example.org", "2099-01-01", "admin"} {
		assert.Contains(o, bob, part)
	}
	assert.Contains(o, o.must("project", "members", "apollo"), "eve@example.org")
	got, _ = o.importList(list, "--existing", "update")
	assert.Equal(o, []string{"2 bob unchanged", "3 EVE@example.org unchanged"}, got)
}

// importRefusesAmbiguousNames names a project by what two of them are called.
func (o testOrganization) importRefusesAmbiguousNames() {
	for _, id := range []string{"a1", "a2"} {
		o.must("project", "create", id, "--name", "Apollo")
	}
	got, _ := o.importList("user,projects\nbob,apollo\neve,a2\n", "--existing", "update")
	require.Len(o, got, 2)
	assert.Contains(o, got[0], `2 bob refused several projects have the name "apollo": name one by its id, a`)
	assert.Equal(o, "3 eve added", got[1])
}

// importManyPeople imports more than one request takes. Repeated after a part of them was
// removed, it adds only those.
func (o testOrganization) importManyPeople() {
	var list bytes.Buffer
	list.WriteString("user,teams,projects\n")
	for i := range 2500 {
		fmt.Fprintf(&list, "u%d,everybody,apollo\n", i)
	}
	got, code := o.importList(list.String(), "--create")
	assert.Zero(o, code, "exit code")
	assert.Len(o, got, 2500)
	for i, result := range got {
		require.Equal(o, fmt.Sprintf("%d u%d added", i+2, i), result)
	}
	o.must("member", "remove", "u2400")
	got, _ = o.importList(list.String(), "--create")
	for i, result := range got {
		require.Equal(o, i == 2400, strings.HasSuffix(result, " added"), result)
	}
}

// importWithinSeats imports more people than there are seats for.
func (o testOrganization) importWithinSeats() {
	o.testServer.must("org", "seats", o.id, "3")
	got, code := o.importList("user\nbob\ncleo\neve\n")
	assert.Equal(o, exitRefused, code, "exit code")
	assert.Equal(o, []string{"2 bob added", "3 cleo added"}, got[:2])
	assert.Contains(o, got[2], "4 eve refused")
}

// importFromGitLab reads each membership as a row of its own.
func (o testOrganization) importFromGitLab() {
	const list = `Name,Username,Email,Path,Group or project name,Type,Role
Bob,Bob,bob@example.org,acme,Acme,Group,Owner
Bob,Bob,bob@example.org,acme/core,Core,Sub Group,Developer
Bob,Bob,bob@example.org,acme/apollo,Apollo,Project,Maintainer
`
	roles := []string{"--preset", "gitlab", "--create", "--map-role", "Owner=admin", "--map-role", "Maintainer=maintain", "--map-role", "developer=member"}
	got, code := o.importList(list, roles...)
	assert.Zero(o, code, "exit code")
	assert.Equal(o, []string{"2 bobbob@example.org added", "3 bobbob@example.org added", "4 bobbob@example.org added"}, got)
	assert.Contains(o, o.must("export", "state"), `"bob":"admin"`)
	assert.Contains(o, o.must("project", "members", "acme/apollo"), "bob   Bob    Bob   bob@example.org")
}

// importOfEnds reads ends that the organization has no place for.
func (o testOrganization) importOfEnds() {
	const list = `Name,Username,Email,Path,Type,Role,Access expiration
Bob,bob,,acme,Group,member,
Bob,bob,,acme/core,Sub Group,member,2099-01-01
Eve,eve,,acme,Group,member,soon
`
	flags := []string{"--preset", "gitlab", "--create"}
	got, code := o.importList(list, flags...)
	assert.Equal(o, exitRefused, code, "exit code")
	assert.Equal(o, []string{
		"2 bob added",
		`3 bob refused a membership of a team has no end, and that of "acme/core" ends 2099-01-01 in the file; --ignore-ends imports it without that`,
		`4 eve refused Access expiration: "soon" is no time: write it as 2026-12-31T18:00:00Z or as 2026-12-31`,
	}, got)
	got, _ = o.importList(list, append(flags, "--ignore-ends", "--existing", "update")...)
	assert.Equal(o, `3 bob updated a membership of a team has no end, and that of "acme/core" ends 2099-01-01 in the file, which is ignored; into team acme/core as member`, got[1])

	const invites = `[{"email": "dan@example.org", "projects": [{"project": "apollo", "until": "2099-01-01"}]}]`
	got, _ = o.importList(invites, "--create")
	assert.Contains(o, got[0], `a project in an invite has no end, and that of "apollo" ends 2099-01-01 in the file`)
	got, _ = o.importList(invites, "--create", "--ignore-ends")
	assert.Contains(o, got[0], "1 dan@example.org invited")
}

// importOfStopped updates people who are deactivated, or whose membership has ended. Both
// stay so.
func (o testOrganization) importOfStopped() {
	o.must("member", "add", "bob")
	o.must("member", "add", "eve")
	o.must("member", "deactivate", "bob")
	o.must("member", "end", "eve", "--until", "4s")
	until(o, "the membership has ended", func() bool {
		return strings.Contains(o.must("member", "list", "--status", "ended"), "eve")
	})
	got, code := o.importList("user,name,until\nbob,Bob,\neve,Eve,2099-01-01\n", "--existing", "update")
	assert.Zero(o, code, "exit code")
	require.Len(o, got, 2)
	assert.Equal(o, "2 bob updated name; deactivated, and stays so", got[0])
	assert.Regexp(o, `^3 eve updated name; the membership ended 20\S+Z, and stays so$`, got[1])
	assert.NotContains(o, o.must("member", "list", "--status", "active"), "eve")
}

// importOfStarts adds people who start later, and changes when.
func (o testOrganization) importOfStarts() {
	o.must("project", "create", "apollo")
	got, code := o.importList(`[{"user": "bob", "from": "2098-01-01", "projects": [{"project": "apollo", "from": "2098-02-01"}]}]`)
	assert.Zero(o, code, "exit code")
	assert.Equal(o, []string{"1 bob added"}, got)
	assert.Contains(o, o.must("member", "list", "--status", "not_started"), "2098-01-01T00:00:00Z")
	assert.Contains(o, o.must("project", "members", "apollo", "--inactive"), "2098-02-01T00:00:00Z")
	got, _ = o.importList("user,from\nbob,2098-03-01\nada,2098-03-01\n", "--existing", "update")
	assert.Equal(o, []string{"2 bob updated start 2098-01-01 → 2098-03-01", "3 ada unchanged"}, got)
	got, _ = o.importList(`[{"user": "eve", "teams": [{"team": "core", "from": "2098-01-01"}]}]`, "--create")
	assert.Contains(o, got[0], `a membership of a team has no start, and that of "core" starts 2098-01-01 in the file`)
}

// importSaysReasonsOnce refuses people for one reason each, not for what follows from it.
func (o testOrganization) importSaysReasonsOnce() {
	o.must("project", "create", "apollo")
	o.must("member", "add", "bob", "--email", "bob@example.org")
	got, _ := o.importList("user,email,name,projects\neve,,\"Eve\nE\",apollo\nfay,bob@example.org,,apollo\n")
	assert.Equal(o, []string{
		`2 eve refused name: "Eve\nE" has a line break or another control character`,
		`4 faybob@example.org refused The member "bob" has this address.`,
	}, got)
}

// importOfABrokenFile imports nothing.
func (o testOrganization) importOfABrokenFile() {
	for name, c := range map[string]struct {
		text, says string
		code       int
	}{
		"a broken line":     {"user,name\nbob,\"Bob\n", "line 2", exitError},
		"a header alone":    {"user,name\n", "no rows", exitError},
		"an unknown column": {"user,floor\nbob,3\n", `unknown columns: floor`, exitError},
	} {
		var out, said bytes.Buffer
		args := []string{"--data", o.data, "member", "import", "-", "--org", o.id}
		code := execute(o.Context(), args, strings.NewReader(c.text), &out, &said)
		assert.Equal(o, c.code, code, name)
		assert.Contains(o, said.String(), c.says, name)
		assert.Empty(o, out.String(), name)
	}
	assert.NotContains(o, o.must("member", "list"), "bob")
	_, said, code := o.roster("member", "import", "nowhere.csv")
	assert.Equal(o, exitError, code, "exit code")
	assert.Contains(o, said, "nowhere.csv")
	_, said, code = o.testServer.roster("member", "import", "testdata/people.csv", "--org", "nosuch")
	assert.Equal(o, exitRefused, code, "exit code")
	assert.Contains(o, said, "organization")
}
