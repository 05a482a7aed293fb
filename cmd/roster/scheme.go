package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// schemeCmd is about the rules that organizations choose from. None of its commands but
// the last one asks a server.
type schemeCmd struct {
	List     schemeListCmd     `cmd:"" help:"List the schemes."`
	Show     schemeShowCmd     `cmd:"" help:"Print a scheme as it was written, with its comments."`
	Validate schemeValidateCmd `cmd:"" help:"Validate files of schemes and print what is wrong, with lines."`
	Diff     schemeDiffCmd     `cmd:"" help:"Compare two schemes."`
	Schema   schemeSchemaCmd   `cmd:"" help:"Print the JSON Schema of the files, which describes every setting."`

	Conformance schemeConformanceCmd `cmd:"" help:"Hold a server to what the built-in schemes promise, sentence by sentence."`
}

type schemeListCmd struct{ schemeFiles }

// Run lists the schemes.
func (c *schemeListCmd) Run(sh *shell) error {
	schemes, err := c.load()
	if err != nil {
		return err
	}
	rows := []row{}
	for _, key := range slices.Sorted(maps.Keys(schemes)) {
		s := schemes[key]
		rows = append(rows, row{
			"scheme": key, "version": s.Version, "label": s.Label, "teams": s.Teams.On,
			"organization_roles": keysOf(s.Scheme.OrganizationRoles), "project_roles": keysOf(s.Scheme.ProjectRoles),
		})
	}
	return sh.print(rows, "SCHEME=scheme VERSION=version LABEL=label TEAMS=teams ORGANIZATION-ROLES=organization_roles PROJECT-ROLES=project_roles")
}

func keysOf(roles []events.Role) []any {
	keys := make([]any, len(roles))
	for i, r := range roles {
		keys[i] = string(r.Key)
	}
	return keys
}

type schemeShowCmd struct {
	schemeFiles

	Key string `arg:"" completes:"scheme" help:"Its key."`
}

// Run prints the file, or its content as JSON.
func (c *schemeShowCmd) Run(sh *shell) error {
	text, err := c.source(c.Key)
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		scheme, err := scheme.Parse(c.Key, text)
		if err != nil {
			return err
		}
		return printJSON(sh.out, scheme.Scheme)
	}
	_, err = sh.out.Write(text)
	return err
}

type schemeDiffCmd struct {
	schemeFiles

	From string `arg:"" completes:"scheme" help:"One scheme, by its key or its file."`
	To   string `arg:"" completes:"scheme" help:"The other one."`
}

// Help is printed with the command's flags.
func (schemeDiffCmd) Help() string {
	return `    roster scheme diff owner-member agency
    roster scheme diff agency schemes/our-agency.yaml`
}

// Run prints the differences, one setting in each line.
func (c *schemeDiffCmd) Run(sh *shell) error {
	from, err := c.find(c.From)
	if err != nil {
		return err
	}
	to, err := c.find(c.To)
	if err != nil {
		return err
	}
	rows := []row{}
	for _, d := range scheme.Diff(from, to) {
		rows = append(rows, row{"setting": d.Where, "from": d.From, "to": d.To})
	}
	if len(rows) == 0 && sh.Output != "json" {
		fmt.Fprintln(sh.out, "They say the same.")
		return nil
	}
	return sh.print(rows, "SETTING=setting FROM=from TO=to")
}

type schemeSchemaCmd struct{}

// Run prints the JSON Schema.
func (schemeSchemaCmd) Run(sh *shell) error {
	_, err := sh.out.Write(scheme.JSONSchema())
	return err
}
