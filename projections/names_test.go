package projections

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/migrations"
)

// anyName draws names that are hard to compare, in any form. One that is given is valid.
var anyName = rapid.Map(rapid.StringOfN(rapid.OneOf(
	rapid.RuneFrom([]rune("abcABC  ÅåÄöÜßæøłđıİſΣσςάﬁ한か\u3099Ⅳ１2½👩🏽🚀%_\\'")),
	rapid.RuneFrom([]rune("\u0301\u0308\u0323\u200d\ufe0f")),
	rapid.Rune(),
), 0, 8, -1), func(text string) string { return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "") })

// anySearch draws words, some of them parts of names in another form.
func anySearch(t *rapid.T, names []string) string {
	var words []string
	for range rapid.IntRange(0, 2).Draw(t, "words") {
		of := []rune(rapid.SampledFrom(append(names, anyName.Draw(t, "other"))).Draw(t, "of"))
		from := rapid.IntRange(0, len(of)).Draw(t, "from")
		part := string(of[from:rapid.IntRange(from, len(of)).Draw(t, "to")])
		words = append(words, rapid.SampledFrom([]string{part, norm.NFD.String(part), strings.ToUpper(part), collation.Fold(part)}).Draw(t, "form"))
	}
	return strings.Join(words, " ")
}

// TestNamesInMemoryAndInSQL gives people, projects and teams random names, and holds the lists
// that Postgres orders and searches against those that the program does, and both against
// package collation.
func TestNamesInMemoryAndInSQL(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	scheme := builtInScheme(t, "github")
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		id := events.OrganizationID(fmt.Sprint("org-", n))
		names := rapid.SliceOfN(anyName, 1, 8).Draw(t, "names")
		f.by(events.System, id, domain.CreateOrganization{Name: "Acme", Scheme: scheme, Owner: "ada"})
		f.by(events.System, id, domain.CreateProject{Project: "all", Name: "All"})
		for i, name := range names {
			key := fmt.Sprint("x", i)
			for _, c := range []domain.Command{
				domain.AddMember{Member: events.UserID(key), PersonalData: domain.PersonalData{Name: sealed(name)}},
				domain.AddProjectMember{Project: "all", Member: events.UserID(key), Role: "read"},
				domain.CreateProject{Project: events.ProjectID(key), Name: name},
				domain.AddProjectMember{Project: events.ProjectID(key), Member: "x0", Role: "read"},
				domain.CreateTeam{Team: events.TeamID(key), Name: name},
				domain.AssignTeam{Team: events.TeamID(key), Project: "all", Role: "read"},
			} {
				_, _ = f.try(events.System, id, c) // not every name can be one of a project or a team
			}
		}
		f.caughtUp()
		org := f.org(id).At(time.Now())
		search := anySearch(t, names)
		limit := rapid.IntRange(1, 5).Draw(t, "limit")
		words := collation.Words(search)
		found := func(parts ...string) bool {
			return collation.ContainsAll(collation.Fold(strings.Join(parts, "\n")), words)
		}

		people := []string{}
		called := map[string]string{}
		for user, member := range org.Members() {
			plain := strings.TrimPrefix(string(member.Name), "sealed.")
			called[string(user)] = cmp.Or(collation.Normalize(plain), string(user))
			if found(plain, string(user)) {
				people = append(people, string(user))
			}
		}
		byKey(people, called)
		pageOf := func(of func(Page) (List[Person], error)) []string {
			return each(walk(t, limit, of), func(p Person) string { return string(p.User) })
		}
		require.Equal(t, people, pageOf(func(p Page) (List[Person], error) {
			return f.ListMembers(f.t.Context(), org, MemberFilter{Search: search, Page: p})
		}), "members with %q", search)
		if !found("read") && !found("admin") {
			for _, few := range []int{0, 1000} {
				require.Equal(t, people, pageOf(func(p Page) (List[Person], error) {
					return f.listProjectMembers(f.t.Context(), org, "all", ProjectMemberFilter{Search: search, Page: p}, few, mergedTeams)
				}), "members of a project with %q, looked up one by one up to %d", search, few)
			}
		}

		projects, ofX0 := []string{}, []string{}
		called = map[string]string{}
		for project, is := range org.Projects() {
			called[string(project)] = is.Name
			if !found(is.Name, string(project)) {
				continue
			}
			projects = append(projects, string(project))
			if org.HasAccess("x0", project) {
				ofX0 = append(ofX0, string(project))
			}
		}
		byKey(projects, called)
		byKey(ofX0, called)
		for of, want := range map[events.UserID][]string{"": projects, "x0": ofX0} {
			require.Equal(t, want, each(walk(t, limit, func(p Page) (List[events.ProjectID], error) {
				return f.ListProjects(f.t.Context(), org, ProjectFilter{Search: search, Of: of, Page: p})
			}), plain), "projects of %q with %q", of, search)
		}

		teams := []string{}
		called = map[string]string{}
		for team, is := range org.Teams() {
			called[string(team)] = is.Name
			if found(is.Name, string(team)) {
				teams = append(teams, string(team))
			}
		}
		byKey(teams, called)
		require.Equal(t, teams, each(walk(t, limit, func(p Page) (List[events.TeamID], error) {
			return f.ListTeams(f.t.Context(), org, TeamFilter{Search: search, Page: p})
		}), plain), "teams with %q", search)
		require.Equal(t, teams, each(walk(t, limit, func(p Page) (List[events.TeamID], error) {
			return f.ListProjectTeams(f.t.Context(), org, "all", ProjectTeamFilter{Search: search, Page: p})
		}), plain), "teams of a project with %q", search)
	})
}

