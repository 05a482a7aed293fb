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

// importPeople imports a list with flags and returns what became of each row, in short.
func (h *testServer) importPeople(list string, flags ...string) (results []string, code int) {
	h.Helper()
	name := filepath.Join(h.TempDir(), "people")
	require.NoError(h, os.WriteFile(name, []byte(list), 0o600))
	out, said, code := h.roster(append([]string{"member", "import", name, "--org", "acme", "--output", "json"}, flags...)...)
	var told struct{ Rows []importer.RowResult }
	require.NoError(h, json.Unmarshal([]byte(out), &told, json.MatchCaseInsensitiveNames(true)), "%s%s", out, said)
	for _, r := range told.Rows {
		results = append(results, strings.TrimRight(fmt.Sprintf("%d %s%s %s %s", r.Line, r.User, r.Email, r.Result, r.Detail), " "))
		assert.Equal(h, r.Result == importer.Invited && !strings.Contains(strings.Join(flags, " "), "--dry-run"), r.Token != "", "token of line %d", r.Line)
	}
	return results, code
}

// TestImportPeople imports people who are new, there already, or wrong.
func TestImportPeople(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
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
	before := h.must("export", "state")

	tried, code := h.importPeople(list, "--create", "--dry-run")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Equal(t, before, h.must("export", "state"), "a dry run changed something")

	got, code := h.importPeople(list, "--create")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Equal(t, got, tried, "what a dry run says, and what happens")
	assert.Equal(t, append(append([]string{
		"2 bobbob@example.org added",
		"3 eve@example.org invited an invite holds no name, login or external id: whoever accepts says them",
		"4 ada skipped a member already, with another name; --existing update changes what the file says",
	}, refusals...), "11 ivy added"), got)
	after := h.must("export", "state")
	assert.Contains(t, after, `"members":{"bob":"maintainer"}`)
	assert.Contains(t, h.must("export", "access"), `"bob":{"apollo":"write","docs":"read"}`)

	again, _ := h.importPeople(list, "--create")
	assert.Equal(t, "2 bobbob@example.org skipped a member already", again[0])
	assert.Equal(t, "3 eve@example.org skipped invited already", again[1])
	assert.Equal(t, after, h.must("export", "state"), "a repeated import changed something")

	refused, _ := h.importPeople(list, "--existing", "refuse")
	assert.Equal(t, `2 bobbob@example.org refused a member already`, refused[0])
	assert.Equal(t, `3 eve@example.org refused invited already`, refused[1])
}

// TestImportUpdates changes what a file says of members, and nothing else.
func TestImportUpdates(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	for _, user := range []string{"bob", "eve"} {
		h.must("member", "add", user, "--name", user, "--email", user+"@example.org", "--org", "acme")
	}
	h.must("project", "create", "apollo", "--org", "acme")
	h.must("team", "create", "Core team", "--id", "core", "--org", "acme")
	h.must("project", "add", "apollo", "bob=write", "--org", "acme")
	h.must("team", "add", "core", "bob", "--org", "acme")
	const list = `user,email,name,role,external_id,teams,projects,until
bob,,Robert,admin,x7,core team=maintainer,apollo=triage,2099-01-01
,EVE@example.org,,,,core,apollo,
`
	tried, _ := h.importPeople(list, "--existing", "update", "--dry-run")
	got, code := h.importPeople(list, "--existing", "update")
	assert.Zero(t, code, "exit code")
	want := []string{
		"2 bob updated end never → 2099-01-01; role member → admin; external id; name; in team core member → maintainer; on project apollo write → triage",
		"3 EVE@example.org updated into team core; onto project apollo",
	}
	assert.Equal(t, want, tried, "a dry run")
	assert.Equal(t, want, got)
	assert.Contains(t, h.must("export", "state"), `"members":{"bob":"maintainer","eve":"member"}`)
	bob := h.must("member", "show", "bob", "--org", "acme")
	for _, part := range []string{"Robert", "x7", "bob@example.org", "2099-01-01", "admin"} {
		assert.Contains(t, bob, part)
	}
	assert.Contains(t, h.must("project", "members", "apollo", "--org", "acme"), "eve@example.org")
	got, _ = h.importPeople(list, "--existing", "update")
	assert.Equal(t, []string{"2 bob unchanged", "3 EVE@example.org unchanged"}, got)
}

