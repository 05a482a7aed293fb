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

	"github.com/stretchr/testify/assert"
)

// arrows says which of our packages each package may import. A new package needs a row
// here.
var arrows = map[string][]string{
	"internal/backoff":         {},
	"internal/exampletest":     {},
	"internal/champ":           {},
	"internal/collation":       {},
	"internal/diskspace":       {},
	"internal/mailbox":         {"internal/collation"},
	"internal/csvtable":        {},
	"internal/phrase":          {},
	"internal/subscribername":  {},
	"internal/natsrequest":     {},
	"events":                   {},
	"internal/postgres":        {},
	"internal/openapitest":     {},
	"migrations":               {},
	"internal/apirequest":      {"events"},
	"internal/conformance":     {"events", "internal/apirequest"},
	"domain":                   {"internal/champ", "internal/collation", "internal/phrase", "events"},
	"scheme":                   {"internal/collation", "internal/phrase", "domain", "events"},
	"clock":                    {},
	"clock/clocktest":          {"clock"},
	"bus":                      {"clock", "events", "internal/backoff"},
	"bus/bustest":              {"bus", "events", "natsserver"},
	"keyring":                  {"events", "internal/mailbox"},
	"natsserver":               {"internal/diskspace", "internal/subscribername"},
	"internal/postgres/pgtest": {"internal/diskspace", "internal/postgres"},
	"projections":              {"internal/backoff", "internal/collation", "internal/mailbox", "bus", "domain", "events", "migrations"},
	"notify":                   {"internal/backoff", "bus", "domain", "events"},
	"internal/mail":            {"bus", "domain", "events", "keyring", "projections"},
	"internal/mail/sending":    {"bus", "domain", "events", "internal/mail", "projections"},
	"api":                      {"bus", "clock", "domain", "events", "feed", "internal/collation", "internal/csvtable", "internal/mail", "internal/mailbox", "internal/personaldata", "internal/phrase", "internal/receipt", "internal/relay", "internal/subscriber", "keyring", "notify", "projections", "scheme"},
	"internal/personaldata":    {"bus", "domain", "events", "internal/mail", "keyring", "projections"},
	"internal/apitest": {
		"api", "bus", "bus/bustest", "clock", "domain", "events", "internal/apirequest", "internal/openapitest", "internal/postgres/pgtest", "keyring", "notify", "projections", "scheme",
	},
	"client":                 {"events"},
	"importer":               {"client", "events", "internal/mailbox"},
	"declaration":            {"client", "events"},
	"internal/clientgen":     {"api"},
	"internal/feedgen":       {"domain", "events", "feed"},
	"feed":                   {"internal/backoff", "domain", "events", "internal/natsrequest", "internal/retention", "internal/subscribername"},
	"internal/retention":     {},
	"feed/inbox":             {"feed"},
	"internal/relay":         {"internal/backoff", "bus", "domain", "events", "feed"},
	"internal/subscriber":    {"internal/backoff", "bus", "domain", "events", "feed", "internal/receipt", "internal/relay"},
	"internal/bench":         {"api", "bus", "domain", "events", "feed", "internal/relay", "keyring", "migrations", "natsserver", "notify", "internal/personaldata", "internal/postgres", "projections", "scheme", "internal/serverprocess", "internal/sweeper"},
	"internal/soak":          {"bus", "domain", "events", "feed", "feed/inbox", "internal/postgres", "internal/serverprocess", "internal/tcpproxy", "natsserver", "replica"},
	"internal/sweeper":       {"internal/backoff", "bus", "clock", "domain", "events"},
	"internal/tcpproxy":      {},
	"internal/receipt":       {"events", "feed"},
	"replica":                {"internal/backoff", "clock", "domain", "events", "feed", "internal/natsrequest", "internal/retention", "internal/subscribername"},
	"rostertest":             {"bus", "clock", "domain", "events", "feed", "internal/relay", "internal/subscriber", "internal/sweeper", "natsserver", "scheme"},
	"internal/serverprocess": {},
	"cmd/roster": {
		"internal/personaldata",
		"api", "internal/apirequest", "internal/bench", "bus", "clock", "client", "internal/conformance", "internal/diskspace", "declaration", "domain", "events", "importer", "keyring",
		"feed", "internal/mail", "internal/receipt", "internal/relay", "migrations", "natsserver", "notify", "internal/phrase", "internal/postgres", "projections", "scheme", "internal/soak", "internal/subscriber", "internal/sweeper",
	},
}

