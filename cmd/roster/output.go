package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// column is a column of a table: its title, and the field that holds its value.
type column struct{ title, field string }

// columns reads titles and fields: "USER=user JOINED=joined.since". A field may
// lead into an object, or into each object of a list. Of several, with | between them, the first that is there counts.
func columns(spec string) []column {
	var all []column
	for each := range strings.FieldsSeq(spec) {
		title, field, _ := strings.Cut(each, "=")
		all = append(all, column{title, field})
	}
	return all
}

// row is an object of an answer.
type row map[string]any

// at returns a field as text for people.
func (r row) at(path string) string { return printable(readable(map[string]any(r), path)) }

// first returns the first of several fields, with | between them, that has a value.
func (r row) first(fields string) (text string) {
	for field := range strings.SplitSeq(fields, "|") {
		if text = r.at(field); text != "" {
			return text
		}
	}
	return ""
}

// printable escapes characters that control a terminal, as Go does in quotes. Applied to
// its own result, it changes nothing.
func printable(text string) string {
	var shown strings.Builder
	for _, r := range text {
		if strconv.IsGraphic(r) {
			shown.WriteRune(r)
			continue
		}
		shown.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	return shown.String()
}

func readable(found any, path string) string {
	switch found := found.(type) {
	case nil:
		return ""
	case map[string]any:
		if field, rest, _ := strings.Cut(path, "."); field != "" {
			return readable(found[field], rest)
		}
		return oneLine(found)
	case []any:
		var words []string
		for _, each := range found {
			if word := readable(each, path); word != "" {
				words = append(words, word)
			}
		}
		return strings.Join(words, ", ")
	case string:
		return toTheSecond(found)
	case bool:
		return map[bool]string{true: "yes", false: "no"}[found]
	case float64:
		return strconv.FormatFloat(found, 'f', -1, 64)
	}
	return fmt.Sprint(found)
}

// toTheSecond removes the fraction of a second from a time; other texts stay as they are.
func toTheSecond(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return text
	}
	return at.Format(time.RFC3339)
}

// oneLine writes an object in one line. Of a nested object it writes only the key;
// --output json has all of it.
func oneLine(object map[string]any) string {
	var words []string
	for _, field := range slices.Sorted(maps.Keys(object)) {
		value := object[field]
		if inner, ok := value.(map[string]any); ok && inner["key"] != nil {
			value = inner["key"]
		}
		words = append(words, field+"="+readable(value, ""))
	}
	return strings.Join(words, " ")
}

// print writes rows in the format that the flag --output names.
func (sh *shell) print(rows []row, shown string) error {
	if sh.Output == "json" {
		return printJSON(sh.out, rows)
	}
	return printTable(sh.out, rows, columns(shown))
}

// printTable writes rows under their titles.
func printTable(w io.Writer, rows []row, shown []column) error {
	var text bytes.Buffer
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	titles := make([]string, len(shown))
	for i, c := range shown {
		titles[i] = c.title
	}
	fmt.Fprintln(table, strings.Join(titles, "\t"))
	for _, r := range rows {
		values := make([]string, len(shown))
		for i, c := range shown {
			values[i] = r.first(c.field)
		}
		fmt.Fprintln(table, strings.Join(values, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(text.String()) {
		fmt.Fprintln(w, strings.TrimRight(line, " \n"))
	}
	return nil
}

// printMarkdown is printTable for documents.
func printMarkdown(w io.Writer, rows []row, shown []column) error {
	var text strings.Builder
	line := func(cell func(column) string) {
		for _, c := range shown {
			text.WriteString("| " + strings.ReplaceAll(cell(c), "|", `\|`) + " ")
		}
		text.WriteString("|\n")
	}
	line(func(c column) string { return strings.ToLower(c.title) })
	line(func(column) string { return "---" })
	for _, r := range rows {
		line(func(c column) string { return r.first(c.field) })
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// printJSON writes a value for programs, and for people who look at it.
func printJSON(w io.Writer, v any) error {
	if err := json.MarshalWrite(w, v, json.Deterministic(true), jsontext.WithIndent("  ")); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

// say prints what was done in words, or as JSON the answer.
func (sh *shell) say(done any, format string, args ...any) error {
	if sh.Output == "json" {
		return printJSON(sh.out, done)
	}
	_, err := fmt.Fprintln(sh.out, printable(fmt.Sprintf(format, args...)))
	return err
}