// TestImportRefusesAmbiguousNames names a project by what two of them are called.
func TestImportRefusesAmbiguousNames(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	for _, id := range []string{"a1", "a2"} {
		h.must("project", "create", id, "--name", "Apollo", "--org", "acme")
	}
	got, _ := h.importPeople("user,projects\nbob,apollo\neve,a2\n", "--existing", "update")
	require.Len(t, got, 2)
	assert.Contains(t, got[0], `2 bob refused several projects have the name "apollo": name one by its id, a`)
	assert.Equal(t, "3 eve added", got[1])
}

// TestImportManyPeople imports more than one request takes. Repeated after a part of them was
// removed, it adds only those.
func TestImportManyPeople(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	var list bytes.Buffer
	list.WriteString("user,teams,projects\n")
	for i := range 2500 {
		fmt.Fprintf(&list, "u%d,everybody,apollo\n", i)
	}
	got, code := h.importPeople(list.String(), "--create")
	assert.Zero(t, code, "exit code")
	assert.Len(t, got, 2500)
	for i, result := range got {
		require.Equal(t, fmt.Sprintf("%d u%d added", i+2, i), result)
	}
	h.must("member", "remove", "u2400", "--org", "acme")
	got, _ = h.importPeople(list.String(), "--create")
	for i, result := range got {
		require.Equal(t, i == 2400, strings.HasSuffix(result, " added"), result)
	}
}

// TestImportWithinSeats imports more people than there are seats for.
func TestImportWithinSeats(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("org", "seats", "acme", "3")
	got, code := h.importPeople("user\nbob\ncleo\neve\n")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Equal(t, []string{"2 bob added", "3 cleo added"}, got[:2])
	assert.Contains(t, got[2], "4 eve refused")
}

// TestImportFromGitLab reads each membership as a row of its own.
func TestImportFromGitLab(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	const list = `Name,Username,Email,Path,Group or project name,Type,Role
Bob,Bob,bob@example.org,acme,Acme,Group,Owner
Bob,Bob,bob@example.org,acme/core,Core,Sub Group,Developer
Bob,Bob,bob@example.org,acme/apollo,Apollo,Project,Maintainer
`
	roles := []string{"--preset", "gitlab", "--create", "--map-role", "Owner=admin", "--map-role", "Maintainer=maintain", "--map-role", "developer=member"}
	got, code := h.importPeople(list, roles...)
	assert.Zero(t, code, "exit code")
	assert.Equal(t, []string{"2 bobbob@example.org added", "3 bobbob@example.org added", "4 bobbob@example.org added"}, got)
	assert.Contains(t, h.must("export", "state"), `"bob":"admin"`)
	assert.Contains(t, h.must("project", "members", "acme/apollo", "--org", "acme"), "bob   Bob    Bob   bob@example.org")
}

// TestImportOfEnds reads ends that the organization has no place for.
func TestImportOfEnds(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	const list = `Name,Username,Email,Path,Type,Role,Access expiration
Bob,bob,,acme,Group,member,
Bob,bob,,acme/core,Sub Group,member,2099-01-01
Eve,eve,,acme,Group,member,soon
`
	flags := []string{"--preset", "gitlab", "--create"}
	got, code := h.importPeople(list, flags...)
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Equal(t, []string{
		"2 bob added",
		`3 bob refused a membership of a team has no end, and that of "acme/core" ends 2099-01-01 in the file; --ignore-ends imports it without that`,
		`4 eve refused Access expiration: "soon" is no time: write it as 2026-12-31T18:00:00Z or as 2026-12-31`,
	}, got)
	got, _ = h.importPeople(list, append(flags, "--ignore-ends", "--existing", "update")...)
	assert.Equal(t, `3 bob updated a membership of a team has no end, and that of "acme/core" ends 2099-01-01 in the file, which is ignored; into team acme/core as member`, got[1])

	const invites = `[{"email": "dan@example.org", "projects": [{"project": "apollo", "until": "2099-01-01"}]}]`
	got, _ = h.importPeople(invites, "--create")
	assert.Contains(t, got[0], `a project in an invite has no end, and that of "apollo" ends 2099-01-01 in the file`)
	got, _ = h.importPeople(invites, "--create", "--ignore-ends")
	assert.Contains(t, got[0], "1 dan@example.org invited")
}

