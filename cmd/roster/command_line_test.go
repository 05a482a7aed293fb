package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestNoErrorPrintsAPassword gives addresses with passwords that cannot be read.
func TestNoErrorPrintsAPassword(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	require.NoError(t, err)
	for _, args := range [][]string{
		{"serve", "--nats", "nats://u:geheim@127.0.0.1:2x"},
		{"serve", "--nats", "nats://u:gehe%im@127.0.0.1:4222"},
		{"serve", "--nats", "u:geheim@127.0.0.1:2x"},
		{"serve", "--nats", "nats://127.0.0.1:1,nats://u:geheim/9@127.0.0.1:1"},
		{"serve", "--nats", "nats://u:geheim@127.0.0.1:1"},
		{"verify", "--nats", "nats://u:geheim@127.0.0.1:2x"},
		{"rebuild", "--nats", "nats://u:geheim@127.0.0.1:2x"},
		{"rebuild", "--nats", "nats://127.0.0.1:1", "--database", "postgres://u:geheim@127.0.0.1:2x/db"},
		{"keys", "rotate-master", "--nats", "nats://u:geheim@127.0.0.1:2x"},
		{"org", "list", "--url", "http://u:geheim@127.0.0.1:2x"},
		{"org", "list", "--url", "http://u:gehe%im@127.0.0.1:2"},
	} {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), asProgram+"=1")
		said, err := cmd.CombinedOutput()
		require.Error(t, err, "%q", args)
		assert.NotEmpty(t, said)
		assert.NotContains(t, string(said), "gehe", "%q", args)
	}
}

// TestHelp asks for help in every way.
func TestHelp(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	require.NoError(t, err)
	for _, c := range []struct {
		args []string
		says string
	}{
		{args: nil, says: "Usage: roster <command>"},
		{args: []string{"help"}, says: "Usage: roster <command>"},
		{args: []string{"--help"}, says: "Usage: roster <command>"},
		{args: []string{"help", "member", "add"}, says: "Usage: roster member add --org=ID <user>"},
		{args: []string{"import", "--help"}, says: "docs/history.md"},
	} {
		cmd := exec.CommandContext(t.Context(), program, c.args...)
		cmd.Env = append(os.Environ(), asProgram+"=1")
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "%q: %s", c.args, said)
		assert.Contains(t, string(said), c.says, "%q", c.args)
	}
}

