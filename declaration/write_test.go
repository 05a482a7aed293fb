package declaration_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/declaration"
)

// anyName draws a name that YAML could take for something else.
var anyName = rapid.OneOf(
	rapid.SampledFrom([]string{"ada", "no", "Yes", "null", "~", "1234", "1e3", "0x1f", "-", "- a", "a: b", "a #b", "#3366ff", "*ada", "&ada", "!x", "[a]", "{a}", "'a'", `"a"`, "a\nb", "a\tb", " a ", "Åsa", "<<", "=", "?", "|", ">", "%a", "@a", "`a`", "2026-12-31", "true", ".5", "ada\\", "😀", "a\u2028b", "a\u0085b"}),
	rapid.StringN(1, 12, 40),
)

func anyText(t *rapid.T) *string {
	if !rapid.Bool().Draw(t, "there") {
		return nil
	}
	text := rapid.OneOf(anyName, rapid.Just("")).Draw(t, "text")
	return &text
}

// anyDeclaration draws what a server could declare: names are unique, and no name is blank.
func anyDeclaration(t *rapid.T) client.Declaration {
	names := rapid.SliceOfNDistinct(anyName.Filter(func(s string) bool { return strings.TrimSpace(s) != "" }), 1, 6, func(s string) string { return strings.ToLower(strings.TrimSpace(s)) }).Draw(t, "names")
	role := rapid.SampledFrom([]string{"", "admin", "no", "team lead"})
	end := time.Date(2027, 1, 1, 12, 0, 0, rapid.IntRange(0, 999_999).Draw(t, "fraction")*1000, time.UTC)
	yes := true
	d := client.Declaration{Scheme: "github", Name: names[0], Members: []client.DeclaredMember{}, Teams: []client.DeclaredTeam{}, Projects: []client.DeclaredProject{}}
	for i, name := range names {
		m := client.DeclaredMember{User: name, Role: role.Draw(t, "role")}
		if rapid.Bool().Draw(t, "more") {
			m.Until, m.Deactivated, m.Levels = &end, &yes, map[string]string{name: "view", "on": "off"}
		}
		d.Members = append(d.Members, m)
		team := client.DeclaredTeam{Name: name, Description: anyText(t), Members: []client.DeclaredTeamMember{}, Projects: []client.DeclaredAssignment{{Project: name, Role: role.Draw(t, "role")}}}
		if i > 0 && rapid.Bool().Draw(t, "nested") {
			team.Parent = d.Teams[i-1].Name
			team.Members = append(team.Members, client.DeclaredTeamMember{User: name, Role: role.Draw(t, "role")})
		}
		d.Teams = append(d.Teams, team)
		d.Projects = append(d.Projects, client.DeclaredProject{
			Project: name, Description: anyText(t), Members: []client.DeclaredProjectMember{{User: name, Role: role.Draw(t, "role"), Until: m.Until, Levels: m.Levels}},
		})
	}
	return d
}

// TestWhatIsWrittenIsRead writes random declarations and reads them back.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "f.yaml")
	rapid.Check(t, func(t *rapid.T) {
		d := anyDeclaration(t)
		var text bytes.Buffer
		require.NoError(t, declaration.Write(&text, "acme", d))
		require.NoError(t, os.WriteFile(file, text.Bytes(), 0o600))
		state, err := declaration.Read("", file)
		require.NoError(t, err, text.String())
		assert.Equal(t, "acme", state.Organization)
		got := client.Declaration(state.Declaration)
		sortTeams(got.Teams)
		sortTeams(d.Teams)
		assert.Empty(t, cmp.Diff(d, got), text.String())
	})
}

func sortTeams(teams []client.DeclaredTeam) {
	for i := range teams {
		for j := range teams[:i] {
			if teams[i].Name < teams[j].Name {
				teams[i], teams[j] = teams[j], teams[i]
			}
		}
	}
}

const peribolosText = `admins:
- Ada
members:
- bob
- "no"
name: Acme
repos:
  apollo:
    archived: true
    collaborators:
      Ada: admin
    description: To the moon and back
  Gemini: {}
teams:
  core:
    description: "Keeps the engine: running"
    maintainers:
    - Ada
    members:
    - bob
    privacy: closed
    repos:
      apollo: write
      Gemini: read
    teams:
      docs:
        members: []
`

func TestWritePeribolos(t *testing.T) {
	t.Parallel()
	yes, moon, running := true, "To the moon and back", "Keeps the engine: running"
	d := client.Declaration{
		Scheme: "github", Name: "Acme",
		Members: []client.DeclaredMember{{User: "ada", Login: "Ada", Role: "admin"}, {User: "no", Role: "member"}, {User: "bob", Role: "member", Deactivated: &yes}},
		Teams: []client.DeclaredTeam{
			{
				Name: "core", Description: &running, Privacy: "closed", Colour: "#3366ff",
				Members:  []client.DeclaredTeamMember{{User: "bob", Role: "member"}, {User: "ada", Role: "maintainer"}},
				Projects: []client.DeclaredAssignment{{Project: "p2", Role: "read"}, {Project: "apollo", Role: "write"}},
			},
			{Name: "docs", Parent: "core"},
		},
		Projects: []client.DeclaredProject{
			{Project: "apollo", Description: &moon, Archived: &yes, Members: []client.DeclaredProjectMember{{User: "ada", Role: "admin"}}},
			{Project: "p2", Name: "Gemini"},
		},
	}
	var text bytes.Buffer
	leftOut, err := declaration.WritePeribolos(&text, d)
	require.NoError(t, err)
	assert.Equal(t, []string{"colours", "suspensions"}, leftOut)
	assert.Empty(t, cmp.Diff(strings.Split(peribolosText, "\n"), strings.Split(text.String(), "\n")))

	file := filepath.Join(t.TempDir(), "org.yaml")
	require.NoError(t, os.WriteFile(file, text.Bytes(), 0o600))
	state, err := declaration.Read("acme", file)
	require.NoError(t, err)
	assert.Empty(t, state.Notes)
	assert.Len(t, state.Declaration.Projects, 2)

	d.Members[0].Role = "owner"
	_, err = declaration.WritePeribolos(&text, d)
	assert.ErrorContains(t, err, `the form of peribolos has no word for the roles "owner"; use the form of Roster`)
}