// TestImportOfStopped updates people who are deactivated, or whose membership has ended. Both
// stay so.
func TestImportOfStopped(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme")
	h.must("member", "add", "eve", "--org", "acme")
	h.must("member", "deactivate", "bob", "--org", "acme")
	h.must("member", "end", "eve", "--until", "4s", "--org", "acme")
	until(t, "the membership has ended", func() bool {
		return strings.Contains(h.must("member", "list", "--org", "acme", "--status", "ended"), "eve")
	})
	got, code := h.importPeople("user,name,until\nbob,Bob,\neve,Eve,2099-01-01\n", "--existing", "update")
	assert.Zero(t, code, "exit code")
	require.Len(t, got, 2)
	assert.Equal(t, "2 bob updated name; deactivated, and stays so", got[0])
	assert.Regexp(t, `^3 eve updated name; the membership ended 20\S+Z, and stays so$`, got[1])
	assert.NotContains(t, h.must("member", "list", "--org", "acme", "--status", "active"), "eve")
}

// TestImportOfStarts adds people who start later, and changes when.
func TestImportOfStarts(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	h.must("project", "create", "apollo", "--org", "acme")
	got, code := h.importPeople(`[{"user": "bob", "from": "2098-01-01", "projects": [{"project": "apollo", "from": "2098-02-01"}]}]`)
	assert.Zero(t, code, "exit code")
	assert.Equal(t, []string{"1 bob added"}, got)
	assert.Contains(t, h.must("member", "list", "--org", "acme", "--status", "not_started"), "2098-01-01T00:00:00Z")
	assert.Contains(t, h.must("project", "members", "apollo", "--inactive", "--org", "acme"), "2098-02-01T00:00:00Z")
	got, _ = h.importPeople("user,from\nbob,2098-03-01\nada,2098-03-01\n", "--existing", "update")
	assert.Equal(t, []string{"2 bob updated start 2098-01-01 → 2098-03-01", "3 ada unchanged"}, got)
	got, _ = h.importPeople(`[{"user": "eve", "teams": [{"team": "core", "from": "2098-01-01"}]}]`, "--create")
	assert.Contains(t, got[0], `a membership of a team has no start, and that of "core" starts 2098-01-01 in the file`)
}

// TestImportSaysReasonsOnce refuses people for one reason each, not for what follows from it.
func TestImportSaysReasonsOnce(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	h.must("project", "create", "apollo", "--org", "acme")
	h.must("member", "add", "bob", "--email", "bob@example.org", "--org", "acme")
	got, _ := h.importPeople("user,email,name,projects\neve,,\"Eve\nE\",apollo\nfay,bob@example.org,,apollo\n")
	assert.Equal(t, []string{
		`2 eve refused name: "Eve\nE" has a line break or another control character`,
		`4 faybob@example.org refused The member "bob" has this address.`,
	}, got)
}

// TestImportOfABrokenFile imports nothing.
func TestImportOfABrokenFile(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	for name, c := range map[string]struct {
		text, says string
		code       int
	}{
		"a broken line":     {"user,name\nbob,\"Bob\n", "line 2", exitError},
		"a header alone":    {"user,name\n", "no rows", exitError},
		"an unknown column": {"user,floor\nbob,3\n", `unknown columns: floor`, exitError},
	} {
		var out, said bytes.Buffer
		args := []string{"--data", h.data, "member", "import", "-", "--org", "acme"}
		code := execute(t.Context(), args, strings.NewReader(c.text), &out, &said)
		assert.Equal(t, c.code, code, name)
		assert.Contains(t, said.String(), c.says, name)
		assert.Empty(t, out.String(), name)
	}
	assert.NotContains(t, h.must("member", "list", "--org", "acme"), "bob")
	_, said, code := h.roster("member", "import", "nowhere.csv", "--org", "acme")
	assert.Equal(t, exitError, code, "exit code")
	assert.Contains(t, said, "nowhere.csv")
	_, said, code = h.roster("member", "import", "testdata/people.csv", "--org", "nosuch")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, "organization")
}
