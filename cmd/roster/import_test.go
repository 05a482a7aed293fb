package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/importer"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

const story = "testdata/story.jsonl"

// TestStory plays a history in which access depends on ancestors, and teams are
// moved, renamed and made again, as are members and an organization.
func TestStory(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("import", story)
	h.tells(t)
	before := h.must("replay")
	said := h.must("import", story)
	assert.True(t, strings.HasPrefix(said, "Nothing has changed"), "imported twice, it says %q", said)
	assert.Contains(t, h.must("import", story, "--output", "json"), `"skipped": 69`, "what the second import says")
	assert.Equal(t, before, h.must("replay"), "the second import changed the ledger")
}

// tells compares what the server exports with what the story must lead to.
func (h *testServer) tells(t testing.TB) {
	t.Helper()
	moments, err := filepath.Glob("testdata/story/*.state.json")
	require.NoError(t, err)
	require.NotEmpty(t, moments, "no expected documents")
	for i, name := range moments {
		day, _, _ := strings.Cut(filepath.Base(name), ".")
		for _, what := range []string{"state", "access"} {
			want := read(t, filepath.Join("testdata/story", day+"."+what+".json"))
			assert.Equal(t, want, h.must("export", what, "--at", day+"T23:59:59Z"), "%s on %s", what, day)
			if i < len(moments)-1 {
				continue
			}
			for _, source := range []string{"ledger", "database"} {
				assert.Equal(t, want, h.must("export", what, "--source", source), "%s from the %s", what, source)
			}
		}
	}
}

// history is the data set of eight years, which lies beside the project.
const history = "../../../shared/data/kubernetes-org"

// checkpoint is a moment of the data set and what must be true then.
type checkpoint struct {
	Name, Time    string
	Seq           int // number of the last line before it
	State, Access struct{ SHA256 string }
}

// checkpoints returns the checkpoints up to lastCheckpoint.
func checkpoints(t testing.TB) []checkpoint {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(history, "index.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the data set kubernetes-org is not here: testdata/story has to do")
	}
	require.NoError(t, err)
	var index struct{ Checkpoints []checkpoint }
	require.NoError(t, json.Unmarshal(text, &index, json.MatchCaseInsensitiveNames(true)))
	last := slices.IndexFunc(index.Checkpoints, func(c checkpoint) bool { return c.Name == lastCheckpoint })
	require.NotEqual(t, -1, last, "the data set has no checkpoint %q", lastCheckpoint)
	return index.Checkpoints[:last+1]
}

// traceUntil returns a file with the lines of the data set up to a checkpoint,
// compressed as they are there.
func traceUntil(t testing.TB, c checkpoint) string {
	t.Helper()
	packed, err := os.Open(filepath.Join(history, "trace.jsonl.gz"))
	require.NoError(t, err)
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	require.NoError(t, err)
	text, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	lines := strings.SplitAfter(string(text), "\n")
	var trace bytes.Buffer
	pack := gzip.NewWriter(&trace)
	_, err = io.WriteString(pack, strings.Join(lines[:c.Seq], ""))
	require.NoError(t, errors.Join(err, pack.Close()))
	return file(t, trace.String())
}

// TestEightYears plays the data set. In the middle of it the server is killed, Postgres
// and all, and again; the import goes on where it was.
func TestEightYears(t *testing.T) {
	t.Parallel()
	moments := checkpoints(t)
	last := moments[len(moments)-1]
	data, trace := t.TempDir(), traceUntil(t, last)
	for _, after := range killedAfterLines {
		killedAfter(t, data, trace, after)
	}
	h := serve(t, data, "--feed")
	said := h.must("import", trace)
	t.Log(said)
	assert.Contains(t, said, "Imported before: ", "the import did not go on")
	for _, c := range moments {
		h.matches(t, c, "--at", c.Time)
	}
	for _, source := range []string{"ledger", "database"} {
		h.matches(t, last, "--source", source)
	}
	h.feedMatches(t, moments)
	before := h.end(t)
	said = h.must("import", trace)
	assert.True(t, strings.HasPrefix(said, "Nothing has changed"), "imported twice, it says %q", said)
	assert.Equal(t, before, h.end(t), "the second import added commits")
}

