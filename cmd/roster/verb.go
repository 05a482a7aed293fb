package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/alecthomas/kong"

	"github.com/seed-2026d078/roster/client"
)

// pageSize is how many items of a list are fetched at once.
const pageSize = 200

// A verb of the command line names an operation of the API in its tag, by the
// operation's id; its fields are the arguments, by their names in JSON:
//
//	does     gives a command and prints its events, or in a dry run its effects
//	lists    prints the columns of all items of a list; with the tag "whole" it has no pages
//	shows    prints the fields of one object, except those in the tag "without"
//
// A verb without any of them has a Run method; with the tag "dryrun" that has dry runs, too.
// A verb with the tag "asks" takes something away, and asks before it does. One with the tag "warns" asks if the server warns of what it does.

// execute carries out the verb that was chosen.
func (sh *shell) execute(ctx context.Context, chosen *kong.Context) error {
	verb := chosen.Selected()
	arguments := verb.Target.Addr().Interface()
	if r, ok := arguments.(resolver); ok {
		if err := r.resolve(ctx, sh); err != nil {
			return err
		}
	}
	if err := sh.confirm(ctx, verb, arguments); err != nil {
		return err
	}
	switch tag := verb.Tag; {
	case tag.Has("does"):
		return sh.change(ctx, tag.Get("does"), arguments)
	case tag.Has("lists"):
		return sh.list(ctx, tag, arguments)
	case tag.Has("shows"):
		return sh.show(ctx, tag.Get("shows"), arguments, tag.Get("without"))
	}
	chosen.BindTo(ctx, (*context.Context)(nil))
	return chosen.Run(sh)
}

// commandBuilder is a verb whose arguments are not just its fields.
type commandBuilder interface{ command() any }

// resolver is a verb that looks up what its arguments name, before anybody is asked.
type resolver interface {
	resolve(ctx context.Context, sh *shell) error
}

// receiptPrinter is a verb that prints its receipt in a way of its own.
type receiptPrinter interface {
	printReceipt(sh *shell, done client.Receipt) error
}

// give gives a command and reads the answer into result.
func (sh *shell) give(ctx context.Context, operation string, verb, result any, options ...client.Option) error {
	c, err := sh.client()
	if err != nil {
		return err
	}
	arguments := verb
	if b, ok := verb.(commandBuilder); ok {
		arguments = b.command()
	}
	return c.Call(ctx, operation, arguments, result, options...)
}

// change gives a command and prints its events, or in a dry run its effects.
func (sh *shell) change(ctx context.Context, operation string, verb any) error {
	if sh.DryRun {
		var would client.DryRun
		if err := sh.give(ctx, operation, verb, nil, client.AsDryRun(&would)); err != nil {
			return err
		}
		return sh.printDryRun(would)
	}
	var done client.Receipt
	if err := sh.give(ctx, operation, verb, &done); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, done)
	}
	if p, ok := verb.(receiptPrinter); ok {
		return p.printReceipt(sh, done)
	}
	sh.printReceipt(done)
	return nil
}

func (sh *shell) printReceipt(done client.Receipt) {
	sh.printEvents(done)
	for _, e := range done.Events {
		if e.Created != "" {
			fmt.Fprintln(sh.out, "id:", e.Created)
		}
		if e.Token != "" {
			fmt.Fprintln(sh.out, "token:", e.Token)
		}
	}
}

// nothingToChange is printed after a command that found everything as it says.
const nothingToChange = "Nothing to change: it is so already."

// printEvents prints the events of a receipt.
func (sh *shell) printEvents(done client.Receipt) {
	if !done.Changed {
		fmt.Fprintln(sh.out, nothingToChange)
	}
	for _, e := range done.Events {
		fmt.Fprintf(sh.out, "%s  %s\n", e.ID, e.Type)
	}
}

// list prints all items of a list.
func (sh *shell) list(ctx context.Context, tag *kong.Tag, arguments any) error {
	operation := tag.Get("lists")
	if r, ok := arguments.(interface{ csv() bool }); ok && r.csv() {
		return sh.copy(ctx, sh.out, operation, arguments, "text/csv")
	}
	size := pageSize
	if tag.Has("whole") {
		size = 0
	}
	rows, err := sh.rows(ctx, operation, arguments, size)
	if err != nil {
		return err
	}
	return sh.print(rows, tag.Get("columns"))
}

// rows reads all items of a list, at least as new as the moment of the call, in pages of a size; 0 if it has none.
func (sh *shell) rows(ctx context.Context, operation string, arguments any, size int) ([]row, error) {
	c, err := sh.client()
	if err != nil {
		return nil, err
	}
	if err := c.CatchUp(ctx); err != nil {
		return nil, err
	}
	rows := []row{}
	for r, err := range client.List[row](ctx, c, operation, arguments, client.PageSize(size)) {
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// copy writes an answer as the server sent it.
func (sh *shell) copy(ctx context.Context, to io.Writer, operation string, arguments any, accept string) error {
	c, err := sh.client()
	if err != nil {
		return err
	}
	answer, err := c.Open(ctx, operation, arguments, accept)
	if err != nil {
		return err
	}
	defer answer.Close()
	_, err = io.Copy(to, answer)
	return err
}

// show prints one object; its table leaves out a field.
func (sh *shell) show(ctx context.Context, operation string, arguments any, without string) error {
	c, err := sh.client()
	if err != nil {
		return err
	}
	var found row
	if err := c.Call(ctx, operation, arguments, &found); err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	offered := offers(found)
	rows := slices.DeleteFunc(flat("", found), func(r row) bool { return r.at("field") == without })
	return printTable(sh.out, append(rows, offered...), columns("FIELD=field VALUE=value"))
}

// offers takes what the actor may do about an object out of it, and returns it in words: as "roles", those that may be given read like those that are held.
func offers(object row) (rows []row) {
	if object["actions"] == nil {
		return nil
	}
	for _, offer := range []struct{ field, words string }{{"actions", "you may"}, {"roles", "you may give"}} {
		if words := object.at(offer.field); words != "" {
			rows = append(rows, row{"field": offer.words, "value": words})
		}
		delete(object, offer.field)
	}
	return rows
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
