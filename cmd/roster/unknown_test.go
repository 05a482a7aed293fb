package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestUnknownNames asks with names that there are not. No answer may look like one about
// something.
func TestUnknownNames(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme")
	h.must("project", "create", "apollo", "--org", "acme")
	h.must("project", "add", "apollo", "bob", "--org", "acme")
	for command, says := range map[string]string{
		"check bob code apolo":                         `there is no project "apolo"`,
		"check bob coding apollo":                      "coding",
		"check bob code apollo --org acmee":            "organization",
		"check bob code apollo --level most":           "most",
		"explain bob apolo":                            "no such project",
		"explain bob apolo --output json":              "no such project",
		"explain bob apollo --permission coding":       "coding",
		"explain bob apollo --org acmee":               "organization",
		"export state --org acmee":                     "organization",
		"replay --org acmee":                           "organization",
		"replay --type membership.joined":              "membership.joined.v1",
		"events --type membership.joined":              "membership.joined.v1",
		"events --subject bobb":                        `nothing of "bobb"`,
		"events --by bobb":                             `nothing of "bobb"`,
		"events --since 1h --until 2h":                 "nothing lies between",
		"replay --since 2026-01-01 --until 2026-01-01": "nothing lies between",
		"events --org acmee":                           "organization",
		"member list --role boss":                      `no role "boss"`,
		"member show bobb":                             `"bobb"`,
		"member projects bobb":                         `"bobb"`,
		"project members apolo":                        `"apolo"`,
		"project members apollo --role boss":           `no role "boss"`,
		"project teams apolo":                          `"apolo"`,
		"project candidates apolo":                     `"apolo"`,
		"project search apolo bob":                     `"apolo"`,
		"team members core":                            "roster team list --search NAME",
		"team add core bob":                            "roster team list --search NAME",
		"team show core":                               `"core"`,
		"events --type membership.joned.v1":            "membership.joined.v1",
		"invite revoke nosuch":                         `There is no open invite "nosuch".`,
		"invite revoke eve@example.org --org acme":     "no open invite to eve@example.org in acme",
		"invite resend eve@example.org --org acmee":    "organization",
		"role list --org acmee":                        "organization",
		"report broad-access --org acmee":              "organization",
		"org show acmee":                               "organization",
		"me --actor bobb":                              "organization",
		"member import testdata/people.csv --org no":   "organization",
	} {
		args := strings.Fields(command)
		if !strings.Contains(command, "--org") && args[0] != "org" && args[0] != "replay" {
			args = append(args, "--org", "acme")
		}
		out, said, code := h.roster(args...)
		assert.NotEqual(t, exitOK, code, "%s: %s", command, out)
		assert.Contains(t, said, says, command)
		if args[0] == "check" {
			assert.Equal(t, exitError, code, "%s: an error is no no", command)
		}
	}
	for _, command := range []string{
		"events --subject ada", "events --by ada", "events --subject apollo --by ada", "events --subject bob --until 7d",
		"member list --role admin", "project members apollo --role read",
	} {
		h.must(append(strings.Fields(command), "--org", "acme")...)
	}
}
