//go:build !race

package roster_test

// These tests run go on our sources, and nothing of ours: the race detector would see
// nothing, so they are left to the run without it.

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// outside is a program of somebody else that uses each package which others may import.
const outside = `package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/importer"
)

func main() {
	ctx := context.Background()
	c := client.New("http://127.0.0.1:8080", "key", client.As("ada"))
	for update, err := range c.FollowEvents(ctx, "acme", client.ListEventsQuery{}) {
		fmt.Println(update.Cursor, err)
	}
	trace, err := importer.Open("trace.jsonl")
	if err == nil {
		_, err = importer.Import(ctx, c, trace, importer.Options{})
	}
	fmt.Println(err)

	state := domain.Roster{}.Evolve(events.Entry{
		Organization: "acme", Version: 1, At: time.Now(), Events: events.Facts{events.OrganizationCreated{Name: "Acme"}},
	})
	fmt.Println(state.Organization("acme").At(time.Now()).Version())

	var desk *bus.Desk[domain.Roster, domain.Command]
	fmt.Println(desk)
}
`

// TestOthersCanImport builds a module outside of this one, with what is on this machine
// alone.
func TestOthersCanImport(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	ours, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	sums, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	// The same versions as ours: nothing is looked up.
	_, needs, _ := strings.Cut(string(ours), "\n\n")
	write("go.mod", "module example.org/outside\n\n"+needs)
	write("go.sum", string(sums))
	// In one workspace the two share what is compiled already: a replaced module is compiled anew.
	write("go.work", "go 1.26.0\n\nuse (\n\t.\n\t"+here+"\n)\n")
	write("main.go", outside)
	for _, command := range [][]string{{"build", "-o", os.DevNull, "."}, {"vet", "."}} {
		goes := exec.CommandContext(t.Context(), "go", command...)
		goes.Dir = dir
		goes.Env = append(os.Environ(), "CGO_ENABLED=0", "GOPROXY=off", "GOWORK="+filepath.Join(dir, "go.work"))
		said, err := goes.CombinedOutput()
		require.NoError(t, err, "go %s: %s", strings.Join(command, " "), said)
	}
}

// TestImportsAreLight looks for what an importer of a package gets with it.
func TestImportsAreLight(t *testing.T) {
	t.Parallel()
	heavy := []string{"github.com/nats-io", "github.com/jackc", "github.com/goccy/go-yaml", "github.com/danielgtaylor"}
	for pkg, without := range map[string][]string{
		"events":   heavy,
		"domain":   heavy,
		"client":   heavy,
		"importer": heavy,
		"bus":      {"github.com/nats-io/nats-server", "github.com/jackc", "github.com/goccy/go-yaml"},
	} {
		said, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./"+pkg).Output()
		require.NoError(t, err)
		for dep := range strings.FieldsSeq(string(said)) {
			for _, root := range without {
				assert.False(t, dep == root || strings.HasPrefix(dep, root+"/"), "%s brings %s with it", pkg, dep)
			}
		}
	}
}
