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
		ID   string `json:"id"`
		Type string `json:"type"`
	} `json:"events"`
}

// change gives a command and says what became of it.
func (sh *shell) change(ctx context.Context, method, path string, in any) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	var done receipt
	if err := client.do(ctx, method, path, nil, in, &done); err != nil {
		return err
	}
	switch {
	case sh.Output == "json":
		return printJSON(sh.out, done)
	case !done.Changed:
		fmt.Fprintln(sh.out, "Nothing to change: it is so already.")
		return nil
	}
	for _, e := range done.Events {
		fmt.Fprintf(sh.out, "%s  %s\n", e.ID, e.Type)
	}
	if done.ID != "" {
		fmt.Fprintln(sh.out, "id:", done.ID)
	}
	if done.Token != "" {
		fmt.Fprintln(sh.out, "token:", done.Token)
	}
	return nil
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

// show prints one resource.
func (sh *shell) show(ctx context.Context, path string, query url.Values) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	var found row
	if err := client.get(ctx, path, query, &found); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	return printTable(sh.out, flat("", found), columns("FIELD=field VALUE=value"))
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
