package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/migrations"
)

// asProgram makes the test binary the program itself, for tests that kill it.
const asProgram = "ROSTER_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	if config := os.Getenv(asNATS); config != "" {
		if err := serveNATS(config); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return
	}
	pgtest.Main(m, migrations.Up)
}

// testServer is a server that runs on a data directory.
type testServer struct {
	testing.TB
	data string
	// stop asks it to end and returns the exit code.
	stop func() int
	// log is what it has written to its standard error.
	log *transcript
}

// timeout is how long tests wait for what must come.
const timeout = time.Minute

// serve runs a server in this process until stop, or the end of the test.
func serve(t testing.TB, data string, flags ...string) *testServer {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // it is stopped before the test's own context ends
	h := &testServer{TB: t, data: data, log: &transcript{}}
	out := &transcript{}
	code := 0
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		code = execute(ctx, h.args(flags), nil, out, h.log)
	}()
	h.stop = func() int {
		cancel()
		<-ended
		return code
	}
	t.Cleanup(func() {
		h.stop()
		if t.Failed() {
			t.Logf("the log of the server:\n%s", h.log)
		}
	})
	h.await(out, ended)
	return h
}

// launch runs a server as a process of its own until the test ends.
func launch(t testing.TB, data string, flags ...string) (*testServer, *os.Process) {
	t.Helper()
	h := &testServer{TB: t, data: data, log: &transcript{}}
	out := &transcript{}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0], h.args(flags)...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stdout, cmd.Stderr = out, h.log
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // the exit code tells
	}()
	h.stop = func() int {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended
		return cmd.ProcessState.ExitCode()
	}
	t.Cleanup(func() { h.stop() })
	h.await(out, ended)
	return h, cmd.Process
}

// args returns the command line of a server. It does not sync its writes: killed, it
// still finds what it has written. A test about durability adds --unsynced=false.
func (h *testServer) args(flags []string) []string {
	return append([]string{"serve", "--data", h.data, "--listen", "127.0.0.1:0", "--unsynced"}, flags...)
}

// await returns when the server has said that it serves.
func (h *testServer) await(out *transcript, ended <-chan struct{}) {
	h.Helper()
	until(h, "the server serves", func() bool {
		select {
		case <-ended:
			require.Fail(h, "the server ended at once", h.log.String())
		default:
		}
		return strings.Contains(out.String(), "Ctrl-C stops.")
	})
}

// roster runs a command against the server.
func (h *testServer) roster(args ...string) (out, err string, code int) {
	h.Helper()
	return roster(append([]string{"--data", h.data}, args...)...)
}

// must runs a command that has to succeed and returns what it printed.
func (h *testServer) must(args ...string) string {
	h.Helper()
	out, err, code := h.roster(args...)
	require.Zero(h, code, "roster %s: %s%s", strings.Join(args, " "), out, err)
	return out
}

// testOrganization is an organization under the scheme github, whose owner is ada. Tests that share a server have
// one each.
type testOrganization struct {
	*testServer

	id string
}

// organization creates an organization for a test.
func (h *testServer) organization(t testing.TB) testOrganization {
	t.Helper()
	own := *h
	own.TB = t
	o := testOrganization{&own, strings.ToLower(rand.Text())}
	h.must("org", "create", o.id, "--scheme", "github", "--owner", "ada")
	return o
}

// roster runs a command in the organization.
func (o testOrganization) roster(args ...string) (out, err string, code int) {
	o.Helper()
	return o.testServer.roster(append(args, "--org", o.id)...)
}

// must runs a command in the organization that has to succeed, and returns what it printed.
func (o testOrganization) must(args ...string) string {
	o.Helper()
	return o.testServer.must(append(args, "--org", o.id)...)
}

// roster runs a command.
func roster(args ...string) (out, err string, code int) {
	var o, e bytes.Buffer
	code = execute(context.Background(), args, nil, &o, &e)
	return o.String(), e.String(), code
}

// programs are those that no test uses just now. To make one takes longer than most commands do.
var programs = sync.Pool{New: func() any {
	p, err := newProgram()
	if err != nil {
		panic(err) // the declarations of the commands are wrong
	}
	return p
}}

// execute carries out one command line as [run] does.
func execute(ctx context.Context, args []string, in io.Reader, out, err io.Writer) int {
	p := programs.Get().(*program)
	defer programs.Put(p)
	p.commands = commands{}
	forget(p.parser)
	return p.run(ctx, args, in, out, err)
}

// forget takes from a parser what it keeps of a command line.
func forget(parser *kong.Kong) {
	err := kong.Visit(parser.Model.Node, func(part kong.Visitable, next kong.Next) error {
		switch part := part.(type) {
		case *kong.Node:
			part.Active = false
		case *kong.Value:
			part.Set, part.Active = false, false
		}
		return next(nil)
	})
	if err != nil {
		panic(err) // nothing above fails
	}
}

// until waits for something to be true.
func until(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(timeout); !so(); time.Sleep(10 * time.Millisecond) {
		require.False(t, time.Now().After(deadline), "waited in vain until %s", what)
	}
}

// transcript is output that can be read while it is written.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

var _ io.Writer = (*transcript)(nil)

// file writes a file of the test's own.
func file(t testing.TB, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "trace.jsonl")
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(text)
}