// killedAfter serves, imports, and kills the server once it has taken in a line.
func killedAfter(t *testing.T, data, trace string, line int64) {
	t.Helper()
	h, process := launch(t, data, "--feed")
	type result struct {
		said string
		code int
	}
	ended := make(chan result, 1)
	go func() {
		_, said, code := h.roster("import", trace)
		ended <- result{said, code}
	}()
	until(t, fmt.Sprintf("line %d is imported", line), func() bool { return h.through(t, trace) > line })
	require.NoError(t, process.Signal(syscall.SIGKILL))
	require.Equal(t, exitUnreachable, (<-ended).code, "the exit code of the import")
	h.stop()
}

// through returns the last line of a trace that any organization has taken in.
func (h *testServer) through(t testing.TB, trace string) int64 {
	t.Helper()
	last := int64(0)
	for _, line := range h.imported(t, trace) {
		last = max(last, line)
	}
	return last
}

// end returns how many commits the ledger holds.
func (h *testServer) end(t testing.TB) uint64 {
	t.Helper()
	c := h.client(t)
	require.NoError(t, c.CatchUp(t.Context()))
	return c.Position()
}

// matches compares exports with a checkpoint of the data set, byte for byte.
func (h *testServer) matches(t testing.TB, c checkpoint, flags ...string) {
	t.Helper()
	for what, want := range map[string]string{"state": c.State.SHA256, "access": c.Access.SHA256} {
		document := h.must(append([]string{"export", what}, flags...)...)
		sum := sha256.Sum256([]byte(document))
		assert.Equal(t, want, hex.EncodeToString(sum[:]), "%s at %s, exported %q", what, c.Name, flags)
	}
}

// TestBrokenLine breaks the story in a line. A line that cannot be read, or means nothing,
// keeps all of the file out; one that a rule refuses lets in what stands before it. Mended,
// the import goes on, whatever was wrong before.
func TestBrokenLine(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(read(t, story), "\n")
	const broken = 22 // its number; it adds finn to the team storage
	require.Contains(t, lines[broken-1], `"op":"team_member_added","team":"storage","user":"finn"`)
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	for _, c := range []struct {
		name, from, to, says string
		through              int64 // the last line that is imported
	}{
		{name: "no JSON", from: `{"seq"`, to: `{{"seq"`, says: "JSON"},
		{name: "cut short", from: `,"role":"member"}`, to: `,"role":"mem`, says: "JSON"},
		{name: "unknown op", from: "team_member_added", to: "team_member_hired", says: `no op "team_member_hired"`},
		{name: "unknown field", from: `"role"`, to: `"rank":"1","role"`, says: `no field "rank"`},
		{name: "missing field", from: `"user":"finn",`, says: `needs the field "user"`},
		{name: "field of no text", from: `"user":"finn"`, to: `"user":7`, says: "user"},
		{name: "field twice", from: `"user":"finn"`, to: `"user":"finn","user":"bob"`, says: "user"},
		{name: "missing org", from: `"org":"north",`, says: "org is missing"},
		{name: "missing time", from: `"time":"2024-04-10T08:30:00Z",`, says: "time is missing"},
		{name: "bad time", from: "2024-04-10T08:30:00Z", to: "yesterday", says: "time"},
		{name: "time goes back", from: "2024-04-10T08:30:00Z", to: "2024-04-10T08:29:59Z", says: "time goes back"},
		{name: "seq goes back", from: `"seq":22`, to: `"seq":20`, says: "seq is 20 where 22 belongs"},
		{name: "seq leaves out", from: `"seq":22`, to: `"seq":23`, says: "seq is 23 where 22 belongs"},
		{name: "unknown team", from: `"team":"storage"`, to: `"team":"nobodies"`, says: `no team "nobodies"`},
		{name: "refused by a rule", from: `"user":"finn"`, to: `"user":"ghost"`, says: `"ghost" is not in the organization`, through: broken - 1},
		{name: "unknown role", from: `"role":"member"`, to: `"role":"boss"`, says: "role", through: broken - 1},
	} {
		damaged := strings.Replace(lines[broken-1], c.from, c.to, 1)
		require.NotEqual(t, lines[broken-1], damaged, "%q is not in the line", c.from)
		trace := file(t, strings.Join(lines[:broken-1], "")+damaged+strings.Join(lines[broken:], ""))
		_, said, code := h.roster("import", trace)
		assert.Equal(t, map[bool]int{true: exitError, false: exitRefused}[c.through == 0], code, c.name)
		assert.Contains(t, said, fmt.Sprintf("line %d: ", broken), c.name)
		assert.Contains(t, said, c.says, c.name)
		assert.Equal(t, c.through == 0, strings.Contains(said, "nothing was imported"), c.name)
		got := h.imported(t, story)
		assert.Equal(t, c.through, got["north"], c.name)
		assert.Zero(t, got["south"], c.name)
	}
	h.must("import", file(t, strings.Join(lines, "")))
	h.tells(t)
}