// byKey orders ids by what they are called.
func byKey(ids []string, called map[string]string) {
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(bytes.Compare(collation.Key(called[a]), collation.Key(called[b])), cmp.Compare(a, b))
	})
}

// projected is a fixture with a member, a project and a team that follows no more.
func projected(t *testing.T) *fixture {
	t.Helper()
	f := unprojected(t)
	stop := f.project()
	f.give("acme",
		domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"},
		domain.AddMember{Member: "bob", PersonalData: domain.PersonalData{Name: sealed("Bob")}},
		domain.CreateProject{Project: "p", Name: "P"}, domain.AddProjectMember{Project: "p", Member: "bob", Role: "read"},
		domain.CreateTeam{Team: "t", Name: "T"}, domain.AddTeamMember{Team: "t", Member: "bob"},
	)
	stop()
	return f
}

func TestNewerCollationMakesReadModelsAnew(t *testing.T) {
	t.Parallel()
	f := projected(t)
	before := f.dump(t)
	_, err := f.pool.Exec(t.Context(), `UPDATE checkpoint SET collation_version = '{0,99}'`)
	require.NoError(t, err)
	_, err = f.pool.Exec(t.Context(), `UPDATE member SET sort_name = '', search = ''`)
	require.NoError(t, err)
	later := &fixture{t: t, ledger: f.ledger, desk: f.desk, logs: new(lines)}
	later.Database = open(t, f.url, later.logs)
	assert.Zero(t, later.count(`SELECT count(*) FROM member`), "members before the ledger was projected")
	later.project()
	later.caughtUp()
	assert.Equal(t, before, later.dump(t))

	open(t, f.url, new(lines)) // the same version
	assert.Equal(t, before, later.dump(t))
}

func TestTablesOfANewerCollation(t *testing.T) {
	t.Parallel()
	f := projected(t)
	_, err := f.pool.Exec(t.Context(), `UPDATE checkpoint SET collation_version = '{1000}'`)
	require.NoError(t, err)
	_, err = Open(t.Context(), f.url, unsealed, f.log)
	require.ErrorIs(t, err, migrations.ErrNewer)
	require.ErrorIs(t, f.Project(t.Context(), f.desk.Follower()), migrations.ErrNewer)
}