// TestReadableFaults gives command lines that make no sense.
func TestReadableFaults(t *testing.T) {
	t.Setenv("ROSTER_ORG", "")
	require.NoError(t, os.Unsetenv("ROSTER_ORG"))
	for _, c := range []struct {
		args []string
		says string
	}{
		{args: []string{"member", "list"}, says: "missing flags: --org=ID; the variable ROSTER_ORG can stand for --org"},
		{args: []string{"member", "list", "--org"}, says: "--org: a value is missing behind it"},
		{args: []string{"org", "seats", "acme", "many"}, says: `<seats>: "many" is no whole number, or too large`},
		{args: []string{"serve", "--feed-max-age", "30days"}, says: `--feed-max-age: "30days" is no duration: write it as in 90s, 5m or 720h`},
		{args: []string{"serve", "--max-clock-skew", "5"}, says: `--max-clock-skew: "5" is no duration`},
		{args: []string{"bench", "--time", "x"}, says: `--time: "x" is no duration`},
		{args: []string{"soak", "--duration", "1d"}, says: `--duration: "1d" is no duration`},
		{args: []string{"soak", "--every", ""}, says: `--every: "" is no duration`},
		{args: []string{"org", "delete", "acme", "--org", "acme"}, says: "the verbs of org name the organization itself without it, as in roster org show acme"},
		{args: []string{"org", "list", "--org", "acme"}, says: "without it, as in roster org show acme"},
		{args: []string{"serve", "--log-level", "loud"}, says: "--log-level: \"loud\" is none of debug, info, warn and error"},
		{args: []string{"serve", "--actor", "ada"}, says: "--actor is for commands to a server that runs"},
		{args: []string{"serve", "--url", "http://127.0.0.1:1"}, says: "--url is for commands to a server that runs"},
		{args: []string{"serve", "--key", "k"}, says: "--key is for commands to a server that runs"},
		{args: []string{"serve", "--on-behalf-of", "ada"}, says: "--on-behalf-of is for commands to a server that runs"},
		{args: []string{"serve", "--dry-run"}, says: "--dry-run is for commands that change an organization"},
		{args: []string{"invite", "send", "eve@example.org", "--org", "acme", "--expires", "never"}, says: "--expires: an invite, or a request, expires: within 90 days at most"},
		{args: []string{"invite", "resend", "i", "--org", "acme", "--expires", "never"}, says: "--expires: an invite, or a request, expires: within 90 days at most"},
		{args: []string{"request", "ask", "--org", "acme", "--expires", "never"}, says: "--expires: an invite, or a request, expires: within 90 days at most"},
		{args: []string{"request", "elevate", "--role", "admin", "--org", "acme", "--expires", "never"}, says: "--expires: an invite, or a request, expires: within 90 days at most"},
		{args: []string{"request", "elevate", "--role", "admin", "--org", "acme", "--until", "never"}, says: "--until: never is not possible: name a time"},
		{args: []string{"request", "approve", "r", "--org", "acme", "--until", "never"}, says: "--until: never is not possible: name a time"},
		{args: []string{"person", "erase", "", "--url", "http://127.0.0.1:1", "--key", "k"}, says: "the user is empty"},
		{args: []string{"member", "show", "", "--org", "acme", "--url", "http://127.0.0.1:1", "--key", "k"}, says: "the user is empty"},
		{args: []string{"invite", "revoke", "", "--org", "acme", "--url", "http://127.0.0.1:1", "--key", "k"}, says: "the invite is empty"},
		{args: []string{"org", "show", "", "--url", "http://127.0.0.1:1", "--key", "k"}, says: "the org is empty"},
		{args: []string{"org", "requests", "acme"}, says: "say --join, --projects or both"},
		{args: []string{"role", "redefine", "project", "pen", "--org", "acme"}, says: "say --rank, --level or --no-levels"},
		{args: []string{"replay", "--from", "x"}, says: `--from: "x" is no whole number, or too large`},
	} {
		_, said, code := roster(c.args...)
		assert.Equal(t, exitError, code, "%q", c.args)
		assert.Contains(t, said, c.says, "%q", c.args)
	}
}

// TestChangesSendWhatIsNamed looks at the bodies of changes: what is left out changes nothing.
func TestChangesSendWhatIsNamed(t *testing.T) {
	t.Parallel()
	const invite, role = "invite change i --org acme", "role redefine project pen --org acme"
	for name, c := range map[string]struct{ line, sends string }{
		"nothing":              {invite, `{"org":"acme","invite":"i"}`},
		"no end any more":      {invite + " --until never", `{"org":"acme","invite":"i","until":null}`},
		"an end":               {invite + " --until 2999-01-01", `{"org":"acme","invite":"i","until":"2999-01-01T00:00:00Z"}`},
		"both":                 {invite + " --role admin --until never", `{"org":"acme","invite":"i","role":"admin","until":null}`},
		"no lists":             {invite + " --no-projects --no-teams --no-levels", `{"org":"acme","invite":"i","projects":[],"teams":[],"levels":{}}`},
		"requests of one kind": {"org requests acme --join open", `{"org":"acme","join":"open"}`},
		"as the scheme says":   {"org requests acme --join closed --projects default", `{"org":"acme","join":"closed","projects":null}`},
		"a rank":               {role + " --rank 0", `{"org":"acme","kind":"project","role":"pen","rank":0}`},
		"levels":               {role + " --level text=view", `{"org":"acme","kind":"project","role":"pen","levels":{"text":"view"}}`},
		"no levels":            {role + " --no-levels", `{"org":"acme","kind":"project","role":"pen","levels":{}}`},
		"a language":           {"org locale acme de", `{"org":"acme","locale":"de"}`},
		"no language":          {"org locale acme default", `{"org":"acme","locale":""}`},
		"how people join":      {"email-domain set example.org --mode automatic --org acme", `{"org":"acme","domain":"example.org","mode":"automatic"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := newProgram()
			require.NoError(t, err)
			found, err := p.parser.Parse(strings.Fields(c.line))
			require.NoError(t, err)
			command := found.Selected().Target.Addr().Interface()
			if builds, is := command.(commandBuilder); is {
				command = builds.command()
			}
			sends, err := json.Marshal(command)
			require.NoError(t, err)
			assert.JSONEq(t, c.sends, string(sends))
		})
	}
}
