package soak

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/scheme"
)

// writeLines writes a file as a part does.
func writeLines[T any](t *testing.T, lines ...T) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "lines")
	var text []byte
	for _, line := range lines {
		one, err := json.Marshal(line)
		require.NoError(t, err)
		text = append(append(text, one...), '\n')
	}
	require.NoError(t, os.WriteFile(file, text, 0o600))
	return file
}

// begun is when the history of the tests begins.
var begun = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// historyOfTests has an organization of the load in which user-0 gets access to a project at version 2, and user-1 until an end, and in
// which user-0 loses it at version 3.
func historyOfTests(t *testing.T) *accessHistory {
	t.Helper()
	all, err := scheme.BuiltIn()
	require.NoError(t, err)
	h := &accessHistory{of: map[events.OrganizationID]*organizationHistory{}}
	for i, happened := range []events.Facts{
		{
			events.OrganizationCreated{Name: "Acme", Scheme: all["github"].Scheme},
			events.MemberJoined{Member: "owner", Role: "admin"},
			events.MemberJoined{Member: loadUser(0), Role: "member"},
			events.MemberJoined{Member: loadUser(1), Role: "member"},
			events.ProjectCreated{Project: loadProject(0), Name: "P"},
		},
		{
			events.ProjectMemberAdded{Project: loadProject(0), Member: loadUser(0), Role: "write"},
			events.ProjectMemberAdded{Project: loadProject(0), Member: loadUser(1), Role: "read", Until: begun.Add(time.Hour)},
		},
		{events.ProjectMemberRemoved{Project: loadProject(0), Member: loadUser(0)}},
	} {
		h.add(events.Entry{Organization: loadOrganization(0), Version: events.Version(i + 1), Key: string(rune('a' + i)), At: begun, Events: happened})
	}
	return h
}

// told returns the messages that a reader of the history should have noted.
func told() []noted {
	org := loadOrganization(0)
	var all []noted
	message := func(version events.Version, index, count int, c change) {
		all = append(all, noted{Process: 1, Organization: org, Version: version, Index: index, Count: count, ID: events.Origin{Version: version, Index: index}.ID(org), change: c})
	}
	const admin = "admin map[code:full issues:full maintenance:full members:full settings:full]"
	const write = "write map[code:full issues:full maintenance:none members:view settings:none]"
	const read = "read map[code:view issues:view maintenance:none members:none settings:none]"
	for i := range 5 {
		message(1, i, 6, change{})
	}
	message(1, 5, 6, change{"owner", loadProject(0), "", admin})
	message(2, 0, 4, change{})
	message(2, 1, 4, change{})
	message(2, 2, 4, change{loadUser(0), loadProject(0), "", write})
	message(2, 3, 4, change{loadUser(1), loadProject(0), "", read})
	message(3, 0, 2, change{})
	message(3, 1, 2, change{loadUser(0), loadProject(0), write, ""})
	return all
}

func TestCheckNotes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(all []noted) []noted
		broken string
	}{
		"all of it": {func(all []noted) []noted { return all }, ""},
		"again, by another process": {func(all []noted) []noted {
			for _, n := range all[3:] {
				n.Process = 2
				all = append(all, n)
			}
			return all
		}, ""},
		"again, by the same process": {func(all []noted) []noted { return append(all, all[3:]...) }, "after message"},
		"one is missing":             {func(all []noted) []noted { return append(all[:3:3], all[4:]...) }, "follows message"},
		"the last one is missing":    {func(all []noted) []noted { return all[:len(all)-1] }, "up to message 0 of version 3"},
		"nothing":                    {func([]noted) []noted { return nil }, "up to message"},
		"another access": {func(all []noted) []noted {
			all[8].To = "read"
			return all
		}, "should say"},
		"the access of one twice, and not that of another": {func(all []noted) []noted {
			all[9].change = all[8].change
			return all
		}, "tells twice"},
		"one that was never recorded": {func(all []noted) []noted {
			return append(all, noted{Process: 1, Organization: loadOrganization(0), Version: 4, Count: 1})
		}, "no such message"},
		"of another organization": {func(all []noted) []noted {
			return append(all, noted{Process: 1, Organization: "other", Version: 1, Count: 1})
		}, "does not read"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f findings
			require.NoError(t, checkNotes(&f, "reader", writeLines(t, tc.change(told())...), historyOfTests(t).of))
			if tc.broken == "" {
				assert.Empty(t, f.broken)
				return
			}
			require.NotEmpty(t, f.broken)
			assert.Contains(t, f.broken[0], tc.broken)
		})
	}
}

