package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestGuides gives the commands of the guides to a shell, and compares what they print with
// what the guide says. A command begins with "$ " in a block of code; it goes on in the next
// line behind a backslash. Each guide has a server and a shell of its own, so that a command
// finds the files and variables of those before it.
func TestGuides(t *testing.T) {
	t.Parallel()
	for _, needed := range []string{"bash", "curl", "tar", "timeout"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("there is no %s here", needed)
		}
	}
	guides, err := filepath.Glob(guidesWalked)
	require.NoError(t, err)
	walked := 0
	for _, name := range guides {
		guide := read(t, name)
		steps := stepsOf(guide)
		if len(steps) == 0 {
			continue
		}
		walked++
		t.Run(strings.TrimSuffix(filepath.Base(name), ".md"), func(t *testing.T) {
			t.Parallel()
			h := serve(t, t.TempDir(), "--database", pgtest.New(t), "--nats-listen", "127.0.0.1:0")
			got := retold(guide, steps, h.typed(t, steps))
			if *update {
				require.NoError(t, os.WriteFile(name, []byte(got), 0o600))
				return
			}
			assert.Empty(t, cmp.Diff(strings.Split(guide, "\n"), strings.Split(got, "\n")), "printed (+) is not what was expected (-)")
		})
	}
	require.NotZero(t, walked, "no guides")
}

// step is a command of a guide, and where the guide says what it prints.
type step struct {
	command    string
	begin, end int // bytes
}

// block is a block of code that has commands.
var block = regexp.MustCompile("(?ms)^```\n(\\$ .*?)^```$")

func stepsOf(guide string) []step {
	var steps []step
	for _, at := range block.FindAllStringSubmatchIndex(guide, -1) {
		goesOn := false
		for offset := at[2]; offset < at[3]; {
			line, _, _ := strings.Cut(guide[offset:at[3]], "\n")
			next := offset + len(line) + 1
			switch command, found := strings.CutPrefix(line, "$ "); {
			case goesOn:
				last := &steps[len(steps)-1]
				last.command += "\n" + line
				last.begin, last.end = next, next
				goesOn = strings.HasSuffix(line, `\`)
			case found:
				steps = append(steps, step{command, next, next})
				goesOn = strings.HasSuffix(line, `\`)
			default:
				steps[len(steps)-1].end = next
			}
			offset = next
		}
	}
	return steps
}

// typed gives the commands to one shell and returns what each prints.
func (h *testServer) typed(t *testing.T, steps []step) []string {
	t.Helper()
	folder := t.TempDir()
	program, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(program, filepath.Join(folder, "roster")))
	here, err := filepath.Abs("..")
	require.NoError(t, err)
	require.NoError(t, os.Symlink(here, filepath.Join(folder, "cmd")))
	var script strings.Builder
	script.WriteString("trap 'kill $(jobs -p) 2>/dev/null' EXIT\n")
	for _, s := range steps {
		fmt.Fprintf(&script, "%s\nprintf '\\036%%d\\036' $?\n", s.command)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash")
	cmd.Dir, cmd.Stdin = folder, strings.NewReader(script.String())
	at, err := locate(h.data)
	require.NoError(t, err)
	cmd.Env = append(os.Environ(), asProgram+"=1", "ROSTER_DATA="+h.data, "SERVER="+at.HTTP, "PATH="+folder+":"+os.Getenv("PATH"))
	said := &transcript{}
	cmd.Stdout, cmd.Stderr = said, said
	require.NoError(t, cmd.Run(), "%s", said)
	parts := strings.Split(said.String(), "\x1e")
	require.Len(t, parts, 2*len(steps)+1, "%s", said)
	var printed []string
	for i := range steps {
		text := settled(strings.ReplaceAll(parts[2*i], folder+"/", ""))
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		if code := parts[2*i+1]; code != "0" {
			text += "exit code " + code + "\n"
		}
		printed = append(printed, text)
	}
	return printed
}

// retold returns a guide with what its commands print.
func retold(guide string, steps []step, printed []string) string {
	var told strings.Builder
	last := 0
	for i, s := range steps {
		told.WriteString(guide[last:s.begin] + printed[i])
		last = s.end
	}
	return told.String() + guide[last:]
}
