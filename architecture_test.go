// Package roster_test holds the module to its architecture.
package roster_test

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says what each package may import of ours. A package that is not here
// has no place in the house yet: give it one before writing it.
var arrows = map[string][]string{
	"internal/champ":           {},
	"events":                   {},
	"internal/postgres":        {},
	"migrations":               {},
	"console":                  {},
	"internal/conformance":     {},
	"domain":                   {"internal/champ", "events"},
	"scheme":                   {"domain", "events"},
	"bus":                      {"events"},
	"bus/bustest":              {"bus", "events", "natsserver"},
	"keyring":                  {"events"},
	"natsserver":               {},
	"internal/postgres/pgtest": {"internal/postgres"},
	"projections":              {"bus", "domain", "events", "migrations"},
	"notify":                   {"bus", "domain", "events"},
	"api":                      {"bus", "domain", "events", "keyring", "notify", "projections", "scheme"},
	"client":                   {"events"},
	"importer":                 {"client"},
	"internal/clientgen":       {"api"},
	"internal/bench":           {"api", "bus", "domain", "events", "keyring", "migrations", "natsserver", "internal/postgres", "projections", "scheme"},
	"cmd/roster": {
		"api", "internal/bench", "bus", "client", "internal/conformance", "console", "domain", "events", "importer", "keyring",
		"migrations", "natsserver", "notify", "internal/postgres", "projections", "scheme",
	},
}

// testArrows says what the tests of a package may import besides: the real
// servers, started for them.
var testArrows = map[string][]string{
	"domain":      {"scheme"},
	"migrations":  {"internal/postgres", "internal/postgres/pgtest"},
	"bus":         {"bus/bustest", "natsserver"},
	"keyring":     {"bus/bustest", "natsserver"},
	"projections": {"bus/bustest", "scheme", "internal/postgres", "internal/postgres/pgtest"},
	"notify":      {"bus/bustest", "scheme", "migrations", "internal/postgres", "internal/postgres/pgtest", "projections"},
	"api":         {"bus/bustest", "natsserver", "migrations", "internal/postgres", "internal/postgres/pgtest"},
	"cmd/roster":  {"bus/bustest", "internal/champ", "internal/postgres/pgtest"},
	"internal/conformance": {
		"api", "bus", "bus/bustest", "domain", "events", "keyring", "migrations", "notify", "internal/postgres/pgtest", "projections", "scheme",
	},
}

func TestImportsFollowTheArrows(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.pkg == "." {
			continue // these tests, which nobody imports
		}
		allowed, known := arrows[f.pkg]
		if !known {
			t.Errorf("%s: package %s has no arrows, say in architecture_test.go what it may import", f.path, f.pkg)
			continue
		}
		if f.test {
			allowed = append(slices.Clone(testArrows[f.pkg]), append(allowed, f.pkg)...)
		}
		for _, imported := range f.imports() {
			if ours, found := strings.CutPrefix(imported, module); found && !slices.Contains(allowed, ours) {
				t.Errorf("%s: %s must not import %s", f.path, f.pkg, ours)
			}
		}
	}
}

// TestFollowersNeedNoServer holds that a program that reads or writes a ledger
// elsewhere does not link the NATS server.
func TestFollowersNeedNoServer(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || f.pkg == "natsserver" || f.pkg == "bus/bustest" {
			continue
		}
		for _, imported := range f.imports() {
			if strings.HasPrefix(imported, "github.com/nats-io/nats-server/") {
				t.Errorf("%s: only natsserver may import the NATS server", f.path)
			}
		}
		if slices.Contains(arrows[f.pkg], "natsserver") && f.pkg != "cmd/roster" && f.pkg != "internal/bench" {
			t.Errorf("%s: only programs may import natsserver", f.path)
		}
	}
}

// impure are the packages, with all below them, through which a rule would reach
// the world outside.
var impure = []string{
	"crypto/rand", "database", "log", "math/rand", "net", "os",
	"github.com/danielgtaylor", "github.com/goccy", "github.com/jackc", "github.com/nats-io", "github.com/pressly", "github.com/santhosh-tekuri",
}

// clock are the functions of package time that look at a clock.
var clock = []string{"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}

func TestRulesArePure(t *testing.T) {
	t.Parallel()
	looked := false
	for _, f := range source(t) {
		if f.test || f.pkg != "domain" {
			continue
		}
		looked = true
		for _, imported := range f.imports() {
			for _, root := range impure {
				if imported == root || strings.HasPrefix(imported, root+"/") {
					t.Errorf("%s: domain is pure, it must not import %s", f.path, imported)
				}
			}
		}
		for call := range f.nodes() {
			if name, found := f.member(call, "time"); found && slices.Contains(clock, name) {
				t.Errorf("%s: domain has no clock, time.%s is part of the Moment", f.at(call.Pos()), name)
			}
		}
	}
	if !looked {
		t.Error("no source of package domain found")
	}
}

// statement recognizes SQL by how it begins.
var statement = regexp.MustCompile(`(?is)^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|` +
	`delete\s+from\s|truncate\s|with\s+\w+\s+as\s*\(|(create|alter|drop)\s+(table|index|view|schema|database|extension|role)\s)`)

func TestStatementsStayWithTheDatabase(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, f := range source(t) {
		if f.test {
			continue
		}
		for node := range f.nodes() {
			literal, ok := node.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				continue
			}
			text, err := strconv.Unquote(literal.Value)
			if err != nil || !statement.MatchString(text) {
				continue
			}
			switch path.Dir(f.path) {
			case "projections", "migrations", "internal/postgres", "internal/postgres/pgtest":
				seen++
			default:
				t.Errorf("%s: SQL belongs to projections or migrations", f.at(literal.Pos()))
			}
		}
	}
	if seen == 0 {
		t.Error("no SQL found where it belongs, the pattern does not recognize it any more")
	}
}