// TestFilesAsEditorsLeaveThem imports the story with a byte order mark, other line ends,
// and empty lines, also at the end.
func TestFilesAsEditorsLeaveThem(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	text := strings.ReplaceAll(read(t, story), "\n", "\r\n\r\n")
	assert.Contains(t, h.must("import", file(t, "\ufeff"+text+"\n  \n")), "Imported 69 lines")
	h.tells(t)
	for name, text := range map[string]string{
		"YAML": "orgs:\n  acme:\n    admins: [ada]\n", "a JSON array": "[]",
	} {
		_, said, code := h.roster("import", file(t, text))
		assert.Equal(t, exitError, code, name)
		assert.Contains(t, said, "line 1: ", name)
		assert.Contains(t, said, "nothing was imported", name)
	}
	_, said, code := h.roster("import", file(t, "\n"))
	assert.Equal(t, exitError, code, "an empty file")
	assert.Contains(t, said, "the file is empty")
}

// TestDeletedSinceTheImport deletes what was imported, and imports it again.
func TestDeletedSinceTheImport(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("import", story)
	h.must("org", "delete", "north")
	said := h.must("import", story)
	assert.Contains(t, said, "Nothing has changed")
	assert.Contains(t, said, "not imported again, since history is written forwards: north.")
}

// TestSpellingsOfOneLogin writes a login in two ways.
func TestSpellingsOfOneLogin(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	line := func(seq int, op string) string {
		return fmt.Sprintf(`{"seq":%d,"time":"2024-03-01T09:00:00Z","commit":"c1","org":"north","op":%s}`+"\n", seq, op)
	}
	said := h.must("import", file(t, line(1, `"org_created","name":"North"`)+line(2, `"member_added","user":"ada","login":"Ada","role":"admin"`)+
		line(3, `"member_added","user":"BoB","login":"BoB","role":"member"`)+line(4, `"team_created","team":"core"`)+
		line(5, `"team_member_added","team":"core","user":"Bob","role":"member"`)+line(6, `"team_member_added","team":"core","user":"ada","role":"member"`)))
	assert.Contains(t, said, "Logins that are written in several ways, each of one user:\n  bob: BoB, Bob\n")
	assert.Contains(t, h.must("export", "state"), `"members":{"ada":"admin","bob":"member"}`)
}

// imported returns the last line of a trace that each organization has taken in.
func (h *testServer) imported(t testing.TB, name string) map[string]int64 {
	t.Helper()
	trace, err := importer.Open(name)
	require.NoError(t, err)
	defer trace.Close()
	known, err := h.client(t).GetImport(t.Context(), trace.Source)
	require.NoError(t, err)
	return known.Organizations
}

// TestHistoryThatLosesItsOwner takes the last admin of an organization away, and goes on.
func TestHistoryThatLosesItsOwner(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	line := func(seq int, op string) string {
		return fmt.Sprintf(`{"seq":%d,"time":"2024-03-0%dT09:00:00Z","commit":"c%d","org":"north","op":%s}`+"\n", seq, seq, seq, op)
	}
	lost := line(1, `"org_created","name":"North"`) + line(2, `"member_added","user":"ada","login":"ada","role":"admin"`) +
		line(3, `"member_added","user":"bob","login":"bob","role":"member"`) + line(4, `"member_removed","user":"ada"`)
	const without = "Without an owner, as the history left them: north."
	assert.Contains(t, h.must("import", file(t, lost)), without)
	assert.Contains(t, h.must("import", file(t, lost)), without, "a repeated import says so as well")
	assert.Contains(t, h.must("org", "list", "--without-owner"), "north")
	assert.Contains(t, h.must("report", "without-owner", "--org", "north"), "admin")

	found := lost + line(5, `"member_role_changed","user":"bob","from":"member","to":"admin"`)
	assert.NotContains(t, h.must("import", file(t, found)), without)
	_, said, code := h.roster("member", "role", "bob", "member", "--org", "north")
	assert.NotZero(t, code, "as of now the last admin stays")
	assert.Contains(t, said, "last")
}
