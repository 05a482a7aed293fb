package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
)

// inOrg is the flag of commands about one organization.
type inOrg struct {
	Org string `required:"" env:"ROSTER_ORG" placeholder:"ID" help:"The organization."`
}

// at returns the path of a resource in the organization.
func (o inOrg) at(segments ...string) string {
	return path(append([]string{"organizations", o.Org}, segments...)...)
}

// asked makes a query of what was stated.
func asked(stated map[string]string) url.Values {
	query := url.Values{}
	for name, value := range stated {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}

// receipt is what became of a command.
type receipt struct {
	ID       string `json:"id,omitzero"`
	Token    string `json:"token,omitzero"`
	Position uint64 `json:"position"`
	Version  uint64 `json:"version"`
	Changed  bool   `json:"changed"`
	Events   []struct {
		ID      string `json:"id"`
		Type    string `json:"type"`
		Created string `json:"created,omitzero"`
		Token   string `json:"token,omitzero"`
	} `json:"events"`
}

// change gives a command and says what became of it, or in a dry run what would.
func (sh *shell) change(ctx context.Context, method, path string, in any) error {
	return sh.changeAnd(ctx, method, path, in, sh.printReceipt)
}

// changeAnd is change with words of its own for what became of the command.
func (sh *shell) changeAnd(ctx context.Context, method, path string, in any, tell func(receipt) error) error {
	client, err := sh.connect()
	if err != nil {
		return err
	}
	if sh.DryRun {
		var would forecast
		if err := client.do(ctx, method, path, asked(map[string]string{"dry_run": "true"}), in, &would); err != nil {
			return err
		}
		return sh.printForecast(would)
	}
	var done receipt
	if err := client.do(ctx, method, path, nil, in, &done); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, done)
	}
	return tell(done)
}

func (sh *shell) printReceipt(done receipt) error {
	sh.printEvents(done)
	for _, e := range done.Events {
		if e.Created != "" {
			fmt.Fprintln(sh.out, "id:", e.Created)
		}
		if e.Token != "" {
			fmt.Fprintln(sh.out, "token:", e.Token)
		}
	}
	return nil
}

// printEvents says what happened.
func (sh *shell) printEvents(done receipt) {
	if !done.Changed {
		fmt.Fprintln(sh.out, "Nothing to change: it is so already.")
	}
	for _, e := range done.Events {
		fmt.Fprintf(sh.out, "%s  %s\n", e.ID, e.Type)
	}
}

// post gives a command whose body is the command line.
func (sh *shell) post(ctx context.Context, path string, in any) error {
	return sh.change(ctx, http.MethodPost, path, in)
}

// patch changes a resource by the command line.
func (sh *shell) patch(ctx context.Context, path string, in any) error {
	return sh.change(ctx, http.MethodPatch, path, in)
}

// remove ends a resource.
func (sh *shell) remove(ctx context.Context, path string) error {
	return sh.change(ctx, http.MethodDelete, path, nil)
}

// show prints one resource; its table leaves out some of the fields.
func (sh *shell) show(ctx context.Context, path string, without ...string) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	var found row
	if err := client.get(ctx, path, nil, &found); err != nil {
		return err
	}
	return sh.printOne(found, without...)
}

func (sh *shell) printOne(found row, without ...string) error {
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	rows := slices.DeleteFunc(flat("", found), func(r row) bool { return slices.Contains(without, r.at("field")) })
	return printTable(sh.out, rows, columns("FIELD=field VALUE=value"))
}

// flat returns a row for each value of an object, those of objects in it
// included.
func flat(within string, object map[string]any) []row {
	var rows []row
	for _, field := range slices.Sorted(maps.Keys(object)) {
		if inner, ok := object[field].(map[string]any); ok {
			rows = append(rows, flat(within+field+".", inner)...)
			continue
		}
		rows = append(rows, row{"field": within + field, "value": row(object).at(field)})
	}
	return rows
}