func TestCheckAnswers(t *testing.T) {
	t.Parallel()
	answer := func(from, to events.Version, asked time.Time, yes string) answers {
		if yes != "" {
			yes += "000000000000000000000000"[len(yes):]
		}
		return answers{loadOrganization(0), asked, from, to, yes}
	}
	answered := map[string]time.Time{"c": begun}
	late := begun.Add(bound + tolerance + time.Millisecond)
	quiet := []silence{{begun.Add(time.Minute), begun.Add(2 * time.Minute)}}
	for name, tc := range map[string]struct {
		answer answers
		broken string
	}{
		"of its version":                     {answer(2, 2, begun, "1001"), ""},
		"of one of its versions":             {answer(2, 3, begun, "0001"), ""},
		"within the bound":                   {answer(2, 2, late.Add(-time.Second), "1001"), ""},
		"refused":                            {answer(2, 2, late, ""), ""},
		"after the bound":                    {answer(2, 2, late, "1001"), "though version 3 was answered"},
		"yes where its version says no":      {answer(3, 3, begun, "1001"), "yes, which no version says"},
		"no where its version says yes":      {answer(2, 2, begun, "0001"), "no, which no version says"},
		"yes after an end":                   {answer(3, 3, begun.Add(time.Hour+bound+2*tolerance), "0001"), "yes, which no version says"},
		"no after an end":                    {answer(3, 3, begun.Add(time.Hour), "0000"), ""},
		"yes while nobody tells it anything": {answer(3, 3, begun.Add(time.Minute+bound+2*tolerance), "0001"), "nobody could tell it anything"},
		"yes before it must notice that":     {answer(3, 3, begun.Add(time.Minute+bound), "0001"), ""},
		"of a version that is not recorded":  {answer(3, 4, begun, "0001"), "there are 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var f findings
			require.NoError(t, checkAnswers(&f, "replica", writeLines(t, tc.answer), historyOfTests(t), answered, quiet))
			if tc.broken == "" {
				assert.Empty(t, f.broken)
				return
			}
			require.NotEmpty(t, f.broken)
			assert.Contains(t, f.broken[0], tc.broken)
		})
	}
}

func TestMain(m *testing.M) { pgtest.Main(m, nil) }

func TestCheckTables(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ sql, broken string }{
		"all of it":             {"", ""},
		"applied twice":         {"UPDATE applied SET times = 2 WHERE id = 'access-0/2/0'", "1 of them more than once"},
		"one is missing":        {"DELETE FROM applied WHERE id = 'access-0/2/0'", "11 messages were applied"},
		"another access":        {"UPDATE access SET level = 'write' WHERE person = 'user-1'", "should have \"read"},
		"access of nobody else": {"INSERT INTO access VALUES ('access-0', 'user-0', 'project-0', 'write')", "should have nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := pgx.Connect(t.Context(), pgtest.New(t))
			require.NoError(t, err)
			t.Cleanup(func() { assert.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) })
			_, err = conn.Exec(t.Context(), tables)
			require.NoError(t, err)
			for _, n := range told() {
				m := &feed.Message{ID: n.ID, Organization: n.Organization}
				if n.change != (change{}) {
					m.ID += "/access/" + string(n.User)
					m.Event = feed.AccessMessage{Organization: n.Organization, User: n.User, Project: n.Project, To: levels(n.To)}
				}
				require.NoError(t, pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error { return applyMessage(t.Context(), tx, m) }))
			}
			_, err = conn.Exec(t.Context(), tc.sql)
			require.NoError(t, err)
			var f findings
			require.NoError(t, checkTables(t.Context(), &f, "table", conn, historyOfTests(t).of))
			if tc.broken == "" {
				assert.Empty(t, f.broken)
				return
			}
			require.NotEmpty(t, f.broken)
			assert.Contains(t, f.broken[0], tc.broken)
		})
	}
}

// levels returns the access of a project role of the scheme github; nil for none.
func levels(text string) *feed.AccessLevel {
	role, _, _ := strings.Cut(text, " ")
	all, err := scheme.BuiltIn()
	if err != nil {
		panic(err) // it is a part of the program
	}
	for _, r := range all["github"].Scheme.ProjectRoles {
		if string(r.Key) == role {
			return &feed.AccessLevel{Role: r.Key, Levels: r.Levels}
		}
	}
	return nil
}
