package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
)

// TestEphemeral starts one as a process, with two organizations, and ends it with a signal.
func TestEphemeral(t *testing.T) {
	t.Parallel()
	copied := filepath.Join(t.TempDir(), "copied.yaml")
	require.NoError(t, os.WriteFile(copied, []byte("roster: 1\norganization: studio\nmembers: {ole: owner}\n"), 0o600))
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], "serve", "--ephemeral", "--seed", "testdata/node/acme.yaml", "--seed", copied)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	var log transcript
	cmd.Stderr = &log
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill() }()
	in := jsontext.NewDecoder(out)
	var is ready
	require.NoError(t, json.UnmarshalDecode(in, &is), log.String())
	assert.Equal(t, []string{"acme", "studio"}, is.Organizations)
	assert.Equal(t, cmd.Process.Pid, is.PID)
	asks := client.New(is.HTTP, is.Key)
	members := map[string][]string{}
	for _, org := range is.Organizations {
		for m, err := range asks.ListMembers(t.Context(), org, client.ListMembersQuery{}) {
			require.NoError(t, err)
			members[org] = append(members[org], m.User)
		}
	}
	assert.Equal(t, map[string][]string{"acme": {"ada", "bob", "cleo"}, "studio": {"ole"}}, members)

	_, err = nats.Connect(is.NATS)
	require.ErrorIs(t, err, nats.ErrAuthorization)

	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	rest, err := io.ReadAll(out)
	require.NoError(t, err)
	assert.Empty(t, strings.TrimSpace(string(rest)), "it prints one line")
	require.NoError(t, cmd.Wait(), log.String())
	assert.NoDirExists(t, is.Data)
}

// TestEphemeralInNode runs the example of docs/testing.md with Node's test runner.
func TestEphemeralInNode(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/testing.md")
	require.NoError(t, err)
	for _, name := range []string{"acme.yaml", "roster.mjs", "access.test.mjs"} {
		text, err := os.ReadFile(filepath.Join("testdata/node", name))
		require.NoError(t, err)
		assert.Contains(t, string(guide), string(text), "docs/testing.md shows %s as it is", name)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no Node")
	}
	cmd := exec.CommandContext(t.Context(), node, "--test", "testdata/node/")
	cmd.Env = append(os.Environ(), asProgram+"=1", "ROSTER="+os.Args[0])
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
}

func TestEphemeralRefuses(t *testing.T) {
	t.Parallel()
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "seed.yaml")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	good := file("roster: 1\norganization: acme\nmembers: {ada: owner}\n")
	for name, row := range map[string]struct {
		args []string
		says string
	}{
		"a broken file":                {[]string{"--ephemeral", "--seed", file("roster: 1\norganization: acme\nmembers: {ada: [x]}\n")}, "seed.yaml:3: ada is a mapping"},
		"a file for no organization":   {[]string{"--ephemeral", "--seed", file("roster: 1\nmembers: {ada: owner}\n")}, "seed.yaml names no organization: begin it with"},
		"an unknown scheme":            {[]string{"--ephemeral", "--seed", good, "--seed", file("roster: 1\norganization: moon\n\nscheme: githab\nmembers: {ada: owner}\n")}, "seed.yaml:4: there is no scheme \"githab\"; there are agency, "},
		"an unknown role":              {[]string{"--ephemeral", "--seed", file("roster: 1\norganization: acme\nmembers:\n  ada: owner\n  bob: king\n")}, "seed.yaml:5: bob: The organization's scheme has no role \"king\" here; it has member and owner."},
		"an unknown role on a project": {[]string{"--ephemeral", "--seed", file("roster: 1\norganization: acme\nscheme: github\nmembers: {ada: owner}\nprojects:\n  site:\n    members: {ada: king}\n")}, "seed.yaml:7: ada on site: The organization's scheme has no role \"king\" here; it has read, "},
		"an unknown role of a team":    {[]string{"--ephemeral", "--seed", file("roster: 1\norganization: acme\nscheme: github\nmembers: {ada: owner}\nprojects: {site: {}}\nteams:\n  core:\n    projects: {site: king}\n")}, "seed.yaml:8: team core on site: The organization's scheme has no role \"king\" here; it has read, "},
		"schemes that are not there":   {[]string{"--ephemeral", "--seed", good, "--schemes", "nowhere"}, "name the folder with --schemes"},
		"a certificate that is none":   {[]string{"--ephemeral", "--nats-listen", "127.0.0.1:0", "--nats-tls-cert", good, "--nats-tls-key", good}, "read the certificate"},
		"a directory to keep":          {[]string{"--data", "kept", "--ephemeral"}, "leave --data out"},
		"an organization twice":        {[]string{"--ephemeral", "--seed", good, "--seed", good}, "declare the same organization, acme"},
		"a file that is not there":     {[]string{"--ephemeral", "--seed", "nowhere.yaml"}, "nowhere.yaml"},
		"a seed of a server to keep":   {[]string{"--seed", good}, "--seed is for --ephemeral"},
		"a server that is elsewhere":   {[]string{"--ephemeral", "--nats", "nats://localhost"}, "leave --nats and --database out"},
		"a database that is elsewhere": {[]string{"--ephemeral", "--database", "postgres://localhost/db"}, "leave --nats and --database out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err, code := roster(append([]string{"serve"}, row.args...)...)
			want := exitError
			if strings.HasPrefix(name, "an unknown") {
				want = exitRefused // as where the server refuses it
			}
			assert.Equal(t, want, code)
			assert.Empty(t, out)
			assert.Contains(t, err, row.says)
		})
	}
}