// testArrows says what the tests of a package may import besides, such as the real
// servers that they start.
var testArrows = map[string][]string{
	"domain":                {"scheme"},
	"feed":                  {"bus/bustest", "internal/exampletest", "internal/subscriber", "rostertest"},
	"feed/inbox":            {"domain", "events", "internal/exampletest", "internal/postgres/pgtest", "internal/subscriber", "rostertest"},
	"migrations":            {"internal/postgres", "internal/postgres/pgtest"},
	"clock":                 {"clock/clocktest"},
	"bus":                   {"bus/bustest", "clock/clocktest", "natsserver"},
	"keyring":               {"bus/bustest", "natsserver"},
	"natsserver":            {"bus", "feed", "internal/relay", "keyring"},
	"projections":           {"bus/bustest", "scheme", "internal/postgres", "internal/postgres/pgtest"},
	"notify":                {"bus/bustest", "scheme", "migrations", "internal/postgres", "internal/postgres/pgtest", "projections"},
	"api":                   {"clock/clocktest", "internal/sweeper", "internal/apirequest", "internal/apitest", "bus/bustest", "migrations", "internal/postgres", "internal/postgres/pgtest"},
	"cmd/roster":            {"internal/openapitest", "internal/tcpproxy", "bus/bustest", "internal/champ", "internal/postgres/pgtest", "replica"},
	"internal/soak":         {"bus/bustest", "internal/postgres/pgtest", "scheme"},
	"internal/relay":        {"bus/bustest", "rostertest", "scheme"},
	"rostertest":            {"internal/exampletest"},
	"internal/subscriber":   {"bus/bustest", "natsserver", "scheme"},
	"internal/receipt":      {"bus/bustest"},
	"replica":               {"bus", "bus/bustest", "clock/clocktest", "internal/receipt", "internal/relay", "internal/subscriber", "natsserver", "rostertest", "scheme"},
	"internal/natsrequest":  {"bus/bustest", "feed", "internal/tcpproxy", "rostertest"},
	"internal/sweeper":      {"bus/bustest", "clock/clocktest", "scheme"},
	"internal/mail/sending": {"api", "clock", "internal/apirequest", "internal/apitest", "internal/postgres/pgtest", "migrations", "notify"},
	"internal/conformance":  {"internal/apitest", "migrations", "internal/postgres/pgtest", "scheme"},
}

func TestImportsFollowTheArrows(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.pkg == "." {
			continue // these tests, which nobody imports
		}
		allowed, known := arrows[f.pkg]
		if !assert.True(t, known, "%s: say in architecture_test.go what package %s may import", f.path, f.pkg) {
			continue
		}
		if f.test {
			allowed = append(slices.Clone(testArrows[f.pkg]), append(allowed, f.pkg)...)
		}
		for _, imported := range f.imports() {
			if ours, found := strings.CutPrefix(imported, module); found {
				assert.Contains(t, allowed, ours, "%s: %s must not import %s", f.path, f.pkg, ours)
			}
		}
	}
}

// runServers are the packages that run NATS servers: programs, and what others import for their
// tests alone.
var runServers = []string{"cmd/roster", "internal/bench", "internal/soak", "rostertest"}

// TestFollowersNeedNoServer holds that a program that reads or writes a ledger
// elsewhere does not link the NATS server.
func TestFollowersNeedNoServer(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || f.pkg == "natsserver" || f.pkg == "bus/bustest" {
			continue
		}
		for _, imported := range f.imports() {
			assert.False(t, strings.HasPrefix(imported, "github.com/nats-io/nats-server/"), "%s: only natsserver may import the NATS server", f.path)
		}
		if !slices.Contains(runServers, f.pkg) {
			assert.NotContains(t, arrows[f.pkg], "natsserver", "%s: only programs may import natsserver", f.path)
		}
	}
}

// impure are the packages, with all below them, that give a rule input or output.
var impure = []string{
	"crypto/rand", "database", "log", "math/rand", "net", "os",
	"github.com/danielgtaylor", "github.com/goccy", "github.com/jackc", "github.com/nats-io", "github.com/pressly", "github.com/santhosh-tekuri",
}

// clock are the functions of package time that read a clock.
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
				assert.False(t, imported == root || strings.HasPrefix(imported, root+"/"), "%s: domain is pure, it must not import %s", f.path, imported)
			}
		}
		for call := range f.nodes() {
			if name, found := f.member(call, "time"); found && slices.Contains(clock, name) {
				assert.Fail(t, "a rule reads a clock", "%s: time.%s, where the Moment has the time", f.at(call.Pos()), name)
			}
		}
	}
	assert.True(t, looked, "no source of package domain found")
}

// stopwatches are the files of packages api and bus that read the machine's clock, each for how long
// something takes. Whatever else needs the time has it from the desk's clock.
var stopwatches = []string{"api/connection.go", "api/notifications.go", "api/rates.go", "api/rest.go", "api/serve.go", "api/slots.go", "api/walk.go", "bus/commit.go"}

func TestQuestionsHaveTheTimeOfCommands(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || f.pkg != "api" && f.pkg != "bus" || slices.Contains(stopwatches, f.path) {
			continue
		}
		for call := range f.nodes() {
			if name, found := f.member(call, "time"); found && name == "Now" {
				assert.Fail(t, "the time is not from the desk's clock", "%s", f.at(call.Pos()))
			}
		}
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
			case "projections", "migrations", "internal/postgres", "internal/postgres/pgtest", "feed/inbox", "internal/soak":
				seen++
			default:
				assert.Fail(t, "SQL belongs to projections, migrations, or the tables of subscribers", f.at(literal.Pos()))
			}
		}
	}
	assert.Positive(t, seen, "the pattern does not recognize SQL any more")
}
